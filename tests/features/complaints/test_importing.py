"""A file of complaints: every row told, the same file twice taken once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from marketplace.base.errors import Invalid, NotAllowed
from marketplace.features.complaints.rules.rows import parse_complaint_rows
from marketplace.features.enforcement.kinds import Origin

HEAD = ("店铺编号", "商品", "来源", "内容", "品牌", "收到日期", "来源编号")


def test_rows_keep_their_numbers_and_days_are_read_as_written_or_typed():
    rows = [
        HEAD,
        ("T1", 600001.0, "消费者", "鞋标与页面不同", "", "2026/11/20", "A-1"),
        (),
        (
            "T1",
            "600002",
            "邻居",
            "鞋标与页面不同",
            "云桥",
            datetime(2026, 11, 21, 8, tzinfo=UTC),
            "",
        ),
        ("T1", "600003", "检查", "鞋标与页面不同", "", "上周", ""),
    ]
    first, second, third = parse_complaint_rows(rows)
    assert (first.row, first.item, first.received_on) == (2, "600001", date(2026, 11, 20))
    assert (second.row, second.origin, second.received_on) == (4, None, date(2026, 11, 21))
    assert (third.origin, third.is_day_readable) == (Origin.INSPECTION, False)


def rows_of(intake):
    store = f"T{intake.firm.number}"
    return parse_complaint_rows(
        [
            HEAD,
            (store, "600001", "消费者", "鞋标与页面不同", "", "2026-11-20", "A-1"),
            (store, "600001", "检查", "巡查时看到同款", "", "2026-11-21", "A-2"),
            ("没有这家", "600001", "消费者", "鞋标与页面不同", "", "", "A-3"),
            (store, "600002", "邻居", "鞋标与页面不同", "", "", "A-4"),
            (store, "", "消费者", "假", "", "", "A-5"),
            (store, "600003", "消费者", "鞋标与页面不同", "", "上周", "A-6"),
        ]
    )


def test_each_row_has_its_outcome_and_the_same_file_again_changes_nothing(intake):
    found = intake.do("import_complaints", lines=rows_of(intake))
    assert [(r.row, r.outcome, r.code) for r in found] == [
        (2, "inserted", ""),
        (3, "joined", ""),
        (4, "rejected", "row_store_not_found"),
        (5, "rejected", "row_origin_unknown"),
        (6, "rejected", "field_missing"),
        (7, "rejected", "row_received_unreadable"),
    ]
    [line] = intake.cases().lines
    # Received Friday 20 November + 5 working days = Friday 27 November.
    assert (line.complaints, line.due_on) == (2, date(2026, 11, 27))
    again = intake.do("import_complaints", lines=rows_of(intake))
    assert [r.outcome for r in again[:2]] == ["unchanged", "unchanged"]
    assert intake.cases().lines[0].complaints == 2


def test_only_an_officer_imports_and_an_empty_file_is_refused(intake):
    with pytest.raises(NotAllowed):
        intake.do("import_complaints", intake.holder, lines=rows_of(intake))
    with pytest.raises(Invalid):
        intake.do("import_complaints", lines=[])
