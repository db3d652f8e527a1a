"""Replays one drawn decision: the facts as they were, evidence, rule version, who, what followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from marketplace.base.access import Actor
from marketplace.base.audit import EntryRow, list_entries
from marketplace.base.rulebook.tables import ProgramVersion
from marketplace.features.oversight.kinds import DecisionKind
from marketplace.features.oversight.queries import telling
from marketplace.features.oversight.queries.draws import ItemRow, item_row
from marketplace.features.oversight.queries.telling import Told
from marketplace.features.oversight.queries.within import neighbors_of, require_item

_MOST_ENTRIES = 60


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything about one drawn decision on one page.

    `before` are the entries of the trail up to the decision, oldest first, `after` what followed;
    `rule_version` is the number of the program version it was judged by, None where none is kept.
    `is_own` tells that the reader had a hand in it and may not judge it.
    """

    item: ItemRow
    told: Told
    rule_version: int | None
    before: tuple[EntryRow, ...]
    after: tuple[EntryRow, ...]
    is_own: bool
    previous_id: int | None
    next_id: int | None


def get_replay(session: Session, actor: Actor, *, item_id: int) -> Replay:
    """Return a drawn decision as it can be looked at again.

    Raises:
        NotFound: no such drawn decision, out of reach, or what it decided is gone.
    """
    item, drawn = require_item(session, actor, "oversight.get_replay", item_id)
    told = _TELLERS[item.kind](session, item.entity_id)
    entries = sorted(
        (
            entry
            for subject in told.subjects
            for entry in list_entries(session, subject=subject, limit=_MOST_ENTRIES)
        ),
        key=lambda e: e.seq,
    )
    previous_id, next_id = neighbors_of(session, actor, item, drawn)
    return Replay(
        item=item_row(session, item),
        told=told,
        rule_version=_version(session, told.rulebook_sha256),
        before=tuple(e for e in entries if e.at <= item.decided_at),
        after=tuple(e for e in entries if e.at > item.decided_at),
        is_own=actor.account_id in set(item.people.get("accounts", ())),
        previous_id=previous_id,
        next_id=next_id,
    )


_TELLERS: Mapping[DecisionKind, Callable[[Session, int], Told]] = {
    DecisionKind.FINDING: telling.tell_finding,
    DecisionKind.COMPLAINT: telling.tell_complaint,
    DecisionKind.CERTIFICATION: telling.tell_certification,
    DecisionKind.PRODUCT: telling.tell_product,
    DecisionKind.ENROLLMENT: telling.tell_enrollment,
    DecisionKind.APPEAL: telling.tell_appeal,
}


def _version(session: Session, sha256: str | None) -> int | None:
    if sha256 is None:
        return None
    return session.execute(
        select(ProgramVersion.number).where(ProgramVersion.sha256 == sha256)
    ).scalar()
