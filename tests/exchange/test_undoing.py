"""An import is taken back whole: what it wrote and nobody touched goes, what was touched is said."""

from __future__ import annotations

import pytest
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.db import metadata
from marketplace.base.errors import MarketplaceError, NotAllowed, Refused
from marketplace.exchange.importing import ImportRequest, run_import, trying, undo_import
from marketplace.exchange.importing.reaching import rows_in_reach
from marketplace.exchange.kinds import ImportKind
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.commands import (
    confirm_holding,
    edit_factory,
    settle_conflict,
)
from marketplace.features.registry.kinds import FactoryStatus, ImportStatus, ValueStatus
from marketplace.features.registry.queries import list_import_batches, list_import_rows
from marketplace.features.registry.tables import (
    Factory,
    FieldValue,
    ImportRow,
    Operator,
    Store,
    StoreHolding,
)
from tests.exchange.builders import uscc, xlsx

HEADING = ["企业名称", "统一社会信用代码", "地址", "联系电话", "年产能（万双）"]
ONE, TWO = uscc(1), uscc(2)
WHY = "整批导错了文件"


def firm(name="（虚构）青禾鞋业", code=ONE, address="莆田市荔城区甲路1号", **more):
    return [name, code, address, more.get("phone", "13100000001"), more.get("capacity", 12)]


def firms(*rows):
    return xlsx([HEADING, *rows])


@pytest.fixture
def take(world):
    """Run an import as the officer; an hour passes."""

    def run(kind, content, filename="工信局_名单.xlsx", **options):
        world.clock.advance(hours=1)
        return run_import(
            world.app.store,
            world.rulebook,
            ImportRequest(ImportKind(kind), content, filename, **options),
            clock=world.clock,
            actor=world.officer,
        )

    return run


@pytest.fixture
def undo(world, monkeypatch):
    """Take an import back as the officer, once it was tried both ways and nothing was left."""

    def once(result, *, actor=None, reason=WHY, dry_run=False):
        return undo_import(
            world.app.store,
            batch_id=result.batch_id,
            clock=world.clock,
            actor=actor or world.officer,
            reason=reason,
            dry_run=dry_run,
        )

    def outcome_of(result, **options):
        try:
            return once(result, **options)
        except MarketplaceError as error:
            return error.code, error.facts

    def run(result, **options):
        before = everything(world)
        tried = []
        for at_once in (0, 50):  # on private copies, and in a unit that is taken back
            monkeypatch.setattr(trying, "TRIED_AT_ONCE", at_once)
            tried.append(outcome_of(result, **{**options, "dry_run": True}))
            assert everything(world) == before
        assert tried[0] == tried[1]
        done = once(result, **options)
        assert done == tried[0]
        return done

    return run


def everything(world):
    return world.see(
        lambda s: {t.name: s.execute(t.select()).fetchall() for t in metadata.sorted_tables}
    )


def rows_of(world, table):
    return world.see(lambda s: list(s.execute(select(table).order_by(table.id)).scalars()))


def told(result):
    return {line.row: (line.outcome.value, line.code) for line in result.lines}


def outcomes(result):
    return {line.row: line.outcome.value for line in result.lines}


def test_firms_that_came_by_mistake_leave_the_register_and_can_come_again(take, undo, world):
    content = firms(firm(), firm("（虚构）无码鞋厂", None, "莆田市涵江区乙路2号"))
    done = take("factories", content)
    assert told(undo(done)) == {2: ("taken_back", ""), 3: ("taken_back", "")}
    assert {f.status for f in rows_of(world, Factory)} == {FactoryStatus.ARCHIVED}
    assert {v.status for v in rows_of(world, FieldValue)} == {ValueStatus.WITHDRAWN}
    assert outcomes(take("factories", content)) == {2: "inserted", 3: "draft"}
    assert [o.uscc for o in rows_of(world, Operator)] == [None, None, ONE, None]


