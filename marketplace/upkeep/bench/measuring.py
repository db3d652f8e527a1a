"""Times what people wait for against the plainest way to touch the same rows.

Ours and the floor run turn by turn, so that a noisy machine is noisy for both; the figure is the
ratio of medians. The goals are those of the performance notes, set on `GOAL_FACTORIES` factories
and `GOAL_EVENTS` findings; one that is missed is shown as missed. On fewer rows the floor is nearly
nothing and the fixed cost of asking at all weighs more.
"""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.access import Actor, Role
from marketplace.base.db import read, write
from marketplace.desk.factories import PAGE_ROWS, FactoryFilter, list_factories
from marketplace.desk.search import matching
from marketplace.desk.years import YearFilter, YearOrder, list_years
from marketplace.features.catalog.queries import list_products
from marketplace.features.compliance.studies import study_factory, study_program
from marketplace.features.promotion.queries.rotation import draw_by_rotation
from marketplace.features.registry.commands import record_factory
from marketplace.features.registry.queries import get_factory

SEED = 48
_SLOTS = 200
Work = Callable[[], object]

GOAL_FACTORIES = 10_000
GOAL_EVENTS = 2_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured line: milliseconds of ours and of the floor, their ratio, and the goal."""

    name: str
    ours_ms: float
    floor_ms: float
    goal: float

    @property
    def ratio(self) -> float:
        """How many times the floor, to the four decimals that are told: they decide the verdict."""
        return round(self.ours_ms / self.floor_ms, 4)

    @property
    def is_reached(self) -> bool:
        """Whether the goal is met."""
        return self.ratio <= self.goal


def measure_all(app: App, *, turns: int = 15, scratch: Path | None = None) -> Iterator[Figure]:
    """Yield every figure on an installation that `build_scaled` filled."""
    program = app.rulebook().program.key
    officer = Actor(1, "bench", "bench", Role.OFFICER, frozenset({program}))
    yield from measure_list(app, officer, turns=turns)
    yield compare("search", _search(app), _bare_index(app), 3.0, turns)
    yield compare("dossier", _dossier(app, officer), _dossier_floor(app), 2.0, turns)
    yield compare("rotation_top_200", _rotation(app), _index_walk(app), 2.0, max(turns, 15))
    yield from measure_study(app, officer, turns=turns)
    yield compare("admit_factory", *_admitting(app, officer), 5.0, turns)
    yield compare(
        "verify_trail", _verify(app, scratch), _hash_loop(app), 8.0, max(turns // 3, 3)
    )


def measure_list(app: App, officer: Actor, *, turns: int) -> Iterator[Figure]:
    """Yield pages of the list against raw facets: near, far, farthest, last, and by each order.

    The farthest page is in the middle: pages are read from whichever end is nearer. A page by the
    last twelve months is held against a read by primary key.
    """
    with read(app.store) as session:
        counts = FactoryFilter()
        total = list_factories(
            session, officer, app.rulebook(), wanted=counts, page_rows=0
        ).total
    last = max(1, -(-total // PAGE_ROWS))
    pages = {"": 2, "_37": 37, "_middle": (last + 1) // 2, "_last": last}
    for name, page in pages.items():
        ours = _list_page(app, officer, min(page, last))
        yield compare(f"list_page{name}", ours, _group_by(app), 0.25, turns)
    for sort in ("due", "points", "progress", "enrolled"):
        ours = _list_page(app, officer, min(pages["_37"], last), sort=sort)
        yield compare(f"list_page_by_{sort}", ours, _group_by(app), 0.25, turns)
    yield compare("rolling_page", _rolling_page(app, officer), _range_read(app), 2.0, turns)


def measure_study(app: App, officer: Actor, *, turns: int) -> Iterator[Figure]:
    """Yield the program's study: against adding up arrays, and against the raw events.

    The raw side is one statement over exposure and findings, which is far less than a study; ours
    is the whole study with its intervals. The goal is a thousandth of it at 2,000,000 events.
    """
    ours = _study(app, officer)
    yield compare("study_program", ours, _array_sum(app), 3.0, turns)
    yield compare("study_vs_raw", ours, _study_floor(app), 0.001, max(turns // 3, 1))


def compare(name: str, ours: Work, floor: Work, goal: float, turns: int) -> Figure:
    """Run ours and the floor turn by turn, once to warm up; return the ratio of medians."""
    ours()
    floor()
    gc.collect()
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(turns):
        for into, work in zip(took, (ours, floor), strict=True):
            start = perf_counter()
            work()
            into.append((perf_counter() - start) * 1_000)
    return Figure(name, median(took[0]), median(took[1]), goal)


def _reading(app: App, work: Callable[[Session], object]) -> Work:
    def run() -> object:
        with read(app.store) as session:
            return work(session)

    return run


def _sql(app: App, *statements: str) -> Work:
    def work(session: Session) -> int:
        return sum(len(session.execute(sa.text(text)).all()) for text in statements)

    return _reading(app, work)


def _list_page(app: App, officer: Actor, page: int, *, sort: str = "name") -> Work:
    wanted, rulebook = FactoryFilter(sort=sort), app.rulebook()
    return _reading(
        app, lambda s: list_factories(s, officer, rulebook, wanted=wanted, page=page)
    )


def _rolling_page(app: App, officer: Actor) -> Work:
    """A page of the firms by their last twelve whole months, the most findings first."""
    wanted, rulebook = YearFilter(order=YearOrder.FINDINGS), app.rulebook()
    return _reading(app, lambda s: list_years(s, officer, rulebook, wanted=wanted, page=2))


def _range_read(app: App) -> Work:
    """As many rows of the same table, side by side by their primary key."""
    return _sql(app, "SELECT * FROM operator_year WHERE id BETWEEN 26 AND 50 ORDER BY id")


def _group_by(app: App) -> Work:
    """Raw facets: three counts over the whole list and one page by offset."""
    return _sql(
        app,
        "SELECT district, count(*) FROM factory GROUP BY district",
        "SELECT status, count(*) FROM factory GROUP BY status",
        "SELECT officer_id, count(*) FROM factory GROUP BY officer_id",
        "SELECT id, name FROM factory ORDER BY name LIMIT 25 OFFSET 25",
    )


def _search(app: App) -> Work:
    found = matching("factory", "青步")
    return _reading(app, lambda s: s.execute(found).all() if found is not None else None)


def _bare_index(app: App) -> Work:
    """The engine's own full-text index, asked by hand; LIKE over the names grows with them."""
    return _sql(
        app,
        "SELECT entity_id FROM search_entry WHERE kind = 'factory' AND id IN"
        " (SELECT rowid FROM search_entry_text WHERE search_entry_text MATCH '\"青步\"')",
    )


