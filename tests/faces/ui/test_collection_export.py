"""A collection taken out with its pictures: only what may be shown, each under a telling name."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from PIL import Image

from marketplace.base.audit import list_entries
from marketplace.base.errors import NotAllowed
from marketplace.faces.ui.promoting import exporting
from marketplace.faces.ui.session import Here
from marketplace.features.promotion.queries import CollectionRow, list_collections
from tests.features.conftest import PROGRAM, World, world
from tests.features.promotion.test_promotion_commands import create, pin, street
from tests.features.scene import Scene

__all__ = ["street", "world"]


@dataclass
class Taken:
    """An archive, opened."""

    names: list[str]
    rows: list[list[str]]
    contents: dict[str, bytes]


@pytest.fixture
def page(world: World) -> Here:
    return Here(app=world.app, actor=world.marketer, lang="zh", rulebook=world.rulebook)


@pytest.fixture
def shelf(world: World, street: list[Scene]) -> CollectionRow:
    """Two pinned shoes of two firms; a third waits in reserve and is not taken out."""
    number = create(world)
    for position, firm in enumerate(street[:2]):
        pin(world, number, firm.product_ids[0], position)
    return world.see(
        lambda s: next(
            row
            for row in list_collections(s, world.marketer, program=PROGRAM)
            if row.collection_id == number
        )
    )


def take(page: Here, shelf: CollectionRow) -> Taken:
    archive = ZipFile(BytesIO(exporting._zip_maker(page, shelf)()))
    assert archive.testzip() is None
    names = archive.namelist()
    listed = archive.read("list.csv").decode("utf-8-sig")
    rows = list(csv.reader(StringIO(listed)))
    return Taken(names, rows, {n: archive.read(n) for n in names if n != "list.csv"})


def test_each_product_comes_with_its_picture_under_slot_number_brand_and_name(page, shelf):
    taken = take(page, shelf)
    assert len(taken.contents) == 2
    for row in taken.rows[1:3]:
        position, _platform, item, *_ = row
        name = row[9]
        assert name.startswith(f"pictures/{int(position):02d}-{item}-")
        assert name in taken.contents
        picture = Image.open(BytesIO(taken.contents[name]))
        assert name.endswith({"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}[picture.format])
        assert not picture.getexif()
    assert taken.rows[3][0].count("EX-") == 1  # who took it, when, and its number


def test_what_lapsed_after_the_page_was_drawn_is_not_in_the_file(page, shelf):
    make = exporting._zip_maker(page, shelf)  # the page stands open
    page.app.house.clock.advance(days=4000)  # every verification has run out by then
    with ZipFile(BytesIO(make())) as archive:
        assert archive.namelist() == ["list.csv"]


def test_where_a_picture_is_gone_the_list_says_so_and_the_rest_is_taken(page, shelf):
    shared = {row.picture for row in exporting._rows(page, shelf)}
    assert len(shared) == 1  # the firms of the scene photographed alike
    next(page.app.data_dir.rglob(shared.pop())).unlink()
    taken = take(page, shelf)
    assert taken.contents == {}
    assert [row[9] for row in taken.rows[1:3]] == ["图片文件缺失，请联系管理员"] * 2


def test_each_taking_is_recorded_and_nobody_takes_it_who_may_not(world, page, shelf, street):
    take(page, shelf)
    with pytest.raises(NotAllowed):
        exporting._zip_maker(replace(page, actor=street[0].owner), shelf)()
    entries = world.see(lambda s: list_entries(s, action="exchange.record_export"))
    assert [e.facts["wanted"] for e in entries] == [
        {"collection_id": shelf.collection_id, "form": "zip"}
    ]
