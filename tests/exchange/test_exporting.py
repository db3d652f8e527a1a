"""What goes out can come in again, says who took it, and gives away nobody."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlmodel import select

from marketplace.base import audit
from marketplace.base.errors import NotAllowed
from marketplace.base.sheets import read_book
from marketplace.exchange.exporting import (
    ExportFilter,
    FileForm,
    export_table,
    record_export,
    write_export,
)
from marketplace.exchange.importing import ImportRequest, run_import
from marketplace.exchange.kinds import ImportKind
from marketplace.features.catalog.tables import Product
from marketplace.features.complaints.tables import Complaint
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import StoreHolding
from tests.exchange.builders import uscc, xlsx
from tests.features.once import built_once

ONE, TWO = uscc(1), uscc(2, "350303")


def imported(world, kind, content, filename="工信局.xlsx"):
    return run_import(
        world.app.store,
        world.rulebook,
        ImportRequest(ImportKind(kind), content, filename),
        clock=world.clock,
        actor=world.officer,
    )


@pytest.fixture
@built_once
def filled(world):
    """Two firms, a past, a store with months, a product."""
    heading = [
        "企业名称",
        "统一社会信用代码",
        "地址",
        "电话",
        "法定代表人",
        "年产能（双）",
        "规上",
    ]
    one = ["（虚构）青禾鞋业", ONE, "莆田市荔城区甲路1号", "13100000001", "张某", 123456, "是"]
    two = ["=1+1（虚构）涵江鞋厂", TWO, "莆田市涵江区乙路2号", None, None, None, "否"]
    imported(world, "factories", xlsx([heading, one, two]))
    past = ["统一社会信用代码", "决定书文号", "处罚日期", "涉案数量（双）", "货值金额（万元）"]
    rows = [
        [ONE, "莆监〔2017〕9号", "2017-04", 1200, 18.5],
        [TWO, "莆监〔2018〕1号", "2018-02-03", 8, 1],
    ]
    imported(world, "earlier-records", xlsx([past, *rows]))
    months = ["店铺ID", "店铺名称", "统一社会信用代码", "月份", "在售商品数", "抽查商品数"]
    found = ["侵权商品数", "其中主动发现", "其中投诉"]
    store = ["TB1", "青禾店", ONE, "2024-02", 200, None, 3, 1, 2]
    imported(world, "exposure", xlsx([[*months, *found], store]))
    product = [
        "品牌",
        "产品名称",
        "货号",
        "零售价",
        "统一社会信用代码",
        "店铺ID",
        "商品ID",
        "商品链接",
        "库存",
    ]
    item = [
        "青禾",
        "晨跑一号",
        "QH-1",
        299.5,
        ONE,
        "TB1",
        "60001",
        "https://shop.example/1",
        80,
    ]
    imported(world, "products", xlsx([product, item]))
    complaint = ["投诉编号", "投诉时间", "来源", "店铺编号", "商品ID", "内容"]
    said = [
        "12315-1",
        "2026-11-20",
        "消费者",
        "TB1",
        "60001",
        "收到的鞋（左脚），与页面图片不一致",
    ]
    imported(world, "complaints", xlsx([complaint, said]))
    return world


def exported(world, kind, form=FileForm.XLSX, *, actor=None, lang="zh", **wanted):
    actor = actor or world.officer
    table = world.see(
        lambda s: export_table(
            s, actor, world.rulebook, kind=ImportKind(kind), wanted=ExportFilter(**wanted)
        )
    )
    stamp = world.do(
        lambda s: record_export(
            s,
            clock=world.clock,
            actor=actor,
            program=world.rulebook.program.key,
            kind=kind,
            rows=len(table.rows),
        )
    )
    return table, stamp, write_export(table, stamp, form, lang)


@pytest.mark.parametrize("form", list(FileForm))
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", [k.value for k in ImportKind])
def test_what_was_exported_comes_in_again_and_changes_nothing(filled, kind, form, lang):
    table, _, content = exported(filled, kind, form, lang=lang)
    again = imported(filled, kind, content, f"工信局.{form.value}")
    assert len(table.rows) == {"factories": 2, "earlier-records": 2}.get(kind, 1)
    assert [line.outcome.value for line in again.lines] == ["unchanged"] * len(table.rows)


def test_an_export_says_as_of_when_by_whom_and_under_which_number(filled):
    _, stamp, content = exported(filled, "factories")
    told = [str(c) for row in read_book(content, "x").sheets[0].rows for c in row if c]
    line = next(text for text in told if stamp.number in text)
    assert "officer" in line
    (kept,) = filled.see(lambda s: audit.list_entries(s, subject=f"export:{stamp.number}"))
    assert (kept.action, kept.facts["kind"], kept.facts["rows"]) == (
        "exchange.record_export",
        "factories",
        2,
    )


def test_no_phone_and_no_name_of_a_person_leaves_the_house(filled):
    for kind in ImportKind:
        _, _, content = exported(filled, kind.value, FileForm.CSV)
        assert "13100000001" not in content.decode("utf-8-sig")
        assert "张某" not in content.decode("utf-8-sig")


def test_a_name_that_looks_like_a_formula_runs_nothing(filled):
    _, _, content = exported(filled, "factories")
    with ZipFile(BytesIO(content)) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        assert sheets
        assert all(b"<f>" not in parts.read(name) for name in sheets)
    cells = [str(c) for row in read_book(content, "x").sheets[0].rows for c in row]
    assert any(cell.endswith("=1+1（虚构）涵江鞋厂") for cell in cells)


def test_an_officer_takes_out_his_districts_and_a_filter_narrows(filled):
    local = replace(filled.officer, limits=frozenset({("putian-footwear", "350304")}))
    for kind in ("factories", "earlier-records"):
        assert len(exported(filled, kind, actor=local)[0].rows) == 1
        assert len(exported(filled, kind, districts=("350303",))[0].rows) == 1
    assert exported(filled, "factories", actor=local, districts=("350303",))[0].rows == ()


@pytest.mark.parametrize(
    "kind", ["factories", "earlier-records", "exposure", "stores", "complaints"]
)
def test_a_marketer_takes_nothing_out_but_products(filled, kind):
    assert len(exported(filled, "products", actor=filled.marketer)[0].rows) == 1
    with pytest.raises(NotAllowed):
        exported(filled, kind, actor=filled.marketer)


def test_an_owner_takes_nothing_out_here(filled):
    for kind in ImportKind:
        with pytest.raises(NotAllowed):
            exported(filled, kind.value, actor=filled.owner(1))


def test_a_complaint_comes_in_again_as_one_whatever_marks_it_is_written_with(filled):
    """The page keeps 全角 commas, brackets and lines; half-width ones of a file are the same."""
    heading = ["投诉编号", "投诉时间", "来源", "店铺编号", "商品ID", "内容"]
    first = [
        "",
        "2026-11-20",
        "消费者",
        "TB1",
        "60002",
        "鞋标（左脚）与页面不同，\n怀疑不是正品",
    ]
    imported(filled, "complaints", xlsx([heading, first]))
    texts = filled.see(lambda s: list(s.execute(select(Complaint.text)).scalars()))
    (kept,) = (text for text in texts if "鞋标" in text)
    assert kept == first[-1]
    plain = [*first[:-1], "鞋标(左脚)与页面不同, 怀疑不是正品"]
    again = imported(filled, "complaints", xlsx([heading, plain]))
    assert [line.outcome.value for line in again.lines] == ["unchanged"]


def test_a_store_that_changed_hands_goes_out_and_comes_in_with_both_firms(filled):
    """Into the installation it came from, where nothing changes, and into lists of others."""
    heading = ["平台", "店铺ID", "店铺名称", "统一社会信用代码", "开店日期"]
    first = ["淘宝", "TB9", "老店", ONE, "2024-01-01"]
    content = xlsx([heading, first, [*first[:3], TWO, "2025-06-15"]])
    request = ImportRequest(ImportKind.STORES, content, "名单.xlsx", confirms_stores=True)
    run_import(
        filled.app.store, filled.rulebook, request, clock=filled.clock, actor=filled.officer
    )
    holdings = filled.see(
        lambda s: s.execute(
            select(StoreHolding.from_on, StoreHolding.until_on)
            .where(StoreHolding.status == HoldingStatus.CONFIRMED)
            .order_by(StoreHolding.id)
        ).all()
    )
    assert [(str(a), str(b)) for a, b in holdings] == [
        ("2024-01-01", "2025-06-15"),
        ("2025-06-15", "None"),
    ]
    _, _, out = exported(filled, "stores")
    again = imported(filled, "stores", out)
    assert {line.outcome.value for line in again.lines} == {"unchanged"}


def test_a_product_of_two_listings_keeps_its_price_however_often_the_file_comes(filled):
    heading = [
        "品牌", "产品名称", "货号", "零售价", "统一社会信用代码", "店铺ID", "商品ID", "商品链接",
        "库存",
    ]  # fmt: skip
    rows = [
        ["青禾", "晚归一号", "QH-9", price, ONE, "TB1", item, f"https://shop.example/{item}", 8]
        for item, price in (("70001", 299), ("70002", 199))
    ]
    first = imported(filled, "products", xlsx([heading, *rows]))
    assert [line.outcome.value for line in first.lines] == ["inserted", "updated"]
    again = imported(filled, "products", xlsx([heading, *rows]))
    assert [line.outcome.value for line in again.lines] == ["unchanged"] * 2
    prices = filled.see(
        lambda s: s.execute(select(Product.price_fen).where(Product.model_no == "QH-9")).all()
    )
    assert prices == [(29_900,)]


def test_a_record_of_half_a_year_comes_in_again_as_the_same_record(filled):
    content = xlsx(
        [
            ["2017年上半年查处情况表（虚构）", None, None],
            ["统一社会信用代码", "案由", "涉案数量（双）"],
            [ONE, "销售假冒商品", 12],
            [TWO, "销售假冒商品", 13],
        ]
    )
    imported(filled, "earlier-records", content)
    table, _, out = exported(filled, "earlier-records")
    days = [row[3] for row in table.rows]
    assert days == ["2017-04", "2018-02-03", "2017-01 ~ 2017-06", "2017-01 ~ 2017-06"]
    again = imported(filled, "earlier-records", out)
    assert [line.outcome.value for line in again.lines] == ["unchanged"] * 4
