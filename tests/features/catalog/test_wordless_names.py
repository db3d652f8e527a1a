"""A name without a letter or a digit names nothing, on a page as little as on paper."""

from __future__ import annotations

import pytest

from marketplace.base.errors import Invalid
from marketplace.features.catalog import commands as catalog
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people


@pytest.mark.parametrize("name", ["👟🔥", "——", "！"])
def test_a_brand_of_signs_alone_is_refused(world: World, name: str) -> None:
    make_people(world)
    firm = make_firm(world, products=0)
    with pytest.raises(Invalid) as refused:
        firm.do(
            lambda s: catalog.add_brand(
                s, clock=world.clock, actor=firm.owner, operator_id=firm.operator_id,
                name_zh=name,
            )
        )  # fmt: skip
    assert [(f.place, f.code) for f in refused.value.faults] == [("name_zh", "name_wordless")]


def test_a_product_says_of_name_and_number_at_once_what_each_lacks(world: World) -> None:
    make_people(world)
    firm = make_firm(world, products=0)

    def begin(name: str, model: str) -> int:
        return firm.do(
            lambda s: catalog.draft_product(
                s, clock=world.clock, actor=firm.owner, brand_id=firm.brand_id,
                factory_id=firm.factory_id, model_no=model, name_zh=name,
            )
        )  # fmt: skip

    with pytest.raises(Invalid) as refused:
        begin("👟", "")
    assert [(f.place, f.code) for f in refused.value.faults] == [
        ("name_zh", "name_wordless"),
        ("model_no", "field_missing"),
    ]
    assert begin("👟 跑鞋", "7") > 0
