"""The world of the feature tests, for the public site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marketplace.faces.web.public_server import public_app
from tests.faces.web.visitor import Visitor, visiting
from tests.features.conftest import World, world
from tests.features.once import built_once
from tests.features.scene import Scene, clear_windows, feature, make_firm, make_people

__all__ = ["world"]


@pytest.fixture
@built_once
def shop(world: World) -> Scene:
    """A firm with two verified products, both in a collection that is on."""
    make_people(world)
    scene = make_firm(world)
    clear_windows(world)
    feature(world, [scene], slots=4)
    return scene


@pytest.fixture
def visitor(world: World) -> Iterator[Visitor]:
    """Somebody who looks at the public site."""
    with visiting(public_app(world.app)) as somebody:
        yield somebody
