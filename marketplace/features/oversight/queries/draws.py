"""Reads draws: what was drawn from which frame, how each was judged, the error rate so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from marketplace.base.access import SYSTEM, Actor, Scope, is_in_reach, require
from marketplace.base.access.queries import names_of
from marketplace.base.access.sessions import actor_of
from marketplace.base.errors import NotFound
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.catalog.kinds import ProductVerdict
from marketplace.features.complaints.kinds import ComplaintStatus
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.oversight.kinds import DecisionKind, Judgment
from marketplace.features.oversight.queries.decisions import gather
from marketplace.features.oversight.queries.patterns import name_all
from marketplace.features.oversight.queries.within import beyond_reach
from marketplace.features.oversight.rules import (
    Decision,
    ErrorRate,
    error_rate,
    frame_digest,
    key_of,
)
from marketplace.features.oversight.tables import (
    OversightDraw,
    OversightItem,
    OversightVerdict,
)
from marketplace.features.progress.kinds import CertificationStatus, EnrollmentStatus

_OUTCOMES: Mapping[DecisionKind, type[StrEnum]] = {
    DecisionKind.FINDING: FindingStatus,
    DecisionKind.COMPLAINT: ComplaintStatus,
    DecisionKind.CERTIFICATION: CertificationStatus,
    DecisionKind.PRODUCT: ProductVerdict,
    DecisionKind.ENROLLMENT: EnrollmentStatus,
    DecisionKind.APPEAL: AppealStatus,
}


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One verdict with who gave it; `is_current` is the one that stands."""

    verdict_id: int
    judgment: Judgment
    reason: str
    judged_by: str
    judged_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One drawn decision with its verdicts, the latest last."""

    item_id: int
    draw_id: int
    position: int
    kind: DecisionKind
    entity_id: int
    outcome: StrEnum
    decided_by: str
    decided_at: datetime
    factory_name: str
    verdicts: tuple[VerdictRow, ...]

    @property
    def current(self) -> VerdictRow | None:
        """The verdict that stands."""
        return self.verdicts[-1] if self.verdicts else None


@dataclass(frozen=True, slots=True)
class DrawRow:
    """One draw and what its judgments say so far."""

    draw_id: int
    program: str
    seed: str
    kinds: tuple[DecisionKind, ...]
    period_from: date
    period_until: date
    wanted: int
    algorithm: str
    frame_size: int
    frame_sha256: str
    drawn_by: str
    drawn_at: datetime
    drawn: int
    errors: ErrorRate


@dataclass(frozen=True, slots=True)
class DrawDetail:
    """A draw with its decisions in the order of the seed.

    `is_frame_same` tells whether the same period holds the same decisions today; `elsewhere` how
    many of the draw lie beyond the reader's districts and are in its error rate alone.
    """

    draw: DrawRow
    items: tuple[ItemRow, ...]
    is_frame_same: bool
    elsewhere: int = 0


def list_draws(session: Session, actor: Actor, *, program: str) -> list[DrawRow]:
    """Return every draw ever made, the latest first: trying many seeds is seen."""
    require(actor, "oversight.list_draws", Scope(program=program))
    rows = session.execute(
        select(OversightDraw)
        .where(OversightDraw.program == program)
        .order_by(col(OversightDraw.id).desc())
    ).scalars()
    found = list(rows)
    items = _items(session, [d.key for d in found])
    return [_draw(session, row, items.get(row.key, [])) for row in found]


def get_draw(session: Session, actor: Actor, *, draw_id: int) -> DrawDetail:
    """Return a draw with its decisions; of other districts than the reader's only how many.

    Raises:
        NotFound: there is none with this number.
    """
    row = session.get(OversightDraw, draw_id)
    if row is None:
        raise NotFound("oversight_draw_not_found", draw_id=draw_id)
    require(actor, "oversight.get_draw", Scope(program=row.program))
    items = _items(session, [draw_id]).get(draw_id, [])
    told = _draw(session, row, items)
    beyond = beyond_reach(session, actor, row, "oversight.get_draw")
    mine = tuple(item for item in items if item.item_id not in beyond)
    return DrawDetail(told, mine, _is_same(session, actor, row, told.kinds), len(beyond))


def _is_same(
    session: Session, reader: Actor, row: OversightDraw, kinds: Sequence[DecisionKind]
) -> bool:
    """Tell whether the frame is as it was drawn from, whatever the districts of who drew.

    An equal digest proves it: hence the frames of the program, of who drew and of the reader.
    """
    frame = frame_of(
        session, SYSTEM, program=row.program, since=row.period_from, until=row.period_until,
        kinds=kinds,
    )  # fmt: skip
    drew = actor_of(session, row.drawn_by or 0)
    return any(
        row.frame_sha256
        == frame_digest(
            key_of(d.kind, d.entity_id)
            for d in frame
            if is_in_reach(who, row.program, d.district)
        )
        for who in (SYSTEM, drew, reader)
        if who is not None
    )


def frame_of(
    session: Session,
    who: Actor,
    *,
    program: str,
    since: date,
    until: date,
    kinds: Sequence[DecisionKind],
) -> list[Decision]:
    """Return the decisions a draw is taken from; who may draw is decided by the caller."""
    return gather(session, who, program=program, since=since, until=until, kinds=kinds)


def item_row(session: Session, item: OversightItem) -> ItemRow:
    """Return one drawn decision with its verdicts."""
    return next(
        i for i in _items(session, [item.draw_id])[item.draw_id] if i.item_id == item.id
    )


def _items(session: Session, draws: Sequence[int]) -> dict[int, list[ItemRow]]:
    rows = list(
        session.execute(
            select(OversightItem)
            .where(col(OversightItem.draw_id).in_(draws))
            .order_by(col(OversightItem.draw_id), col(OversightItem.position))
        ).scalars()
    )
    verdicts = _verdicts(session, [r.key for r in rows])
    named = name_all(
        session,
        {r.decided_by for r in rows} | {v.judged_by for vs in verdicts.values() for v in vs},
        {r.factory_id for r in rows if r.factory_id is not None},
    )
    found: dict[int, list[ItemRow]] = {}
    for r in rows:
        given = verdicts.get(r.key, [])
        found.setdefault(r.draw_id, []).append(
            ItemRow(
                item_id=r.key,
                draw_id=r.draw_id,
                position=r.position,
                kind=r.kind,
                entity_id=r.entity_id,
                outcome=_OUTCOMES[r.kind](r.outcome),
                decided_by=named.people.get(r.decided_by, f"#{r.decided_by}"),
                decided_at=r.decided_at,
                factory_name=named.factories.get(r.factory_id or 0, "—"),
                verdicts=tuple(
                    VerdictRow(
                        v.key, v.judgment, v.reason, named.people.get(v.judged_by, "—"),
                        v.judged_at, is_current=v is given[-1],
                    )
                    for v in given
                ),
            )
        )  # fmt: skip
    return found


def _verdicts(session: Session, items: Sequence[int]) -> dict[int, list[OversightVerdict]]:
    found: dict[int, list[OversightVerdict]] = {}
    rows = session.execute(
        select(OversightVerdict)
        .where(col(OversightVerdict.item_id).in_(items))
        .order_by(col(OversightVerdict.id))
    ).scalars()
    for row in rows:
        found.setdefault(row.item_id, []).append(row)
    return found


def _draw(session: Session, row: OversightDraw, items: Sequence[ItemRow]) -> DrawRow:
    who = row.drawn_by or 0
    return DrawRow(
        draw_id=row.key,
        program=row.program,
        seed=row.seed,
        kinds=tuple(DecisionKind(k) for k in row.kinds_key.split(",")),
        period_from=row.period_from,
        period_until=row.period_until,
        wanted=row.wanted,
        algorithm=row.algorithm,
        frame_size=row.frame_size,
        frame_sha256=row.frame_sha256,
        drawn_by=names_of(session, {who}).get(who, "—"),
        drawn_at=row.drawn_at,
        drawn=len(items),
        errors=error_rate(
            [i.current.judgment if i.current else None for i in items], frame=row.frame_size
        ),
    )
