"""What stands behind one live product, as the public may read it: mark, design, test, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.errors import NotFound
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog import rules
from marketplace.features.catalog.kinds import DesignBasis, PhotoRole, TestOutcome
from marketplace.features.catalog.queries.as_verified import last_verified_at
from marketplace.features.catalog.queries.facts import (
    live_conditions,
    mark_facts,
    report_facts,
    vouched_reports,
)
from marketplace.features.catalog.rules import Results
from marketplace.features.catalog.tables import (
    Brand,
    Product,
    ProductPhoto,
    TestReport,
    Trademark,
)


@dataclass(frozen=True, slots=True)
class PublicMark:
    """The mark a brand rests on today; its number is public at the trademark office."""

    number: str
    nice_class: int
    registered_on: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class PublicReport:
    """The test report in force and what it measured."""

    report_no: str
    laboratory: str
    standard: str
    issued_on: date
    valid_until: date
    results: Results


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """A picture by its content, with its size where known."""

    sha256: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class PublicDetail:
    """Everything else a product's own page says; pictures in order, the main one first."""

    pictures: tuple[PublicPicture, ...]
    design_basis: DesignBasis | None
    design_reference: str | None
    gtin: str | None
    mark: PublicMark | None
    report: PublicReport | None


def get_public_detail(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, code: str
) -> PublicDetail:
    """Return what stands behind a live product.

    Raises:
        NotFound: when no live product has this code.
    """
    require(actor, "catalog.get_public_detail", Scope())
    product = session.execute(
        select(Product).where(Product.code == code, *live_conditions(today(clock)))
    ).scalar()
    if product is None:
        raise NotFound("product_not_public", asked=code)
    return PublicDetail(
        pictures=_pictures(session, product.key),
        design_basis=product.design_basis,
        design_reference=product.design_reference,
        gtin=product.gtin,
        mark=_mark(session, rulebook, product.brand_id, today(clock)),
        report=_report(carrying_report(session, rulebook, product, today(clock))),
    )


def find_public_mark(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, slug: str
) -> PublicMark | None:
    """Return the mark that carries a brand today, or None."""
    require(actor, "catalog.find_public_mark", Scope())
    brand_id = session.execute(select(Brand.id).where(Brand.slug == slug)).scalar()
    if brand_id is None:
        return None
    return _mark(session, rulebook, int(brand_id), today(clock))


def carrying_mark(
    session: Session, rulebook: Rulebook, brand_id: int, day: date
) -> Trademark | None:
    """Return the mark that carries a brand on a day: of the class of the goods, and no other."""
    rows = session.execute(
        select(Trademark).where(Trademark.brand_id == brand_id).order_by(col(Trademark.id))
    ).scalars()
    by_facts = [(mark_facts(row), row) for row in rows]
    best = rules.own_mark([facts for facts, _row in by_facts], day, rulebook.product.nice_class)
    return next((row for facts, row in by_facts if facts is best), None)


def carrying_report(
    session: Session, rulebook: Rulebook, product: Product, day: date
) -> TestReport | None:
    """Return the test report that keeps a product verified; never one a later failure voided.

    What came after the verification is told only where what it saw no longer carries.
    """
    vouched = vouched_reports(session, product)
    at = last_verified_at(session, product)
    failed = TestOutcome.FAILED
    seen = [row for row in vouched if row.outcome is failed or (at and row.recorded_at <= at)]
    standards = rules.standards_for(rulebook, product.category)
    for rows in (seen, vouched):
        by_facts = [(report_facts(row), row) for row in rows]
        best = rules.report_in_force([facts for facts, _row in by_facts], day, standards)
        if best is not None:
            return next(row for facts, row in by_facts if facts is best)
    return None


def _mark(session: Session, rulebook: Rulebook, brand_id: int, day: date) -> PublicMark | None:
    row = carrying_mark(session, rulebook, brand_id, day)
    if row is None:
        return None
    return PublicMark(row.number, row.nice_class, row.registered_on, row.valid_until)


def _report(row: TestReport | None) -> PublicReport | None:
    if row is None:
        return None
    return PublicReport(
        report_no=row.report_no,
        laboratory=row.laboratory,
        standard=row.standard,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        results=rules.read_results(row.results),
    )


def _pictures(session: Session, product_id: int) -> tuple[PublicPicture, ...]:
    rows = session.execute(
        sa.select(col(StoredFile.sha256), col(StoredFile.width), col(StoredFile.height))
        .join(FileUse, col(FileUse.file_id) == col(StoredFile.id))
        .join(ProductPhoto, col(ProductPhoto.use_id) == col(FileUse.id))
        .where(
            col(ProductPhoto.product_id) == product_id,
            col(ProductPhoto.role).in_([PhotoRole.MAIN, PhotoRole.DETAIL]),
        )
        .order_by(col(ProductPhoto.role).desc(), col(ProductPhoto.position))
    ).all()
    return tuple(PublicPicture(row[0], row[1], row[2]) for row in rows)
