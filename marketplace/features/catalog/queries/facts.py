"""Gathers what rules judge by; SQL narrows, `rules` decides."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Role, Scope
from marketplace.base.access.tables import Account
from marketplace.base.errors import NotFound
from marketplace.features.catalog.kinds import Moderation, PhotoRole, TestOutcome
from marketplace.features.catalog.queries.as_verified import last_verified_at
from marketplace.features.catalog.rules import MarkFacts, ProductFacts, ReportFacts
from marketplace.features.catalog.tables import (
    Brand,
    Lapse,
    Product,
    ProductPhoto,
    TestReport,
    Trademark,
)
from marketplace.features.registry.tables import Factory


def live_conditions(today: date) -> list[sa.ColumnElement[bool]]:
    """Return the SQL conditions of a live product; compared with the clock in every query."""
    open_lapse = (
        sa.select(col(Lapse.id))
        .where(col(Lapse.product_id) == col(Product.id), col(Lapse.closed_at).is_(None))
        .exists()
    )
    return [
        col(Product.status) == Moderation.VERIFIED,
        col(Product.valid_until) > today,
        ~open_lapse,
    ]


def product_facts(session: Session, product: Product) -> ProductFacts:
    """Return everything a product is judged by."""
    return _facts(session, product, reports_of(session, product.key))


def standing_facts(session: Session, product: Product) -> ProductFacts:
    """Return what keeps a verified product verified: its facts with `vouched_reports_of` it."""
    return _facts(session, product, vouched_reports_of(session, product))


def _facts(
    session: Session, product: Product, reports: tuple[ReportFacts, ...]
) -> ProductFacts:
    photos = session.execute(
        select(ProductPhoto.role, sa.func.count())
        .where(ProductPhoto.product_id == product.key)
        .group_by(col(ProductPhoto.role))
    ).all()
    counted = dict(photos)
    materials = product.materials.get("parts", {})
    return ProductFacts(
        name_zh=product.name_zh,
        category=product.category,
        price_fen=product.price_fen,
        materials=tuple(sorted(str(k) for k in materials)),
        gtin=product.gtin,
        design_basis=product.design_basis,
        design_reference=product.design_reference,
        design_on=product.design_on,
        description_zh=product.description_zh,
        main_photos=int(counted.get(PhotoRole.MAIN, 0)),
        design_photos=int(counted.get(PhotoRole.DESIGN, 0)),
        marks=marks_of(session, product.brand_id),
        reports=reports,
    )


def marks_of(session: Session, brand_id: int) -> tuple[MarkFacts, ...]:
    """Return the marks of a brand as rules see them."""
    rows = session.execute(
        select(Trademark).where(Trademark.brand_id == brand_id).order_by(col(Trademark.id))
    ).scalars()
    return tuple(mark_facts(row) for row in rows)


def mark_facts(row: Trademark) -> MarkFacts:
    """Return one mark as rules see it."""
    return MarkFacts(
        nice_class=row.nice_class,
        status=row.status,
        holder=row.holder_kind,
        valid_until=row.valid_until,
        has_license=row.license_use_id is not None or row.license_until is not None,
        license_until=row.license_until,
        checked=row.checked_at is not None,
    )


def reports_of(session: Session, product_id: int) -> tuple[ReportFacts, ...]:
    """Return the test reports of a product as rules see them."""
    return tuple(map(report_facts, _reports(session, TestReport.product_id == product_id)))


def vouched_reports_of(session: Session, product: Product) -> tuple[ReportFacts, ...]:
    """Return the reports that can keep a verified product, as rules see them."""
    return tuple(map(report_facts, vouched_reports(session, product)))


def vouched_reports(session: Session, product: Product) -> list[TestReport]:
    """Return the reports that can keep a verified product: those somebody but its owner saw."""
    return _reports(session, TestReport.product_id == product.key, is_vouched(session, product))


def is_vouched(session: Session, product: Product) -> sa.ColumnElement[bool]:
    """Whether a report of a product is one somebody but its owner saw, in columns of `TestReport`.

    What the owner handed in since the last verification nobody has reviewed. A failure counts
    whoever tells it.
    """
    owners = sa.select(col(Account.id)).where(col(Account.role) == Role.OWNER)
    verified_at = last_verified_at(session, product)
    return sa.or_(
        col(TestReport.outcome) == TestOutcome.FAILED,
        col(TestReport.recorded_by).is_(None),
        col(TestReport.recorded_by).not_in(owners),
        col(TestReport.recorded_at) <= verified_at if verified_at else sa.false(),
    )


def report_facts(row: TestReport) -> ReportFacts:
    """Return one test report as rules see it."""
    return ReportFacts(
        standard=row.standard,
        outcome=row.outcome,
        has_cma=bool(row.cma_no.strip()),
        issued_on=row.issued_on,
        valid_until=row.valid_until,
    )


def _reports(session: Session, *which: Any) -> list[TestReport]:
    statement = select(TestReport).where(*which).order_by(col(TestReport.issued_on))
    return list(session.execute(statement).scalars())


def scope_of_product(session: Session, product_id: int) -> Scope:
    """Return the scope of a product.

    Raises:
        NotFound: when there is none.
    """
    row = session.execute(
        select(Product.program, Factory.district, Product.operator_id)
        .join(Factory, col(Factory.id) == col(Product.factory_id))
        .where(Product.id == product_id)
    ).first()
    if row is None:
        raise NotFound("product_not_found", product_id=product_id)
    return Scope(program=row[0], district=row[1], operator_id=row[2])


def scope_of_brand(session: Session, brand_id: int) -> Scope:
    """Return the scope of a brand.

    Raises:
        NotFound: when there is none.
    """
    row = session.execute(
        select(Brand.program, Factory.district, Brand.operator_id)
        .outerjoin(Factory, col(Factory.operator_id) == col(Brand.operator_id))
        .where(Brand.id == brand_id)
        .order_by(col(Factory.id))
    ).first()
    if row is None:
        raise NotFound("brand_not_found", brand_id=brand_id)
    return Scope(program=row[0], district=row[1], operator_id=row[2])
