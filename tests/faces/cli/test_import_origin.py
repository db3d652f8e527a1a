"""`import complaints --origin`: what counts where a row does not say who complained."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from marketplace.faces.cli.importing import _origin
from marketplace.faces.cli.main import build
from marketplace.features.enforcement.kinds import Origin
from tests.faces.cli.test_export_analysis import installed

__all__ = ["installed"]  # a fixture

FIRM = "企业名称,统一社会信用代码,地址\n（虚构）青禾鞋业,{uscc},莆田市荔城区甲路1号\n"
STORE = "店铺ID,平台,店铺名称,统一社会信用代码,开店日期\nTB1,淘宝,青禾店,{uscc},2024-01-01\n"
COMPLAINTS = "投诉编号,店铺编号,商品ID,来源,内容\nA-1,TB1,60001,,收到的鞋与页面图片不一致\n"


def run(folder: Path, kind: str, name: str, text: str, *more: str):
    from tests.features.scene import uscc

    file = folder.parent / name
    file.write_text(text.format(uscc=uscc(1)), "utf-8")
    ran = CliRunner().invoke(
        build(),
        [
            "import",
            kind,
            str(file),
            "--as",
            "officer",
            "--program",
            "putian-footwear",
            *more,
            "--data-dir",
            str(folder),
        ],
    )
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def test_rows_without_origin_are_filed_by_the_one_that_was_said(installed):
    run(installed, "factories", "名单.csv", FIRM)
    run(installed, "stores", "店铺.csv", STORE, "--confirm-stores")
    report = installed.parent / "report.csv"
    run(installed, "complaints", "投诉.csv", COMPLAINTS, "--report", str(report))
    assert "没有写来源" in report.read_text("utf-8-sig")
    done = run(
        installed, "complaints", "投诉.csv", COMPLAINTS, "--origin", "inspection",
        "--report", str(report),
    )  # fmt: skip
    assert done.exit_code == 0
    told = report.read_text("utf-8-sig")
    assert "inserted" in told
    assert "没有写来源" not in told


@pytest.mark.parametrize(("kind", "given"), [("factories", "consumer"), ("complaints", "邻居")])
def test_an_origin_of_no_complaint_or_of_nobody_is_refused(kind, given):
    with pytest.raises(typer.BadParameter):
        _origin(kind, given)


def test_every_origin_is_understood_and_none_is_no_origin():
    assert [_origin("complaints", o.value) for o in Origin] == list(Origin)
    assert _origin("complaints", "") is None
