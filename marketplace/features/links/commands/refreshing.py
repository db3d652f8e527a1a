"""Derives links anew from the facts: new ones stand, vanished ones are gone, cut ones stay cut.

Afterwards whatever is newly tied to a store that is closed enters the queue: that is how a
registration under a new name is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound
from marketplace.base.files import read_stored
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.base.rulebook import Rulebook
from marketplace.features.links.commands.reviewing import open_for_closed
from marketplace.features.links.kinds import LinkStatus
from marketplace.features.links.pictures import picture_hash
from marketplace.features.links.queries.facts import (
    PICTURE_PURPOSE,
    gather,
    links_of_program,
)
from marketplace.features.links.rules import Derived, derive
from marketplace.features.links.tables import LinkPicture, StoreLink

ACTION = "links.refresh_links"
_PICTURES_AT_ONCE = 50
# What may change a link; anything else leaves the derivation as it is.
_CHANGING = (
    "registry.", "links.record_trait", "links.restore_link", "files.receive_file", "upkeep.",
    "enforcement.close_store",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a derivation changed, and how many reviews it opened."""

    new: int
    gone: int
    back: int
    reviews: int


def refresh_links(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor
) -> Refreshed:
    """Derive the links of a program anew; a cut link is never made again."""
    program = rulebook.program.key
    require(actor, ACTION, Scope(program=program))
    wanted = {
        d.identity: d for d in derive(rulebook.conduct.links, gather(session, program=program))
    }
    new = gone = back = 0
    for row in links_of_program(session, program=program):
        found = wanted.pop((row.left_ref, row.right_ref, row.reason, row.via_mac), None)
        if row.status is LinkStatus.CUT:
            continue
        if found is None:
            if row.status is LinkStatus.STANDING:
                row.status, row.changed_at = LinkStatus.GONE, clock.now()
                gone += 1
            continue
        if row.status is LinkStatus.GONE:
            row.status, row.changed_at = LinkStatus.STANDING, clock.now()
            back += 1
        if (row.strength, row.source_text, row.via_shown) != (
            found.strength,
            found.told,
            found.via_shown,
        ):
            row.strength, row.source_text = found.strength, found.told
            row.via_shown = found.via_shown
    for derived in wanted.values():
        session.add(_row(program, derived, clock))
        new += 1
    session.flush()
    reviews = open_for_closed(session, rulebook, clock=clock, actor=actor)
    done = Refreshed(new, gone, back, reviews)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=ACTION,
        subject=f"program:{program}",
        program=program,
        facts={"new": new, "gone": gone, "back": back, "reviews": reviews},
    )
    return done


def is_stale(session: Session, *, program: str) -> bool:
    """Tell whether facts changed since the last derivation; for the minute's work."""
    last = _last_seq(session, sa.and_(_of(program), col(AuditEntry.action) == ACTION))
    changing = sa.or_(*(col(AuditEntry.action).startswith(name) for name in _CHANGING))
    changed = _last_seq(session, sa.and_(_of(program), changing))
    return changed > last


def hash_pictures(session: Session, *, data_dir: Path) -> int:
    """Compute the hash of listing pictures that have none yet; return how many.

    At most some at once: a unit of work must not hold others up.
    """
    rows = session.execute(
        select(StoredFile)
        .join(FileUse, col(FileUse.file_id) == col(StoredFile.id))
        .outerjoin(LinkPicture, col(LinkPicture.file_id) == col(StoredFile.id))
        .where(FileUse.purpose == PICTURE_PURPOSE, col(LinkPicture.id).is_(None))
        .order_by(col(StoredFile.id))
        .limit(_PICTURES_AT_ONCE)
    ).scalars()
    found = {row.key: row.sha256 for row in rows}
    for file_id, sha256 in found.items():
        try:
            bits = picture_hash(read_stored(data_dir, sha256))
        except NotFound:
            bits = None
        session.add(LinkPicture(file_id=file_id, bits="" if bits is None else f"{bits:016x}"))
    session.flush()
    return len(found)


def _of(program: str) -> sa.ColumnElement[bool]:
    return sa.or_(col(AuditEntry.program) == program, col(AuditEntry.program).is_(None))


def _last_seq(session: Session, wanted: sa.ColumnElement[bool]) -> int:
    return int(
        session.execute(
            sa.select(sa.func.coalesce(sa.func.max(col(AuditEntry.seq)), 0)).where(wanted)
        ).scalar_one()
    )


def _row(program: str, found: Derived, clock: Clock) -> StoreLink:
    return StoreLink(
        program=program,
        left_ref=found.left,
        right_ref=found.right,
        reason=found.reason,
        via_mac=found.via_key,
        via_shown=found.via_shown,
        strength=found.strength,
        source=found.source,
        source_text=found.told,
        status=LinkStatus.STANDING,
        first_seen_at=clock.now(),
        changed_at=clock.now(),
    )
