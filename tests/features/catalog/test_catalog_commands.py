"""From a draft to a verified product: who does which step, and what each step refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from marketplace.base.audit.tables import AuditEntry
from marketplace.base.clock import today
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog import queries
from marketplace.features.catalog.kinds import (
    HolderKind,
    Moderation,
    ProductVerdict,
    TestOutcome,
    TrademarkStatus,
)
from marketplace.features.catalog.tables import Product, ProductDecision
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import EnrollmentStatus
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
    """Complete, not submitted."""
    number = firm.draft("N-1")
    firm.report(number, "R-1")
    return number


def entries(firm: Scene) -> int:
    return len(firm.world.see(lambda s: list(s.execute(select(AuditEntry.seq)).scalars())))


def edit(firm: Scene, number: int, values: dict, *, actor=None):
    return firm.do(
        lambda s: catalog.edit_product(
            s,
            clock=firm.clock,
            actor=actor or firm.owner,
            product_id=number,
            values=values,
        )
    )


def test_a_product_is_verified_until_the_first_of_its_facts_ends(
    firm: Scene, product: int
) -> None:
    """A year from now, 2027-11-23; the report (700 days) and the mark (2040) end later."""
    firm.submit(product)
    assert firm.decide(product) == date(2027, 11, 23)
    row = firm.world.see(lambda s: s.get(Product, product))
    assert (row.status, row.valid_until) == (Moderation.VERIFIED, date(2027, 11, 23))
    assert len(row.code) == 12


def test_a_decision_keeps_what_was_judged_and_by_which_rules(firm: Scene, product: int) -> None:
    firm.submit(product)
    firm.decide(product)
    row = firm.world.see(lambda s: s.execute(select(ProductDecision)).scalar_one())
    assert row.rulebook_sha256 == firm.world.rulebook.sha256
    assert (row.snapshot["name_zh"], row.snapshot["price_fen"]) == ("晨跑N-1", 29_900)


def test_a_save_that_changes_nothing_writes_nothing(firm: Scene, product: int) -> None:
    before = entries(firm)
    assert edit(firm, product, {"price_fen": 29_900}) == ()
    assert entries(firm) == before
    assert edit(firm, product, {"price_fen": 30_000}) == ("price_fen",)


def test_faults_are_named_by_their_places_all_at_once(firm: Scene, product: int) -> None:
    with pytest.raises(Invalid) as caught:
        edit(firm, product, {"price_fen": 0, "gtin": "6901234567890", "color": "red"})
    # GTIN-13 690123456789_: 6+0+2+4+6+8=26, 9+1+3+5+7+9=34, 26+3*34=128, so the digit is 2.
    assert [(f.place, f.code) for f in caught.value.faults] == [
        ("price_fen", "price_out_of_range"),
        ("gtin", "gtin_check_digit"),
        ("color", "field_unknown"),
    ]


def test_an_incomplete_product_is_not_submitted_and_told_what_is_missing(firm: Scene) -> None:
    number = firm.draft("N-2")
    with pytest.raises(Refused, match="product_incomplete") as caught:
        firm.submit(number)
    assert caught.value.facts["missing"] == ["test_report"]


def test_under_review_and_verified_a_product_is_fixed(firm: Scene, product: int) -> None:
    firm.submit(product)
    for _ in range(2):
        with pytest.raises(Refused, match="product_fixed"):
            edit(firm, product, {"price_fen": 1_000})
        if firm.world.see(lambda s: s.get(Product, product)).status is Moderation.SUBMITTED:
            firm.decide(product)


def test_nobody_verifies_what_he_submitted(firm: Scene, product: int) -> None:
    firm.submit(product)
    same_person = replace(firm.world.reviewer, account_id=firm.owner.account_id)
    with pytest.raises(Refused, match="author_never_decides"):
        firm.decide(product, actor=same_person)


@pytest.mark.parametrize("role", ["officer", "marketer", "auditor", "owner"])
def test_only_a_reviewer_verifies(firm: Scene, product: int, role: str) -> None:
    firm.submit(product)
    actor = firm.owner if role == "owner" else getattr(firm.world, role)
    with pytest.raises((NotAllowed, NotFound)):
        firm.decide(product, actor=actor)


def test_another_owner_sees_and_does_nothing(firm: Scene, product: int) -> None:
    other = make_firm(firm.world, number=2, products=0).owner
    with pytest.raises(NotFound):
        edit(firm, product, {"price_fen": 1}, actor=other)
    with pytest.raises(NotFound):
        firm.submit(product, actor=other)
    with pytest.raises(NotFound):
        firm.world.see(
            lambda s: queries.get_product(s, other, clock=firm.clock, product_id=product)
        )


def test_designs_are_compared_and_a_rejection_has_a_reason_code(
    firm: Scene, product: int
) -> None:
    firm.submit(product)
    with pytest.raises(Refused, match="design_not_compared"):
        firm.decide(product, design_compared=False)
    with pytest.raises(Refused, match="reason_code_missing"):
        firm.decide(product, ProductVerdict.REJECTED)
    firm.decide(product, ProductVerdict.CHANGES_REQUESTED, reason_codes=["photos_unclear"])
    edit(firm, product, {"description_zh": "重新拍摄"})
    firm.submit(product)
    assert firm.decide(product) is not None
    with pytest.raises(Refused, match="not_submitted"):
        firm.decide(product)


def test_a_firm_that_left_gets_nothing_verified(firm: Scene, product: int) -> None:
    firm.submit(product)
    firm.do(
        lambda s: progress.change_enrollment(
            s,
            clock=firm.clock,
            actor=firm.world.officer,
            enrollment_id=firm.enrollment_id,
            status=EnrollmentStatus.WITHDRAWN,
            reason="企业申请退出",
        )
    )
    with pytest.raises(Refused, match="not_enrolled"):
        firm.decide(product)


def test_a_report_gone_bad_while_the_product_waits_stops_the_decision(
    firm: Scene, product: int
) -> None:
    firm.submit(product)
    firm.report(product, "R-2", outcome=TestOutcome.FAILED)
    with pytest.raises(Refused, match="product_incomplete") as caught:
        firm.decide(product)
    assert caught.value.facts["missing"] == ["test_report"]


def mark(firm: Scene, *, actor=None, **more):
    given = {
        "number": "88000001",
        "nice_class": 25,
        "status": TrademarkStatus.REGISTERED,
        "holder_kind": HolderKind.FIRM,
        "holder_name": "（虚构）本企业",
        "valid_until": date(2040, 1, 1),
    }
    return firm.do(
        lambda s: catalog.record_trademark(
            s,
            clock=firm.clock,
            actor=actor or firm.owner,
            brand_id=firm.brand_id,
            **{**given, **more},
        )
    )


def test_a_mark_that_cannot_be_names_every_place(firm: Scene) -> None:
    with pytest.raises(Invalid) as caught:
        mark(
            firm,
            number="12",
            nice_class=46,
            valid_until=None,
            holder_kind=HolderKind.AFFILIATE,
        )
    assert [f.place for f in caught.value.faults] == [
        "number",
        "nice_class",
        "valid_until",
        "affiliate_id",
    ]


def test_a_mark_counts_once_somebody_else_checked_it(firm: Scene) -> None:
    number = mark(firm, actor=firm.world.officer)

    def check(actor):
        firm.do(
            lambda s: catalog.check_trademark(
                s, firm.world.rulebook, clock=firm.clock, actor=actor, trademark_id=number
            )
        )

    with pytest.raises(Refused, match="author_never_decides"):
        check(firm.world.officer)
    check(firm.world.deputy)
    before = entries(firm)
    check(firm.world.deputy)
    assert entries(firm) == before


def test_a_license_ends_only_where_there_is_one(firm: Scene) -> None:
    with pytest.raises(Refused, match="no_license"):
        firm.do(
            lambda s: catalog.end_license(
                s,
                firm.world.rulebook,
                clock=firm.clock,
                actor=firm.world.officer,
                trademark_id=firm.trademark_id,
                reason="授权终止",
            )
        )


def test_a_report_of_tomorrow_or_without_a_term_is_refused_by_place(
    firm: Scene, product: int
) -> None:
    with pytest.raises(Invalid) as caught:
        firm.do(
            lambda s: catalog.record_test_report(
                s,
                clock=firm.clock,
                actor=firm.world.officer,
                product_id=product,
                report_no="",
                laboratory="衡川检测（虚构）",
                cma_no="1",
                standard="GB/T 15107",
                outcome=TestOutcome.PASSED,
                issued_on=today(firm.clock) + DAY,
                valid_until=today(firm.clock),
            )
        )
    assert [f.place for f in caught.value.faults] == ["report_no", "issued_on", "valid_until"]


def test_a_suspension_and_a_recall_need_a_reason(firm: Scene, product: int) -> None:
    firm.submit(product)
    firm.decide(product)
    for command in (catalog.suspend_product, catalog.recall_product):
        with pytest.raises(Refused, match="reason_missing"):
            firm.do(
                lambda s, command=command: command(
                    s,
                    firm.world.rulebook,
                    clock=firm.clock,
                    actor=firm.world.reviewer,
                    product_id=product,
                    reason=" ",
                )
            )
    assert firm.world.see(lambda s: s.get(Product, product)).status is Moderation.VERIFIED
