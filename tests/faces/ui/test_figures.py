"""A figure's files carry its title, its numbers and who took them."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from marketplace.base.sheets import read_book
from marketplace.base.words import say
from marketplace.exchange.exporting import ExportStamp
from marketplace.faces.ui.figures import file_of
from marketplace.features.compliance.charts import Figure
from marketplace.features.compliance.charts.scene import blank

FIGURE = Figure(
    title="没有明显变化",
    subtitle="",
    key="compliance-program",
    scene=blank("还没有监测数据"),
    alt="",
    reading=(),
    computed=(),
    numeric=frozenset({1, 2, 3}),
    can_say=(),
    cannot_say=(),
    heads=("月份", "家数", "检查", "率"),
    rows=(("2024-01", "12", "1,234", "3.5"), ("2024-02", "12", "—", "=1+1")),
    source="来源：平台月报",
)
STAMP = ExportStamp("EX-20260101-ABCDEF01", datetime(2026, 1, 1, tzinfo=UTC), "林")
PAGE = SimpleNamespace(lang="zh", t=lambda key, **facts: say(key, "zh", **facts))


def rows_of(form: str) -> list[list[object]]:
    content = file_of(FIGURE, form, STAMP, PAGE)
    return [list(row) for row in read_book(content, "x").sheets[0].rows]


def test_the_workbook_has_title_stamp_and_numbers_as_numbers():
    rows = rows_of("xlsx")
    told = [str(cell) for row in rows for cell in row if cell is not None]
    assert "没有明显变化" in told
    assert any("EX-20260101-ABCDEF01" in text and "来源：平台月报" in text for text in told)
    january = next(row for row in rows if row[0] == "2024-01")
    assert january[1:4] == [12, 1234, 3.5]


def test_the_csv_keeps_its_heading_first_and_runs_nothing():
    rows = rows_of("csv")
    assert rows[0][:4] == ["月份", "家数", "检查", "率"]
    raw = file_of(FIGURE, "csv", STAMP, PAGE).decode("utf-8-sig")
    assert "'=1+1" in raw  # a spreadsheet reads it as text


def test_the_picture_is_the_figure_itself():
    assert file_of(FIGURE, "svg", STAMP, PAGE) == FIGURE.svg_file.encode()
