"""Brands, marks, products, reports and lapses as the people of the house see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow, require
from marketplace.base.clock import Clock, today
from marketplace.base.errors import NotFound
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog import rules
from marketplace.features.catalog.kinds import (
    DesignBasis,
    HolderKind,
    LapseReason,
    Moderation,
    PhotoRole,
    ProductVerdict,
    TestOutcome,
    TrademarkStatus,
)
from marketplace.features.catalog.queries.facts import (
    product_facts,
    scope_of_brand,
    scope_of_product,
)
from marketplace.features.catalog.rules import Item
from marketplace.features.catalog.tables import (
    Brand,
    Lapse,
    Product,
    ProductDecision,
    ProductPhoto,
    TestReport,
    Trademark,
)
from marketplace.features.registry.queries import scope_of_operator
from marketplace.features.registry.tables import Factory


@dataclass(frozen=True, slots=True)
class BrandRow:
    """A brand of an operator."""

    brand_id: int
    operator_id: int
    slug: str
    name_zh: str
    name_en: str | None
    story_zh: str | None
    story_en: str | None
    story_public: bool
    products: int


@dataclass(frozen=True, slots=True)
class TrademarkRow:
    """A mark as recorded and checked."""

    trademark_id: int
    brand_id: int
    number: str
    nice_class: int
    status: TrademarkStatus
    holder_kind: HolderKind
    holder_name: str
    license_until: date | None
    filed_on: date | None
    registered_on: date | None
    valid_until: date | None
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product with brand, factory and state; `live` is judged at the time of the query."""

    product_id: int
    brand_id: int
    brand_name: str
    factory_id: int
    factory_name: str
    operator_id: int
    program: str
    model_no: str
    name_zh: str
    name_en: str | None
    category: str | None
    description_zh: str | None
    price_fen: int | None
    materials: dict[str, str]
    gtin: str | None
    design_basis: DesignBasis | None
    design_reference: str | None
    design_on: date | None
    status: Moderation
    submitted_by: int | None
    submitted_at: datetime | None
    due_on: date | None
    valid_until: date | None
    code: str | None
    live: bool
    picture: str | None
    version: int


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A test report."""

    report_id: int
    report_no: str
    laboratory: str
    cma_no: str
    standard: str
    outcome: TestOutcome
    issued_on: date
    valid_until: date
    use_id: int | None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision on a product."""

    decision_id: int
    verdict: ProductVerdict
    reason_codes: tuple[str, ...]
    note: str | None
    decided_by: int | None
    decided_at: datetime
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class LapseRow:
    """A lapse; `cause` is None for those who may know the class of reason only."""

    lapse_id: int
    reason: LapseReason
    cause: str | None
    at: datetime
    closed_at: datetime | None


def list_brands(session: Session, actor: Actor, *, operator_id: int) -> list[BrandRow]:
    """Return an operator's brands."""
    require(actor, "catalog.list_brands", scope_of_operator(session, operator_id))
    rows = session.execute(
        select(Brand, sa.func.count(col(Product.id)))
        .outerjoin(Product, col(Product.brand_id) == col(Brand.id))
        .where(Brand.operator_id == operator_id)
        .group_by(col(Brand.id))
        .order_by(col(Brand.id))
    ).all()
    return [
        BrandRow(
            brand_id=brand.key,
            operator_id=brand.operator_id,
            slug=brand.slug,
            name_zh=brand.name_zh,
            name_en=brand.name_en,
            story_zh=brand.story_zh,
            story_en=brand.story_en,
            story_public=brand.story_consent_at is not None,
            products=int(count),
        )
        for brand, count in rows
    ]


def list_trademarks(session: Session, actor: Actor, *, brand_id: int) -> list[TrademarkRow]:
    """Return a brand's marks, newest first."""
    require(actor, "catalog.list_trademarks", scope_of_brand(session, brand_id))
    rows = session.execute(
        select(Trademark)
        .where(Trademark.brand_id == brand_id)
        .order_by(col(Trademark.id).desc())
    ).scalars()
    return [
        TrademarkRow(
            trademark_id=row.key,
            brand_id=brand_id,
            number=row.number,
            nice_class=row.nice_class,
            status=row.status,
            holder_kind=row.holder_kind,
            holder_name=row.holder_name,
            license_until=row.license_until,
            filed_on=row.filed_on,
            registered_on=row.registered_on,
            valid_until=row.valid_until,
            checked_at=row.checked_at,
        )
        for row in rows
    ]


