"""One process among many: it opens the store by itself and does mixed work."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from marketplace.assembly import bind
from marketplace.base.access import Actor, Role
from marketplace.base.clock import FixedClock
from marketplace.base.db import open_store, read, write
from marketplace.base.house import House
from marketplace.base.keys import load_or_make_keys
from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.catalog import commands as catalog
from marketplace.features.registry import commands as registry
from tests.features.scene import uscc

PROGRAM = "putian-footwear"


def work(given: tuple[str, str | None, str | None, int, int, int]) -> list[float]:
    """Register, edit one firm all share, add a brand, read; return how long each took.

    Whatever surfaces here ends the process's work and fails the test.
    """
    keys, path, url, number, turns, factory_id = given
    store = open_store(
        keys=load_or_make_keys(Path(keys)), path=Path(path) if path else None, url=url
    )
    clock = FixedClock(datetime(2026, 11, 23, tzinfo=UTC))
    rules = load_rulebook(ROOT / "programs" / f"{PROGRAM}.toml")
    bind(store, House(clock=clock, rulebooks={PROGRAM: rules}, data_dir=Path(keys)))
    officer = Actor(1, "officer", "officer", Role.OFFICER, frozenset({PROGRAM}))
    seconds: list[float] = []

    def timed(run) -> None:
        begun = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begun)

    for turn in range(turns):
        serial = 10_000 + number * 100_000 + turn
        values = {"name": f"（虚构）第{serial}厂", "uscc": uscc(serial)}
        made = write(
            store,
            lambda s, v=values: registry.record_factory(
                s, rules, clock=clock, actor=officer, values=v, source="测试"
            ),
        )
        timed(
            lambda n=serial: write(
                store,
                lambda s: registry.edit_factory(
                    s, rules, clock=clock, actor=officer, factory_id=factory_id,
                    values={"staff": n % 150_000}, reason="现场核对",
                ),
            )
        )  # fmt: skip
        timed(
            lambda o=made.operator_id, n=serial: write(
                store,
                lambda s: catalog.add_brand(
                    s, clock=clock, actor=officer, operator_id=o, name_zh=f"第{n}牌"
                ),
            )
        )  # fmt: skip
        with read(store) as session:
            timed(lambda s=session: s.connection().exec_driver_sql("SELECT 1"))
    store.dispose()
    return seconds
