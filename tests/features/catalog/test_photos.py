"""Pictures of a product: once each, taken off while it may be edited, never after."""

from __future__ import annotations

import pytest

from marketplace.base.errors import NotFound, Refused
from marketplace.base.files import receive_file
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog import queries
from marketplace.features.catalog.kinds import PhotoRole
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people, picture


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


@pytest.fixture
def product(firm: Scene) -> int:
    """Complete, not submitted, with one main picture of shade 120."""
    number = firm.draft("N-1")
    firm.report(number, "R-1")
    return number


def use_of(firm: Scene, product: int, shade: int) -> int:
    return firm.do(
        lambda s: receive_file(
            s, clock=firm.clock, actor=firm.owner, content=picture(shade), name="a.png",
            purpose="product", subject=f"product:{product}", program=PROGRAM,
            operator_id=firm.operator_id, data_dir=firm.world.app.data_dir,
        )
    )  # fmt: skip


def attach(firm: Scene, product: int, use_id: int, role: PhotoRole = PhotoRole.MAIN) -> int:
    return firm.do(
        lambda s: catalog.attach_photo(
            s, clock=firm.clock, actor=firm.owner, product_id=product, use_id=use_id, role=role
        )
    )


def detach(firm: Scene, product: int, use_id: int, *, actor=None) -> None:
    firm.do(
        lambda s: catalog.detach_photo(
            s, clock=firm.clock, actor=actor or firm.owner, product_id=product, use_id=use_id
        )
    )


def uses(firm: Scene, product: int) -> list[int]:
    rows = firm.world.see(lambda s: queries.list_photos(s, firm.owner, product_id=product))
    return [use_id for _role, use_id, _sha in rows]


def test_the_same_picture_sent_twice_is_one_and_may_serve_in_two_roles(
    firm: Scene, product: int
) -> None:
    first = attach(firm, product, use_of(firm, product, 90))
    assert attach(firm, product, use_of(firm, product, 90)) == first
    assert len(uses(firm, product)) == 2  # the drafted one and this
    attach(firm, product, use_of(firm, product, 90), PhotoRole.DESIGN)
    assert len(uses(firm, product)) == 3


def test_a_wrong_picture_is_taken_off_and_the_next_one_comes_after_the_rest(
    firm: Scene, product: int
) -> None:
    second, third = (use_of(firm, product, shade) for shade in (90, 60))
    attach(firm, product, second)
    attach(firm, product, third)
    kept = uses(firm, product)[0]
    detach(firm, product, second)
    assert uses(firm, product) == [kept, third]
    attach(firm, product, second)
    assert uses(firm, product) == [kept, third, second]
    detach(firm, product, second)
    with pytest.raises(NotFound):
        detach(firm, product, second)


def test_no_picture_leaves_a_product_under_review_nor_by_another_firms_hand(
    firm: Scene, product: int
) -> None:
    main = uses(firm, product)[0]
    other = make_firm(firm.world, number=2, products=0)
    with pytest.raises(NotFound):
        detach(firm, product, main, actor=other.owner)
    firm.submit(product)
    with pytest.raises(Refused, match="product_fixed"):
        detach(firm, product, main)
    assert uses(firm, product) == [main]


def test_a_file_that_is_no_picture_is_refused_whatever_its_name_says(
    firm: Scene, product: int
) -> None:
    paper = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
    use = firm.do(
        lambda s: receive_file(
            s, clock=firm.clock, actor=firm.owner, content=paper, name="鞋.jpg",
            purpose="product", subject=f"product:{product}", program=PROGRAM,
            operator_id=firm.operator_id, data_dir=firm.world.app.data_dir,
        )
    )  # fmt: skip
    before = uses(firm, product)
    for role in PhotoRole:
        with pytest.raises(Refused, match="picture_wanted") as refused:
            attach(firm, product, use, role)
        assert refused.value.facts == {"file": "鞋.jpg"}
    assert uses(firm, product) == before