def test_a_correction_is_taken_back_to_the_value_and_source_before(take, undo, world):
    take("factories", firms(firm(capacity=12)), "工信局_2023.xlsx")
    wrong = take("factories", firms(firm(capacity=99, phone="13100000009")), "工信局_2024.xlsx")
    undo(wrong)
    (factory,), (operator,) = rows_of(world, Factory), rows_of(world, Operator)
    assert (factory.capacity_pairs_per_year, operator.phone) == (120_000, "13100000001")
    standing = {
        (v.field, v.value)
        for v in rows_of(world, FieldValue)
        if v.status is ValueStatus.CURRENT
    }
    assert {("capacity_pairs_per_year", "120000"), ("phone", "13100000001")} <= standing
    assert outcomes(take("factories", firms(firm(capacity=12)), "工信局_2023.xlsx")) == {
        2: "unchanged"
    }


def test_what_somebody_changed_since_stays_and_the_row_says_what(take, undo, world):
    done = take("factories", firms(firm(), firm("（虚构）二号鞋厂", TWO)))
    first = rows_of(world, Factory)[0]
    world.do(
        lambda s: edit_factory(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.officer,
            factory_id=first.key,
            values={"staff": 88},
            reason="现场核对人数",
        )
    )
    result = undo(done)
    assert told(result) == {3: ("taken_back", ""), 2: ("kept", "undo_replaced")}
    kept = next(line for line in result.lines if line.row == 2)
    assert (kept.facts["field"], kept.facts["source"]) == ("staff", "officer")
    assert rows_of(world, Factory)[0].staff == 88


def test_one_field_changed_since_keeps_that_field_and_gives_the_others_back(take, undo, world):
    take("factories", firms(firm(capacity=12)), "工信局_2023.xlsx")
    wrong = take("factories", firms(firm(capacity=99, phone="13100000009")), "工信局_2024.xlsx")
    take("factories", firms(firm(capacity=50, phone="13100000009")), "工信局_2025.xlsx")
    assert told(undo(wrong)) == {2: ("partly", "undo_replaced")}
    (factory,), (operator,) = rows_of(world, Factory), rows_of(world, Operator)
    assert (factory.capacity_pairs_per_year, operator.phone) == (500_000, "13100000001")


def test_a_disagreement_that_waits_goes_away_and_a_settled_one_stays(take, undo, world):
    take("factories", firms(firm(capacity=12)), "工信局.xlsx")
    other = take("factories", firms(firm(capacity=20)), "市监局.xlsx")
    undo(other)
    assert not [v for v in rows_of(world, FieldValue) if v.status is ValueStatus.CONFLICT]
    again = take("factories", firms(firm(capacity=20)), "市监局.xlsx")
    (waiting,) = [v for v in rows_of(world, FieldValue) if v.status is ValueStatus.CONFLICT]
    world.do(
        lambda s: settle_conflict(
            s,
            clock=world.clock,
            actor=world.officer,
            value_id=waiting.key,
            take=True,
            reason="以市监局登记为准",
        )
    )
    assert told(undo(again)) == {2: ("kept", "undo_decided")}
    assert rows_of(world, Factory)[0].capacity_pairs_per_year == 200_000


def test_a_code_that_completed_a_draft_leaves_it_a_draft_again(take, undo, world):
    take("factories", firms(firm(code=None)), "工信局.xlsx")
    coded = take("factories", firms(firm()), "市监局.xlsx")
    assert rows_of(world, Factory)[0].status is FactoryStatus.REGISTERED
    undo(coded)
    assert rows_of(world, Factory)[0].status is FactoryStatus.DRAFT
    assert rows_of(world, Operator)[0].uscc is None


RECORDS = ["统一社会信用代码", "决定书文号", "处罚日期", "涉案数量（双）"]
NUMBER = "莆市监处罚〔2017〕9号（虚构）"


