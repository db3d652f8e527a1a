"""Times whole imports against inserting the rows they end in, and nothing else.

Ours reads the file, checks every row, looks for firms and stores it may be, keeps what became of
each row, its traces and its entries in the trail, and brings lists, index and sums in step. The
floor is one transaction of plain `executemany` of the same facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import sqlalchemy as sa

from marketplace.assembly import App
from marketplace.base.access import Actor, Role
from marketplace.base.clock import month_index, month_label, today
from marketplace.base.identifiers import uscc_check_digit
from marketplace.base.sheets import write_csv
from marketplace.exchange.importing import ImportRequest, run_import
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.upkeep.bench.building import MONTHS
from marketplace.upkeep.bench.measuring import Figure, compare

GOAL = 2.5
ROWS_EACH = 5  # of a file, for each factory of the database
_MOST_ROWS = 5_000
_FLOOR_MONTH = 100_000  # no store has months of that time

Work = Callable[[], object]


def measure_imports(app: App, *, turns: int = 3) -> Iterator[Figure]:
    """Yield an import of new factories and one of new store months; the database grows by them."""
    program = app.rulebook().program.key
    officer = Actor(1, "bench", "bench", Role.OFFICER, frozenset({program}))
    with app.store.reading.connect() as connection:
        stores = connection.execute(sa.text("SELECT count(*) FROM store")).scalar_one()
    rows = min(ROWS_EACH * stores, _MOST_ROWS)
    yield compare(
        "import_factories", _factories(app, officer, rows), _plain_firms(app, rows), GOAL, turns
    )
    months = ROWS_EACH
    some = rows // months
    yield compare(
        "import_exposure",
        _months(app, officer, some, months),
        _plain_months(app, some, months),
        GOAL,
        turns,
    )


def _factories(app: App, officer: Actor, rows: int) -> Work:
    numbers = count(1)

    def work() -> None:
        firms = [_firm(next(numbers)) for _ in range(rows)]
        heading = ("企业名称", "统一社会信用代码", "地址", "年产能（万双）")
        _send(app, officer, ImportKind.FACTORIES, write_csv(heading, firms), rows)

    return work


def _firm(number: int) -> tuple[str, str, str, int]:
    body = f"91350304MB{number:07d}"
    name = f"（虚构）莆田市{number}号进口测试鞋厂"
    return name, body + uscc_check_digit(body), f"莆田市荔城区{number}号", 12


def _months(app: App, officer: Actor, stores: int, months: int) -> Work:
    """New months before those the database has, a few for each store."""
    ends = count(month_index(today(app.clock)) - MONTHS - 1, -months)

    def work() -> None:
        last = next(ends)
        told = [
            ("示例", f"B{n}", month_label(month), 900, 40)
            for n in range(1, stores + 1)
            for month in range(last - months + 1, last + 1)
        ]
        heading = ("平台", "店铺ID", "月份", "在售商品数", "抽查商品数")
        _send(app, officer, ImportKind.EXPOSURE, write_csv(heading, told), len(told))

    return work


def _send(app: App, officer: Actor, kind: ImportKind, content: bytes, rows: int) -> None:
    done = run_import(
        app.store,
        app.rulebook(),
        ImportRequest(kind, content, f"bench-{kind.value}.csv", source="bench"),
        clock=app.clock,
        actor=officer,
    )
    if done.counts[Outcome.INSERTED.value] != rows:
        msg = f"the import took in {dict(done.counts)}, not {rows} new rows"
        raise RuntimeError(msg)


def _plain_firms(app: App, rows: int) -> Work:
    """Operator, factory and the five values of each, as `admit` leaves them."""
    keys = count(-1, -rows)  # numbers below those that the database gives
    values = ("name", "uscc", "address", "capacity_pairs_per_year", "district")

    def work() -> None:
        first = next(keys)
        at = app.clock.now().replace(tzinfo=None)
        firms = [
            {"k": k, "n": f"行{k}", "u": f"F{-k:017d}", "a": f"{k}号", "at": at}
            for k in range(first, first - rows, -1)
        ]
        said = [{**firm, "f": field, "v": firm["n"]} for firm in firms for field in values]
        with app.store.housekeeping.begin() as connection:
            for words, facts in ((_OPERATOR, firms), (_FACTORY, firms), (_VALUE, said)):
                connection.execute(sa.text(words), facts)

    return work


def _plain_months(app: App, stores: int, months: int) -> Work:
    starts = count(_FLOOR_MONTH, months)

    def work() -> None:
        first = next(starts)
        at = app.clock.now().replace(tzinfo=None)
        rows = [
            {"s": store, "m": month, "k": kind, "q": quantity, "at": at}
            for store in range(1, stores + 1)
            for month in range(first, first + months)
            for kind, quantity in (("listed", 900), ("checked", 40))
        ]
        with app.store.housekeeping.begin() as connection:
            connection.execute(sa.text(_EXPOSURE), rows)

    return work


_OPERATOR = (
    "INSERT INTO operator (id, program, name, name_fold, uscc, created_at, version)"
    " VALUES (:k, 'floor', :n, :n, :u, :at, 1)"
)
_FACTORY = (
    "INSERT INTO factory (operator_id, program, name, name_fold, address, district, status,"
    " capacity_pairs_per_year, created_at, updated_at, version)"
    " VALUES (:k, 'floor', :n, :n, :a, '350304', 'registered', 120000, :at, :at, 1)"
)
_VALUE = (
    "INSERT INTO field_value (entity, entity_id, program, field, value, source, recorded_at,"
    " status) VALUES ('factory', :k, 'floor', :f, :v, 'floor', :at, 'current')"
)
_EXPOSURE = (
    "INSERT INTO exposure (program, store_id, month, kind, quantity, source, revision, current,"
    " recorded_at) VALUES ('floor', :s, :m, :k, :q, 'floor', 1, 1, :at)"
)
