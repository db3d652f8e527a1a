"""Replays one drawn decision: the facts as they were, evidence, rule version, who, what followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.audit import EntryRow, list_entries
from marketplace.base.errors import NotFound
from marketplace.base.rulebook.tables import ProgramVersion
from marketplace.features.oversight.kinds import DecisionKind
from marketplace.features.oversight.queries import telling
from marketplace.features.oversight.queries.draws import ItemRow, item_row
from marketplace.features.oversight.queries.telling import Told
from marketplace.features.oversight.tables import OversightDraw, OversightItem

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
        NotFound: no such drawn decision, or what it decided is gone.
    """
    item = session.get(OversightItem, item_id)
    drawn = session.get(OversightDraw, item.draw_id) if item else None
    if item is None or drawn is None:
        raise NotFound("oversight_item_not_found", item_id=item_id)
    require(actor, "oversight.get_replay", Scope(program=drawn.program))
    told = _TELLERS[item.kind](session, item.entity_id)
    entries = sorted(
        (
            entry
            for subject in told.subjects
            for entry in list_entries(session, subject=subject, limit=_MOST_ENTRIES)
        ),
        key=lambda e: e.seq,
    )
    neighbors = {
        int(position): int(key)
        for position, key in session.execute(
            select(OversightItem.position, OversightItem.id).where(
                OversightItem.draw_id == item.draw_id,
                col(OversightItem.position).in_((item.position - 1, item.position + 1)),
            )
        ).all()
    }
    return Replay(
        item=item_row(session, item),
        told=told,
        rule_version=_version(session, told.rulebook_sha256),
        before=tuple(e for e in entries if e.at <= item.decided_at),
        after=tuple(e for e in entries if e.at > item.decided_at),
        is_own=actor.account_id in set(item.people.get("accounts", ())),
        previous_id=neighbors.get(item.position - 1),
        next_id=neighbors.get(item.position + 1),
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
