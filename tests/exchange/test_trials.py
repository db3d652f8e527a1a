"""A trial says what the import will do, leaves nothing, and keeps nobody waiting."""

from __future__ import annotations

from itertools import count

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.base import audit
from marketplace.base.db import metadata
from marketplace.base.db.trial import open_trial
from marketplace.exchange.importing import ImportRequest, run_import, trying
from marketplace.exchange.kinds import ImportKind
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.registry import commands as registry
from marketplace.features.registry.kinds import FactoryStatus
from marketplace.features.registry.tables import (
    Factory,
    FieldValue,
    Operator,
    Store,
    StoreHolding,
)
from tests.exchange.builders import uscc, xlsx

FIRMS = ["企业名称", "统一社会信用代码", "地址", "联系电话", "年产能（万双）"]
STORES = ["平台", "店铺ID", "店铺名称", "统一社会信用代码", "开店日期"]
MONTHS = ["平台", "店铺ID", "店铺名称", "统一社会信用代码", "月份", "抽查商品数", "侵权商品数"]
RECORDS = ["企业名称", "统一社会信用代码", "处罚决定书文号", "处罚日期", "案由", "数量（双）"]
GOODS = [
    "企业名称", "统一社会信用代码", "品牌", "货号", "商品名称", "价格（元）",
    "平台", "店铺ID", "商品ID", "商品链接", "库存",
]  # fmt: skip
SAID = ["投诉编号", "平台", "店铺ID", "商品ID", "投诉来源", "投诉内容", "投诉日期"]


def firm(n, *, code=True, capacity=12):
    name = f"（虚构）莆田市{n}号鞋业有限公司"
    return [
        name, uscc(n) if code else None, f"莆田市荔城区甲路{n}号", "13100000001", capacity,
    ]  # fmt: skip


def item(n, name="运动鞋"):
    shop = ["淘宝", "101", f"61234567{n}", f"https://item.example.com/{n}", 5]
    return [firm(1)[0], uscc(1), "青禾", f"Q{n}", name, 199, *shop]


# Each is tried and then taken in; rows lean on rows before them, in the file and in the register.
FILES = (
    ("factories", [FIRMS, firm(1), firm(2), firm(3, code=False), firm(4)], "工信局"),
    ("factories", [FIRMS, firm(1, capacity=20), firm(3), firm(5), firm(5)], "市监局"),
    (
        "stores",
        [
            STORES,
            *(["淘宝", f"10{n}", f"店{n}", uscc(n), "2024-01-05"] for n in (1, 2, 9)),
            ["京东", "101", "店1", uscc(2), "2024-01-05"],
        ],
        "平台",
    ),
    (
        "exposure",
        [
            MONTHS,
            *(["淘宝", "101", "店1", uscc(1), f"2026-0{m}", 90, m % 3] for m in range(1, 6)),
            ["淘宝", "777", "新店", uscc(2), "2026-03", 90, 1],
            [None, "777", "新店", uscc(2), "2026-04", 90, 1],
            [None, "101", "店1", uscc(1), "2026-04", 90, 1],
        ],
        "平台",
    ),
    (
        "exposure",
        [
            MONTHS,
            *(["淘宝", "101", "店1", uscc(1), f"2026-0{m}", 95, 2] for m in range(3, 8)),
        ],
        "平台",
    ),
    (
        "earlier-records",
        [
            RECORDS,
            *(
                [firm(n)[0], uscc(n), f"莆市监罚〔2019〕{n}号", "2019-05-06", "侵权", 120]
                for n in (1, 2, 9)
            ),
        ],
        "市监局",
    ),
    ("products", [GOODS, item(1), item(2), item(3)], "平台"),
    ("products", [GOODS, item(1, "跑鞋"), item(2), item(4)], "平台"),
    (
        "complaints",
        [
            SAID,
            *(
                [
                    f"T{n}",
                    "淘宝",
                    "101",
                    f"61234567{n % 2}",
                    "消费者",
                    "鞋标与正品不同，疑似仿冒",
                    "2026-05-06",
                ]
                for n in range(1, 5)
            ),
        ],
        "平台",
    ),
)


def send(world, kind, rows, source, *, dry_run, progress=None):
    request = ImportRequest(
        ImportKind(kind), xlsx(rows), f"{source}_名单.xlsx", confirms_stores=True,
        origin=Origin.CONSUMER if kind == "complaints" else None,
    )  # fmt: skip
    return run_import(
        world.app.store,
        world.rulebook,
        request,
        clock=world.clock,
        actor=world.officer,
        dry_run=dry_run,
        progress=progress,
    )


def everything(world):
    return world.see(
        lambda s: {t.name: s.execute(t.select()).fetchall() for t in metadata.sorted_tables}
    )


