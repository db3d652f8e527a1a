"""Complaints by file: each row's outcome, its origin, the case it joins, and the way back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from marketplace.base.errors import NotAllowed
from marketplace.exchange.importing import ImportRequest, run_import, undo_import
from marketplace.exchange.importing.saved import list_saved_columns
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.origins import origin_of
from marketplace.features.complaints.commands import assign_case, refuse_complaint
from marketplace.features.complaints.kinds import (
    CaseEvent,
    CaseStatus,
    ComplaintStatus,
    RefusalCode,
)
from marketplace.features.complaints.tables import CaseEntry, Complaint, InfringementCase
from marketplace.features.enforcement.kinds import Origin
from tests.exchange.builders import uscc, xlsx
from tests.features.scene import account

# The heading of a hotline's export; the complainant's name and phone are among its columns.
HEAD = [
    "序号", "投诉编号", "投诉时间", "来源", "投诉人姓名", "联系电话", "店铺名称/店铺编号", "平台",
    "商品ID", "商品链接", "涉及品牌", "内容",
]  # fmt: skip
LINK = "https://shop.example/item?id=60001"
TEXT = "收到的鞋与页面图片不一致"


def row(number="A-1", **more):
    told = {
        "day": "2026-11-20 10:22", "origin": "12315平台", "store": "青禾店", "platform": "淘宝",
        "item": "60001", "link": LINK, "brand": "云桥（虚构）", "text": TEXT,
    } | more  # fmt: skip
    person = ["王某", "13100000009"]
    return [
        1, number, told["day"], told["origin"], *person, told["store"], told["platform"],
        told["item"], told["link"], told["brand"], told["text"],
    ]  # fmt: skip


def complaints(*rows):
    return xlsx([["12315 平台投诉导出"], HEAD, *rows])


@pytest.fixture
def take(world):
    """Run an import as the officer; a firm with one store is registered."""

    def run(content, filename="12315_投诉导出.xlsx", kind="complaints", **options):
        dry_run = options.pop("dry_run", False)
        actor = options.pop("actor", world.officer)
        return run_import(
            world.app.store,
            world.rulebook,
            ImportRequest(ImportKind(kind), content, filename, **options),
            clock=world.clock,
            actor=actor,
            dry_run=dry_run,
        )

    firm = ["（虚构）青禾鞋业", uscc(1), "莆田市荔城区甲路1号"]
    run(xlsx([["企业名称", "统一社会信用代码", "地址"], firm]), "名单.xlsx", "factories")
    store = ["TB1", "淘宝", "青禾店", uscc(1), "2024-01-01"]
    heading = ["店铺ID", "平台", "店铺名称", "统一社会信用代码", "开店日期"]
    run(xlsx([heading, store]), "店铺.xlsx", "stores", confirms_stores=True)
    return run


def undo(world, done):
    return undo_import(
        world.app.store,
        batch_id=done.batch_id,
        clock=world.clock,
        actor=world.officer,
        reason="整批导错了文件",
    )


def told(result):
    return {line.row: (line.outcome.value, line.code) for line in result.lines}


def rows_of(world, table):
    return world.see(lambda s: list(s.execute(select(table).order_by(table.id)).scalars()))


def test_a_hotline_export_is_filed_and_the_same_file_again_changes_nothing(take, world):
    content = complaints(row(), row("A-2", origin="消费者", text="鞋底两周后开胶"))
    tried = take(content, dry_run=True)
    assert told(tried) == {3: ("inserted", ""), 4: ("inserted", "row_joined_case")}
    assert rows_of(world, Complaint) == []
    assert told(take(content)) == told(tried)
    (case,), filed = rows_of(world, InfringementCase), rows_of(world, Complaint)
    assert [c.case_id for c in filed] == [case.id, case.id]
    assert {c.origin for c in filed} == {Origin.CONSUMER}
    # 20 November 2026, Shanghai midnight is 16:00 UTC the day before
    assert filed[0].received_at.isoformat() == "2026-11-19T16:00:00+00:00"
    assert (case.item_no, case.url, filed[0].brand) == ("60001", LINK, "云桥(虚构)")
    assert told(take(content)) == {3: ("unchanged", ""), 4: ("unchanged", "")}
    assert told(take(content, "12315_重命名.xlsx")) == {
        3: ("unchanged", ""),
        4: ("unchanged", ""),
    }
    assert len(rows_of(world, Complaint)) == 2


def test_who_complained_is_not_read(take, world):
    done = take(complaints(row()))
    assert {use.field for use in done.reading.mapping.columns} == {
        "number", "received_on", "origin", "platform", "store_name", "item_id", "url", "brand",
        "text",
    }  # fmt: skip
    assert [text for _, text in done.reading.mapping.unmapped if "投诉人" in text]


def test_a_row_that_cannot_be_filed_says_how_to_mend_it(take, world):
    content = complaints(
        row("B-1", store="没有这家", item="70001", link=""),
        row("B-2", store="", item="70001", link=""),
        row("B-3", item="", link=""),
        row("B-4", origin=""),
        row("B-5", origin="邻居"),
        row("B-6", day="2026-11"),
        row("B-7", day="2026-12-01"),
        row("B-8", text=""),
        row("B-9", text="假的"),
        row("B-10"),
        row("B-10"),
        row("B-10", text="同一编号写了另一件事"),
    )
    done = take(content)
    assert told(done) == {
        3: ("rejected", "row_store_unregistered"),
        4: ("rejected", "row_store_needed"),
        5: ("rejected", "row_item_needed"),
        6: ("rejected", "row_origin_needed"),
        7: ("rejected", "row_origin_word"),
        8: ("rejected", "row_received_day"),
        9: ("rejected", "row_received_later"),
        10: ("rejected", "row_value_missing"),
        11: ("rejected", "text_length"),
        12: ("inserted", ""),
        13: ("duplicate", "row_repeats"),
        14: ("duplicate", "row_repeats_differently"),
    }
    for line in done.lines:
        if line.outcome.value == "rejected":
            assert line.reason("zh")
            assert line.fix("zh")
            assert line.fix("en")


def test_one_number_of_two_sources_is_two_complaints(take, world):
    take(complaints(row()), "12315_投诉导出.xlsx")
    done = take(complaints(row(text="另一个平台上的另一件事")), "平台_投诉导出.xlsx")
    assert told(done) == {3: ("inserted", "row_joined_case")}


def test_a_number_that_now_says_something_else_is_left_as_it_was_filed(take, world):
    take(complaints(row()))
    done = take(complaints(row(text="内容后来被改写了")))
    assert told(done) == {3: ("unchanged", "row_complaint_differs")}
    assert [c.text for c in rows_of(world, Complaint)] == [TEXT]


def test_a_row_without_number_is_known_by_what_it_says_even_when_answered(take, world):
    content = complaints(row(""))
    take(content)

    (filed,) = rows_of(world, Complaint)
    world.do(
        lambda s: refuse_complaint(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.officer,
            complaint_id=filed.id,
            code=RefusalCode.EVIDENCE_THIN,
            reason="只有文字说明，没有实物照片，也没有购买记录，现有材料无法判断这件商品是否侵权",
            next_step="补充实物照片",
        )
    )
    assert told(take(content)) == {3: ("unchanged", "")}


def test_the_origin_of_the_file_counts_where_a_row_tells_none(take, world):
    content = complaints(row("C-1", origin=""), row("C-2", origin="邻居"), row("C-3"))
    done = take(content, origin=Origin.INSPECTION)
    assert {line.row: line.code for line in done.lines if line.column == "origin"} == {
        4: "row_origin_as_chosen"
    }
    assert [c.origin for c in rows_of(world, Complaint)] == [
        Origin.INSPECTION, Origin.INSPECTION, Origin.CONSUMER,
    ]  # fmt: skip


def test_what_a_model_or_an_appraisal_found_opens_a_case_and_is_no_complaint(take, world):
    content = complaints(
        row("D-1", origin="主动识别"),
        row("D-2", origin="抽检鉴定", item="60002", link=""),
    )
    assert told(take(content)) == {3: ("inserted", ""), 4: ("inserted", "")}
    assert rows_of(world, Complaint) == []
    assert [c.origin for c in rows_of(world, InfringementCase)] == [
        Origin.PROACTIVE_MODEL, Origin.APPRAISAL,
    ]  # fmt: skip
    assert told(take(content)) == {3: ("unchanged", ""), 4: ("unchanged", "")}


def test_what_was_found_proactively_keeps_its_number_and_day(take, world):
    take(complaints(row("D-1", origin="主动识别")))
    named = [e.text for e in rows_of(world, CaseEntry) if e.kind is CaseEvent.SOURCE_NAMED]
    assert named == ["12315_投诉导出#D-1 · 2026-11-20"]
    # The same number with other words is the same case, not a second one.
    again = take(complaints(row("D-1", origin="主动识别", text="说法后来改过，仍是同一件")))
    assert told(again) == {3: ("unchanged", "")}
    assert len(rows_of(world, InfringementCase)) == 1


def test_a_store_is_found_by_the_item_it_is_known_to_sell(take, world):
    product = [
        "品牌",
        "产品名称",
        "零售价",
        "统一社会信用代码",
        "店铺ID",
        "商品ID",
        "商品链接",
        "库存",
    ]
    item = ["青禾", "晨跑一号", 299, uscc(1), "TB1", "60001", LINK, 80]
    take(xlsx([product, item]), "产品.xlsx", "products")
    done = take(complaints(row("E-1", store="")))
    assert told(done) == {3: ("inserted", "row_store_by_item")}


def test_columns_chosen_for_a_source_are_proposed_again(take, world):
    head = ["工单号", "来文摘要", "来源", "店铺编号", "商品ID"]
    content = xlsx([head, ["F-1", TEXT, "消费者", "TB1", "60001"]])
    done = take(content, "市局.xlsx", overrides={"text": "来文摘要"})
    assert told(done) == {2: ("inserted", "")}
    assert told(take(content, "市局.xlsx")) == {2: ("unchanged", "")}
    (saved,) = [
        one
        for one in world.see(
            lambda s: list_saved_columns(s, world.officer, program=world.rulebook.program.key)
        )
        if one.kind is ImportKind.COMPLAINTS
    ]
    assert (saved.source, saved.columns["text"]) == ("市局", "来文摘要")


def test_an_undo_withdraws_complaints_and_closes_the_cases_they_opened(take, world):
    content = complaints(
        row(),
        row("A-2", text="第二位买家也这么说"),
        row("A-3", origin="主动识别", item="60002", link=""),
    )
    done = take(content)
    assert {line.outcome.value for line in undo(world, done).lines} == {"taken_back"}
    assert {c.status for c in rows_of(world, Complaint)} == {ComplaintStatus.WITHDRAWN}
    assert {c.status for c in rows_of(world, InfringementCase)} == {CaseStatus.NOT_FOUND}
    assert told(take(content)) == {
        3: ("inserted", ""), 4: ("inserted", "row_joined_case"), 5: ("inserted", ""),
    }  # fmt: skip


def test_an_undo_leaves_what_somebody_has_worked_on(take, world):
    done = take(complaints(row(), row("A-2", item="60002", link="")))
    first, _ = rows_of(world, InfringementCase)
    colleague = account(world, replace(world.officer, login="colleague"))
    world.do(
        lambda s: assign_case(
            s, clock=world.clock, actor=world.officer, case_id=first.id,
            officer_id=colleague.account_id,
        )
    )  # fmt: skip
    assert {line.row: (line.outcome.value, line.code) for line in undo(world, done).lines} == {
        3: ("partly", "undo_changed"),
        4: ("taken_back", ""),
    }


def test_a_case_others_complain_in_stays_open_when_the_import_is_taken_back(take, world):
    done = take(complaints(row()))
    take(complaints(row("P-1", text="平台另一位买家的投诉")), "平台.xlsx")
    assert {line.row: (line.outcome.value, line.code) for line in undo(world, done).lines} == {
        3: ("partly", "undo_has_complaints")
    }
    (case,) = rows_of(world, InfringementCase)
    assert case.status is CaseStatus.OPEN


def test_only_the_office_files_complaints_by_file(take, world):
    with pytest.raises(NotAllowed):
        take(complaints(row()), actor=world.marketer)


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("全国12315平台", Origin.CONSUMER),
        ("权利人投诉", Origin.RIGHT_HOLDER),
        ("市场监管巡查", Origin.INSPECTION),
        ("Right holder", Origin.RIGHT_HOLDER),
        ("proactive_model", Origin.PROACTIVE_MODEL),
        ("鉴定机构", Origin.APPRAISAL),
        ("12315转来、检查确认", None),
        ("邻居", None),
        ("", None),
    ],
)
def test_a_word_of_two_origins_or_of_none_is_no_origin(written, origin):
    assert origin_of(written) is origin
