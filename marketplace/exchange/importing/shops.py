"""Takes rows of store lists and of platforms' store months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import month_start, today
from marketplace.exchange.exposure import StoreMonth, store_month
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.importing.lookups import UNNAMED_PLATFORM, Firm, find_firm, find_store
from marketplace.exchange.importing.taking import Rejected, Sending, Taken, combined
from marketplace.exchange.kinds import Outcome
from marketplace.exchange.periods import Period
from marketplace.features.compliance.commands import record_exposure
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.enforcement.commands import record_monthly_findings
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.commands import (
    confirm_holding,
    declare_store,
    refresh_store,
)
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import Factory, Operator, Store, StoreHolding

# A platform's file tells two sides; the first origin of a side is what it is recorded as.
PROACTIVE = (Origin.PROACTIVE_MODEL, Origin.INSPECTION, Origin.APPRAISAL)
COMPLAINED = (Origin.RIGHT_HOLDER, Origin.CONSUMER)


def take_store(session: Session, sending: Sending, values: Mapping[str, Value]) -> Taken:
    """Declare that a known firm operates a store; name and link are refreshed."""
    firm = find_firm(session, sending.program, values, name_field="operator_name")
    platform = str(values.get("platform") or UNNAMED_PLATFORM)
    store = find_store(session, sending.program, values.get("platform"), values["store_no"])
    refreshed = False
    if store is not None:
        refreshed = refresh_store(
            session,
            clock=sending.clock,
            actor=sending.actor,
            store_id=store.key,
            name=str(values["name"]),
            url=str(values["url"]) if values.get("url") else None,
            platform=platform if store.platform == UNNAMED_PLATFORM else None,
        )
        platform = store.platform
    from_on, faults = opened_on(sending, values)
    if store is not None and _holds(session, store, firm, from_on):
        return Taken(Outcome.UPDATED if refreshed else Outcome.UNCHANGED)
    _declare(
        session, sending, firm,
        platform=platform, values=values, name_field="name", from_on=from_on,
    )  # fmt: skip
    outcome = Outcome.UPDATED if store is not None and refreshed else Outcome.INSERTED
    return Taken(outcome, faults)


def opened_on(
    sending: Sending, values: Mapping[str, Value]
) -> tuple[date, tuple[RowFault, ...]]:
    """The day from which a row of a store list says the firm operates it; what is unsaid is told."""
    opened = values.get("from_on")
    if isinstance(opened, Period):
        return opened.from_on, ()
    from_on = sending.first_days.get(("", str(values["store_no"])), today(sending.clock))
    return from_on, (
        RowFault("from_on", "row_from_unsaid", from_on.isoformat(), blocking=False),
    )


def take_exposure(session: Session, sending: Sending, values: Mapping[str, Value]) -> Taken:
    """Keep a store's month: each quantity it tells, and what was found in it."""
    month = store_month(values)
    store = _store_of(session, sending, values, month)
    outcomes = [
        record_exposure(
            session,
            clock=sending.clock,
            actor=sending.actor,
            store_id=store.key,
            month=month.month,
            kind=ExposureKind(kind),
            quantity=quantity,
            source=sending.source,
        )
        for kind, quantity in month.quantities.items()
    ]
    outcomes += [
        _take_found(session, sending, store, month.month, origins=origins, listings=listings)
        for origins, listings in counts_told(values, month)
    ]
    return Taken(combined(outcomes), unsplit_faults(month))


def counts_told(
    values: Mapping[str, Value], month: StoreMonth
) -> tuple[tuple[tuple[Origin, ...], int], ...]:
    """Return what was found on each side; nothing of a side the file does not speak of.

    A total speaks of both. Where it is missing, a side that is not told is no count of none: it
    would take back what another file has told of it.
    """
    has_total = values.get("infringing") is not None
    sides = (
        ("proactive", PROACTIVE, month.proactive + month.unsplit),
        ("complaints", COMPLAINED, month.complaints),
    )
    return tuple(
        (origins, listings)
        for field, origins, listings in sides
        if has_total or values.get(field) is not None
    )


def unsplit_faults(month: StoreMonth) -> tuple[RowFault, ...]:
    """Say that the file does not tell the origin of some listings."""
    if not month.unsplit:
        return ()
    facts = {"listings": month.unsplit}
    told = str(month.unsplit)
    return (RowFault("infringing", "row_origin_unsaid", told, facts, blocking=False),)


