"""One process among many: it opens the store by itself and does mixed work, or decides."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from marketplace.assembly import bind
from marketplace.base.access import Actor, Role
from marketplace.base.clock import FixedClock
from marketplace.base.db import Store, open_store, read, write
from marketplace.base.errors import MarketplaceError
from marketplace.base.house import House
from marketplace.base.keys import load_or_make_keys
from marketplace.base.rulebook import Rulebook, load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.catalog import commands as catalog
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.progress import commands as progress
from marketplace.features.progress.queries import time_zero
from marketplace.features.promotion import commands as promotion
from marketplace.features.registry import commands as registry
from tests.features.conftest import World
from tests.features.scene import uscc

PROGRAM = "putian-footwear"


@dataclass(frozen=True)
class Where:
    """What a process of its own needs to open the store a test works on."""

    folder: str
    path: str | None
    url: str | None
    now: datetime


def where(world: World, folder: Path) -> Where:
    """Return how another process opens the store of this test."""
    url = world.app.store.writing.url
    if world.app.store.dialect == "sqlite":
        return Where(str(folder / "var"), str(url.database), None, world.clock.now())
    server = url.render_as_string(hide_password=False)
    return Where(str(folder), None, server, world.clock.now())


def _open(at: Where) -> tuple[Store, FixedClock, Rulebook]:
    store = open_store(
        keys=load_or_make_keys(Path(at.folder)),
        path=Path(at.path) if at.path else None,
        url=at.url,
    )
    clock = FixedClock(at.now)
    rules = load_rulebook(ROOT / "programs" / f"{PROGRAM}.toml")
    bind(store, House(clock=clock, rulebooks={PROGRAM: rules}, data_dir=Path(at.folder)))
    return store, clock, rules


def decide(at: Where, findings: Sequence[int], first: int) -> Counter[str]:
    """Uphold every finding, beginning at the one numbered `first`; count what was answered."""
    store, clock, rules = _open(at)
    reviewer = Actor(2, "reviewer", "reviewer", Role.REVIEWER, frozenset({PROGRAM}))
    told: Counter[str] = Counter()
    for finding in (*findings[first:], *findings[:first]):
        try:
            write(
                store,
                lambda s, f=finding: enforcement.decide_finding(
                    s, rules, clock=clock, actor=reviewer, finding_id=f, uphold=True,
                    reason="两人复核认定", time_zero=time_zero,
                ),
            )  # fmt: skip
            told["scored"] += 1
        except MarketplaceError as error:
            told[error.code] += 1
    store.dispose()
    return told


def certify(at: Where, files: Sequence[tuple[int, int, int]], first: int) -> Counter[str]:
    """Hand in one condition of every (factory, operator, evidence); count what was answered."""
    store, clock, rules = _open(at)
    told: Counter[str] = Counter()
    for factory_id, operator_id, use_id in (*files[first:], *files[:first]):
        owner = Actor(
            50, "owner", "owner", Role.OWNER, frozenset({PROGRAM}),
            operator_ids=frozenset({operator_id}),
        )  # fmt: skip
        told[
            _answer(
                store,
                lambda s, o=owner, f=factory_id, u=use_id: progress.submit_certification(
                    s, rules, clock=clock, actor=o, factory_id=f, condition="real_name",
                    evidence=[("business_license", u)],
                ),
            )
        ] += 1  # fmt: skip
    store.dispose()
    return told


def pin_all(
    at: Where, collections: Sequence[int], products: Sequence[int], number: int
) -> Counter[str]:
    """In every collection pin one's own product into the first slot, then one product all want.

    At the end fill what is open by rotation. Count what was answered.
    """
    store, clock, rules = _open(at)
    marketer = Actor(4, "marketer", "marketer", Role.MARKETER, frozenset({PROGRAM}))
    told: Counter[str] = Counter()
    for collection_id in collections:
        for product_id, position in (
            (products[number % len(products)], 0),
            (products[0], 1 + number),
        ):
            told[
                _answer(
                    store,
                    lambda s, c=collection_id, p=product_id, n=position: promotion.pin_product(
                        s, rules, clock=clock, actor=marketer, collection_id=c, product_id=p,
                        position=n, reason="开季主推",
                    ),
                )
            ] += 1  # fmt: skip
        told[
            _answer(
                store,
                lambda s, c=collection_id: promotion.fill_by_rotation(
                    s, rules, clock=clock, actor=marketer, collection_id=c, seed=number
                ),
            )
        ] += 1
    store.dispose()
    return told


def _answer(store: Store, do: Callable[[Session], object]) -> str:
    """Do it and return `done`, or the code it was refused with; anything else ends the work."""
    try:
        write(store, do)
    except MarketplaceError as error:
        return error.code
    return "done"


def work(at: Where, number: int, turns: int, factory_id: int) -> list[float]:
    """Register, edit one firm all share, add a brand, read; return how long each took.

    Whatever surfaces here ends the process's work and fails the test.
    """
    store, clock, rules = _open(at)
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