def _dossier(app: App, officer: Actor) -> Work:
    def work(session: Session) -> object:
        return (
            get_factory(session, officer, factory_id=7),
            list_products(session, officer, clock=app.clock, factory_id=7),
            study_factory(session, officer, app.rulebook(), clock=app.clock, factory_id=7),
        )

    return _reading(app, work)


def _dossier_floor(app: App) -> Work:
    return _sql(
        app,
        "SELECT * FROM factory JOIN operator ON operator.id = factory.operator_id"
        " WHERE factory.id = 7",
        "SELECT * FROM product WHERE factory_id = 7",
        "SELECT * FROM exposure WHERE store_id = 7",
        "SELECT * FROM finding WHERE store_id = 7",
        "SELECT * FROM enrollment WHERE operator_id = 7",
    )


def _rotation(app: App) -> Work:
    """Two hundred slots and the reserves drawn by rotation, at most two a group."""
    rulebook, seeds = app.rulebook(), count(SEED)
    rule = rulebook.featuring
    return _reading(
        app,
        lambda s: draw_by_rotation(
            s, rulebook, clock=app.clock, seed=next(seeds), open_slots=_SLOTS,
            spares=rule.reserves, cap_per_group=rule.cap_per_group,
        ),
    )  # fmt: skip


def _index_walk(app: App) -> Work:
    """The same index read in order by hand, no lots and no criteria, until two hundred fit."""
    cap = app.rulebook().featuring.cap_per_group
    walked = sa.text(
        "SELECT product_id, group_id FROM offer_rank WHERE program = :program AND ready = 1"
        " ORDER BY last_featured_us, draw LIMIT :rows"
    )
    program = app.rulebook().program.key

    def work(session: Session) -> int:
        held: Counter[int] = Counter()
        found = 0
        rows = session.execute(walked, {"program": program, "rows": _SLOTS * 3 // 2})
        for _product_id, group in rows:
            if held[group] < cap:
                held[group] += 1
                found += 1
                if found >= _SLOTS:
                    break
        return found

    return _reading(app, work)


def _study(app: App, officer: Actor) -> Work:
    return _reading(app, lambda s: study_program(s, officer, app.rulebook(), clock=app.clock))


def _array_sum(app: App) -> Work:
    """The least a study can be: its months as arrays in memory, added up over all operators."""
    import numpy as np

    from marketplace.features.compliance.rules.summary import WINDOW

    with read(app.store) as session:
        operators = session.execute(sa.text("SELECT count(*) FROM enrollment")).scalar_one()
    months = np.ones((operators, 2 * WINDOW + 1, 3), dtype=np.int64)
    return lambda: months.sum(axis=0)


def _study_floor(app: App) -> Work:
    """Exposure, findings and listings by month since enrollment, from the raw events."""
    return _sql(app, _RAW_STUDY)


_RAW_STUDY = """
SELECT e.month - n.zero, sum(e.quantity), sum(coalesce(f.findings, 0)),
       sum(coalesce(f.listings, 0))
FROM exposure e
JOIN store_holding h ON h.store_id = e.store_id
JOIN factory y ON y.id = h.factory_id
JOIN (SELECT operator_id, CAST(strftime('%Y', enrolled_on) AS INTEGER) * 12
             + CAST(strftime('%m', enrolled_on) AS INTEGER) - 1 AS zero
      FROM enrollment) n ON n.operator_id = y.operator_id
LEFT JOIN (SELECT store_id, found_month, count(*) AS findings, sum(listings) AS listings
           FROM finding WHERE status = 'upheld' GROUP BY store_id, found_month) f
       ON f.store_id = e.store_id AND f.found_month = e.month
WHERE e.current AND e.kind = 'checked' AND abs(e.month - n.zero) <= 24
GROUP BY e.month - n.zero
"""


def _admitting(app: App, officer: Actor) -> tuple[Work, Work]:
    number = iter(range(10_000_000))

    def admit() -> object:
        n = next(number)
        return write(
            app.store,
            lambda s: record_factory(
                s,
                app.rulebook(),
                clock=app.clock,
                actor=officer,
                values={"name": f"（虚构）新鞋厂{n}", "address": f"莆田市荔城区{n}号"},
                source="bench",
            ),
        )

    def insert() -> None:
        n = next(number)
        with app.store.housekeeping.begin() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO operator (program, name, name_fold, created_at, version)"
                    " VALUES (:p, :n, :n, :at, 1)"
                ),
                {"p": "floor", "n": f"行{n}", "at": app.clock.now().replace(tzinfo=None)},
            )

    return admit, insert


def _verify(app: App, scratch: Path | None) -> Work:
    anchors = (scratch or app.data_dir) / "bench-anchors.jsonl"
    return lambda: audit.verify(app.store, anchors)


def _hash_loop(app: App) -> Work:
    def work(session: Session) -> int:
        rows = session.execute(sa.text("SELECT * FROM audit_entry")).all()
        for row in rows:
            hashlib.sha256(repr(tuple(row)).encode()).digest()
        return len(rows)

    return _reading(app, work)


__all__ = ["Figure", "measure_all"]
