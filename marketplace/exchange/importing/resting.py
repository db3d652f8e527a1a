"""Tells what rests on something an import brought, so that an undo never pulls it from under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access.tables import AccountOperator
from marketplace.base.errors import Refused
from marketplace.exchange.importing.traces import Trace
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import (
    Brand,
    Product,
    ProductDecision,
    ProductPhoto,
    TestReport,
    Trademark,
)
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding, FindingProduct, PointsEntry
from marketplace.features.history.tables import Disclosure, EarlierRecord
from marketplace.features.progress.tables import Certification, Enrollment, Inspection
from marketplace.features.promotion.tables import Listing, Slot
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import (
    Affiliate,
    ChangeRequest,
    ContractWork,
    Factory,
    FieldValue,
    StoreHolding,
)

Condition = sa.ColumnElement[bool]


def refuse_what_rests(session: Session, table: str, key: int) -> None:
    """Refuse when something that stands rests on a row.

    Raises:
        Refused: `undo_has_…`, naming the first kind of thing, with how many.
    """
    for code, conditions in _RESTING.get(table, _nothing)(session, key).items():
        count = session.execute(
            sa.select(sa.func.count()).select_from(_entity(conditions[0])).where(*conditions)
        ).scalar_one()
        if count:
            raise Refused(code, count=int(count))


def is_remembered(session: Session, store_id: int) -> bool:
    """Tell whether rows that no longer count still name a store."""
    conditions: tuple[Condition, ...] = (
        col(Exposure.store_id) == store_id,
        col(Finding.store_id) == store_id,
        col(StoreHolding.store_id) == store_id,
        col(EarlierRecord.store_id) == store_id,
    )
    return any(
        session.execute(
            sa.select(sa.literal(1)).select_from(_entity(named)).where(named).limit(1)
        ).first()
        for named in conditions
    )


def stores_of(session: Session, traces: Iterable[Trace]) -> set[int]:
    """Return the stores that rows of a store's months, counts and holdings are of."""
    keys: dict[str, set[int]] = {}
    for trace in traces:
        keys.setdefault(trace.table, set()).add(trace.key)
    found = keys.get("store", set())
    for kind in (StoreHolding, Exposure, Finding):
        of_store: Any = kind
        some = keys.get(of_store.__tablename__, set())
        rows = session.execute(sa.select(of_store.store_id).where(of_store.id.in_(some)))
        found = found | set(rows.scalars())
    return found


def _of_factory(session: Session, factory_id: int) -> dict[str, tuple[Condition, ...]]:
    factory = session.get(Factory, factory_id)
    operator_id = factory.operator_id if factory is not None else 0
    return {
        "undo_has_enrollment": (col(Enrollment.operator_id) == operator_id,),
        "undo_has_products": (col(Product.operator_id) == operator_id,),
        "undo_has_brands": (col(Brand.operator_id) == operator_id,),
        "undo_has_stores": (
            col(StoreHolding.factory_id) == factory_id,
            col(StoreHolding.status) != HoldingStatus.REJECTED,
        ),
        "undo_has_records": (
            col(EarlierRecord.factory_id) == factory_id,
            col(EarlierRecord.withdrawn_at).is_(None),
        ),
        "undo_has_findings": (
            col(Finding.factory_id) == factory_id,
            col(Finding.status) != FindingStatus.DISMISSED,
        ),
        "undo_has_evidence": (col(Certification.factory_id) == factory_id,),
        "undo_has_inspections": (col(Inspection.factory_id) == factory_id,),
        "undo_has_accounts": (col(AccountOperator.operator_id) == operator_id,),
        "undo_has_details": (col(Affiliate.operator_id) == operator_id,),
        "undo_has_work": (col(ContractWork.factory_id) == factory_id,),
        "undo_has_requests": (col(ChangeRequest.factory_id) == factory_id,),
        "undo_has_disclosures": (col(Disclosure.operator_id) == operator_id,),
    }


def _of_value(session: Session, value_id: int) -> dict[str, tuple[Condition, ...]]:
    """A code that somebody was enrolled under is no longer only what a file said."""
    value = session.get(FieldValue, value_id)
    if value is None or value.field != "uscc":
        return {}
    return {"undo_has_enrollment": (col(Enrollment.operator_id) == value.entity_id,)}


def _of_store(_session: Session, store_id: int) -> dict[str, tuple[Condition, ...]]:
    return {
        "undo_has_stores": (
            col(StoreHolding.store_id) == store_id,
            col(StoreHolding.status) != HoldingStatus.REJECTED,
        ),
        **_counted(store_id),
        "undo_has_listings": (col(Listing.store_id) == store_id,),
        "undo_has_points": (col(PointsEntry.store_id) == store_id,),
    }


def _of_holding(session: Session, holding_id: int) -> dict[str, tuple[Condition, ...]]:
    holding = session.get(StoreHolding, holding_id)
    return {} if holding is None else _counted(holding.store_id)


def _counted(store_id: int) -> dict[str, tuple[Condition, ...]]:
    return {
        "undo_has_months": (
            col(Exposure.store_id) == store_id,
            col(Exposure.current).is_(True),
        ),
        "undo_has_findings": (
            col(Finding.store_id) == store_id,
            col(Finding.status) != FindingStatus.DISMISSED,
        ),
    }


def _of_product(_session: Session, product_id: int) -> dict[str, tuple[Condition, ...]]:
    return {
        "undo_has_photos": (col(ProductPhoto.product_id) == product_id,),
        "undo_has_reports": (col(TestReport.product_id) == product_id,),
        "undo_has_decisions": (col(ProductDecision.product_id) == product_id,),
        "undo_has_listings": (col(Listing.product_id) == product_id,),
        "undo_has_slots": (col(Slot.product_id) == product_id,),
        "undo_has_findings": (col(FindingProduct.product_id) == product_id,),
    }


def _of_brand(_session: Session, brand_id: int) -> dict[str, tuple[Condition, ...]]:
    return {
        "undo_has_products": (
            col(Product.brand_id) == brand_id,
            col(Product.status) != Moderation.WITHDRAWN,
        ),
        "undo_has_trademarks": (col(Trademark.brand_id) == brand_id,),
    }


def _nothing(_session: Session, _key: int) -> dict[str, tuple[Condition, ...]]:
    return {}


def _entity(condition: Any) -> Any:
    """The table a condition's column is of."""
    return condition.left.table


_RESTING: Mapping[str, Callable[[Session, int], dict[str, tuple[Condition, ...]]]] = {
    "factory": _of_factory,
    "field_value": _of_value,
    "store": _of_store,
    "store_holding": _of_holding,
    "product": _of_product,
    "brand": _of_brand,
}
