"""Look-ups are counted without a person, previews are the public page, pictures go out whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.base.access import PUBLIC
from marketplace.base.clock import today
from marketplace.base.db import housekeeping_write
from marketplace.base.errors import NotAllowed
from marketplace.faces.web.scans import ScanTally
from marketplace.features.promotion import queries as promotion
from marketplace.features.promotion.commands import add_scans
from marketplace.features.promotion.tables import Collection, ScanCount
from tests.faces.web.visitor import Visitor
from tests.features.conftest import World
from tests.features.scene import Scene


def kept(world: World) -> dict[tuple[int, str], int]:
    rows = world.see(lambda s: list(s.execute(select(ScanCount)).scalars()))
    return {(r.product_id, r.outcome): r.scans for r in rows}


def test_counts_of_one_day_add_up_whoever_writes_them(world: World) -> None:
    day = today(world.clock)
    for count in (3, 4):  # two processes that counted at the same time
        with housekeeping_write(world.app.store) as session:
            add_scans(session, {(7, day, "valid"): count, (0, day, "unknown"): 1})
    assert kept(world) == {(7, "valid"): 7, (0, "unknown"): 2}


def test_a_tally_is_written_once_and_names_nobody(world: World) -> None:
    tally = ScanTally(world.app)
    for outcome in ("valid", "valid", "lapsed"):
        tally.count(7, outcome)
    tally.write_if_due()
    assert kept(world) == {}, "ten seconds are not over"
    tally.write()
    tally.write()
    assert kept(world) == {(7, "valid"): 2, (7, "lapsed"): 1}
    assert set(ScanCount.__table__.columns.keys()) == {
        "id", "product_id", "day", "outcome", "scans",
    }  # fmt: skip


def test_the_public_figure_counts_whole_days_and_says_its_n(
    world: World, shop: Scene, visitor: Visitor
) -> None:
    day = today(world.clock)
    with housekeeping_write(world.app.store) as session:
        add_scans(
            session,
            {
                (7, day, "valid"): 1000,  # today is not over
                (7, day - timedelta(days=1), "valid"): 60,
                (0, day - timedelta(days=30), "unknown"): 40,
                (7, day - timedelta(days=31), "valid"): 500,  # too long ago
            },
        )
    found = world.see(lambda s: promotion.get_public_scans(s, PUBLIC, clock=world.clock))
    assert found.by_outcome == (("valid", 60), ("unknown", 40))
    page = visitor.get("/showcase").text
    assert "n = 100" in page
    assert "60.0%" in page


def test_a_preview_is_for_those_who_arrange_and_shows_what_the_public_gets(
    world: World, shop: Scene
) -> None:
    number = world.see(lambda s: s.execute(select(Collection.id)).scalar_one())
    seen = world.see(
        lambda s: promotion.get_collection_preview(
            s, world.marketer, clock=world.clock, collection_id=number
        )
    )
    public = world.see(
        lambda s: promotion.list_public_collections(s, PUBLIC, clock=world.clock)
    )
    assert seen == public[0]
    for actor in (PUBLIC, shop.owner):
        with pytest.raises(NotAllowed):
            world.see(
                lambda s, a=actor: promotion.get_collection_preview(
                    s, a, clock=world.clock, collection_id=number
                )
            )


def test_an_export_names_its_pictures_as_they_are_kept(world: World, shop: Scene) -> None:
    number = world.see(lambda s: s.execute(select(Collection.id)).scalar_one())
    rows = world.see(
        lambda s: promotion.export_collection(
            s, world.marketer, world.rulebook, clock=world.clock, collection_id=number
        )
    )
    assert [r.position for r in rows] == [1, 2]
    assert {r.picture_form for r in rows} <= {"png", "jpg", "webp"}
    assert all(len(r.picture) == 64 for r in rows)
