"""A product that lapsed comes back by somebody else's decision; papers are one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import PUBLIC, SYSTEM, Actor
from marketplace.base.clock import today
from marketplace.base.errors import NotFound, Refused
from marketplace.base.files import receive_file
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import (
    HolderKind,
    Moderation,
    PhotoRole,
    TestOutcome,
    TrademarkStatus,
)
from marketplace.features.catalog.queries import (
    PublicProduct,
    find_by_code,
    get_public_detail,
    is_public_picture,
)
from marketplace.features.catalog.tables import Product, ProductDecision
from marketplace.features.progress import commands as progress
from marketplace.features.progress.queries import is_enrolled
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import Scene, account, make_firm, make_people, picture


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=1)


def suspend(firm: Scene, actor=None) -> int:
    """Suspend the firm's product; return the lapse."""
    return firm.do(
        lambda s: catalog.suspend_product(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=actor or firm.world.reviewer,
            product_id=firm.product_ids[0],
            reason="收到初步证据，先行停用",
        )
    )


def other_reviewer(firm: Scene) -> Actor:
    return account(firm.world, replace(firm.world.reviewer, login="reviewer2"))


def restore(firm: Scene, lapse: int, actor):
    return firm.do(
        lambda s: catalog.restore_product(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=actor,
            product_id=firm.product_ids[0],
            lapse_ids=[lapse],
            reason="查明并无此事",
            is_enrolled=is_enrolled,
        )
    )


def test_whoever_suspended_a_product_does_not_verify_it_again_either(firm: Scene) -> None:
    """Handing it in again is no way around: the suspender decides nothing that ends it."""
    product = firm.product_ids[0]
    lapse = suspend(firm)
    firm.submit(product)
    with pytest.raises(Refused, match="author_never_decides"):
        firm.decide(product, lapse_ids=[lapse])
    row = firm.world.see(lambda s: s.get(Product, product))
    assert row.status is Moderation.SUBMITTED

    other = other_reviewer(firm)
    firm.decide(product, lapse_ids=[lapse], actor=other)
    row = firm.world.see(lambda s: s.get(Product, product))
    assert row.status is Moderation.VERIFIED


def test_a_paper_named_as_proof_is_a_file_of_the_firm_itself(firm: Scene) -> None:
    rival = make_firm(firm.world, number=2, products=0)
    theirs = firm.world.see(
        lambda s: s.execute(
            select(FileUse.id).where(col(FileUse.operator_id) == firm.operator_id)
        ).scalar()
    )

    def license_of(session: Session) -> int:
        return catalog.record_trademark(
            session,
            clock=rival.clock,
            actor=rival.owner,
            brand_id=rival.brand_id,
            number="88000001",
            nice_class=25,
            status=TrademarkStatus.FILED,
            holder_kind=HolderKind.FIRM,
            holder_name="（虚构）本企业",
            license_use_id=theirs,
        )

    def commitment(session: Session) -> int:
        return progress.apply_enrollment(
            session,
            clock=rival.clock,
            actor=rival.owner,
            operator_id=rival.operator_id,
            signed_on=today(rival.clock),
            signed_by="厂长",
            commitment_use_id=theirs,
        )

    for work in (license_of, commitment):
        with pytest.raises(NotFound, match="file_not_found"):
            rival.do(work)


def edit(firm: Scene, **values: object) -> None:
    firm.do(
        lambda s: catalog.edit_product(
            s, clock=firm.clock, actor=firm.owner, product_id=firm.product_ids[0], values=values
        )
    )


def another_picture(firm: Scene) -> str:
    """Attach a second picture to the product; return its digest."""
    product = firm.product_ids[0]

    def work(session: Session) -> int:
        use_id = receive_file(
            session,
            clock=firm.clock,
            actor=firm.owner,
            content=picture(200),
            name="new.png",
            purpose="product",
            subject=f"product:{product}",
            program=PROGRAM,
            operator_id=firm.operator_id,
            data_dir=firm.world.app.data_dir,
        )
        catalog.attach_photo(
            session,
            clock=firm.clock,
            actor=firm.owner,
            product_id=product,
            use_id=use_id,
            role=PhotoRole.MAIN,
        )
        return use_id

    use_id = firm.do(work)
    return firm.world.see(
        lambda s: s.execute(
            select(StoredFile.sha256)
            .join(FileUse, col(FileUse.file_id) == col(StoredFile.id))
            .where(FileUse.id == use_id)
        ).scalar()
    )


def public(firm: Scene) -> PublicProduct:
    """Return what a code's page is made of."""
    code = firm.world.see(lambda s: s.get(Product, firm.product_ids[0])).code
    return firm.world.see(
        lambda s: find_by_code(s, PUBLIC, firm.world.rulebook, clock=firm.clock, code=code)
    ).product


def is_public(firm: Scene, sha: str) -> bool:
    return firm.world.see(lambda s: is_public_picture(s, PUBLIC, sha256=sha))


