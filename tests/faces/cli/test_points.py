"""`replay-points`: the columns others script against, and rows that are refused without stopping."""

from __future__ import annotations

import csv

import pytest
from typer.testing import CliRunner

from marketplace.base.errors import Invalid, NotFound
from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.exchange.points_file import replay_file
from marketplace.faces.cli.main import build

RULES = load_rulebook(ROOT / "programs" / "putian-footwear.toml")
HEADING = "store,at,event,ref,brand,target_ref,intent\n"


def replayed(tmp_path, text: str | bytes, *more: str):
    content = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "in.csv").write_bytes(content)
    arguments = ["replay-points", "--program", "putian-footwear"]
    arguments += ["--in", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv"), *more]
    ran = CliRunner().invoke(build(), arguments, catch_exceptions=True)
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))


def test_rows_come_out_by_instant_whatever_their_offset(tmp_path):
    rows = replayed(
        tmp_path,
        HEADING
        + "S,2024-01-01T09:00:00+08:00,finding,late,,,\n"  # 01:00 UTC
        + "S,2024-01-01T00:30:00Z,finding,early,,,knowing\n"
        + "S,2024-01-01T01:00:00+00:00,finding,tie,,,\n",
    )
    assert list(rows[0]) == [
        "store", "at", "ref", "offense", "points", "balance", "measure", "reason",
    ]  # fmt: skip
    assert [(r["ref"], r["offense"], r["measure"]) for r in rows] == [
        ("early", "1", "warning"),
        ("late", "2", "points"),
        ("tie", "3", "suspension"),
    ]
    assert rows[0]["at"] == "2024-01-01T00:30:00Z"  # as it was given


def test_bad_rows_are_refused_and_the_rest_goes_on(tmp_path):
    rows = replayed(
        tmp_path,
        "\ufeff"
        + HEADING
        + "S,2024-01-01T00:00:00Z,finding,a,,,\n"
        + "S,2024-01-02T00:00:00,finding,b,,,\n"  # no offset
        + "S,yesterday,finding,c,,,\n"
        + "S,2024-01-03T00:00:00Z,rumor,d,,,\n"
        + "S,2024-01-04T00:00:00Z,finding,a,,,\n"
        + ",2024-01-04T00:00:00Z,finding,e,,,\n"
        + "S,2024-01-05T00:00:00Z,finding,,,,\n"
        + "S,2024-01-06T00:00:00Z,reversal,f,,nothing,\n"
        + "S,2024-01-07T00:00:00Z,finding,g,,,\n",
    )
    assert [(r["ref"], r["measure"], r["points"], r["balance"]) for r in rows] == [
        ("a", "warning", "0", "0"),
        ("d", "refused", "0", "0"),
        ("a", "refused", "0", "0"),
        ("e", "refused", "0", "0"),
        ("", "refused", "0", "0"),
        ("f", "refused", "0", "0"),
        ("g", "points", "2", "2"),
        ("b", "refused", "0", "2"),
        ("c", "refused", "0", "2"),
    ]
    assert all(r["reason"] for r in rows)
    assert {r["offense"] for r in rows if r["measure"] == "refused"} == {""}


def test_a_file_without_a_needed_column_is_refused_by_name(tmp_path):
    with pytest.raises(Invalid) as refused:
        replayed(tmp_path, "store,when,event\nS,2024-01-01T00:00:00Z,finding\n")
    assert {fault.place for fault in refused.value.faults} == {"at", "ref"}


def test_an_unknown_program_is_named(tmp_path):
    (tmp_path / "in.csv").write_text(HEADING, "utf-8")
    ran = CliRunner().invoke(
        build(),
        ["replay-points", "--program", "nowhere", "--in", str(tmp_path / "in.csv"),
         "--out", str(tmp_path / "out.csv")],
    )  # fmt: skip
    assert isinstance(ran.exception, NotFound)
    assert not (tmp_path / "out.csv").exists()


def test_an_empty_file_gives_a_heading_alone(tmp_path):
    assert replayed(tmp_path, HEADING) == []


def measures(rows) -> list[tuple[str, str, str]]:
    return [(r["ref"], r["measure"], r["balance"]) for r in rows]


def finding(ref: str, at: str, store: str = "S") -> str:
    return f"{store},{at},finding,{ref},,,\n"


def test_an_instant_out_of_the_calendar_is_a_bad_row_and_no_crash(tmp_path):
    rows = replayed(
        tmp_path,
        HEADING
        + finding("late", "9999-12-31T23:00:00-12:00")
        + finding("early", "0001-01-01T00:00:00+14:00")
        + finding("good", "2024-01-01T00:00:00+08:00")
        + finding("leap", "2023-02-29T00:00:00+08:00"),
    )
    assert measures(rows) == [
        ("good", "warning", "0"),
        ("late", "refused", "0"),
        ("early", "refused", "0"),
        ("leap", "refused", "0"),
    ]