def test_earlier_records_are_withdrawn_or_put_back(take, undo, world):
    take("factories", firms(firm()))
    first = take("earlier-records", xlsx([RECORDS, [ONE, NUMBER, "2017-04", 1200]]))
    second = take("earlier-records", xlsx([RECORDS, [ONE, NUMBER, "2017-04", 1500]]))
    undo(second)
    (record,) = rows_of(world, EarlierRecord)
    assert (record.quantity, record.withdrawn_at) == (1200, None)
    undo(first)
    assert rows_of(world, EarlierRecord)[0].withdrawn_at is not None
    again = take("earlier-records", xlsx([RECORDS, [ONE, NUMBER, "2017-04", 1200]]))
    assert outcomes(again) == {2: "inserted"}


MONTHS = [
    "店铺ID", "店铺名称", "统一社会信用代码", "月份", "在售商品数", "侵权商品数",
    "其中主动发现", "其中投诉",
]  # fmt: skip


def months(*rows):
    return xlsx([MONTHS, *rows])


def test_store_months_go_with_their_store_and_come_back_by_the_same_file(take, undo, world):
    take("factories", firms(firm()))
    content = months(
        ["TB1", "青禾店", ONE, "2024-01", 100, 0, 0, 0],
        ["TB1", "青禾店", ONE, "2024-02", 200, 3, 1, 2],
    )
    done = take("exposure", content, "平台_月报.xlsx")
    assert told(undo(done)) == {2: ("taken_back", ""), 3: ("taken_back", "")}
    assert not [e for e in rows_of(world, Exposure) if e.current]
    assert {f.status for f in rows_of(world, Finding)} == {FindingStatus.DISMISSED}
    assert rows_of(world, StoreHolding) == []
    again = take("exposure", content, "平台_月报.xlsx")
    assert outcomes(again) == {2: "inserted", 3: "inserted"}
    assert len(rows_of(world, StoreHolding)) == len(rows_of(world, Store)) == 1
    upheld = [f for f in rows_of(world, Finding) if f.status is FindingStatus.UPHELD]
    assert sorted(f.listings for f in upheld) == [1, 2]


def test_a_revised_month_goes_back_to_the_revision_before(take, undo, world):
    take("factories", firms(firm()))
    take("exposure", months(["TB1", "青禾店", ONE, "2024-02", 200, 3, 1, 2]))
    revised = take("exposure", months(["TB1", "青禾店", ONE, "2024-02", 210, 4, 2, 2]))
    undo(revised)
    (counts,) = [e for e in rows_of(world, Exposure) if e.current]
    assert (counts.quantity, counts.revision) == (200, 1)
    assert sorted(f.listings for f in rows_of(world, Finding)) == [1, 2]


def test_a_firm_with_stores_of_a_later_file_stays_until_that_is_taken_back(take, undo, world):
    first = take("factories", firms(firm()))
    second = take("exposure", months(["TB1", "青禾店", ONE, "2024-02", 200, 0, 0, 0]))
    tried = undo(first, dry_run=True)
    assert told(tried) == {2: ("kept", "undo_has_stores")}
    undo(second)
    assert told(undo(first)) == {2: ("taken_back", "")}


def test_a_store_an_officer_confirmed_since_stays(take, undo, world):
    take("factories", firms(firm()))
    done = take("exposure", months(["TB1", "青禾店", ONE, "2024-02", 200, 0, 0, 0]))
    (holding,) = rows_of(world, StoreHolding)
    world.do(
        lambda s: confirm_holding(
            s, clock=world.clock, actor=world.officer, holding_id=holding.key
        )
    )
    assert told(undo(done)) == {2: ("partly", "undo_decided")}
    assert len(rows_of(world, StoreHolding)) == 1


