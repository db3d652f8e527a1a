"""Records the past, withdraws what was recorded wrongly, takes an import of it back.

It must not touch points, offenses, featuring, rank or credit: nothing here announces anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.db.watching import changed_since, put_back
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.features.history.kinds import (
    EarlierKind,
    Reliability,
)
from marketplace.features.history.rules import fold_reference
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.queries import scope_of_factory
from marketplace.features.registry.tables import StoreHolding


def record_earlier_record(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    kind: EarlierKind,
    source: str,
    reliability: Reliability,
    unit: str,
    factory_id: int | None = None,
    store_id: int | None = None,
    quantity: int | None = None,
    period_from: date | None = None,
    period_until: date | None = None,
    value_fen: int | None = None,
    cause: str | None = None,
    reference_no: str | None = None,
) -> tuple[int, str]:
    """Keep an earlier record; return its number and `inserted`, `updated` or `unchanged`.

    Its subject is a factory or a store. `period_until` is exclusive. A record with the same kind
    and reference of the same subject is the same record, whatever brackets, widths and spaces the
    reference is typed with; it keeps the form of its first source. A fact that is not said of a
    record that stands (None) keeps what another source said of it.

    Raises:
        NotFound: without a subject, or one that nobody knows here.
        Invalid: for a negative quantity or a period that is to come or ends before it starts.
    """
    scope = _scope_of(session, factory_id, store_id)
    require(actor, "history.record_earlier_record", scope)
    if factory_id is not None and store_id is not None:  # both named: both must be in reach
        of_store = _scope_of(session, None, store_id)
        require(actor, "history.record_earlier_record", of_store)
    faults = faults_of(clock, quantity, period_from, period_until, source)
    if faults:
        raise Invalid(faults)
    known = _find_same(session, factory_id, store_id, kind, reference_no)
    row = known or EarlierRecord(
        program=str(scope.program),
        factory_id=factory_id,
        store_id=store_id,
        kind=kind,
        unit=unit,
        source=source,
        reliability=reliability,
        reference_no=reference_no,
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
    )
    facts = {
        "quantity": quantity,
        "unit": unit,
        "period_from": period_from,
        "period_until": period_until,
        "value_fen": value_fen,
        "cause": cause,
    }
    before = {field: getattr(row, field) for field in facts}
    withdrawn = known is not None and known.withdrawn_at is not None
    if known is not None and not withdrawn:
        facts = told_over(before, facts)
    if known is not None and before == facts and not withdrawn:
        return known.key, "unchanged"
    for field, value in facts.items():
        setattr(row, field, value)
    row.withdrawn_at = None  # said again: the number is the same record's
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="history.record_earlier_record",
        subject=f"earlier_record:{row.key}",
        program=scope.program,
        operator_id=scope.operator_id,
        facts={"factory_id": factory_id, "store_id": store_id, "kind": kind, "source": source},
        before=before if known else None,
        after=facts,
    )
    return row.key, "updated" if known and not withdrawn else "inserted"


def told_over(before: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with what they leave open as it was before; both ends of a period go together."""
    told = {field for field, value in facts.items() if value is not None}
    if "period_from" in told:
        told.add("period_until")
    return {field: facts[field] if field in told else before[field] for field in facts}


def withdraw_earlier_record(
    session: Session, *, clock: Clock, actor: Actor, record_id: int, reason: str
) -> None:
    """Take back a record that proved wrong; it stays in the trail."""
    row = session.get(EarlierRecord, record_id)
    if row is None:
        raise NotFound("earlier_record_not_found", record_id=record_id)
    scope = _scope_of(session, row.factory_id, row.store_id)
    require(actor, "history.withdraw_earlier_record", scope)
    if row.withdrawn_at is not None:
        raise Refused("decided_already")
    if len(reason.strip()) < 4:
        raise Refused("reason_missing")
    row.withdrawn_at = clock.now()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="history.withdraw_earlier_record",
        subject=f"earlier_record:{record_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
    )


def take_back_earlier_record(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    record_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Put a record back as it was before an import; without `before` it is withdrawn.

    Raises:
        Refused: `undo_changed` when it no longer says what the import wrote.
    """
    row = session.get(EarlierRecord, record_id)
    if row is None or row.factory_id is None:
        raise NotFound("earlier_record_not_found", record_id=record_id)
    scope = scope_of_factory(session, row.factory_id)
    require(actor, "history.take_back_earlier_record", scope)
    differing = changed_since(row, after)
    if differing:
        raise Refused("undo_changed", field=differing[0])
    if before is None:
        row.withdrawn_at = clock.now()
    else:
        put_back(row, before)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="history.take_back_earlier_record",
        subject=f"earlier_record:{record_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
        before=dict(after),
        after=dict(before) if before is not None else None,
    )


def faults_of(
    clock: Clock,
    quantity: int | None,
    period_from: date | None,
    period_until: date | None,
    source: str,
) -> list[Fault]:
    """Return what keeps a record out, whoever it is about."""
    faults = []
    if quantity is not None and quantity < 0:
        faults.append(
            Fault("quantity", "number_out_of_range", {"low": 0, "high": 2_000_000_000})
        )
    if period_from is not None and period_from > today(clock):
        faults.append(Fault("period_from", "day_to_come"))
    if period_from and period_until and period_until <= period_from:
        faults.append(Fault("period_until", "ends_before_it_starts"))
    if not source.strip():
        faults.append(Fault("source", "field_missing"))
    return faults


def _scope_of(session: Session, factory_id: int | None, store_id: int | None) -> Scope:
    """Return whose a record's subject is; a store counts to the factory that held it last."""
    if factory_id is not None:
        return scope_of_factory(session, factory_id)
    held = session.execute(
        select(StoreHolding.factory_id)
        .where(
            StoreHolding.store_id == store_id,
            StoreHolding.status == HoldingStatus.CONFIRMED,
        )
        .order_by(col(StoreHolding.from_on).desc(), col(StoreHolding.id).desc())
    ).scalar()
    if held is None:
        raise NotFound("store_not_found", store_id=store_id)
    return scope_of_factory(session, held)


def _find_same(
    session: Session,
    factory_id: int | None,
    store_id: int | None,
    kind: EarlierKind,
    reference_no: str | None,
) -> EarlierRecord | None:
    """The record of the same document, however its number is typed; one that stands before others."""
    if reference_no is None:
        return None
    written = session.execute(
        select(EarlierRecord.id, EarlierRecord.reference_no)
        .where(
            EarlierRecord.factory_id == factory_id,
            EarlierRecord.store_id == store_id,
            EarlierRecord.kind == kind,
            col(EarlierRecord.reference_no).is_not(None),
        )
        .order_by(
            col(EarlierRecord.withdrawn_at).is_not(None),
            col(EarlierRecord.reference_no) != reference_no,
            col(EarlierRecord.id),
        )
    )
    fold = fold_reference(reference_no)
    same = (key for key, number in written if fold_reference(str(number)) == fold)
    key = next(same, None)
    return None if key is None else session.get(EarlierRecord, key)
