"""`replay-points`: the columns others script against, and rows that are refused without stopping."""

from __future__ import annotations

import csv

import pytest
from typer.testing import CliRunner

from marketplace.base.errors import Invalid, NotFound
from marketplace.faces.cli.main import build

HEADING = "store,at,event,ref,brand,target_ref,intent\n"


def replayed(tmp_path, text: str, *more: str):
    (tmp_path / "in.csv").write_text(text, "utf-8")
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
