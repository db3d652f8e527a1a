"""Takes exposure in revisions; an earlier one is never changed."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock, month_end, month_index, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.features.compliance.events import ExposureRecorded
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.registry.queries import require_stores
from marketplace.features.registry.tables import Store


def record_exposure(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    month: int,
    kind: ExposureKind,
    quantity: int,
    source: str,
) -> str:
    """Keep how much was on sale, checked or sold in a store in a month.

    `month` is an index (year x 12 + month - 1). The same quantity again changes nothing; another
    one is a new revision, the earlier ones stay. Returns `inserted`, `updated` or `unchanged`.

    Raises:
        Invalid: for a negative quantity or a month to come.
        NotFound: when there is no such store, or its firm of that month is out of reach.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    _require(session, actor, "compliance.record_exposure", store.program, store_id, month)
    faults = []
    if quantity < 0:
        faults.append(
            Fault("quantity", "number_out_of_range", {"low": 0, "high": 2_000_000_000})
        )
    if month > month_index(today(clock)):
        faults.append(Fault("month", "day_to_come"))
    if faults:
        raise Invalid(faults)
    known: Exposure | None = session.execute(
        select(Exposure).where(
            Exposure.store_id == store_id,
            Exposure.month == month,
            Exposure.kind == kind,
            col(Exposure.current).is_(True),
        )
    ).scalar()
    if known is not None and known.quantity == quantity:
        return "unchanged"
    if known is not None:
        known.current = False
        session.flush()
    session.add(
        Exposure(
            program=store.program,
            store_id=store_id,
            month=month,
            kind=kind,
            quantity=quantity,
            source=source,
            revision=known.revision + 1 if known else 1,
            current=True,
            recorded_by=actor.account_id,
            recorded_at=clock.now(),
        )
    )
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="compliance.record_exposure",
        subject=f"store:{store_id}",
        program=store.program,
        facts={"month": month, "kind": kind, "source": source},
        before={"quantity": known.quantity} if known else None,
        after={"quantity": quantity},
    )
    announce(session, ExposureRecorded(store_id, store.program, month))
    return "updated" if known else "inserted"


def take_back_exposure(
    session: Session, *, clock: Clock, actor: Actor, exposure_id: int, reason: str
) -> None:
    """Let the revision before count again; where there was none the month is a gap again.

    Raises:
        Refused: `undo_replaced` when a later revision counts by now.
    """
    row = session.get(Exposure, exposure_id)
    if row is None:
        raise NotFound("exposure_not_found", exposure_id=exposure_id)
    action = "compliance.take_back_exposure"
    _require(session, actor, action, row.program, row.store_id, row.month)
    same = (
        Exposure.store_id == row.store_id,
        Exposure.month == row.month,
        Exposure.kind == row.kind,
    )
    if not row.current:
        later = session.execute(
            select(Exposure).where(*same, col(Exposure.current).is_(True))
        ).scalar()
        raise Refused(
            "undo_replaced",
            field=row.kind.value,
            source=later.source if later else row.source,
            on=(later or row).recorded_at.date().isoformat(),
        )
    earlier = session.execute(
        select(Exposure)
        .where(*same, col(Exposure.revision) == row.revision - 1)
        .order_by(col(Exposure.id).desc())
    ).scalar()
    row.current = False
    session.flush()
    if earlier is not None:
        earlier.current = True
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="compliance.take_back_exposure",
        subject=f"store:{row.store_id}",
        program=row.program,
        reason=reason,
        facts={"month": row.month, "kind": row.kind, "source": row.source},
        before={"quantity": row.quantity},
        after={"quantity": earlier.quantity if earlier else None},
    )
    announce(session, ExposureRecorded(row.store_id, row.program, row.month))


def _require(
    session: Session, who: Actor, action: str, program: str, store_id: int, month: int
) -> None:
    days = {(store_id, month_end(month))}
    require_stores(session, who, action, program=program, days=days)
