"""What upkeep tests share: the demo, loaded once, and the small world of the features."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.assembly import App
from tests.conftest import open_demo
from tests.features.conftest import world

__all__ = ["world"]


@pytest.fixture(scope="session")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The demo program on SQLite; tests read it and change nothing."""
    with open_demo(demo_template, tmp_path_factory.mktemp("demo") / "var") as app:
        yield app
