"""What other features' facts do to products (domain §3b); nothing suspected removes anything."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from marketplace.base.access import SYSTEM
from marketplace.base.clock import today
from marketplace.base.errors import NotFound, Refused
from marketplace.base.house import House
from marketplace.features.catalog import rules
from marketplace.features.catalog.commands.lapses import (
    lapse_product,
    once_verified,
    shorten_products,
)
from marketplace.features.catalog.events import TestReportRecorded, TrademarkChanged
from marketplace.features.catalog.kinds import HolderKind, LapseReason
from marketplace.features.catalog.queries.facts import marks_of, vouched_reports_of
from marketplace.features.catalog.tables import Product, Trademark
from marketplace.features.enforcement.events import (
    FindingDecided,
    FindingRecorded,
    MeasureImposed,
    StoreClosed,
)
from marketplace.features.enforcement.tables import FindingProduct


def on_finding_recorded(session: Session, house: House, event: FindingRecorded) -> None:
    """Refuse a finding that names products of another firm than it was found at.

    That firm would never be heard, and whoever works in one district would remove the products
    of the others.

    Raises:
        NotFound: the first such product, as if it were not there.
    """
    named = session.execute(
        select(FindingProduct.product_id, Product.operator_id)
        .join(Product, col(Product.id) == col(FindingProduct.product_id))
        .where(FindingProduct.finding_id == event.finding_id)
        .order_by(col(FindingProduct.product_id))
    ).all()
    for product_id, operator_id in named:
        if operator_id != event.operator_id:
            raise NotFound("product_not_found", product_id=product_id)


def on_finding_decided(session: Session, house: House, event: FindingDecided) -> None:
    """A decided finding removes the products it names, and no other."""
    _lapse(
        session, house, event.product_ids, LapseReason.FINDING, f"finding:{event.finding_id}"
    )


def on_measure_imposed(session: Session, house: House, event: MeasureImposed) -> None:
    """Refuse a measure the categories of the named products do not list.

    Raises:
        Refused: none of them lists it; a finding that names no product has no category.
    """
    categories = session.execute(
        select(Product.category).where(col(Product.id).in_(event.product_ids)).distinct()
    ).scalars()
    if not house.rulebook(event.program).enforcement.allows(categories, event.measure):
        raise Refused("measure_not_in_category")


def on_store_closed(session: Session, house: House, event: StoreClosed) -> None:
    """A closed store removes all products of the factory that operates it."""
    if event.factory_id is None:
        return
    ids = session.execute(
        select(Product.id).where(Product.factory_id == event.factory_id, *once_verified())
    ).scalars()
    _lapse(session, house, ids, LapseReason.STORE_CLOSED, f"store:{event.store_id}")


def on_test_report(session: Session, house: House, event: TestReportRecorded) -> None:
    """A failed test removes the product resting on it, unless a later vouched report passed.

    One that still has a report in force holds no longer than that report.
    """
    if event.passed:
        return
    product = session.get(Product, event.product_id)
    if product is None:
        return
    rulebook = house.rulebook(product.program)
    standing = rules.report_in_force(
        vouched_reports_of(session, product),
        today(house.clock),
        rules.standards_for(rulebook, product.category),
    )
    cause = f"test_report:{event.report_id}"
    if standing is not None:
        shorten_products(
            session, rulebook, clock=house.clock,
            product_ids=[event.product_id], cause=cause,
        )  # fmt: skip
    else:
        _lapse(session, house, [event.product_id], LapseReason.TEST_FAILED, cause)


def on_trademark_changed(session: Session, house: House, event: TrademarkChanged) -> None:
    """A mark or license that no longer holds removes the brand's products.

    One that holds for less long ends them earlier.
    """
    rulebook = house.rulebook(event.program)
    marks = marks_of(session, event.brand_id)
    ids = list(
        session.execute(
            select(Product.id).where(Product.brand_id == event.brand_id, *once_verified())
        ).scalars()
    )
    cause = f"trademark:{event.trademark_id}"
    if rules.own_mark(marks, today(house.clock), rulebook.product.nice_class) is not None:
        shorten_products(
            session, rulebook, clock=house.clock,
            product_ids=[i for i in ids if i is not None], cause=cause,
        )  # fmt: skip
        return
    mark = session.get(Trademark, event.trademark_id)
    licensed = mark is not None and mark.holder_kind is HolderKind.AFFILIATE
    reason = LapseReason.LICENSE_ENDED if licensed else LapseReason.TRADEMARK_LOST
    _lapse(session, house, ids, reason, cause)


def _lapse(
    session: Session,
    house: House,
    product_ids: Iterable[int | None],
    reason: LapseReason,
    cause: str,
) -> None:
    for product_id in list(product_ids):
        if product_id is not None:
            lapse_product(
                session,
                clock=house.clock,
                actor=SYSTEM,
                product_id=product_id,
                reason=reason,
                cause=cause,
            )
