"""The lists of the data quality page are taken out as they stand, recorded, and only by who may."""

from __future__ import annotations

import pytest

from marketplace.base.audit import list_entries
from marketplace.base.clock import month_label
from marketplace.base.errors import NotAllowed
from marketplace.base.sheets import read_book
from marketplace.base.words import label
from marketplace.faces.ui.quality.taking import ALL, LISTS, file_of
from marketplace.faces.ui.session import Here
from marketplace.features.compliance.kinds import QualityKind
from tests.features.compliance.test_quality import report
from tests.features.conftest import world
from tests.features.watched import this_month, watch_firm

__all__ = ["world"]


def page_of(world, actor=None, lang="zh"):
    return Here(app=world.app, actor=actor or world.officer, lang=lang, rulebook=world.rulebook)


def rows_of(content: bytes, sheet: int = 0) -> list[list[object]]:
    return [list(row) for row in read_book(content, "x").sheets[sheet].rows]


@pytest.fixture
def gaps(world) -> int:
    """One firm without reports of two months, and with two numbers for a third; return this month."""
    now = this_month(world)
    watch_firm(world, 1, enrolled_on=None, months={now - k: (100, ()) for k in (6, 5, 2, 1)})
    report(world, 1, now - 2, 90, "=市场局")
    return now


def test_missing_months_are_a_file_with_first_and_last_month_and_the_number_between(
    world, gaps
):
    rows = rows_of(file_of(page_of(world), QualityKind.MISSING.value, "csv"))
    assert rows[0][:5] == ["鞋企", "店铺", "起始月", "截止月", "月数"]
    assert rows[1][1:5] == ["守望店1", month_label(gaps - 4), month_label(gaps - 3), "2"]
    stamp = rows[2][0]
    assert stamp.startswith("缺报")
    assert "EX-" in stamp
    (entry,) = world.see(lambda s: list_entries(s, action="exchange.record_export"))
    assert entry.facts["kind"] == "data_quality"
    assert entry.facts["wanted"] == {"form": "csv", "list": "missing"}
    assert entry.facts["rows"] == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_has_every_list_of_the_page_as_a_sheet_of_its_own(world, gaps, lang):
    content = file_of(page_of(world, lang=lang), ALL, "xlsx")
    book = read_book(content, "x")
    assert len(book.sheets) == len(LISTS) == len(QualityKind) + 1
    for kind, sheet in zip(QualityKind, book.sheets, strict=False):
        assert label(kind, lang).startswith(sheet.name)
        told = [str(cell) for row in sheet.rows for cell in row if cell is not None]
        assert any("EX-" in text for text in told), kind
    by_name = dict(zip(LISTS, book.sheets, strict=True))
    disagreeing = [list(row) for row in by_name["disagreeing"].rows]
    line = next(row for row in disagreeing if row[1] == "守望店1")
    # Numbers are numbers, and a source that looks like a formula is text.
    assert line[2:8] == [
        month_label(gaps - 2), month_label(gaps - 2), 100, line[5], 90, "=市场局",
    ]  # fmt: skip


def test_each_list_has_both_kinds_of_file_also_when_it_is_empty(world):
    for name in LISTS:
        assert rows_of(file_of(page_of(world), name, "csv"))[0][0] == "鞋企"
        assert file_of(page_of(world), name, "xlsx")[:2] == b"PK"


def test_who_may_not_see_the_lists_takes_none_of_them(world, gaps):
    for actor in (world.owner(1), world.marketer):
        for name in ("missing", "fields", ALL):
            with pytest.raises(NotAllowed):
                file_of(page_of(world, actor), name, "xlsx")
    for actor in (world.reviewer, world.auditor):
        assert file_of(page_of(world, actor), ALL, "xlsx")
