"""A brand the public knows changes by request: until a reviewer agrees the old one is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.base.access import PUBLIC
from marketplace.base.errors import Invalid, NotAllowed, Refused
from marketplace.desk.tasks import TaskKind
from marketplace.desk.todo import list_todo
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.queries import (
    PublicBrand,
    find_by_code,
    get_public_brand,
    list_brand_changes,
    list_brands,
)
from marketplace.features.catalog.tables import Product
from marketplace.features.registry.kinds import ChangeStatus
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=1)


def edit(firm: Scene, name_en: str | None, story_zh: str | None = None) -> bool:
    return firm.do(
        lambda s: catalog.edit_brand(
            s,
            clock=firm.clock,
            actor=firm.owner,
            brand_id=firm.brand_id,
            name_en=name_en,
            story_zh=story_zh,
            story_en=None,
        )
    )


def decide(firm: Scene, change: int, *, approve: bool = True, reason: str = "", actor=None):
    firm.do(
        lambda s: catalog.decide_brand_change(
            s,
            clock=firm.clock,
            actor=actor or firm.world.reviewer,
            change_id=change,
            approve=approve,
            reason=reason,
        )
    )


def consent(firm: Scene, command) -> None:
    firm.do(lambda s: command(s, clock=firm.clock, actor=firm.owner, brand_id=firm.brand_id))


def public(firm: Scene) -> PublicBrand:
    slug = firm.world.see(lambda s: list_brands(s, firm.owner, operator_id=firm.operator_id))[
        0
    ].slug
    return firm.world.see(lambda s: get_public_brand(s, PUBLIC, clock=firm.clock, slug=slug))


def name_on_code(firm: Scene) -> str | None:
    code = firm.world.see(lambda s: s.get(Product, firm.product_ids[0])).code
    answer = firm.world.see(
        lambda s: find_by_code(s, PUBLIC, firm.world.rulebook, clock=firm.clock, code=code)
    )
    return answer.product.brand_en


def test_the_name_on_a_verified_product_changes_only_once_a_reviewer_agreed(
    firm: Scene,
) -> None:
    with pytest.raises(Refused, match="brand_reviewed"):
        edit(firm, "NIKE")
    change = firm.ask_for_name("NIKE")
    assert (name_on_code(firm), public(firm).name_en) == (None, None)
    with pytest.raises(Refused, match="brand_change_waits"):
        firm.ask_for_name("Adidas")
    for actor in (firm.owner, firm.world.officer):
        with pytest.raises(NotAllowed):
            decide(firm, change, actor=actor)
    with pytest.raises(Refused, match="reason_missing"):
        decide(firm, change, approve=False)
    decide(firm, change, approve=False, reason="他人的品牌")
    assert name_on_code(firm) is None
    row = firm.world.see(
        lambda s: list_brand_changes(s, firm.owner, operator_id=firm.operator_id)
    )[0]
    assert (row.status, row.reason) == (ChangeStatus.RETURNED, "他人的品牌")
    with pytest.raises(Refused, match="decided_already"):
        decide(firm, change)

    decide(firm, firm.ask_for_name("Qinghe"))
    assert (name_on_code(firm), public(firm).name_en) == ("Qinghe", "Qinghe")
    assert firm.ask_for_name(" Qinghe ") is None


def test_whoever_asked_never_decides(firm: Scene) -> None:
    change = firm.ask_for_name("Qinghe")
    same_person = replace(firm.world.reviewer, account_id=firm.owner.account_id)
    with pytest.raises(Refused, match="author_never_decides"):
        decide(firm, change, actor=same_person)


def test_a_brand_is_fixed_from_the_first_hand_in_and_free_before(world: World) -> None:
    make_people(world)
    new = make_firm(world, products=0)
    assert edit(new, "Qinghe") is True
    assert edit(new, "Qinghe") is False
    with pytest.raises(Invalid) as caught:
        edit(new, "Qinghe", "长" * 2001)
    assert [(f.place, f.code) for f in caught.value.faults] == [("story_zh", "text_too_long")]
    product = new.draft("N-1")
    new.report(product, "R-1")
    assert edit(new, "Qinghe 2") is True
    new.submit(product)
    with pytest.raises(Refused, match="brand_reviewed"):
        edit(new, "Qinghe 3")


def test_a_new_story_is_public_with_consent_and_after_its_review(firm: Scene) -> None:
    """Consent is given with what is asked for; taken back meanwhile, nothing is shown."""
    decide(firm, firm.ask_for_name(None, "从代工转自主品牌"))
    assert public(firm).story_zh is None  # reviewed, but not consented to
    consent(firm, catalog.consent_to_story)
    assert public(firm).story_zh == "从代工转自主品牌"

    change = firm.ask_for_name(None, "另一个故事", story_shown=True)
    assert public(firm).story_zh == "从代工转自主品牌"
    decide(firm, change)
    assert public(firm).story_zh == "另一个故事"

    change = firm.ask_for_name(None, "第三个故事", story_shown=True)
    consent(firm, catalog.revoke_story_consent)
    assert public(firm).story_zh is None
    decide(firm, change)
    assert public(firm).story_zh is None


def test_a_request_waits_on_the_reviewers_desk_until_it_is_taken_back(firm: Scene) -> None:
    world = firm.world

    def waiting(actor) -> list[int]:
        tasks = world.see(lambda s: list_todo(s, actor, world.rulebook, clock=world.clock))
        return [t.entity_id for t in tasks if t.kind is TaskKind.BRAND_CHANGE]

    change = firm.ask_for_name("Qinghe")
    assert (waiting(world.reviewer), waiting(world.officer)) == ([change], [])
    firm.do(
        lambda s: catalog.withdraw_brand_change(
            s, clock=firm.clock, actor=firm.owner, change_id=change
        )
    )
    assert waiting(world.reviewer) == []
    with pytest.raises(Refused, match="decided_already"):
        decide(firm, change)
