"""A product that lapsed comes back by somebody else's decision; papers are one's own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session, col, select

from marketplace.base.access import Actor
from marketplace.base.clock import today
from marketplace.base.errors import NotFound, Refused
from marketplace.base.files.tables import FileUse
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import HolderKind, Moderation, TrademarkStatus
from marketplace.features.catalog.tables import Product
from marketplace.features.progress import commands as progress
from marketplace.features.progress.queries import is_enrolled
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, account, make_firm, make_people


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
