"""A firm in order, and an office in which each does one thing."""

from __future__ import annotations

import pytest

from tests.features.appeals.parting import House, make_house
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people


@pytest.fixture
@built_once
def firm(world) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


@pytest.fixture
def house(firm) -> House:
    return make_house(firm)
