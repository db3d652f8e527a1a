"""A file goes in row by row: honest outcomes, nothing twice, nothing half, nothing from a trial."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.errors import NotAllowed
from marketplace.exchange.importing import ImportRequest, run_import, source_of
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Brand, Product
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.tables import Finding, PointsEntry
from marketplace.features.history.tables import EarlierRecord
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.kinds import FactoryStatus, HoldingStatus, ValueStatus
from marketplace.features.registry.tables import (
    Factory,
    FieldValue,
    ImportBatch,
    Operator,
    Store,
    StoreHolding,
)
from tests.exchange.builders import uscc, xlsx

SHARED = Path(__file__).parents[3] / "shared" / "data"
HEADING = ["企业名称", "统一社会信用代码", "地址", "联系电话", "年产能（万双）"]
ONE, TWO = uscc(1), uscc(2)


def firms(*rows):
    return xlsx([HEADING, *rows])


def firm(
    name="（虚构）莆田市青禾鞋业有限公司", code=ONE, address="莆田市荔城区甲路1号", **more
):
    return [name, code, address, more.get("phone", "13100000001"), more.get("capacity", 12)]


@pytest.fixture
def take(world):
    """Run an import as the officer."""

    def run(
        kind, content, filename="工信局_名单.xlsx", *, actor=None, dry_run=False, **options
    ):
        request = ImportRequest(ImportKind(kind), content, filename, **options)
        return run_import(
            world.app.store,
            world.rulebook,
            request,
            clock=world.clock,
            actor=actor or world.officer,
            dry_run=dry_run,
        )

    return run


def rows_of(world, table):
    return world.see(lambda s: list(s.execute(select(table).order_by(table.id)).scalars()))


def outcomes(result):
    return {line.row: line.outcome.value for line in result.lines}


def test_a_list_of_firms_ends_in_one_outcome_a_row(take, world):
    result = take(
        "factories",
        firms(
            firm(),
            firm("（虚构）莆田市无码鞋厂", None, "莆田市涵江区乙路2号"),
            firm("（虚构）错码鞋业", ONE[:-1] + ("0" if ONE[-1] != "0" else "1")),
            firm(),
            ["合计", None, None, None, 24],
        ),
    )
    assert outcomes(result) == {2: "inserted", 3: "draft", 4: "rejected", 5: "duplicate"}
    assert [s.row for s in result.reading.skipped] == [6]
    statuses = {f.name: f.status for f in rows_of(world, Factory)}
    assert list(statuses.values()) == [FactoryStatus.REGISTERED, FactoryStatus.DRAFT]


def test_the_same_file_again_changes_nothing(take, world):
    content = firms(firm(), firm("（虚构）莆田市无码鞋厂", None, "莆田市涵江区乙路2号"))
    take("factories", content)
    before = len(rows_of(world, FieldValue))
    again = take("factories", content)
    assert outcomes(again) == {2: "unchanged", 3: "draft"}
    assert len(rows_of(world, FieldValue)) == before
    assert len(rows_of(world, Factory)) == 2
    assert len(rows_of(world, ImportBatch)) == 2  # that it was sent twice is kept


def test_a_trial_says_the_same_and_leaves_nothing(take, world):
    content = firms(firm(), firm("（虚构）莆田市二号鞋厂", TWO))
    tried = take("factories", content, dry_run=True)
    assert tried.batch_id is None
    for table in (Factory, Operator, FieldValue, ImportBatch):
        assert rows_of(world, table) == []
    done = take("factories", content)
    assert outcomes(done) == outcomes(tried)
    assert done.batch_id is not None


def test_the_same_source_corrects_itself_and_another_one_opens_a_conflict(take, world):
    take("factories", firms(firm(capacity=12)), "工信局_2023.xlsx")
    corrected = take("factories", firms(firm(capacity=15)), "工信局_2024.xlsx")
    assert outcomes(corrected) == {2: "updated"}
    assert rows_of(world, Factory)[0].capacity_pairs_per_year == 150_000
    other = take("factories", firms(firm(capacity=20)), "市监局_名单.xlsx")
    assert outcomes(other) == {2: "updated"}  # a disagreement was recorded, nothing overwritten
    assert rows_of(world, Factory)[0].capacity_pairs_per_year == 150_000
    waiting = [v for v in rows_of(world, FieldValue) if v.status is ValueStatus.CONFLICT]
    assert [(v.field, v.value, v.source) for v in waiting] == [
        ("capacity_pairs_per_year", "200000", "市监局_名单")
    ]


def test_a_draft_gets_its_code_from_a_later_file_and_stays_one_firm(take, world):
    name, address = "（虚构）莆田市后补鞋厂", "莆田市秀屿区丙路3号"
    take("factories", firms(firm(name, None, address)))
    take("factories", firms(firm(name, TWO, address)), "市监局.xlsx")
    again = take("factories", firms(firm(name, None, address)))
    assert len(rows_of(world, Operator)) == 1
    assert rows_of(world, Operator)[0].uscc == TWO
    # The first list still knows no code; the firm it means is registered and unchanged.
    assert outcomes(again) == {2: "unchanged"}


def test_a_refused_row_leaves_nothing_and_holds_up_no_other(take, world):
    take("factories", firms(firm()))
    content = xlsx(
        [
            ["企业名称", "统一社会信用代码", "决定书文号", "处罚日期", "涉案数量（双）"],
            ["（虚构）无此鞋厂", TWO, "莆市监处罚〔2016〕1号（虚构）", "2016-02-03", 300],
            [None, ONE, "莆市监处罚〔2017〕9号（虚构）", "2017-04", 1200],
        ]
    )
    result = take("earlier-records", content, "市监局_台账.xlsx")
    assert outcomes(result) == {2: "rejected", 3: "inserted"}
    assert result.lines[0].code == "row_factory_unknown"
    (record,) = rows_of(world, EarlierRecord)
    assert (record.quantity, record.unit) == (1200, "pairs")
    # Only the month is known: the whole of April, its end exclusive.
    assert (str(record.period_from), str(record.period_until)) == ("2017-04-01", "2017-05-01")
    assert rows_of(world, PointsEntry) == []  # the past is never scored


def test_an_earlier_record_without_a_number_is_not_taken_twice(take, world):
    take("factories", firms(firm()))
    content = xlsx(
        [
            ["统一社会信用代码", "处罚日期", "案由", "涉案数量（双）"],
            [ONE, "2016-02-03", "假冒", 300],
        ]
    )
    assert outcomes(take("earlier-records", content)) == {2: "inserted"}
    assert outcomes(take("earlier-records", content)) == {2: "unchanged"}
    assert len(rows_of(world, EarlierRecord)) == 1


def test_a_decision_that_two_sources_number_otherwise_is_one_record_and_a_correction_is_said(
    take, world
):
    take("factories", firms(firm()))
    head = ["统一社会信用代码", "决定书文号", "案由", "涉案数量（双）"]

    def told(number, quantity, source):
        return take("earlier-records", xlsx([head, [ONE, number, "假冒", quantity]]), source)

    told("莆市监处罚〔2021〕12号", 300, "市监局.xlsx")
    same = told("莆市监处罚（２０２１） 12号", "约300", "法院.xlsx")
    assert outcomes(same) == {2: "unchanged"}
    other = told("莆市监处罚【2021】12号", 280, "法院.xlsx")
    assert outcomes(other) == {2: "updated"}
    assert [(one.code, one.facts["source"]) for one in other.lines] == [
        ("row_record_of_other_source", "市监局")
    ]
    (record,) = rows_of(world, EarlierRecord)
    assert (record.reference_no, record.quantity) == ("莆市监处罚〔2021〕12号", 280)


MONTHS = ["店铺ID", "店铺名称", "统一社会信用代码", "月份", "在售商品数", "抽查商品数"]
FOUND = ["侵权商品数", "其中主动发现", "其中投诉"]


def months(*rows):
    return xlsx([[*MONTHS, *FOUND], *rows])


def test_store_months_bring_stores_exposure_and_findings_in_revisions(take, world):
    take("factories", firms(firm()))
    first = months(
        ["TB1", "青禾店", ONE, "2024-02", 200, 50, 3, 1, 2],
        ["TB1", "青禾店", ONE, "2024-01", 100, None, 0, 0, 0],
    )
    result = take("exposure", first, "平台_月报.xlsx")
    assert outcomes(result) == {2: "inserted", 3: "inserted"}
    kinds = Counter((e.month, e.kind.value, e.quantity) for e in rows_of(world, Exposure))
    # 2024-01 is 2024 * 12 + 0; the blank cell is a gap and no row.
    assert kinds == {
        (24288, "listed", 100): 1,
        (24289, "listed", 200): 1,
        (24289, "checked", 50): 1,
    }
    found = {f.origin.value: f.listings for f in rows_of(world, Finding)}
    assert found == {"proactive_model": 1, "right_holder": 2}
    assert outcomes(take("exposure", first, "平台_月报.xlsx")) == {
        2: "unchanged",
        3: "unchanged",
    }
    revised = take(
        "exposure",
        months(["TB1", "青禾店", ONE, "2024-02", 210, 50, 3, 1, 2]),
        "平台_月报.xlsx",
    )
    assert outcomes(revised) == {2: "updated"}
    revisions = [
        (e.quantity, e.revision, e.current)
        for e in rows_of(world, Exposure)
        if e.month == 24289 and e.kind.value == "listed"
    ]
    assert sorted(revisions) == [(200, 1, False), (210, 2, True)]


def test_a_new_store_waits_for_an_officer_unless_he_confirms_it(take, world):
    take("factories", firms(firm()))
    content = months(
        ["TB1", "青禾店", ONE, "2024-03", 10, 1, 0, 0, 0],
        ["TB1", "青禾店", ONE, "2024-01", 10, 1, 0, 0, 0],
    )
    take("exposure", content)
    (holding,) = rows_of(world, StoreHolding)
    assert holding.status is HoldingStatus.DECLARED
    assert str(holding.from_on) == "2024-01-01"  # the first month the file tells of
    take(
        "exposure",
        months(["TB2", "二店", ONE, "2024-03", 10, 1, 0, 0, 0]),
        confirms_stores=True,
    )
    assert {h.status for h in rows_of(world, StoreHolding)} == {
        HoldingStatus.DECLARED,
        HoldingStatus.CONFIRMED,
    }


def test_a_month_under_another_firms_code_is_refused_and_asks(take, world):
    take("factories", firms(firm(), firm("（虚构）莆田市二号鞋厂", TWO)))
    take("exposure", months(["TB1", "青禾店", ONE, "2024-01", 10, 1, 0, 0, 0]))
    result = take("exposure", months(["TB1", "青禾店", TWO, "2024-02", 10, 1, 0, 0, 0]))
    assert [line.code for line in result.lines] == ["row_store_of_other"]
    assert len(rows_of(world, Exposure)) == 2  # January's two kinds, nothing of February


def test_findings_without_an_origin_are_counted_and_said(take, world):
    take("factories", firms(firm()))
    content = xlsx([[*MONTHS, "侵权商品数"], ["TB1", "青禾店", ONE, "2024-02", 200, 50, 3]])
    result = take("exposure", content)
    assert [(x.outcome, x.code) for x in result.lines] == [
        (Outcome.INSERTED, "row_origin_unsaid")
    ]
    assert [f.listings for f in rows_of(world, Finding)] == [3]


def test_a_list_of_stores_names_the_platform_a_monthly_file_left_open(take, world):
    take("factories", firms(firm()))
    take("exposure", months(["TB1", "青禾店", ONE, "2024-01", 10, 1, 0, 0, 0]))
    stores = xlsx(
        [
            ["平台", "店铺ID", "店铺名称", "统一社会信用代码", "开店日期"],
            ["示例平台", "TB1", "青禾旗舰店", ONE, "2023-05-01"],
            ["示例平台", "TB9", "青禾分店", ONE, "2024-05-01"],
            ["示例平台", "TB8", "别家店", TWO, "2024-05-01"],
        ]
    )
    result = take("stores", stores)
    assert outcomes(result) == {2: "updated", 3: "inserted", 4: "rejected"}
    kept = {(s.platform, s.store_no, s.name) for s in rows_of(world, Store)}
    assert kept == {("示例平台", "TB1", "青禾旗舰店"), ("示例平台", "TB9", "青禾分店")}
    assert outcomes(take("stores", stores)) == {2: "unchanged", 3: "unchanged", 4: "rejected"}


def test_products_come_in_as_drafts_with_their_listing_and_nothing_is_verified(take, world):
    take("factories", firms(firm()))
    take("exposure", months(["TB1", "青禾店", ONE, "2024-01", 10, 1, 0, 0, 0]))
    heading = ["品牌", "产品名称", "货号", "类目", "零售价", "统一社会信用代码", "店铺ID"]
    category = world.rulebook.product.categories[0].name_zh
    line = ["青禾（虚构）", "晨跑一号", "QH-1", category, 299, ONE, "TB1"]
    content = xlsx(
        [
            [*heading, "商品ID", "商品链接", "库存"],
            [*line, "600000000001", "https://shop.example/1", 80],
            ["青禾（虚构）", "错类目", "QH-2", "没有的类目", 199, ONE, "TB1", None, None, None],
        ]
    )
    result = take("products", content, "产品清单.xlsx")
    assert outcomes(result) == {2: "inserted", 3: "rejected"}
    assert result.lines[1].code == "row_category_unknown"
    (product,) = rows_of(world, Product)
    assert (product.price_fen, product.status) == (29_900, Moderation.DRAFT)
    assert [b.name_zh for b in rows_of(world, Brand)] == ["青禾（虚构）"]
    assert [x.item_no for x in rows_of(world, Listing)] == ["600000000001"]
    cheaper = xlsx([[*heading], [*line[:4], 259, *line[5:]]])
    assert outcomes(take("products", cheaper)) == {2: "updated"}
    assert outcomes(take("products", cheaper)) == {2: "unchanged"}


def test_columns_chosen_once_are_proposed_for_the_same_source_again(take):
    content = xlsx(
        [["企业名称", "统一社会信用代码", "甲", "地址"], [*firm()[:2], "660", "莆田市荔城区"]]
    )
    chosen = take("factories", content, overrides={"staff": "甲"})
    assert chosen.reading.rows[0].values["staff"] == 660
    again = take("factories", content, "工信局_名单2025.xlsx")
    assert again.reading.rows[0].values["staff"] == 660
    elsewhere = take("factories", content, "别的来源.xlsx")
    assert "staff" not in elsewhere.reading.rows[0].values


def test_a_similar_firm_is_pointed_out_and_not_merged(take, world):
    take("factories", firms(firm("（虚构）莆田市白塘步鞋服有限公司", ONE)))
    result = take(
        "factories", firms(firm("（虚构）莆田市白塘步鞋服公司", None, "莆田市涵江区丁路4号"))
    )
    assert [(x.row, x.same_code) for x in result.likely] == [(2, False)]
    assert len(rows_of(world, Factory)) == 2


def test_who_may_not_import_is_refused_before_anything_is_read(take, world):
    with pytest.raises(NotAllowed):
        take("factories", b"no table at all", actor=world.marketer)


def test_an_officer_of_one_district_cannot_bring_in_another_one(take, world):
    from dataclasses import replace

    local = replace(world.officer, limits=frozenset({("putian-footwear", "350304")}))
    result = take(
        "factories",
        firms(firm(), firm("（虚构）涵江鞋厂", uscc(5, "350303"), "莆田市涵江区乙路2号")),
        actor=local,
    )
    assert outcomes(result) == {2: "inserted", 3: "rejected"}


def test_every_row_that_went_in_is_in_the_trail(take, world, tmp_path):
    take("factories", firms(firm(), firm("（虚构）莆田市二号鞋厂", TWO)))
    assert audit.verify(world.app.store, tmp_path / "none.jsonl").is_intact
    kept = world.see(audit.list_entries)
    assert Counter(e.action for e in kept) == {
        "registry.begin_import": 1,
        "registry.record_factory": 2,
        "registry.keep_import_rows": 1,
        "registry.finish_import": 1,
    }


@pytest.mark.parametrize(
    ("filename", "source"),
    [
        ("1_工信局_鞋企名单.xlsx", "工信局_鞋企名单"),
        ("2_市监局_处罚台账2024年3月.xlsx", "市监局_处罚台账"),
        ("20240331.csv", "20240331"),
    ],
)
def test_the_source_is_who_sent_it_and_not_which_sending(filename, source):
    assert source_of(filename) == source


@pytest.mark.skipif(not SHARED.exists(), reason="the shared files are not here")
def test_three_departments_files_go_in_as_they_are(take, world):
    folder = SHARED / "import"
    with (folder / "truth_1.csv").open(encoding="utf-8") as file:
        truth = {int(r["row"]): r["outcome"].split(":")[0] for r in csv.DictReader(file)}
    first = take("factories", (folder / "1_工信局_鞋企名单.xlsx").read_bytes())
    assert outcomes(first) == truth
    second = take("earlier-records", (folder / "2_市监局_处罚台账.xlsx").read_bytes(), "2.xlsx")
    third = take("exposure", (folder / "3_平台_店铺月报.csv").read_bytes(), "3.csv")
    for result in (second, third):
        assert result.counts["inserted"] > 0
        for line in result.lines:
            assert line.outcome is not Outcome.REJECTED or line.code
    records, exposure = len(rows_of(world, EarlierRecord)), len(rows_of(world, Exposure))
    assert records == second.counts["inserted"]
    take("earlier-records", (folder / "2_市监局_处罚台账.xlsx").read_bytes(), "2.xlsx")
    take("exposure", (folder / "3_平台_店铺月报.csv").read_bytes(), "3.csv")
    assert (len(rows_of(world, EarlierRecord)), len(rows_of(world, Exposure))) == (
        records,
        exposure,
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the shared files are not here")
def test_a_foreign_list_ends_in_honest_refusals(take, world):
    result = take("factories", (SHARED / "facility_list_messy.csv").read_bytes(), "list.csv")
    assert set(outcomes(result).values()) == {"rejected"}
    assert all(line.code.startswith("row_outside") for line in result.lines)
    assert rows_of(world, Factory) == []
