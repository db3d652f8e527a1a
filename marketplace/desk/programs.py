"""Keeps the text of every program file that was in force, so that old decisions stay judged by it.

A decision names its version by `rulebook_sha256`; a file that is edited later changes nothing
about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.base.rulebook.load import parse_kept
from marketplace.base.rulebook.tables import ProgramVersion
from marketplace.base.rulebook.versions import find_reused_numbers


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a program file and the instant it came into force."""

    number: int
    sha256: str
    in_force_from: datetime


def keep_program_versions(
    session: Session, *, clock: Clock, rulebooks: Iterable[Rulebook]
) -> int:
    """Store each program file this house works by, once; return how many were new."""
    new = 0
    for rulebook in rulebooks:
        if is_program_version_kept(session, rulebook):
            continue
        reused = find_reused_numbers(session, rulebooks=[rulebook])
        session.add(
            ProgramVersion(
                program=rulebook.program.key,
                sha256=rulebook.sha256,
                number=rulebook.program.version,
                text=rulebook.text,
                in_force_from=clock.now(),
            )
        )
        audit.record(
            session,
            clock=clock,
            actor=SYSTEM,
            action="desk.keep_program_versions",
            subject=f"program:{rulebook.program.key}",
            program=rulebook.program.key,
            facts={
                "version": rulebook.program.version,
                "sha256": rulebook.sha256,
                **({"number_stood_for_other_rules": True} if reused else {}),
            },
        )
        new += 1
    return new


def is_program_version_kept(session: Session, rulebook: Rulebook) -> bool:
    """Tell whether this very text is stored already."""
    found = session.execute(
        select(ProgramVersion.id).where(ProgramVersion.sha256 == rulebook.sha256)
    ).first()
    return found is not None


def list_program_versions(session: Session, *, program: str) -> list[VersionRow]:
    """Return the versions of a program, oldest first."""
    rows = session.execute(
        select(ProgramVersion)
        .where(ProgramVersion.program == program)
        .order_by(col(ProgramVersion.id))
    ).scalars()
    return [VersionRow(row.number, row.sha256, row.in_force_from) for row in rows]


def get_rulebook_of(session: Session, *, sha256: str) -> Rulebook:
    """Return the rules a decision was judged by, from the text kept then.

    Raises:
        NotFound: when no such version was ever in force here.
    """
    row = session.execute(
        select(ProgramVersion).where(ProgramVersion.sha256 == sha256)
    ).scalar()
    if row is None:
        raise NotFound("program_version_not_found", sha256=sha256[:12])
    return parse_kept(row.text, row.program)
