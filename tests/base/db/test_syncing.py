"""A long load need not wait for the disk after each unit of work; what follows it does again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketplace.base.db import (
    Store,
    housekeeping_write,
    open_store,
    read,
    synced_later,
    unit_of_work,
)
from marketplace.base.keys import load_or_make_keys
from tests.conftest import Databases

_ASKED = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
_WAITS = {"sqlite": 2, "postgresql": "on"}  # 2 is FULL
_GOES_ON = {"sqlite": 1, "postgresql": "off"}  # 1 is NORMAL: whole, not yet on the disk


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store as it is served: those of other tests wait for no disk at all."""
    keys = load_or_make_keys(tmp_path)
    if request.param == "sqlite":
        opened = open_store(keys=keys, path=tmp_path / "t.sqlite3")
        yield opened
        opened.dispose()
        return
    databases: Databases = request.getfixturevalue("databases")
    name, waiting = databases.take(), "options=-csynchronous_commit%3Don"
    opened = open_store(keys=keys, url=f"{databases.url(name)}&{waiting}")
    yield opened
    opened.dispose()
    databases.give_back(name, kept=0)


def asked(store: Store, opened) -> object:
    with opened(store) as session:
        return session.execute(sa.text(_ASKED[store.dialect])).scalar()


@pytest.mark.parametrize("opened", [unit_of_work, housekeeping_write])
def test_writers_go_on_meanwhile_and_wait_for_the_disk_again_afterwards(served: Store, opened):
    assert asked(served, opened) == _WAITS[served.dialect]
    with synced_later(served):
        assert asked(served, opened) == _GOES_ON[served.dialect]
    assert asked(served, opened) == _WAITS[served.dialect]


def test_a_load_that_breaks_off_leaves_no_hurried_writer(served: Store):
    def load() -> None:
        with synced_later(served):
            assert asked(served, unit_of_work) == _GOES_ON[served.dialect]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load()
    assert asked(served, unit_of_work) == _WAITS[served.dialect]


def test_readers_are_left_alone(served: Store):
    with synced_later(served):
        assert asked(served, read) == _WAITS[served.dialect]
