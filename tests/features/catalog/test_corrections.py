"""A known number with other content: never swallowed, corrected only when said and in time."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from marketplace.base import audit
from marketplace.base.clock import today
from marketplace.base.errors import Conflict, Refused
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import (
    HolderKind,
    ProductVerdict,
    TestOutcome,
    TrademarkStatus,
)
from marketplace.features.catalog.tables import Product, TestReport, Trademark
from marketplace.features.progress.queries import is_enrolled
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import DAY, Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


@pytest.fixture
def product(firm: Scene) -> int:
    return firm.draft("N-1")


def report(firm: Scene, product: int, *, actor=None, **more) -> int:
    categories = firm.world.rulebook.product.categories
    given = {
        "report_no": "R-1",
        "laboratory": "衡川检测（虚构）",
        "cma_no": "230000000000",
        "standard": next(c for c in categories if c.key == firm.category).standards[0],
        "outcome": TestOutcome.PASSED,
        "issued_on": today(firm.clock) - DAY,
        "valid_until": today(firm.clock) + 700 * DAY,
    }
    return firm.do(
        lambda s: catalog.record_test_report(
            s, clock=firm.clock, actor=actor or firm.owner, product_id=product, **{**given, **more}
        )
    )  # fmt: skip


def mark(firm: Scene, *, actor=None, **more) -> int:
    given = {
        "number": "88000001",
        "nice_class": 25,
        "status": TrademarkStatus.FILED,
        "holder_kind": HolderKind.FIRM,
        "holder_name": "（虚构）本企业",
    }
    return firm.do(
        lambda s: catalog.record_trademark(
            s, clock=firm.clock, actor=actor or firm.owner, brand_id=firm.brand_id,
            **{**given, **more},
        )
    )  # fmt: skip


def entries(firm: Scene, subject: str):
    return firm.world.see(lambda s: audit.list_entries(s, subject=subject))


def test_the_same_report_again_changes_nothing_and_leaves_no_entry(
    firm: Scene, product: int
) -> None:
    first = report(firm, product)
    before = len(entries(firm, f"product:{product}"))
    assert report(firm, product) == first
    assert len(entries(firm, f"product:{product}")) == before


def test_other_content_under_a_known_report_number_is_refused_until_it_is_a_correction(
    firm: Scene, product: int
) -> None:
    number = report(firm, product, cma_no="23000000000")
    with pytest.raises(Refused, match="report_differs"):
        report(firm, product)
    assert firm.world.see(lambda s: s.get(TestReport, number)).cma_no == "23000000000"
    assert report(firm, product, corrects=True) == number
    kept = firm.world.see(lambda s: s.get(TestReport, number))
    assert (kept.cma_no, kept.version) == ("230000000000", 2)
    latest = max(entries(firm, f"product:{product}"), key=lambda e: e.seq)
    assert latest.action == "catalog.record_test_report"
    assert latest.facts["corrects"] is True


def test_a_report_of_a_product_that_was_sent_in_stays_as_it_was_judged(
    firm: Scene, product: int
) -> None:
    number = report(firm, product)
    firm.submit(product)
    with pytest.raises(Refused, match="report_rested_on"):
        report(firm, product, cma_no="1", corrects=True)
    with pytest.raises(Refused, match="product_fixed"):  # the reviewer may not see it any more
        report(firm, product, report_no="R-9")
    firm.decide(product)
    with pytest.raises(Refused, match="report_rested_on"):
        report(firm, product, cma_no="1", corrects=True, actor=firm.world.officer)
    # A failed one under its own number removes the product; it cannot be talked away afterwards.
    report(firm, product, report_no="R-2", outcome=TestOutcome.FAILED, actor=firm.world.officer)
    with pytest.raises(Refused, match="report_rested_on"):
        report(firm, product, report_no="R-2", corrects=True)
    assert firm.world.see(lambda s: s.get(TestReport, number)).cma_no == "230000000000"


def test_what_was_sent_in_anew_is_not_decided_by_who_looked_at_what_was_sent_in_before(
    firm: Scene, product: int
) -> None:
    report(firm, product)

    def sent_in() -> datetime:
        firm.submit(product)
        return firm.world.see(lambda s: s.get(Product, product)).submitted_at

    def decide(verdict: ProductVerdict, submitted_at: datetime) -> None:
        firm.do(
            lambda s: catalog.decide_product(
                s, firm.world.rulebook, clock=firm.clock, actor=firm.world.reviewer,
                product_id=product, verdict=verdict, reason_codes=["photos_unclear"],
                design_compared=True, submitted_at=submitted_at, is_enrolled=is_enrolled,
            )
        )  # fmt: skip

    looked_at = sent_in()
    decide(ProductVerdict.CHANGES_REQUESTED, looked_at)
    firm.clock.advance(minutes=5)
    now = sent_in()
    with pytest.raises(Conflict, match="content_changed"):
        decide(ProductVerdict.VERIFIED, looked_at)
    decide(ProductVerdict.VERIFIED, now)


def test_a_mark_corrected_while_somebody_compared_it_is_compared_again(firm: Scene) -> None:
    number = mark(firm)
    looked_at = firm.world.see(lambda s: s.get(Trademark, number)).recorded_at
    firm.clock.advance(minutes=5)
    mark(firm, nice_class=18, corrects=True)
    with pytest.raises(Conflict, match="content_changed"):
        firm.do(
            lambda s: catalog.check_trademark(
                s, firm.world.rulebook, clock=firm.clock, actor=firm.world.officer,
                trademark_id=number, recorded_at=looked_at,
            )
        )  # fmt: skip


def test_an_owner_does_not_correct_what_the_office_recorded(firm: Scene, product: int) -> None:
    report(firm, product, outcome=TestOutcome.FAILED, actor=firm.world.officer)
    with pytest.raises(Refused, match="not_recorded_by_you"):
        report(firm, product, corrects=True)


def test_a_mark_is_corrected_until_somebody_compared_it_with_the_register(firm: Scene) -> None:
    number = mark(firm)
    assert mark(firm) == number
    with pytest.raises(Refused, match="mark_differs"):
        mark(firm, holder_name="（虚构）另一家")
    mark(firm, number="88000002", actor=firm.world.officer)
    with pytest.raises(Refused, match="not_recorded_by_you"):
        mark(firm, number="88000002", nice_class=18, corrects=True)
    assert mark(firm, filed_on=date(2025, 3, 1), corrects=True) == number
    assert firm.world.see(lambda s: s.get(Trademark, number)).filed_on == date(2025, 3, 1)
    firm.do(
        lambda s: catalog.check_trademark(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.world.officer,
            trademark_id=number,
        )
    )  # fmt: skip
    with pytest.raises(Refused, match="mark_checked"):
        mark(firm, filed_on=date(2025, 3, 2), corrects=True)
    latest = max(entries(firm, f"brand:{firm.brand_id}"), key=lambda e: e.seq)
    assert latest.action == "catalog.check_trademark"
