"""A far page is read from the anchor before it, and an anchor is never at another place than its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base.db import housekeeping_write
from marketplace.desk import anchors, factories
from marketplace.desk.tables import FactoryAnchor
from marketplace.features.registry import commands as registry
from marketplace.upkeep.minute import refresh_derived
from marketplace.upkeep.rebuilding import find_differences, rebuild
from tests.desk.test_list_pages import many, numbers  # noqa: F401
from tests.desk.test_standing import listed, register
from tests.features.conftest import World
from tests.features.scene import make_firm, make_people


@pytest.fixture(autouse=True)
def every_third(monkeypatch):
    """Anchors for lists that a test can make."""
    monkeypatch.setattr(anchors, "EVERY", 3)
    anchors._places.cache_clear()
    yield
    anchors._places.cache_clear()


@pytest.fixture
def from_anchors(monkeypatch) -> Callable[[], int]:
    """How many pages were read from an anchor since it was last asked."""
    seen: list[bool] = []
    real = factories._far_rows

    def count(*told: Any) -> Any:
        rows = real(*told)
        seen.append(bool(rows))
        return rows

    def ask() -> int:
        found = sum(seen)
        seen.clear()
        return found

    monkeypatch.setattr(factories, "_far_rows", count)
    return ask


def anchored(world: World) -> set[str]:
    """The orders that have anchors, each of which stands where it should."""
    assert world.see(lambda s: anchors.check(s, world.rulebook)) == []
    rows = world.see(lambda s: s.execute(sa.select(FactoryAnchor.sort)).scalars().all())
    return set(rows)


def is_cut_in_pieces(world: World, sort: str, page_rows: int = 2, **told: Any) -> bool:
    whole = listed(world, sort=sort, **told)
    pages = [
        numbers(listed(world, sort=sort, page=page, page_rows=page_rows, **told))
        for page in range(1, -(-whole.total // page_rows) + 2)
    ]
    return [number for page in pages for number in page] == numbers(whole)


@pytest.mark.parametrize("sort", anchors.ORDERS)
@pytest.mark.parametrize("page_rows", [1, 7, 10])
def test_pages_from_anchors_are_the_list_cut_in_pieces(
    world, many, from_anchors, sort, page_rows  # noqa: F811
):  # fmt: skip
    with housekeeping_write(world.app.store) as session:
        for order in anchors.ORDERS:
            anchors.make(session, program=world.rulebook.program.key, sort=order)
    assert anchored(world) == set(anchors.ORDERS)
    whole = numbers(listed(world, sort=sort))
    from_anchors()
    pages = [
        numbers(listed(world, sort=sort, page=page, page_rows=page_rows))
        for page in range(1, -(-many // page_rows) + 2)
    ]
    assert [number for page in pages for number in page] == whole
    starts = [page * page_rows for page in range(-(-many // page_rows))]
    far = [start for start in starts if min(start, max(many - start - page_rows, 0)) > 3]
    assert from_anchors() == len(far) > 1


def test_a_filter_a_search_and_a_district_are_counted_off_from_their_own_rows(
    world, many, from_anchors  # noqa: F811
):  # fmt: skip
    with housekeeping_write(world.app.store) as session:
        anchors.make(session, program=world.rulebook.program.key, sort="name")
    of_a_district = replace(world.officer, limits=frozenset({("putian-footwear", "350302")}))
    from_anchors()
    assert is_cut_in_pieces(world, "name", districts=("350304",))
    assert is_cut_in_pieces(world, "name", actor=of_a_district)
    assert from_anchors() == 0
    assert is_cut_in_pieces(world, "name")
    assert from_anchors() > 10


def test_who_comes_goes_or_is_renamed_drops_every_order_in_that_very_deed(world):
    firms = [register(world, number) for number in range(1, 9)]
    draft = register(world, 9, uscc=None, address="莆田市荔城区二路2号")
    refresh_derived(world.app)
    assert anchored(world) == set(anchors.ORDERS)

    def rename() -> None:
        world.do(
            lambda s: registry.edit_factory(
                s, world.rulebook, clock=world.clock, actor=world.officer,
                factory_id=firms[2], values={"name": "（虚构）末位鞋厂"}, reason="改名",
            )
        )  # fmt: skip

    def archive() -> None:
        world.do(
            lambda s: registry.archive_factory(
                s, clock=world.clock, actor=world.officer, factory_id=draft, reason="查无此厂"
            )
        )

    for deed in (lambda: register(world, 20), rename, archive):
        deed()
        assert anchored(world) == set()
        assert all(is_cut_in_pieces(world, sort) for sort in anchors.ORDERS)
        refresh_derived(world.app)
        assert anchored(world) == set(anchors.ORDERS)
        assert all(is_cut_in_pieces(world, sort) for sort in anchors.ORDERS)


def test_points_move_a_firm_in_the_order_of_points_alone(world):
    make_people(world)
    firm = make_firm(world, products=0)
    for number in range(1, 6):
        register(world, number)
    refresh_derived(world.app)
    for number in (1, 2):  # 0 + 2
        firm.uphold(firm.finding(number=number))
    kept = anchored(world)
    assert "points" not in kept
    assert {"name", "enrolled"} <= kept
    assert is_cut_in_pieces(world, "points")


def test_a_short_list_has_no_anchors(world):
    for number in range(1, 4):
        register(world, number)
    refresh_derived(world.app)
    assert anchored(world) == set()
    register(world, 4)
    assert refresh_derived(world.app) >= len(anchors.ORDERS)
    assert anchored(world) == set(anchors.ORDERS)
    assert refresh_derived(world.app) == 0  # a quiet minute makes nothing anew


def test_an_anchor_put_elsewhere_by_hand_is_named_and_rebuilt(world):
    firms = [register(world, number) for number in range(1, 9)]
    refresh_derived(world.app)
    with housekeeping_write(world.app.store) as session:
        session.execute(
            sa.update(FactoryAnchor)
            .where(FactoryAnchor.sort == "due", FactoryAnchor.n == 1)
            .values(factory_id=firms[-1])
        )
    found = [(d.table, d.row, d.columns) for d in find_differences(world.app)]
    assert found == [("factory_anchor", "order due", ("factory_id",))]
    rebuild(world.app)
    assert find_differences(world.app) == []
    assert anchored(world) == set(anchors.ORDERS)


@pytest.mark.parametrize("sort", anchors.ORDERS)
def test_an_index_leads_from_the_anchor_to_the_page(world, sort):
    """The engine steps to the anchor's keys by the order's index; it neither scans nor sorts."""
    program = world.rulebook.program.key
    asked = {"program": program, "anchor": 1, "rows": 2, "start": 1}
    statement = factories._anchored(world.officer, program, sort).params(**asked)

    def plan(session: Session) -> str:
        connection = session.connection()
        asking = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            for way in ("seqscan", "bitmapscan", "sort"):  # what it would choose for no rows
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
            asking = "EXPLAIN (COSTS OFF)"
        text = statement.compile(connection, compile_kwargs={"literal_binds": True})
        rows = connection.exec_driver_sql(f"{asking} {text}").all()
        return "\n".join(str(row[-1]) for row in rows)

    told = world.see(plan)
    index = "ix_factory_standing_name" if sort == "name" else f"ix_factory_standing_by_{sort}"
    keys = ",".join(key.name for key in anchors.keys_of(sort))
    assert index in told, told
    bare = told.replace(" ", "").replace("(name_key)::text", "name_key")
    led = (f"({keys})>(", f"(ROW({keys})>=ROW(")
    [line] = [line for line in bare.splitlines() if any(part in line for part in led)]
    assert line.startswith(("SEARCHfactory_standingUSINGINDEX", "IndexCond:")), told
    assert "Sort" not in told, told
    assert "TEMP B-TREE" not in told, told
