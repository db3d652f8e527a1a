"""Reads the rows of each export, narrowed in SQL to what the actor may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, narrow
from marketplace.base.clock import civil_day, month_end, month_label
from marketplace.base.rulebook import Rulebook
from marketplace.exchange.exporting.wanted import ExportFilter, Record
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.history.kinds import EarlierKind
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.kinds import FactoryStatus, HoldingStatus
from marketplace.features.registry.queries import factories_answering, stores_in_reach
from marketplace.features.registry.tables import Factory, Operator, Store, StoreHolding


def export_factories(
    session: Session, actor: Actor, rulebook: Rulebook, wanted: ExportFilter
) -> list[Record]:
    """Return every factory that is not archived, drafts included."""
    rows = session.execute(
        _factories(sa.select(Factory, Operator), rulebook, wanted)
        .where(*_narrow(actor, "exchange.export_factories"))
        .order_by(col(Factory.id))
    ).all()
    return [
        {
            "name": factory.name,
            "uscc": operator.uscc,
            "address": factory.address,
            "district": _district(rulebook, factory.district),
            "capacity_pairs_per_year": factory.capacity_pairs_per_year,
            "staff": factory.staff,
            "above_scale": factory.above_scale,
            "note": factory.note,
            "status": factory.status,
            "registered_on": civil_day(factory.created_at),
        }
        for factory, operator in rows
    ]


def export_earlier_records(
    session: Session, actor: Actor, rulebook: Rulebook, wanted: ExportFilter
) -> list[Record]:
    """Return earlier records that stand; declarations of owners are never among them."""
    rows = session.execute(
        _factories(sa.select(EarlierRecord, Operator), rulebook, wanted, EarlierRecord)
        .where(
            *_narrow(actor, "exchange.export_earlier_records"),
            col(EarlierRecord.withdrawn_at).is_(None),
            col(EarlierRecord.kind) != EarlierKind.SELF_DECLARED,
        )
        .order_by(col(EarlierRecord.id))
    ).all()
    return [
        {
            "name": operator.name,
            "uscc": operator.uscc,
            "decision_no": record.reference_no,
            "decided_on": record.period_from,
            "decided_until": record.period_until,
            "cause": record.cause,
            "quantity_pairs": record.quantity if record.unit == "pairs" else None,
            "value_fen": record.value_fen,
            "kind": record.kind,
            "source": record.source,
            "reliability": record.reliability,
        }
        for record, operator in rows
    ]


def export_stores(
    session: Session, actor: Actor, rulebook: Rulebook, wanted: ExportFilter
) -> list[Record]:
    """Return every store with who is said to operate it, one row a holding."""
    rows = session.execute(
        _factories(sa.select(Store, StoreHolding, Operator), rulebook, wanted, StoreHolding)
        .join(Store, col(Store.id) == col(StoreHolding.store_id))
        .where(
            *_narrow(actor, "exchange.export_stores"),
            col(StoreHolding.status) != HoldingStatus.REJECTED,
        )
        .order_by(col(Store.id), col(StoreHolding.from_on))
    ).all()
    return [
        {
            "store_no": store.store_no,
            "platform": store.platform,
            "name": store.name,
            "uscc": operator.uscc,
            "operator_name": operator.name,
            "url": store.url,
            "from_on": holding.from_on,
            "status": store.status,
            "holding": holding.status,
            "until_on": holding.until_on,
        }
        for store, holding, operator in rows
    ]


def export_exposure(
    session: Session, actor: Actor, rulebook: Rulebook, wanted: ExportFilter
) -> list[Record]:
    """Return one row a store and month in the revision that counts now; a gap has no row."""
    held = (
        sa.select(col(StoreHolding.store_id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(col(StoreHolding.status) != HoldingStatus.REJECTED)
    )
    if wanted.districts:
        held = held.where(col(Factory.district).in_(wanted.districts))
    mine = [
        col(Store.program) == rulebook.program.key,
        col(Store.id).in_(held.where(*_narrow(actor, "exchange.export_exposure"))),
    ]
    months: dict[tuple[int, int], dict[str, object]] = {}
    for exposure, store in session.execute(
        sa.select(Exposure, Store)
        .join(Store, col(Store.id) == col(Exposure.store_id))
        .where(*mine, col(Exposure.current).is_(True))
        .order_by(col(Store.id), col(Exposure.month), col(Exposure.kind))
    ).all():
        row = months.setdefault((store.key, exposure.month), _month(store, exposure.month))
        row[exposure.kind.value] = exposure.quantity
        row["source"] = exposure.source
    for finding, store in session.execute(
        sa.select(Finding, Store)
        .join(Store, col(Store.id) == col(Finding.store_id))
        .where(
            *mine,
            col(Finding.basis) == FindingBasis.MONTHLY_REPORT,
            col(Finding.status) == FindingStatus.UPHELD,
        )
    ).all():
        row = months.setdefault(
            (store.key, finding.found_month), _month(store, finding.found_month)
        )
        _count(row, finding)
    kept = _of_whom_is_wanted(session, actor, rulebook, wanted, months)
    return [months[key] for key in sorted(kept)]


def _of_whom_is_wanted(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    wanted: ExportFilter,
    months: Collection[tuple[int, int]],
) -> set[tuple[int, int]]:
    """Keep the months whose holder is of the districts somebody works in, or asked for.

    A store may have been another firm's in another month, and to say that one has it is no reason
    to be shown what others did.
    """
    program = rulebook.program.key
    if not (wanted.districts or actor.districts_in(program)):
        return set(months)
    days = {(store_id, month_end(month)): (store_id, month) for store_id, month in months}
    reached = stores_in_reach(
        session, actor, "exchange.export_exposure", program=program, days=set(days)
    )
    if wanted.districts:
        firms = factories_answering(session, reached)
        asked = sa.select(col(Factory.id)).where(
            col(Factory.id).in_(set(firms.values())),
            col(Factory.district).in_(wanted.districts),
        )
        there = set(session.execute(asked).scalars())
        reached = {day for day in reached if firms.get(day) in there}
    return {days[day] for day in reached}


def export_products(
    session: Session, actor: Actor, rulebook: Rulebook, wanted: ExportFilter
) -> list[Record]:
    """Return every product, one row a listing, one where there is none."""
    rows = session.execute(
        _factories(
            sa.select(Product, Brand, Factory, Operator, Listing, Store),
            rulebook,
            wanted,
            Product,
        )
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .outerjoin(Listing, col(Listing.product_id) == col(Product.id))
        .outerjoin(Store, col(Store.id) == col(Listing.store_id))
        .where(*_narrow(actor, "exchange.export_products"))
        .order_by(col(Product.id), col(Listing.id))
    ).all()
    names = {c.key: c.name_zh for c in rulebook.product.categories}
    return [
        {
            "brand": brand.name_zh,
            "name": product.name_zh,
            "model_no": product.model_no,
            "category": names.get(product.category or ""),
            "price_fen": listing.price_fen if listing else product.price_fen,
            "gtin": product.gtin,
            "uscc": operator.uscc,
            "factory_name": factory.name,
            "platform": store.platform if store else None,
            "store_no": store.store_no if store else None,
            "item_id": listing.item_no if listing else None,
            "url": listing.url if listing else None,
            "stock": listing.stock if listing else None,
            "status": product.status,
            "code": product.code,
            "valid_until": product.valid_until,
        }
        for product, brand, factory, operator, listing, store in rows
    ]


def _factories(
    statement: Any,
    rulebook: Rulebook,
    wanted: ExportFilter,
    begins: Any = None,
) -> Any:
    """Join from the row a table begins with to its factory and operator."""
    if begins is None:
        joined = statement.select_from(Factory)
    else:
        joined = statement.select_from(begins).join(
            Factory, col(Factory.id) == col(begins.factory_id)
        )
    joined = joined.join(Operator, col(Operator.id) == col(Factory.operator_id)).where(
        col(Factory.program) == rulebook.program.key,
        col(Factory.status) != FactoryStatus.ARCHIVED,
    )
    if wanted.districts:
        joined = joined.where(col(Factory.district).in_(wanted.districts))
    return joined


def _narrow(actor: Actor, action: str) -> Iterable[sa.ColumnElement[bool]]:
    return narrow(
        actor,
        action,
        program_column=Factory.program,
        district_column=Factory.district,
        operator_column=Factory.operator_id,
    )


def _district(rulebook: Rulebook, code: str | None) -> str | None:
    region = rulebook.region(code) if code else None
    return region.name_zh if region else code


def _month(store: Store, month: int) -> dict[str, object]:
    return {
        "store_no": store.store_no,
        "platform": store.platform,
        "store_name": store.name,
        "month": month_label(month),
    }


def _count(row: dict[str, object], finding: Finding) -> None:
    found = {"proactive": 0, "complaints": 0}
    for name in found:
        value = row.get(name)
        found[name] = value if isinstance(value, int) else 0
    ours = {Origin.PROACTIVE_MODEL, Origin.INSPECTION, Origin.APPRAISAL}
    found["proactive" if finding.origin in ours else "complaints"] += finding.listings
    row.update(found, infringing=sum(found.values()))


__all__ = [
    "export_earlier_records",
    "export_exposure",
    "export_factories",
    "export_products",
    "export_stores",
]