def _take_found(
    session: Session,
    sending: Sending,
    store: Store,
    month: int,
    *,
    origins: tuple[Origin, ...],
    listings: int,
) -> str:
    """Record what a platform found; under the origin it was recorded before, where it was."""
    rows = session.execute(
        select(Finding.origin, Finding.listings).where(
            Finding.store_id == store.key,
            Finding.found_month == month,
            Finding.basis == FindingBasis.MONTHLY_REPORT,
            Finding.status == FindingStatus.UPHELD,
            col(Finding.origin).in_(origins),
        )
    ).all()
    known = {Origin(origin): int(count) for origin, count in rows}
    if known and sum(known.values()) == listings:
        return Outcome.UNCHANGED
    if len(known) > 1:
        raise Rejected(RowFault("complaints", "row_origin_mixed", str(listings)))
    return record_monthly_findings(
        session,
        clock=sending.clock,
        actor=sending.actor,
        store_id=store.key,
        month=month,
        origin=next(iter(known), origins[0]),
        listings=listings,
        source=sending.source,
    )


def _store_of(
    session: Session, sending: Sending, values: Mapping[str, Value], month: StoreMonth
) -> Store:
    """The store of a month; a new number is declared for the firm whose code the row gives."""
    store = find_store(session, sending.program, month.platform, month.store_no)
    if store is not None and (not values.get("uscc") or _was_ever_held(session, store)):
        _refuse_other_holder(session, store, values)
        return store
    if not values.get("uscc"):
        raise Rejected(RowFault("store_no", "row_store_unknown", month.store_no))
    firm = find_firm(session, sending.program, values, name_field="store_operator")
    platform = month.platform or UNNAMED_PLATFORM
    from_on = sending.first_days.get(
        (month.platform or "", month.store_no), month_start(month.month)
    )
    named = {**values, "store_name": values.get("store_name") or month.store_no}
    _declare(
        session, sending, firm,
        platform=platform, values=named, name_field="store_name", from_on=from_on,
    )  # fmt: skip
    declared = find_store(session, sending.program, platform, month.store_no)
    if declared is None:
        raise Rejected(RowFault("store_no", "row_store_unknown", month.store_no))
    return declared


def _declare(
    session: Session,
    sending: Sending,
    firm: Firm,
    *,
    platform: str,
    values: Mapping[str, Value],
    name_field: str,
    from_on: date,
) -> None:
    holding_id = declare_store(
        session,
        clock=sending.clock,
        actor=sending.actor,
        factory_id=firm.factory_id,
        platform=platform,
        store_no=str(values["store_no"]),
        name=str(values[name_field]),
        from_on=from_on,
        basis=sending.source,
        url=str(values["url"]) if values.get("url") else None,
    )
    holding = session.get(StoreHolding, holding_id)
    if (
        sending.confirms_stores
        and holding is not None
        and holding.status is HoldingStatus.DECLARED
    ):
        confirm_holding(
            session, clock=sending.clock, actor=sending.actor, holding_id=holding_id
        )


def _holds(session: Session, store: Store, firm: Firm, from_on: date) -> bool:
    """Tell whether this firm is said to operate the store already, confirmed or waiting.

    One that has ended is known too, by the day it began.
    """
    found = session.execute(
        select(StoreHolding.id).where(
            StoreHolding.store_id == store.key,
            StoreHolding.factory_id == firm.factory_id,
            sa.or_(col(StoreHolding.until_on).is_(None), col(StoreHolding.from_on) == from_on),
            StoreHolding.status != HoldingStatus.REJECTED,
        )
    ).first()
    return found is not None


def _was_ever_held(session: Session, store: Store) -> bool:
    """False for a store that only an import which was taken back spoke of."""
    held = select(StoreHolding.id).where(StoreHolding.store_id == store.key)
    return session.execute(held).first() is not None


def _refuse_other_holder(session: Session, store: Store, values: Mapping[str, Value]) -> None:
    """A month that names another firm than the one that operates the store is a question."""
    code = values.get("uscc")
    if not code:
        return
    holders = session.execute(
        select(Operator.uscc, Operator.name)
        .join(Factory, col(Factory.operator_id) == col(Operator.id))
        .join(StoreHolding, col(StoreHolding.factory_id) == col(Factory.id))
        .where(
            StoreHolding.store_id == store.key, StoreHolding.status != HoldingStatus.REJECTED
        )
    ).all()
    if holders and all(held != code for held, _ in holders):
        facts = {"holder": holders[0][1]}
        raise Rejected(RowFault("uscc", "row_store_of_other", str(code), facts))
