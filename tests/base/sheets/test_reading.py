from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from marketplace.base.errors import Refused
from marketplace.base.sheets import (
    MAX_BYTES,
    ColumnSpec,
    Merged,
    TableSheet,
    column_letter,
    read_book,
    read_book_guarded,
    write_xlsx,
)
from marketplace.base.sheets.hidden import _hidden

TABLE = "企业名称,代码\r\n莆田市青榕鞋厂,007\r\n"


def workbook(fill, **options) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, options)
    fill(book, book.add_worksheet("名单"))
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8"),
        (TABLE.encode("gb18030"), "gb18030"),
        (TABLE.encode("utf-16"), "utf-16"),
        (TABLE.encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_a_csv_is_read_in_every_encoding_and_leading_zeros_survive(content, encoding):
    book = read_book(content, "a.csv")
    assert book.encoding == encoding
    assert book.sheets[0].rows == (("企业名称", "代码"), ("莆田市青榕鞋厂", "007"))


@pytest.mark.parametrize("encoding", ["big5", "shift_jis"])
def test_an_encoding_that_would_change_names_is_refused(encoding):
    text = "企業名稱,統一編號\n" * 5 if encoding == "big5" else "会社名,カタカナ\n" * 5
    with pytest.raises(Refused) as refused:
        read_book(text.encode(encoding), "a.csv")
    assert refused.value.code == "sheet_encoding_unknown"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_separator_is_found(delimiter):
    lines = [["名称", "产能", "地址"], ["甲厂", "1", "x"], ["乙厂", "2", "y"]]
    text = "\n".join(delimiter.join(line) for line in lines)
    book = read_book(text.encode(), "a.txt")
    assert book.delimiter == delimiter
    assert book.sheets[0].rows[2] == ("乙厂", "2", "y")


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
def test_the_line_that_names_the_separator_is_followed_and_is_no_row(line):
    # Excel shows none of it: what stands below it is row 1, and a blank line is a row.
    content = f"\ufeff{line}\r\n名称;产能\r\n\r\n甲,乙;1,5\r\n"
    rows = read_book(content.encode(), "名单").sheets[0].rows
    assert rows == (("名称", "产能"), (), ("甲,乙", "1,5"))


def test_a_row_is_named_as_the_spreadsheet_numbers_it_below_such_a_line():
    with pytest.raises(Refused) as caught:
        read_book('sep=;\n名称;代码\n"甲"x;1\n'.encode(), "名单")
    assert caught.value.facts["row"] == 2


def test_a_quoted_line_break_does_not_shift_row_numbers_and_blank_lines_count():
    book = read_book(b'a,b\n"x\ny",1\n\nz,2\n', "a.csv")
    assert book.sheets[0].rows == (("a", "b"), ("x\ny", "1"), (), ("z", "2"))


def test_ragged_rows_keep_their_own_length():
    book = read_book(b"a,b,c\n1,2\n1,2,3,4\n", "a.csv")
    assert [len(row) for row in book.sheets[0].rows] == [3, 2, 4]


@pytest.mark.parametrize("date_1904", [False, True])
def test_only_date_cells_are_dates_in_both_date_systems(date_1904):
    def fill(book, page):
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        page.write_datetime(1, 0, date(2014, 5, 10), form)
        page.write_string(1, 1, "2014-05-10")
        page.write_number(1, 2, 41769)
        page.write_number(1, 3, 13106792470.0)
        page.write_boolean(1, 4, True)

    sheet = read_book(workbook(fill, date_1904=date_1904), "a.xlsx").sheets[0]
    row = sheet.rows[1]
    assert row == (date(2014, 5, 10), "2014-05-10", 41769, 13106792470, True)
    assert isinstance(row[3], int)
    assert sheet.rows[0] == (None,) * 5  # the blank first row keeps its number


def test_merged_areas_are_told_and_hidden_sheets_are_left_out():
    def fill(book, page):
        page.merge_range(0, 0, 0, 3, "名单")
        page.write(1, 0, "x")
        book.add_worksheet("secret").hide()

    book = read_book(workbook(fill), "a.xlsx")
    assert [sheet.name for sheet in book.sheets] == ["名单"]
    assert book.sheets[0].merged == (Merged(0, 0, 0, 3),)


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<x/>")
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(301):
                part.write(b" " * 1024 * 1024)
    return buffer.getvalue()


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(name, b"x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_empty"),
        (b"\xef\xbb\xbf \r\n", "sheet_empty"),
        (b"a" * (MAX_BYTES + 1), "sheet_too_large"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "sheet_old_xls"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "sheet_encrypted",
        ),
        (b"%PDF-1.7\n", "sheet_other_kind"),
        (b"<html><table><tr><td>1</td></tr></table>", "sheet_other_kind"),
        (b"\x01\x02\x03\x04" * 50, "sheet_other_kind"),
        (zipped("word/document.xml"), "sheet_other_kind"),
        (zipped("xl/workbook.xml"), "sheet_broken"),
        (b"PK\x03\x04garbage", "sheet_broken"),
        (b"a,b\n1," + b"x" * 40_000, "sheet_cell_too_long"),
        (b'a,b\n1,"never closed\n', "sheet_broken_row"),
        (b"a,b\n" + b"," * 250, "sheet_too_many_columns"),
        (b"a,b\n" * 200_001, "sheet_too_many_rows"),
    ],
)
def test_an_unfit_file_is_refused_with_its_reason_and_name(content, code):
    with pytest.raises(Refused) as refused:
        read_book(content, "名单.xlsx")
    assert refused.value.code == code
    assert refused.value.facts["file"] == "名单.xlsx"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    content = bomb()
    assert len(content) < 1024 * 1024
    with pytest.raises(Refused) as refused:
        read_book(content, "b.xlsx")
    assert refused.value.code == "sheet_bomb"