def test_of_a_lapsed_product_the_public_sees_what_the_verification_saw(firm: Scene) -> None:
    """Until it is verified again; what the owner prepares meanwhile nobody has reviewed."""
    seen = public(firm)
    lapse = suspend(firm)
    assert public(firm) == seen  # name, price, parts and picture of the verified product
    edit(
        firm, name_zh="耐克 NIKE 真标", name_en="NIKE", description_zh="耐克",
        price_fen=1_000, materials={"鞋面": "NIKE"},
    )  # fmt: skip
    sha = another_picture(firm)
    for step in (lambda: None, lambda: firm.submit(firm.product_ids[0])):
        step()
        assert public(firm) == seen
        assert (is_public(firm, seen.picture), is_public(firm, sha)) == (True, False)

    firm.decide(firm.product_ids[0], lapse_ids=[lapse], actor=other_reviewer(firm))
    assert public(firm).name_zh == "耐克 NIKE 真标"
    assert is_public(firm, sha)


def test_a_product_edited_since_is_restored_by_no_short_way(firm: Scene) -> None:
    other = other_reviewer(firm)
    lapse = suspend(firm)
    edit(firm, name_zh="耐克 NIKE 真标")
    with pytest.raises(Refused, match="product_edited_since"):
        restore(firm, lapse, other)
    edit(firm, name_zh="晨跑1-0")  # as it was verified
    restore(firm, lapse, other)
    lapse = suspend(firm)
    another_picture(firm)
    with pytest.raises(Refused, match="product_edited_since"):
        restore(firm, lapse, other)


def test_a_decision_of_older_days_keeps_what_it_saw_when_the_product_lapses(
    firm: Scene,
) -> None:
    """It held the name only; the row of a verified product is still as it was seen."""
    seen = public(firm)

    def age(session: Session) -> None:
        for row in session.execute(select(ProductDecision)).scalars():
            row.snapshot = {"name_zh": row.snapshot["name_zh"]}
        audit.record(
            session, clock=firm.clock, actor=SYSTEM,
            action="catalog.decide_product", subject="product:0",
        )  # fmt: skip

    firm.do(age)
    suspend(firm)
    edit(firm, name_zh="耐克 NIKE 真标", name_en="NIKE")
    assert public(firm) == seen
    firm.do(age)
    bare = public(firm)
    assert (bare.name_zh, bare.name_en, bare.picture) == ("晨跑1-0", None, None)


def test_a_report_handed_in_after_the_verification_is_not_told_to_the_public(
    firm: Scene,
) -> None:
    """It would stand there as verified; the next verification tells it."""
    product, world = firm.product_ids[0], firm.world
    code = world.see(lambda s: s.get(Product, product)).code

    def told() -> tuple[str, list[str | None]]:
        detail = world.see(
            lambda s: get_public_detail(s, PUBLIC, world.rulebook, clock=firm.clock, code=code)
        )
        answer = world.see(
            lambda s: find_by_code(s, PUBLIC, firm.world.rulebook, clock=firm.clock, code=code)
        )
        by = [v.by for v in answer.verified if v.key == "test_report"]
        return detail.report.report_no, by

    before = told()
    assert before == ("R1-0", ["衡川检测(虚构)"])
    firm.clock.advance(days=1)
    firm.report(product, "R-LATER", days=900)  # would be the one that holds longest
    assert told() == before
    lapse = suspend(firm)
    restore(firm, lapse, other_reviewer(firm))
    assert told()[0] == "R-LATER"


@pytest.mark.parametrize(("by", "stays"), [("owner", False), ("officer", True)])
def test_a_later_report_outweighs_a_failed_one_only_where_the_office_saw_it(
    firm: Scene, by: str, stays: bool
) -> None:
    product = firm.product_ids[0]
    firm.clock.advance(days=5)
    who = firm.owner if by == "owner" else firm.world.officer
    firm.report(product, "R-again", by=who)
    firm.report(product, "R-failed", outcome=TestOutcome.FAILED, ago=3)
    row = firm.world.see(lambda s: s.get(Product, product))
    assert (row.status is Moderation.VERIFIED) is stays


def test_a_code_is_answered_by_what_carries_its_product_and_nothing_else(firm: Scene) -> None:
    """A mark of another class lasts longer, and a failure voided the report first seen."""
    product, world = firm.product_ids[0], firm.world
    other = firm.do(
        lambda s: catalog.record_trademark(
            s, clock=firm.clock, actor=firm.owner, brand_id=firm.brand_id, number="88000001",
            nice_class=35, status=TrademarkStatus.REGISTERED, holder_kind=HolderKind.FIRM,
            holder_name="（虚构）本企业", valid_until=date(2046, 1, 1),
        )
    )  # fmt: skip
    firm.do(
        lambda s: catalog.check_trademark(
            s, world.rulebook, clock=firm.clock, actor=world.officer, trademark_id=other
        )
    )
    firm.clock.advance(days=5)
    firm.report(product, "R-again", days=400)
    firm.report(product, "R-failed", outcome=TestOutcome.FAILED, ago=3)
    code = world.see(lambda s: s.get(Product, product)).code
    answer = world.see(
        lambda s: find_by_code(s, PUBLIC, world.rulebook, clock=firm.clock, code=code)
    )
    detail = world.see(
        lambda s: get_public_detail(s, PUBLIC, world.rulebook, clock=firm.clock, code=code)
    )
    by_key = {one.key: one for one in answer.verified}
    assert by_key["trademark"].reference == str(world.rulebook.product.nice_class)
    assert by_key["test_report"].until == today(firm.clock) + timedelta(days=400)
    assert detail.report.report_no == "R-again"
