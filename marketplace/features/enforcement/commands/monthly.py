"""Takes many counts of a platform's file at once, as `record_monthly_findings` takes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock, month_end, month_start
from marketplace.base.db import announce
from marketplace.base.db.bulk import insert_many
from marketplace.base.db.watching import Touched, changed
from marketplace.base.errors import Fault, Invalid, NotFound
from marketplace.features.enforcement.commands.reports import monthly_reference, says_the_same
from marketplace.features.enforcement.events import MonthRecorded
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.queries import (
    list_holders,
    require_factories,
    require_stores,
)


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many infringing listings of one origin were counted in a store in a month."""

    store_id: int
    month: int
    origin: Origin
    listings: int


@dataclass(frozen=True, slots=True)
class KeptCount:
    """The finding a count was kept as; it counts for the firm that held the store."""

    finding_id: int
    factory_id: int | None
    operator_id: int | None
    listings: int


def record_monthly_counts(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    rows: Sequence[MonthCount],
    source: str,
) -> list[KeptCount]:
    """Keep counts of months nothing was counted for yet; return what was kept, in order.

    A month that was told before is a correction: `correct_monthly_counts` takes those.

    Raises:
        Invalid: for a count under one; a month without infringing listings has no finding.
        NotFound: when the firm of a store's month is out of reach.
        IntegrityError: when a month was told before; nothing is kept then.
    """
    _require(session, actor, "enforcement.record_monthly_counts", program, rows)
    if any(row.listings < 1 for row in rows):
        raise Invalid([Fault("listings", "number_out_of_range", {"low": 1, "high": 100_000})])
    held = _held(session, rows)
    keys = insert_many(
        session,
        Finding,
        [
            _values(row, holder, clock, actor, program, source)
            for row, holder in zip(rows, held, strict=True)
        ],
    )
    for row, (_, operator_id), key in zip(rows, held, keys, strict=True):
        _tell(session, row, key, operator_id, clock, actor, program, source)
    return [
        KeptCount(key, *holder, row.listings)
        for row, holder, key in zip(rows, held, keys, strict=True)
    ]


def correct_monthly_counts(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    rows: Sequence[MonthCount],
    source: str,
) -> list[Touched | None]:
    """Correct counts that were told before; return what changed in each finding, in order.

    None listings dismiss the finding, as one by one; a count told again changes nothing.

    Raises:
        Invalid: for a negative count.
        NotFound: for a month nothing was counted for, or of a firm out of reach; nothing is
            corrected then.
    """
    action = "enforcement.correct_monthly_counts"
    _require(session, actor, action, program, rows)
    if any(row.listings < 0 for row in rows):
        raise Invalid([Fault("listings", "number_out_of_range", {"low": 0, "high": 100_000})])
    known = _known(session, program, rows)
    for row in rows:
        if _reference(row) not in known:
            raise NotFound("finding_not_found", finding_id=_reference(row))
    # Who is said to have held the store by now may be another firm than the count stands for.
    counted = {known[_reference(row)].factory_id for row in rows}
    require_factories(session, actor, action, {key for key in counted if key is not None})
    told: list[Touched | None] = []
    corrected = []
    for row, holder in zip(rows, _held(session, rows), strict=True):
        finding = known[_reference(row)]
        status = FindingStatus.UPHELD if row.listings else FindingStatus.DISMISSED
        if says_the_same(finding, row.listings):
            told.append(None)
            continue
        before = {"listings": finding.listings, "status": finding.status}
        finding.factory_id, finding.operator_id = holder
        finding.listings, finding.status = max(row.listings, 1), status
        finding.decided_at, finding.decided_by = clock.now(), actor.account_id
        told.append(changed(finding))
        corrected.append((row, finding, before))
    session.flush()
    for row, finding, before in corrected:
        _tell(
            session, row, finding.key, finding.operator_id, clock, actor, program, source,
            before=before,
        )  # fmt: skip
    return told


def _require(
    session: Session, who: Actor, action: str, program: str, rows: Sequence[MonthCount]
) -> None:
    days = {(row.store_id, month_end(row.month)) for row in rows}
    require_stores(session, who, action, program=program, days=days)


def _known(session: Session, program: str, rows: Sequence[MonthCount]) -> dict[str, Finding]:
    """Ask once for all: the findings of these months, by what each is known by."""
    found = session.execute(
        select(Finding).where(
            Finding.program == program,
            col(Finding.store_id).in_({row.store_id for row in rows}),
            col(Finding.found_month).in_({row.month for row in rows}),
            Finding.basis == FindingBasis.MONTHLY_REPORT,
        )
    ).scalars()
    return {finding.reference: finding for finding in found}


def _held(session: Session, rows: Sequence[MonthCount]) -> list[tuple[int | None, int | None]]:
    """Return who held each row's store when its month ended, as figures say whose a month is."""
    holders = list_holders(session, store_ids={row.store_id for row in rows})
    held: list[tuple[int | None, int | None]] = []
    for row in rows:
        day = month_end(row.month)
        one = next((h for h in holders.get(row.store_id, ()) if h.is_holding_on(day)), None)
        held.append((None, None) if one is None else (one.factory_id, one.operator_id))
    return held


def _reference(row: MonthCount) -> str:
    return monthly_reference(row.store_id, row.month, row.origin)


def _values(
    row: MonthCount,
    holder: tuple[int | None, int | None],
    clock: Clock,
    who: Actor,
    program: str,
    source: str,
) -> dict[str, Any]:
    return {
        "program": program,
        "reference": _reference(row),
        "store_id": row.store_id,
        "factory_id": holder[0],
        "operator_id": holder[1],
        "basis": FindingBasis.MONTHLY_REPORT,
        "origin": row.origin,
        "listings": row.listings,
        "found_on": month_start(row.month),
        "found_month": row.month,
        "statement": source,
        "status": FindingStatus.UPHELD,
        "recorded_by": who.account_id,
        "recorded_at": clock.now(),
        "decided_by": who.account_id,
        "decided_at": clock.now(),
        "version": 1,
    }


def _tell(
    session: Session,
    row: MonthCount,
    finding_id: int,
    operator_id: int | None,
    clock: Clock,
    who: Actor,
    program: str,
    source: str,
    *,
    before: Mapping[str, object] | None = None,
) -> None:
    status = FindingStatus.UPHELD if row.listings else FindingStatus.DISMISSED
    audit.record(
        session,
        clock=clock,
        actor=who,
        action="enforcement.record_monthly_findings",
        subject=f"finding:{finding_id}",
        program=program,
        operator_id=operator_id,
        facts={
            "store_id": row.store_id,
            "month": row.month,
            "origin": row.origin,
            "source": source,
        },
        before=None if before is None else dict(before),
        after={"listings": row.listings, "status": status},
    )
    announce(session, MonthRecorded(row.store_id, program, operator_id, row.month))