def test_the_guarded_reader_gives_the_same_book():
    def fill(book, page):
        page.merge_range(0, 0, 0, 2, "名单")
        page.write_datetime(
            1,
            0,
            datetime.fromisoformat("2014-05-10T03:04:00"),
            book.add_format({"num_format": 22}),
        )
        page.write_row(2, 0, [1.5, "x", True])

    content = workbook(fill)
    assert read_book_guarded(content, "a.xlsx") == read_book(content, "a.xlsx")
    text = TABLE.encode("gb18030")
    assert read_book_guarded(text, "a.csv") == read_book(text, "a.csv")


def test_a_refusal_in_the_child_reaches_the_parent_with_its_facts():
    with pytest.raises(Refused) as refused:
        read_book_guarded(b"a,b\n" + b"," * 250, "宽.csv")
    assert refused.value.code == "sheet_too_many_columns"
    assert refused.value.facts == {"file": "宽.csv", "limit": 200, "row": 2, "count": 251}


def test_a_parser_that_needs_too_much_memory_or_time_is_stopped():
    far = workbook(lambda _book, page: page.write(1_048_575, 150, "x"))
    with pytest.raises(Refused) as refused:
        read_book_guarded(far, "far.xlsx")
    assert refused.value.code in {"sheet_parser_stopped", "sheet_too_many_rows"}
    with pytest.raises(Refused) as starved:
        read_book_guarded(b"aaaa,bbbb\n" * 190_000, "a.csv", memory_bytes=10 * 1024**2)
    assert starved.value.code == "sheet_parser_stopped"


def test_columns_are_named_as_a_spreadsheet_names_them():
    assert [column_letter(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_workbook_we_wrote_is_read_back(tmp_path):
    sheet = TableSheet("表", (ColumnSpec("甲"), ColumnSpec("乙")), [["=1+1", 5], ["x", None]])
    target = tmp_path / "a.xlsx"
    write_xlsx([sheet], target)
    read = read_book(target.read_bytes(), "a.xlsx").sheets[0]
    assert read.rows == (("甲", "乙"), ("=1+1", 5), ("x", None))


def test_rows_that_a_file_hides_are_told():
    def fill(_book, sheet):
        for row in range(6):
            sheet.write(row, 0, f"第{row}行")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.autofilter(0, 0, 5, 0)
        sheet.set_row(4, options={"hidden": True})
        sheet.set_row(9, options={"hidden": True})  # below everything: there is no such row

    content = workbook(fill)
    for book in (read_book(content, "a.xlsx"), read_book_guarded(content, "a.xlsx")):
        assert book.sheets[0].hidden == {2, 4}
        assert len(book.sheets[0].rows) == 6
    shown = workbook(lambda _book, sheet: sheet.write(0, 0, "名称"))
    assert read_book(shown, "a.xlsx").sheets[0].hidden == frozenset()


def test_a_row_without_its_number_follows_the_one_before():
    text = (
        b'<row r="3"/><x:row hidden="true"><c/></x:row><row hidden="0"/><row hidden="1" r="9">'
    )
    assert _hidden(text) == {3, 8}