def test_a_comma_too_many_is_refused_and_shifts_nothing(tmp_path):
    rows = replayed(
        tmp_path,
        HEADING
        + "S,2024-01-01T00:00:00Z,upheld_complaint,a,Brand, Inc,,,\n"  # eight cells
        + "S,2024-01-02T00:00:00Z,finding,b,,,,,,\n"  # a spreadsheet's empty cells at the end
        + "S,2024-01-03T00:00:00Z,finding,c\n"  # cut short: nothing is shifted
        + ",,,,,,\n"
        + "\n",  # a blank line is no row
    )
    assert measures(rows) == [
        ("a", "none", "0"), ("b", "warning", "0"), ("c", "points", "2"), ("", "refused", "0"),
    ]  # fmt: skip
    rows = replayed(tmp_path, HEADING + "S,2024-01-01T00:00:00Z,finding,a,x,y,z,shifted\n")
    assert measures(rows) == [("a", "refused", "0")]


def test_a_quotation_mark_that_is_never_closed_is_told(tmp_path):
    rows = replayed(
        tmp_path,
        HEADING
        + finding("a", "2024-01-01T00:00:00Z")
        + 'S,2024-01-02T00:00:00Z,finding,b,"Brand,,\n'
        + finding("c", "2024-01-03T00:00:00Z"),
    )
    assert measures(rows) == [("a", "warning", "0"), ("b", "refused", "0")]
    assert "换行" in rows[1]["reason"]


def test_headings_in_any_order_and_case_with_blanks_and_every_line_end(tmp_path):
    text = (
        " Ref ,STORE,note,event,at\r\n"
        " a , S ,x, finding , 2024-01-01T00:00:00Z \r\n"
        "b,S,x,Finding,2024-01-02T00:00:00Z\r\n"
    )
    for content in (text, text.replace("\r\n", "\r"), "\ufeff" + text):
        rows = replayed(tmp_path, content)
        assert measures(rows) == [("a", "warning", "0"), ("b", "refused", "0")]
        assert rows[0]["store"] == "S"


def test_a_column_that_stands_twice_is_refused_by_name(tmp_path):
    with pytest.raises(Invalid) as refused:
        replayed(tmp_path, "store,at,event,ref,ref\nS,2024-01-01T00:00:00Z,finding,a,b\n")
    assert [(f.place, f.code) for f in refused.value.faults] == [("ref", "points_column_twice")]


def test_what_chinese_excel_saves_is_read(tmp_path):
    text = HEADING + "旗舰店,2024-01-01T00:00:00Z,upheld_complaint,甲一,示例品牌,,\n"
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        rows = replayed(tmp_path, text.encode(encoding))
        assert [(r["store"], r["ref"]) for r in rows] == [("旗舰店", "甲一")]


def test_reversals_are_refused_with_the_reason_that_is_true(tmp_path):
    rows = replayed(
        tmp_path,
        HEADING
        + "S,2024-01-09T00:00:00Z,reversal,r9,,r1,\n"  # of a reversal
        + "S,2024-01-08T00:00:00Z,reversal,r8,,,\n"  # of nothing named
        + "S,2024-01-01T00:00:00Z,reversal,r0,,a,\n"  # a day before its target
        + "T,2024-01-07T00:00:00Z,reversal,r7,,a,\n"  # another store's
        + finding("a", "2024-01-02T00:00:00Z")
        + "S,2024-01-03T00:00:00Z,reversal,r1,,a,\n"
        + "S,2024-01-04T00:00:00Z,reversal,r2,,a,\n",  # again
    )
    assert [(r["ref"], r["measure"], r["reason"]) for r in rows] == [
        ("r0", "refused", "没有可撤销的记录 a"),
        ("a", "warning", "第 1 次违规：警告，扣 0 分，累计 0 分"),
        ("r1", "none", "已撤销 a，其后重新计算"),
        ("r2", "refused", "a 已经撤销过"),
        ("r7", "refused", "a 是另一家店铺的记录，不能撤销"),
        ("r8", "refused", "没有写明要撤销哪一条"),
        ("r9", "refused", "r1 本身是撤销，不能再撤销"),
    ]


