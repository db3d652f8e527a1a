"""Pages that take files say in a sentence why a hostile one is refused, and go on."""

from __future__ import annotations

import os

import sqlalchemy as sa

from marketplace.base.access import Role
from marketplace.base.db import read
from marketplace.base.files.tables import FileUse
from tests.exchange.builders import firms_partly_hidden
from tests.faces.ui.test_keeping import editable_product, open_page
from tests.faces.ui.test_pages import demo, visit
from tests.hostile import PICTURES, TABLES, picture

__all__ = ["demo", "visit"]  # fixtures


def refusals(at) -> list[str]:
    return [m.value for m in at.markdown if 'role="alert"' in m.value]


def uses(app) -> int:
    with read(app.store) as session:
        return session.execute(sa.select(sa.func.count(FileUse.id))).scalar_one()


def test_an_owner_reads_which_picture_was_refused_and_the_good_one_is_kept(demo, visit):
    at = open_page(visit, Role.OWNER, "my_product", number=editable_product(demo))
    before = uses(demo), os.getpid()
    names = ("text-bomb.png", "65000x65000.png")
    bad = [(name, PICTURES[name][0](), "image/png") for name in names]
    field = next(f for f in at.file_uploader if (f.key or "").startswith("photos_"))
    field.set_value([("好.png", picture("PNG"), "image/png"), *bad])
    at.run()
    assert not at.exception
    said = " ".join(refusals(at))
    assert "“text-bomb.png”打不开，内容不完整或已损坏" in said
    assert "“65000x65000.png”超过 6000 万像素" in said
    assert "好.png" not in said
    assert any("收下了 1 张，下面 2 个没有收下" in m.value for m in at.markdown)
    assert (uses(demo), os.getpid()) == (before[0] + 1, before[1])

    field = next(f for f in at.file_uploader if (f.key or "").startswith("photos_"))
    field.set_value([("好.png", picture("PNG"), "image/png")])
    at.run()
    assert not at.exception
    assert refusals(at) == []  # what was refused before is no longer said
    assert uses(demo) == before[0] + 2


def test_the_office_reads_row_and_column_of_what_a_table_fails_on(demo, visit):
    del demo
    at = open_page(visit, Role.OFFICER, "import_file")
    for name, said in (
        ("zero.csv", "文件“zero.csv”第 3 行 B 列含有无法保存的字符"),
        ("far-column.xlsx", "文件“far-column.xlsx”第 1 行处有 16384 列，最多 200 列"),
    ):
        at.file_uploader[0].set_value((name, TABLES[name][0](), "text/csv"))
        at.run()
        assert not at.exception
        assert any(said in text for text in refusals(at))


def test_the_office_is_told_of_the_rows_that_a_table_hides(demo, visit):
    del demo
    at = open_page(visit, Role.OFFICER, "import_file")
    at.file_uploader[0].set_value(("名单.xlsx", firms_partly_hidden(), "text/csv")).run()
    assert not at.exception
    told = " ".join(str(m.value) for m in at.markdown)
    assert "其中 2 行在表里是隐藏的（从第 3 行起）" in told


def test_a_right_holder_reads_why_a_list_is_not_read(demo, visit):
    del demo
    at = open_page(visit, Role.RIGHT_HOLDER, "file_notice")
    at.file_uploader(key="notice_file_0").set_value(
        ("laughs.xlsx", TABLES["laughs.xlsx"][0](), "text/csv")
    )
    at.run()
    assert not at.exception
    assert any("文件“laughs.xlsx”已损坏，无法读取" in text for text in refusals(at))