def test_a_list_of_stores_gives_names_back_and_removes_what_it_brought(take, undo, world):
    take("factories", firms(firm()))
    take("exposure", months(["TB1", "青禾店", ONE, "2024-01", 100, 0, 0, 0]))
    heading = ["平台", "店铺ID", "店铺名称", "统一社会信用代码", "开店日期"]
    done = take(
        "stores",
        xlsx(
            [
                heading,
                ["示例平台", "TB1", "青禾旗舰店", ONE, "2023-05-01"],
                ["示例平台", "TB9", "青禾分店", ONE, "2024-05-01"],
            ]
        ),
    )
    assert told(undo(done)) == {2: ("taken_back", ""), 3: ("taken_back", "")}
    assert [(s.store_no, s.name) for s in rows_of(world, Store)] == [("TB1", "青禾店")]


def test_products_of_a_wrong_list_go_with_brand_and_listing(take, undo, world):
    take("factories", firms(firm()))
    take("exposure", months(["TB1", "青禾店", ONE, "2024-01", 100, 0, 0, 0]))
    category = world.rulebook.product.categories[0].name_zh
    heading = ["品牌", "产品名称", "货号", "类目", "零售价", "统一社会信用代码", "店铺ID"]
    line = ["青禾（虚构）", "晨跑一号", "QH-1", category, 299, ONE, "TB1"]
    listing = ["600000000001", "https://shop.example/1", 80]
    first = take(
        "products", xlsx([[*heading, "商品ID", "商品链接", "库存"], [*line, *listing]])
    )
    cheaper = take("products", xlsx([heading, [*line[:4], 259, *line[5:]]]))
    undo(cheaper)
    assert rows_of(world, Product)[0].price_fen == 29_900
    assert told(undo(first)) == {2: ("taken_back", "")}
    assert [rows_of(world, t) for t in (Product, Brand, Listing)] == [[], [], []]
    again = take("products", xlsx([heading, line]))
    assert outcomes(again) == {2: "inserted"}


def test_an_undo_needs_a_reason_and_happens_once(take, undo):
    done = take("factories", firms(firm()))
    with pytest.raises(Refused, match="reason_missing"):
        undo(done, reason=" ")
    undo(done)
    with pytest.raises(Refused, match="import_undone_already"):
        undo(done)


def test_a_trial_of_an_undo_leaves_everything_as_it_is(take, undo, world):
    done = take("factories", firms(firm()))
    before = [rows_of(world, t) for t in (Factory, FieldValue, ImportRow)]
    count = world.see(audit.count_entries)
    assert told(undo(done, dry_run=True)) == {2: ("taken_back", "")}
    assert [rows_of(world, t) for t in (Factory, FieldValue, ImportRow)] == before
    assert world.see(audit.count_entries) == count


def test_an_undo_is_seen_in_the_history_and_in_the_trail(take, undo, world, tmp_path):
    done = take("factories", firms(firm(), firm("（虚构）错码", ONE[:-1] + "0")))
    undo(done)
    (batch,) = world.see(
        lambda s: list_import_batches(s, world.officer, program="putian-footwear")
    )
    assert (batch.status, batch.undone_by, batch.undo_reason) == (ImportStatus.UNDONE, 1, WHY)
    rows = world.see(
        lambda s: list_import_rows(
            s, world.officer, clock=world.clock, batch_id=batch.number, in_reach=rows_in_reach
        )
    ).rows
    assert [(r.row, r.undo.get("outcome")) for r in rows] == [(2, "taken_back"), (3, None)]
    actions = {e.action for e in world.see(audit.list_entries)}
    assert {
        "registry.begin_undo",
        "registry.take_back_factory",
        "registry.finish_undo",
    } <= actions
    assert audit.verify(world.app.store, tmp_path / "none.jsonl").is_intact


def test_only_who_may_import_may_take_back(take, undo, world):
    done = take("factories", firms(firm()))
    for actor in (world.reviewer, world.marketer, world.auditor):
        with pytest.raises(NotAllowed):
            undo(done, actor=actor)
    with pytest.raises(MarketplaceError):
        undo(done, actor=world.owner(1))
