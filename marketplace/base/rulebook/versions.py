"""Whether the number of a program version stands for one set of rules.

Apart from the desk, which keeps the versions: a start asks this, and loads no feature for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.base.rulebook.load import parse_kept
from marketplace.base.rulebook.model import Rulebook
from marketplace.base.rulebook.tables import ProgramVersion


@dataclass(frozen=True, slots=True)
class Reused:
    """A program file that states other rules than a kept one of the same number."""

    program: str
    number: int
    kept_from: datetime


def find_reused_numbers(session: Session, *, rulebooks: Iterable[Rulebook]) -> list[Reused]:
    """Return where the number of a version stands for other rules too, by the latest kept.

    Papers and lists name a version by its number. Whoever edits a remark or a source has changed
    no rule and is told nothing.
    """
    found: list[Reused] = []
    for rulebook in rulebooks:
        rows = session.execute(
            select(ProgramVersion)
            .where(
                ProgramVersion.program == rulebook.program.key,
                ProgramVersion.number == rulebook.program.version,
                ProgramVersion.sha256 != rulebook.sha256,
            )
            .order_by(col(ProgramVersion.id).desc())
        ).scalars()
        others = (
            row
            for row in rows
            if _rules_of(parse_kept(row.text, row.program)) != _rules_of(rulebook)
        )
        row = next(others, None)
        if row is not None:
            found.append(Reused(row.program, row.number, row.in_force_from))
    return found


def _rules_of(rulebook: Rulebook) -> Rulebook:
    return rulebook.model_copy(update={"sha256": "", "text": "", "figures": {}})
