"""`import` with a file made to harm: a sentence with file, place and reason, 1, nothing written."""

from __future__ import annotations

import sqlite3
from itertools import product
from pathlib import Path

import pytest

from marketplace.faces.cli.failing import ExitCode, told_as_sentences
from marketplace.faces.cli.main import build
from tests.exchange.builders import firms_partly_hidden, uscc
from tests.faces.cli.test_export_analysis import installed
from tests.hostile import TABLES

__all__ = ["installed"]  # a fixture

SAID = {
    "far-row.xlsx": "文件“far-row.xlsx”到第 1048576 行还有内容，最多读 200000 行；",
    "far-column.xlsx": "文件“far-column.xlsx”第 1 行处有 16384 列，最多 200 列",
    "lying.xlsx": "文件“lying.xlsx”已损坏，无法读取",
    "bomb.xlsx": "文件“bomb.xlsx”解压后超过 300 MB",
    "open-quote.csv": "文件“open-quote.csv”第 2 行的引号不成对，无法读取",
    "zero.csv": "文件“zero.csv”第 3 行 B 列含有无法保存的字符",
    "mixed.csv": "文件“mixed.csv”从第 3 行起换了文字编码",
    "old.xlsx": "文件“old.xlsx”是旧版 Excel（.xls）格式",
}


def rows(folder: Path) -> list[int]:
    with sqlite3.connect(folder / "marketplace.sqlite3") as connection:
        return [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("import_batch", "factory", "audit_entry")
        ]


def test_a_hostile_file_is_refused_in_a_sentence_and_nothing_is_written(
    installed, tmp_path, capsys
):
    before = rows(installed)
    for (name, sentence), trial in product(SAID.items(), ([], ["--dry-run"])):
        file = tmp_path / name
        file.write_bytes(TABLES[name][0]())
        arguments = ["--program", "putian-footwear", "--as", "officer", "--data-dir"]
        with pytest.raises(SystemExit) as ended, told_as_sentences():
            build()(["import", "factories", str(file), *arguments, str(installed), *trial])
        assert (name, ended.value.code) == (name, ExitCode.REFUSED)
        told = capsys.readouterr()
        assert sentence in told.err
        assert "Traceback" not in told.err + told.out
    assert rows(installed) == before


def test_rows_that_a_file_hides_are_said(installed, tmp_path, capsys):
    file = tmp_path / "名单.xlsx"
    file.write_bytes(firms_partly_hidden())
    with pytest.raises(SystemExit) as ended, told_as_sentences():
        build()(
            ["import", "factories", str(file), "--program", "putian-footwear", "--as", "officer",
             "--data-dir", str(installed), "--dry-run"]
        )  # fmt: skip
    assert ended.value.code == 0
    assert "其中 2 行在表里是隐藏的（从第 3 行起）" in capsys.readouterr().out


def test_a_report_that_cannot_be_written_stops_the_import_before_it_writes(
    installed, tmp_path, capsys
):
    file = tmp_path / "名单.csv"
    file.write_text(f"企业名称,信用代码\n莆田市虚构鞋厂,{uscc(1)}\n", "utf-8")
    before = rows(installed)
    arguments = [
        "--program",
        "putian-footwear",
        "--as",
        "officer",
        "--data-dir",
        str(installed),
    ]
    for report in (tmp_path / "没有" / "结果.csv", file / "结果.csv"):
        with pytest.raises(SystemExit) as ended, told_as_sentences():
            build()(["import", "factories", str(file), *arguments, "--report", str(report)])
        assert ended.value.code == ExitCode.ENVIRONMENT
        assert "结果.csv" in capsys.readouterr().err
    assert rows(installed) == before
