"""What a decision would bring, worked out by the same rules before anybody takes it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement import rules
from marketplace.features.enforcement.kinds import EntryKind
from marketplace.features.enforcement.queries.facts import (
    ledger_of,
    load_finding,
    versions_of,
)
from marketplace.features.enforcement.tables import PointsEntry


@dataclass(frozen=True, slots=True)
class OverturnPreview:
    """What overturning a finding would do to its store.

    `points` is the change of the balance (never above 0), None where nothing was scored;
    `balance` is what would be left. `own` is set for whoever recorded or decided it: it takes
    somebody else.
    """

    points: int | None
    balance: int
    reopens: bool
    own: bool = False


def preview_overturn(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, finding_id: int
) -> OverturnPreview:
    """Return what overturning a finding would bring."""
    finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.preview_overturn", scope)
    own = actor.account_id in {finding.decided_by, finding.recorded_by}
    lines = ledger_of(session, finding.store_id)
    before = rules.balance_of(lines)
    entry = session.execute(
        select(PointsEntry.id).where(
            PointsEntry.finding_id == finding_id, PointsEntry.kind == EntryKind.SCORE
        )
    ).scalar()
    if entry is None:
        return OverturnPreview(None, before, reopens=False, own=own)
    undone = rules.take_back(
        rulebook, lines, entry_id=int(entry), at=clock.now(),
        versions=versions_of(session, rulebook, lines),
    )  # fmt: skip
    return OverturnPreview(undone.points, before + undone.points, undone.reopens, own)