def test_a_trial_says_what_the_import_will_do_and_leaves_nothing(world, monkeypatch):
    monkeypatch.setattr(trying, "TRIED_AT_ONCE", 0)
    done = set()
    for kind, rows, source in FILES:
        before = everything(world)
        tried = send(world, kind, rows, source, dry_run=True)
        assert everything(world) == before, kind
        taken = send(world, kind, rows, source, dry_run=False)
        assert tried.lines == taken.lines, kind
        done |= {(kind, name) for name, number in taken.counts.items() if number}
    assert {("factories", "draft"), ("factories", "updated"), ("exposure", "updated")} <= done
    assert {(k.value, "inserted") for k in ImportKind} <= done


def test_others_write_while_a_large_file_is_tried(world):
    numbers = count(5_000)
    met = []

    def admit(_done, _total):
        """Somebody registers a firm in the midst of it; he would wait in vain for a held turn."""
        n = next(numbers)
        made = world.do(
            lambda s: registry.record_factory(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.deputy,
                values={"name": firm(n)[0], "uscc": uscc(n), "address": "莆田市荔城区"},
                source="窗口",
            )
        )
        met.append(made.outcome.value)

    rows = [FIRMS, *(firm(n) for n in range(1, 1_201))]
    tried = send(world, "factories", rows, "工信局", dry_run=True, progress=admit)
    assert tried.counts["inserted"] == 1_200
    assert met == ["inserted"] * 3  # after 500, 1,000 and 1,200 rows
    assert (
        world.see(lambda s: s.execute(sa.select(sa.func.count(Factory.id))).scalar_one()) == 3
    )


def test_a_trial_can_write_only_what_it_copied(world):
    send(world, "factories", [FIRMS, firm(1)], "工信局", dry_run=False)
    with open_trial(world.app.store, {Operator.__table__: None}) as portion:
        with portion() as session:
            session.execute(sa.update(Operator).values(name="（虚构）改名"))
        with portion() as session:
            assert session.execute(sa.select(Operator.name)).scalars().all() == ["（虚构）改名"]
        with pytest.raises(DBAPIError), portion() as session:
            session.execute(sa.insert(Store).values(program="x", platform="x", store_no="x"))
    names = world.see(lambda s: s.execute(sa.select(Operator.name)).scalars().all())
    assert names == [firm(1)[0]]


def test_a_trial_deletes_nothing_that_a_row_of_any_table_still_names(world):
    send(world, "factories", [FIRMS, firm(1)], "工信局", dry_run=False)
    shops = [["淘宝", f"10{n}", f"店{n}", uscc(1), "2024-01-05"] for n in (1, 2)]
    send(world, "stores", [STORES, *shops], "平台", dry_run=False)
    # A unit that PostgreSQL made anew has used up numbers: they need not be 1 and 2.
    named, free = world.see(
        lambda s: s.execute(sa.select(Store.id).order_by(Store.store_no)).scalars().all()
    )
    of_second = sa.delete(StoreHolding).where(StoreHolding.store_id == free)
    world.do(lambda s: (s.execute(of_second), audit_of(world, s)))
    with open_trial(world.app.store, {Store.__table__: None}) as portion:
        with portion() as session:
            kept = session.begin_nested()
            session.delete(session.get(Store, named))
            with pytest.raises(IntegrityError):
                session.flush()
            kept.rollback()
            session.delete(session.get(Store, free))  # nobody names it
        with portion() as session:
            assert session.execute(sa.select(Store.id)).scalars().all() == [named]
    assert world.see(lambda s: s.execute(sa.select(sa.func.count(Store.id))).scalar_one()) == 2


def audit_of(world, session):
    audit.record(session, clock=world.clock, actor=world.officer, action="x", subject="store:2")


def test_others_write_while_an_undo_is_tried(world):
    rows = [FIRMS, *(firm(n) for n in range(1, 61))]
    done = send(world, "factories", rows, "工信局", dry_run=False)

    def archived(session):
        return session.execute(
            sa.select(sa.func.count(Factory.id)).where(Factory.status == FactoryStatus.ARCHIVED)
        ).scalar_one()

    with trying.try_undo(
        world.app.store, ImportKind.FACTORIES, done.batch_id, total=60, store_ids=()
    ) as portion:
        with portion() as session:
            registry.take_back_factory(
                session, clock=world.clock, actor=world.officer, factory_id=1,
                value_ids=session.execute(sa.select(FieldValue.id)).scalars().all(),
                reason="试一试再说",
            )  # fmt: skip
        made = world.do(
            lambda s: registry.record_factory(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.deputy,
                values={"name": firm(99)[0], "uscc": uscc(99), "address": "莆田市荔城区"},
                source="窗口",
            )
        )
        assert made.outcome.value == "inserted"
        with portion() as session:
            assert archived(session) == 1
    assert world.see(archived) == 0
