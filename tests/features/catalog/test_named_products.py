"""A finding names products of the firm it was found at, never those of another."""

from __future__ import annotations

import pytest

from marketplace.base.errors import NotFound
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Product
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people


def test_a_finding_at_one_firm_removes_no_product_of_another(world: World) -> None:
    """Refuse it when it is recorded: the other firm would lose its product without being heard."""
    make_people(world)
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    with pytest.raises(NotFound, match="product_not_found"):
        one.uphold(one.finding((one.product_ids[0], other.product_ids[0])))
    one.uphold(one.finding((one.product_ids[0],)))

    def state(product_id: int) -> Moderation:
        return world.see(lambda s: s.get_one(Product, product_id).status)

    assert state(one.product_ids[0]) is Moderation.LAPSED
    assert state(other.product_ids[0]) is Moderation.VERIFIED