def list_products(
    session: Session,
    actor: Actor,
    *,
    clock: Clock,
    program: str | None = None,
    operator_id: int | None = None,
    factory_id: int | None = None,
    status: Moderation | None = None,
    category: str | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[ProductRow]:
    """Return products this actor may see: submitted ones first by due day, then by name."""
    statement = _narrowed(
        "catalog.list_products", actor, program, operator_id, factory_id, status, category
    )
    rows = session.execute(
        statement.order_by(
            col(Product.due_on).is_(None), col(Product.due_on), col(Product.id).desc()
        )
        .limit(limit)
        .offset(offset)
    ).all()
    return _rows(session, rows, today(clock))


def count_products(
    session: Session,
    actor: Actor,
    *,
    program: str | None = None,
    operator_id: int | None = None,
    factory_id: int | None = None,
    status: Moderation | None = None,
    category: str | None = None,
) -> int:
    """Return how many rows `list_products` has in all."""
    statement = _narrowed(
        "catalog.count_products", actor, program, operator_id, factory_id, status, category
    )
    total = select(sa.func.count()).select_from(statement.subquery())
    return int(session.execute(total).scalar_one())


def get_product(session: Session, actor: Actor, *, clock: Clock, product_id: int) -> ProductRow:
    """Return one product.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    require(actor, "catalog.get_product", scope_of_product(session, product_id))
    rows = session.execute(_joined().where(Product.id == product_id)).all()
    if not rows:
        raise NotFound("product_not_found", product_id=product_id)
    return _rows(session, rows, today(clock))[0]


def product_items(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, product_id: int
) -> tuple[Item, ...]:
    """Return what a product has and lacks."""
    require(actor, "catalog.product_items", scope_of_product(session, product_id))
    product = session.get(Product, product_id)
    if product is None:
        raise NotFound("product_not_found", product_id=product_id)
    return rules.completeness(rulebook, product_facts(session, product), today(clock))


def list_test_reports(session: Session, actor: Actor, *, product_id: int) -> list[ReportRow]:
    """Return a product's test reports, newest first."""
    require(actor, "catalog.list_test_reports", scope_of_product(session, product_id))
    rows = session.execute(
        select(TestReport)
        .where(TestReport.product_id == product_id)
        .order_by(col(TestReport.issued_on).desc())
    ).scalars()
    return [
        ReportRow(
            report_id=row.key,
            report_no=row.report_no,
            laboratory=row.laboratory,
            cma_no=row.cma_no,
            standard=row.standard,
            outcome=row.outcome,
            issued_on=row.issued_on,
            valid_until=row.valid_until,
            use_id=row.use_id,
        )
        for row in rows
    ]


def list_decisions(session: Session, actor: Actor, *, product_id: int) -> list[DecisionRow]:
    """Return the decisions on a product, newest first."""
    require(actor, "catalog.list_decisions", scope_of_product(session, product_id))
    rows = session.execute(
        select(ProductDecision)
        .where(ProductDecision.product_id == product_id)
        .order_by(col(ProductDecision.id).desc())
    ).scalars()
    return [
        DecisionRow(
            decision_id=row.key,
            verdict=row.verdict,
            reason_codes=tuple(row.reason_codes.get("codes", ())),
            note=row.note,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            valid_until=row.valid_until,
        )
        for row in rows
    ]


def list_lapses(session: Session, actor: Actor, *, product_id: int) -> list[LapseRow]:
    """Return a product's lapses, newest first; a marketer reads the class of reason only."""
    require(actor, "catalog.list_lapses", scope_of_product(session, product_id))
    full = actor.role.value != "marketer"
    rows = session.execute(
        select(Lapse).where(Lapse.product_id == product_id).order_by(col(Lapse.id).desc())
    ).scalars()
    return [
        LapseRow(row.key, row.reason, row.cause if full else None, row.at, row.closed_at)
        for row in rows
    ]


def list_photos(
    session: Session, actor: Actor, *, product_id: int
) -> list[tuple[PhotoRole, int, str]]:
    """Return (role, file use, sha256) of a product's pictures in order."""
    require(actor, "catalog.list_photos", scope_of_product(session, product_id))
    rows = session.execute(
        select(ProductPhoto.role, ProductPhoto.use_id, StoredFile.sha256)
        .join(FileUse, col(FileUse.id) == col(ProductPhoto.use_id))
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(ProductPhoto.product_id == product_id)
        .order_by(col(ProductPhoto.role).desc(), col(ProductPhoto.position))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def main_pictures(session: Session, product_ids: Sequence[int]) -> dict[int, str]:
    """Return product → sha256 of its first main picture; for read models, never shown alone."""
    if not product_ids:
        return {}
    rows = session.execute(
        select(ProductPhoto.product_id, StoredFile.sha256)
        .join(FileUse, col(FileUse.id) == col(ProductPhoto.use_id))
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(
            col(ProductPhoto.product_id).in_(product_ids),
            col(ProductPhoto.role) == PhotoRole.MAIN,
        )
        .order_by(col(ProductPhoto.position).desc())
    ).all()
    return {row[0]: row[1] for row in rows}


def _joined() -> sa.Select[tuple[Product, str, str, int]]:
    lapses = (
        sa.select(sa.func.count(col(Lapse.id)))
        .where(col(Lapse.product_id) == col(Product.id), col(Lapse.closed_at).is_(None))
        .scalar_subquery()
    )
    return (
        sa.select(Product, col(Brand.name_zh), col(Factory.name), lapses)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Factory, col(Factory.id) == col(Product.factory_id))
    )


def _narrowed(
    action: str,
    actor: Actor,
    program: str | None,
    operator_id: int | None,
    factory_id: int | None,
    status: Moderation | None,
    category: str | None,
) -> sa.Select[tuple[Product, str, str, int]]:
    statement = _joined().where(
        *narrow(
            actor,
            action,
            program_column=Product.program,
            district_column=Factory.district,
            operator_column=Product.operator_id,
        )
    )
    wanted = {
        col(Product.program): program,
        col(Product.operator_id): operator_id,
        col(Product.factory_id): factory_id,
        col(Product.status): status,
        col(Product.category): category,
    }
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(column == value)
    return statement


def _rows(
    session: Session, rows: Sequence[sa.Row[tuple[Product, str, str, int]]], day: date
) -> list[ProductRow]:
    pictures = main_pictures(session, [row[0].key for row in rows])
    return [
        _row(p, brand, factory, lapses, pictures, day) for p, brand, factory, lapses in rows
    ]


def _row(
    p: Product, brand: str, factory: str, lapses: int, pictures: dict[int, str], day: date
) -> ProductRow:
    return ProductRow(
        product_id=p.key,
        brand_id=p.brand_id,
        brand_name=brand,
        factory_id=p.factory_id,
        factory_name=factory,
        operator_id=p.operator_id,
        program=p.program,
        model_no=p.model_no,
        name_zh=p.name_zh,
        name_en=p.name_en,
        category=p.category,
        description_zh=p.description_zh,
        price_fen=p.price_fen,
        materials=dict(p.materials.get("parts", {})),
        gtin=p.gtin,
        design_basis=p.design_basis,
        design_reference=p.design_reference,
        design_on=p.design_on,
        status=p.status,
        submitted_by=p.submitted_by,
        submitted_at=p.submitted_at,
        due_on=p.due_on if p.status is Moderation.SUBMITTED else None,
        valid_until=p.valid_until,
        code=p.code,
        live=rules.is_live(
            status=p.status, valid_until=p.valid_until, open_lapses=lapses, today=day
        ),
        picture=pictures.get(p.key),
        version=p.version,
    )
