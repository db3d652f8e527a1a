"""Builds a database of a stated size, row by row the same for the same seed.

It writes tables directly, like the demo's history: what is measured is reading and deciding, and
the trail holds one entry that says where the rows came from.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import Clock, month_index, month_start, start_of, today
from marketplace.base.db import unit_of_work
from marketplace.base.text import fold_name
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.promotion.kinds import WindowStatus
from marketplace.features.promotion.tables import Listing, ObjectionWindow
from marketplace.features.registry.kinds import FactoryStatus, HoldingStatus, StoreStatus
from marketplace.features.registry.tables import Factory, Operator, Store, StoreHolding
from marketplace.upkeep.minute import refresh_derived

SEED = 48
MONTHS = 36
PRODUCTS_EACH = 4
_AT_ONCE = 5_000
_FIRST = "青岚溪屿禾木星潮山月白石荔海云川"
_SECOND = "步行风帆舟林峰桥泉野路鹿燕鸣汐澜"


def build_scaled(
    app: App, *, factories: int, events: int = 0, products: int = 0
) -> dict[str, int]:
    """Fill an empty installation; return how many rows each table got.

    Every factory has one store, `MONTHS` months of exposure and findings at random, and
    `PRODUCTS_EACH` products, each on sale and free to be featured; more findings and products
    are added until there are `events` and `products` of them.
    """
    rng = random.Random(SEED)
    program = app.rulebook().program.key
    regions = [region.code for region in app.rulebook().regions]
    counts: dict[str, int] = {}
    with unit_of_work(app.store) as session:
        rows = _rows(app.clock, rng, program, regions, factories)
        for table, found in rows.items():
            _insert(session, table, found)
            counts[table.name] = len(found)
        more = max(events - counts["finding"], 0)
        _more_findings(session, app.clock, rng, program, factories=factories, more=more)
        counts["finding"] += more
        counts |= _goods(session, app.clock, program, factories=factories, products=products)
        audit.record(
            session,
            clock=app.clock,
            actor=SYSTEM,
            action="upkeep.build_scaled",
            subject="installation:bench",
            program=program,
            facts={"factories": factories, "seed": SEED},
        )
    refresh_derived(app)
    _settle(app)
    return counts


def _settle(app: App) -> None:
    """Leave the database as a long life would: statistics for the planner, no log to read."""
    with app.store.writing.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    if app.store.dialect == "sqlite":
        raw = app.store.writing.raw_connection()  # a log cannot be emptied inside a transaction
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()


def _rows(
    clock: Clock, rng: random.Random, program: str, regions: list[str], factories: int
) -> dict[sa.Table, list[dict[str, object]]]:
    rows: dict[sa.Table, list[dict[str, object]]] = {
        _table(kind): []
        for kind in (*(Operator, Factory, Store, StoreHolding, Enrollment, Exposure, Finding),)
    }
    for n in range(1, factories + 1):
        name = f"（虚构）莆田市{rng.choice(_FIRST)}{rng.choice(_SECOND)}{n}鞋业有限公司"
        _firm(rows, clock, n, name=name, program=program, district=rng.choice(regions))
        enrolled = today(clock) - timedelta(days=rng.randint(40, 900))
        _months(rows, clock, rng, n, program=program, enrolled=enrolled)
    return rows


def _firm(
    rows: dict[sa.Table, list[dict[str, object]]],
    clock: Clock,
    n: int,
    *,
    name: str,
    program: str,
    district: str,
) -> None:
    now, fold = clock.now(), fold_name(name)
    rows[_table(Operator)].append(
        {"id": n, "program": program, "name": name, "name_fold": fold, "created_at": now}
    )
    rows[_table(Factory)].append(
        {
            "id": n, "operator_id": n, "program": program, "name": name, "name_fold": fold,
            "district": district, "status": FactoryStatus.REGISTERED,
            "created_at": now, "updated_at": now,
        }
    )  # fmt: skip
    rows[_table(Store)].append(
        {
            "id": n, "program": program, "platform": "示例", "store_no": f"B{n}",
            "name": f"店{n}", "status": StoreStatus.OPEN, "created_at": now,
        }
    )  # fmt: skip
    rows[_table(StoreHolding)].append(
        {
            "store_id": n, "factory_id": n, "from_on": date(2020, 1, 1), "basis": "bench",
            "status": HoldingStatus.CONFIRMED, "confirmed_at": now,
        }
    )  # fmt: skip


def _months(
    rows: dict[sa.Table, list[dict[str, object]]],
    clock: Clock,
    rng: random.Random,
    n: int,
    *,
    program: str,
    enrolled: date,
) -> None:
    now = clock.now()
    rows[_table(Enrollment)].append(
        {
            "operator_id": n, "program": program, "enrolled_on": enrolled, "signed_by": "bench",
            "status": EnrollmentStatus.ENROLLED, "applied_at": start_of(enrolled),
            "signed_on": enrolled,
        }
    )  # fmt: skip
    last, zero = month_index(today(clock)) - 1, month_index(enrolled)
    for month in range(last - MONTHS + 1, last + 1):
        checked = rng.randint(20, 80)
        rows[_table(Exposure)].append(
            {
                "program": program, "store_id": n, "month": month, "quantity": checked,
                "kind": ExposureKind.CHECKED, "source": "bench", "revision": 1,
                "current": True, "recorded_at": now,
            }
        )  # fmt: skip
        listings = sum(rng.random() < (0.03 if month < zero else 0.01) for _ in range(checked))
        if listings:
            rows[_table(Finding)].append(
                {
                    "program": program, "reference": f"b{n}-{month}", "store_id": n,
                    "factory_id": n, "operator_id": n, "basis": FindingBasis.MONTHLY_REPORT,
                    "origin": Origin.PROACTIVE_MODEL, "listings": listings,
                    "found_on": month_start(month), "found_month": month,
                    "statement": "bench", "status": FindingStatus.UPHELD,
                    "recorded_at": now, "decided_at": now,
                }
            )  # fmt: skip


def _more_findings(
    session: Session,
    clock: Clock,
    rng: random.Random,
    program: str,
    *,
    factories: int,
    more: int,
) -> None:
    """Spread findings over stores and months, some thousands at a time."""
    now, last = clock.now(), month_index(today(clock)) - 1
    starts = {month: month_start(month) for month in range(last - MONTHS + 1, last + 1)}
    months = list(starts)
    common = {
        "program": program, "basis": FindingBasis.MONTHLY_REPORT, "statement": "bench",
        "origin": Origin.PROACTIVE_MODEL, "status": FindingStatus.UPHELD,
        "recorded_at": now, "decided_at": now,
    }  # fmt: skip
    for start in range(0, more, _AT_ONCE):
        rows: list[dict[str, object]] = []
        for number in range(start, min(start + _AT_ONCE, more)):
            n, month = rng.randint(1, factories), rng.choice(months)
            rows.append(
                {
                    **common, "reference": f"e{number}", "store_id": n, "factory_id": n,
                    "operator_id": n, "listings": 1 + number % 3,
                    "found_on": starts[month], "found_month": month,
                }
            )  # fmt: skip
        _insert(session, _table(Finding), rows)


def _goods(
    session: Session, clock: Clock, program: str, *, factories: int, products: int
) -> dict[str, int]:
    """Give every firm a brand and its products, some thousand products at a time."""
    each = max(PRODUCTS_EACH, -(-products // factories))
    at_once = max(_AT_ONCE // each, 1)
    counts: Counter[str] = Counter()
    for start in range(1, factories + 1, at_once):
        rows: dict[sa.Table, list[dict[str, object]]] = {
            _table(kind): [] for kind in (Brand, Product, Listing, ObjectionWindow)
        }
        for n in range(start, min(start + at_once, factories + 1)):
            rows[_table(Brand)].append(
                {
                    "id": n, "operator_id": n, "program": program, "slug": f"b{n}",
                    "name_zh": f"牌{n}", "name_fold": f"牌{n}", "created_at": clock.now(),
                }
            )  # fmt: skip
            for number in range((n - 1) * each + 1, n * each + 1):
                _product(rows, clock, n, number, program)
        for table, found in rows.items():
            _insert(session, table, found)
            counts[table.name] += len(found)
    return dict(counts)


def _product(
    rows: dict[sa.Table, list[dict[str, object]]],
    clock: Clock,
    n: int,
    number: int,
    program: str,
) -> None:
    now, day = clock.now(), today(clock)
    rows[_table(Product)].append(
        {
            "id": number, "brand_id": n, "factory_id": n, "operator_id": n, "program": program,
            "model_no": f"M{number}", "name_zh": f"鞋{number}", "status": Moderation.VERIFIED,
            "materials": {}, "code": f"9{number:011d}", "verified_at": now,
            "valid_until": day + timedelta(days=300), "created_at": now, "updated_at": now,
        }
    )  # fmt: skip
    rows[_table(Listing)].append(
        {
            "product_id": number, "store_id": n, "program": program, "platform": "示例",
            "item_no": f"6{number:011d}", "url": f"https://shop.example/item/{number}",
            "price_fen": 19_900, "stock": 500, "stock_as_of": now,
        }
    )  # fmt: skip
    rows[_table(ObjectionWindow)].append(
        {
            "product_id": number, "program": program, "opened_at": now,
            "ends_on": day - timedelta(days=1), "status": WindowStatus.CLEARED,
        }
    )  # fmt: skip


def _insert(session: Session, table: sa.Table, rows: list[dict[str, object]]) -> None:
    versioned = "version" in table.columns
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        if versioned:
            some = [{"version": 1, **row} for row in some]
        session.connection().execute(sa.insert(table), some)
    session.info.setdefault("wrote", set()).add(table.name)


def _table(kind: object) -> sa.Table:
    found: sa.Table = kind.__table__  # type: ignore[attr-defined]
    return found
