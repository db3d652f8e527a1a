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
    """Yield an import of each kind that is taken in together; the database grows by them.

    Stores, records and products are those of the firms that the first of them brings.
    """
    program = app.rulebook().program.key
    officer = Actor(1, "bench", "bench", Role.OFFICER, frozenset({program}))
    with app.store.reading.connect() as connection:
        stores = connection.execute(sa.text("SELECT count(*) FROM store")).scalar_one()
    rows = min(ROWS_EACH * stores, _MOST_ROWS)
    yield compare(
        "import_factories", _factories(app, officer, rows), _plain_firms(app, rows), GOAL, turns
    )
    yield compare(
        "import_stores", _stores(app, officer, rows), _plain_stores(app, rows), GOAL, turns
    )
    yield compare(
        "import_earlier_records",
        _records(app, officer, rows),
        _plain_records(app, rows),
        GOAL,
        turns,
    )
    yield compare(
        "import_products", _goods(app, officer, rows), _plain_goods(app, rows), GOAL, turns
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
    name = f"（虚构）莆田市{number}号进口测试鞋厂"
    return name, _uscc(number), f"莆田市荔城区{number}号", 12


def _uscc(number: int) -> str:
    body = f"91350304MB{number:07d}"
    return body + uscc_check_digit(body)


def _stores(app: App, officer: Actor, rows: int) -> Work:
    """A new store of each firm, confirmed at once."""
    numbers = count(1)

    def work() -> None:
        told = [
            ("示例", f"S{n}", f"{n}号店", _uscc(firm), "2026-01-05")
            for firm, n in zip(range(1, rows + 1), numbers, strict=False)
        ]
        heading = ("平台", "店铺ID", "店铺名称", "统一社会信用代码", "开店日期")
        content = write_csv(heading, told)
        _send(app, officer, ImportKind.STORES, content, rows, confirms_stores=True)

    return work


def _records(app: App, officer: Actor, rows: int) -> Work:
    """A penalty decision of each firm."""
    numbers = count(1)

    def work() -> None:
        told = [
            (_uscc(firm), f"莆市监罚〔2019〕{n}号", "2019-05-06", "侵犯商标权", 120)
            for firm, n in zip(range(1, rows + 1), numbers, strict=False)
        ]
        heading = ("统一社会信用代码", "处罚决定书文号", "处罚日期", "案由", "数量（双）")
        _send(app, officer, ImportKind.EARLIER_RECORDS, write_csv(heading, told), rows)

    return work


def _goods(app: App, officer: Actor, rows: int) -> Work:
    """A new brand of every tenth firm and ten products of it, on sale in the firm's first store."""
    numbers, turns = count(1), count(1)

    def work() -> None:
        brand = f"青禾{next(turns)}"
        told = [
            _item(place // 10 + 1, brand, n)
            for place, n in zip(range(rows), numbers, strict=False)
        ]
        heading = (
            "统一社会信用代码", "品牌", "货号", "商品名称", "价格（元）",
            "平台", "店铺ID", "商品ID", "商品链接", "库存",
        )  # fmt: skip
        _send(app, officer, ImportKind.PRODUCTS, write_csv(heading, told), rows)

    return work


def _item(firm: int, brand: str, number: int) -> tuple[str | int, ...]:
    item = 70_000_000 + number
    link = f"https://item.example.com/{item}"
    model, shop = f"Q{number}", f"S{firm}"
    return _uscc(firm), brand, model, f"{number}号鞋", 199, "示例", shop, item, link, 5


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


def _send(
    app: App,
    officer: Actor,
    kind: ImportKind,
    content: bytes,
    rows: int,
    *,
    confirms_stores: bool = False,
) -> None:
    name = f"bench-{kind.value}.csv"
    request = ImportRequest(
        kind, content, name, source="bench", confirms_stores=confirms_stores
    )
    done = run_import(
        app.store,
        app.rulebook(),
        request,
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


def _plain_stores(app: App, rows: int) -> Work:
    """A store and who holds it."""
    return _plain(app, rows, _STORE, _HOLDING)


def _plain_records(app: App, rows: int) -> Work:
    return _plain(app, rows, _RECORD)


def _plain_goods(app: App, rows: int) -> Work:
    """A product and where it is on sale; ten share a brand."""
    plain = _plain(app, rows, _PRODUCT, _LISTING)
    brands = count(-1, -1)

    def work() -> None:
        at = app.clock.now().replace(tzinfo=None)
        some = [{"k": next(brands), "at": at} for _ in range(rows // 10)]
        with app.store.housekeeping.begin() as connection:
            connection.execute(sa.text(_BRAND), [{**one, "n": f"牌{one['k']}"} for one in some])
        plain()

    return work


def _plain(app: App, rows: int, *statements: str) -> Work:
    """One transaction of the same row again and again, each with a number of its own."""
    keys = count(-1, -rows)

    def work() -> None:
        first = next(keys)
        at = app.clock.now().replace(tzinfo=None)
        some = [
            {"k": k, "n": f"行{-k}", "u": f"https://item.example.com/{-k}", "at": at}
            for k in range(first, first - rows, -1)
        ]
        with app.store.housekeeping.begin() as connection:
            for words in statements:
                connection.execute(sa.text(words), some)

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
_STORE = (
    "INSERT INTO store (id, program, platform, store_no, name, status, created_at, no_fold,"
    " name_fold, version) VALUES (:k, 'floor', 'floor', :n, :n, 'open', :at, :n, :n, 1)"
)
_HOLDING = (
    "INSERT INTO store_holding (store_id, factory_id, from_on, basis, status, confirmed_by,"
    " confirmed_at, version) VALUES (:k, 1, '2026-01-05', 'floor', 'confirmed', 1, :at, 1)"
)
_RECORD = (
    "INSERT INTO earlier_record (program, factory_id, kind, quantity, unit, cause, reference_no,"
    " source, reliability, recorded_by, recorded_at, version) VALUES ('floor', 1,"
    " 'penalty_decision', 120, 'pairs', :n, :n, 'floor', 'official', 1, :at, 1)"
)
_BRAND = (
    "INSERT INTO brand (id, operator_id, program, slug, name_zh, name_fold, created_at, version)"
    " VALUES (:k, 1, 'floor', :n, :n, :n, :at, 1)"
)
_PRODUCT = (
    "INSERT INTO product (id, brand_id, factory_id, operator_id, program, model_no, name_zh,"
    " price_fen, materials, status, created_at, updated_at, version)"
    " VALUES (:k, 1, 1, 1, 'floor', :n, :n, 19900, '{}', 'draft', :at, :at, 1)"
)
_LISTING = (
    "INSERT INTO listing (product_id, store_id, program, platform, item_no, url, price_fen,"
    " stock, stock_as_of, version) VALUES (:k, 1, 'floor', 'floor', :n, :u, 19900, 5, :at, 1)"
)
