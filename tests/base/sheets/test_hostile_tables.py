"""Tables that lie or grow: what is read of them, and what stops them; see test_hostile_series."""

from __future__ import annotations

import pytest

from marketplace.base.errors import Refused
from marketplace.base.sheets import read_book_guarded
from tests.hostile import repacked, sheet_xml, strings_xml, workbook

CELL = b'<row r="1"><c r="A1"><v>1</v></c></row>'


def refusal(content: bytes, name: str, **limits: int) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refused) as refused:
        read_book_guarded(content, name, **limits)
    facts = dict(refused.value.facts)
    assert facts.pop("file") == name
    return refused.value.code, facts


def test_a_lying_dimension_and_macros_change_nothing():
    wide = workbook(sheet=sheet_xml(CELL, dimension=b"A1:XFD1048576"))
    assert read_book_guarded(wide, "a.xlsx").sheets[0].rows == ((1,),)
    with_macros = repacked(workbook(), {"xl/vbaProject.bin": b"Shell"})
    assert read_book_guarded(with_macros, "a.xlsm").sheets[0].rows == (("企业名称",),)


def test_a_text_repeated_until_it_fills_the_memory_is_stopped():
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 20_000)
    )
    # 20,000 cells of 32,000 characters are 640 MB, out of a file of 60 kB.
    text = strings_xml(b"<si><t>" + b"x" * 32_000 + b"</t></si>")
    content = workbook(strings=text, sheet=sheet_xml(rows))
    assert len(content) < 200_000
    code, _ = refusal(content, "a.xlsx", memory_bytes=400 * 1024**2)
    assert code == "sheet_parser_stopped"


def test_a_table_that_takes_too_long_is_stopped():
    many = b"1,2,3,4,5,6,7,8,9\n" * 190_000
    assert refusal(many, "a.csv", timeout_seconds=0)[0] == "sheet_parser_stopped"


def test_stray_zero_bytes_do_not_make_a_table_of_another_encoding():
    plain = "name,code\n甲,1\n"
    assert read_book_guarded(plain.encode("utf-16-le"), "a.csv").encoding == "utf-16-le"
    assert read_book_guarded(plain.encode("utf-16-be"), "a.csv").encoding == "utf-16-be"


def test_a_mark_of_encoding_inside_a_file_is_no_part_of_a_heading():
    joined = b"\xef\xbb\xbfname,code\na,1\n\xef\xbb\xbfb,2\n"
    rows = read_book_guarded(joined, "a.csv").sheets[0].rows
    assert rows == (("name", "code"), ("a", "1"), ("b", "2"))
