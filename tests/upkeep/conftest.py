"""What upkeep tests share: the demo, loaded once, and the small world of the features."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marketplace.assembly import App, open_app
from marketplace.base.settings import Settings
from marketplace.upkeep.demo import load_demo
from marketplace.upkeep.schema import create_schema
from tests.features.conftest import world

__all__ = ["world"]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The demo program on SQLite; tests read it and change nothing."""
    app = open_app(Settings(data_dir=tmp_path_factory.mktemp("demo")))
    create_schema(app.store)
    load_demo(app)
    yield app
    app.store.dispose()
