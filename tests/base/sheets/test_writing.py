from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.base.errors import Refused
from marketplace.base.sheets import ColumnSpec, TableSheet, read_book, write_csv, write_xlsx

PAYLOADS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1+1",
    "'=1",
    "''@x",
]


def xlsx(sheet: TableSheet) -> bytes:
    buffer = io.BytesIO()
    write_xlsx([sheet], buffer)
    return buffer.getvalue()


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_payload_does_not_run_in_csv_and_comes_back_intact(payload):
    content = write_csv(["甲"], [[payload]])
    cell = content.decode("utf-8-sig").split("\r\n", 1)[1].lstrip('"')
    assert cell.startswith("'")
    assert read_book(content, "a.csv").sheets[0].rows[1] == (payload,)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_workbook_has_no_formula_cell(payload):
    content = xlsx(TableSheet("t", (ColumnSpec("甲"),), [[payload]]))
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(
            # A byte order mark at the start of a line is taken for that of a file joined on.
            st.characters(
                exclude_categories=("Cs", "Cc"),
                include_characters="\t'=+-@",
                exclude_characters="\ufeff",
            ),
            min_size=1,
        ).filter(lambda t: t.strip()),
        min_size=2,
        max_size=4,
    )
)
def test_any_text_survives_a_csv_round_trip(texts):
    content = write_csv([f"c{i}" for i in range(len(texts))], [texts])
    assert read_book(content, "a.csv").sheets[0].rows[1] == tuple(texts)


def test_numbers_stay_numbers_and_long_ones_become_text():
    sheet = TableSheet("t", (ColumnSpec("a"),), [[-5], [2.5], [350302199001011234]])
    rows = read_book(xlsx(sheet), "a.xlsx").sheets[0].rows
    assert rows == (("a",), (-5,), (2.5,), ("350302199001011234",))
    assert write_csv(["a"], [[-5]]) == b"\xef\xbb\xbfa\r\n-5\r\n"


def test_title_and_stamp_stand_above_a_frozen_filtered_repeated_heading():
    columns = (ColumnSpec("名称"), ColumnSpec("规上", choices=("是", "否")))
    sheet = TableSheet("名单", columns, [["甲厂", "是"]], title="鞋企名单", stamp="截至 …")
    content = xlsx(sheet)
    page = part(content, "xl/worksheets/sheet1.xml")
    assert 'ySplit="3"' in page
    assert '<autoFilter ref="A3:B4"' in page
    assert "<dataValidation " in page
    assert "名单!$3:$3" in part(content, "xl/workbook.xml")


def test_days_are_date_cells_and_blank_means_blank():
    sheet = TableSheet("t", (ColumnSpec("a"), ColumnSpec("b")), [[date(2020, 2, 29), ""]])
    assert read_book(xlsx(sheet), "a.xlsx").sheets[0].rows[1] == (date(2020, 2, 29), None)


def test_the_stamp_of_a_csv_is_its_last_row_and_as_wide_as_the_table():
    content = write_csv(["a", "b"], [["1", "2"]], stamp="注：截至 2026-11-23")
    assert content.decode("utf-8-sig") == "a,b\r\n1,2\r\n注：截至 2026-11-23,\r\n"


def test_sheet_names_are_made_legal_and_different():
    buffer = io.BytesIO()
    one = TableSheet("a/b:c", (ColumnSpec("x"),), [["1"]])
    write_xlsx([one, one], buffer)
    names = [s.name for s in read_book(buffer.getvalue(), "a.xlsx").sheets]
    assert names == ["a b c", "a b c 2"]


def test_a_text_that_no_cell_can_hold_is_refused():
    with pytest.raises(Refused) as refused:
        xlsx(TableSheet("t", (ColumnSpec("a"),), [["x" * 32_768]]))
    assert refused.value.code == "sheet_cell_too_long"