def test_one_instant_of_two_offsets_keeps_the_order_of_the_file_store_by_store(tmp_path):
    # Midnight in Shanghai is 16:00 of the day before in UTC: all four are one instant.
    rows = replayed(
        tmp_path,
        HEADING
        + finding("s1", "2024-03-01T00:00:00+08:00")
        + finding("t1", "2024-02-29T16:00:00Z", store="T")
        + finding("s2", "2024-02-29T16:00:00+00:00")
        + "S,2024-02-29T11:00:00-05:00,reversal,r,,s1,\n",
    )
    # s2 was the second (2 points); without s1 it is the first (0): 0 - 2 = -2.
    assert [(r["ref"], r["offense"], r["points"], r["measure"]) for r in rows] == [
        ("s1", "1", "0", "warning"), ("t1", "1", "0", "warning"), ("s2", "2", "2", "points"),
        ("r", "", "-2", "none"),
    ]  # fmt: skip


def test_a_reversed_complaint_lets_closer_ones_count_and_two_ways_of_closing_hold_apart(
    tmp_path,
):
    def complaint(ref: str, day: str) -> str:
        return f"S,2024-01-{day}T00:00:00Z,upheld_complaint,{ref},示例品牌,,knowing\n"

    rows = replayed(
        tmp_path,
        HEADING
        + complaint("c1", "01")
        + complaint("c2", "03")  # 48 h after c1: not counted
        + complaint("c3", "05")  # 96 h after c1: the second
        + complaint("c4", "07")  # 48 h after c3: not counted
        + complaint("c5", "08")  # exactly 72 h after c3: the third
        + finding("f1", "2024-01-09T00:00:00Z")  # first, while closed
        + "S,2024-01-10T00:00:00Z,reversal,r1,,c3,\n"
        # Without c3: c1, c4 (144 h), c5 too soon: two. The store is open.
        + finding("f2", "2024-01-11T00:00:00Z")  # the second: 2
        + finding("f3", "2024-01-12T00:00:00Z")  # 24
        + finding("f4", "2024-01-13T00:00:00Z")  # 24: 50, closed by points
        + "S,2024-01-14T00:00:00Z,reversal,r2,,c1,\n"  # c2 and c5 count; points still close
        + "S,2024-01-15T00:00:00Z,reversal,r3,,f4,\n",
    )
    assert [(r["ref"], r["points"], r["balance"], r["measure"]) for r in rows] == [
        ("c1", "0", "0", "none"),
        ("c2", "0", "0", "none"),
        ("c3", "0", "0", "none"),
        ("c4", "0", "0", "none"),
        ("c5", "0", "0", "closure"),
        ("f1", "0", "0", "already_closed"),
        ("r1", "0", "0", "reopened"),
        ("f2", "2", "2", "points"),
        ("f3", "24", "26", "suspension"),
        ("f4", "24", "50", "closure"),
        ("r2", "0", "50", "none"),
        ("r3", "-24", "26", "reopened"),
    ]


def test_a_refused_row_of_a_new_year_shows_the_cleared_balance():
    points = RULES.points.model_copy(update={"yearly_clearing": True})
    clearing = RULES.model_copy(update={"points": points})
    text = (
        HEADING
        + finding("a", "2024-12-30T00:00:00+08:00")
        + finding("b", "2024-12-31T15:59:59Z")  # 23:59:59 in Shanghai: still 2024
        + "S,2024-12-31T16:00:00Z,rumor,x,,,\n"  # midnight there: 2025
        + finding("c", "2025-01-01T00:00:00+08:00")
        + "S,2025-01-02T00:00:00+08:00,reversal,r,,c,\n"
    )
    # 0 + 2, cleared to 0; the third offense 24; without it 0 again.
    assert [(r.ref, r.points, r.balance) for r in replay_file(clearing, text.encode(), "en")] == [
        ("a", 0, 0), ("b", 2, 2), ("x", 0, 0), ("c", 24, 24), ("r", -24, 0),
    ]  # fmt: skip


def test_a_formula_in_a_row_is_no_formula_in_the_ledger_and_points_stay_numbers(tmp_path):
    rows = replayed(
        tmp_path,
        HEADING
        + '"=HYPERLINK(""http://x"")",2024-01-01T00:00:00Z,finding,+1+1,,,\n'
        + "S,@SUM(A1),finding,b,,,\n"
        + finding("f1", "2024-01-02T00:00:00Z")
        + finding("f2", "2024-01-03T00:00:00Z")
        + "S,2024-01-04T00:00:00Z,reversal,r,,f2,\n",
    )
    assert (rows[0]["store"], rows[0]["ref"]) == ('\'=HYPERLINK("http://x")', "'+1+1")
    assert (rows[3]["points"], rows[4]["at"]) == ("-2", "'@SUM(A1)")
