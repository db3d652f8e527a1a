"""The page of the last twelve months: its lines, its file, and an address that says what is asked."""

from __future__ import annotations

import math

import pytest
import sqlalchemy as sa

from marketplace.base.access import Role
from marketplace.base.clock import month_label, month_start
from marketplace.base.db import housekeeping_write, read
from marketplace.base.words import say
from marketplace.desk.years import (
    YearFilter,
    YearOrder,
    dispersion_for,
    districts_of,
    list_years,
)
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.years import telling
from marketplace.features.compliance.summary import read_dispersion
from marketplace.features.compliance.tables import OperatorYear
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_pages import demo, shown, visit
from tests.features.compliance.town import NOW, Town
from tests.features.conftest import world

__all__ = ["demo", "visit", "world"]


def lines(world, order=YearOrder.FINDINGS, district=""):
    wanted = YearFilter(order=order, district=district)
    return world.see(
        lambda s: list_years(s, world.officer, world.rulebook, wanted=wanted, page_rows=None)
    ).lines


@pytest.fixture
def town(world) -> Town:
    """A firm of some volume, one of little, and one that nobody looked at."""
    town = Town(world, firms=3)
    town.at(0)
    for month in range(NOW - 4, NOW):
        town.report(town.stores[0], month, 100, 1)
    town.report(town.stores[1], NOW - 1, 50, 2)
    return town


def test_a_line_is_told_with_n_interval_and_whether_a_rate_may_order_it(world, town):
    page = Here(app=world.app, actor=world.officer, lang="en", rulebook=world.rulebook)
    first, small, unseen = (telling.row(page, line, None) for line in lines(world))
    # 4 findings in 400: 10.0 per 1,000; exact Poisson limits of 4 are 1.0899 and 10.2416, in 400.
    assert first[1:6] == ("4/12", "400", "4", "10.0\u00a0(2.7\u2060–\u206025.6)", "4")
    assert small[1:4] == ("1/12", "50", "1")
    assert small[4].startswith("20.0\u00a0(")
    assert small[4].endswith(" (few, not ranked)")
    assert unseen[1:6] == ("0/12", "0", "—", "—", "—")
    assert telling.card(page, lines(world)[2], None)[0].startswith("Not observed")


def test_from_twenty_findings_listings_have_a_rate_by_the_dispersion_of_every_figure(world):
    town = Town(world, firms=2)
    town.at(0)
    for month in range(NOW - 4, NOW):
        for _each in range(5 if month < NOW - 1 else 4):
            town.find(town.stores[0], month_start(month), 3)
        town.report(town.stores[0], month, 500)
        town.report(town.stores[1], month, 100, 1)
    page = Here(app=world.app, actor=world.officer, lang="en", rulebook=world.rulebook)
    found = lines(world)
    assert found[0].findings == 19
    assert world.see(lambda s: dispersion_for(s, world.rulebook, found)) is None
    town.find(town.stores[0], month_start(NOW - 1), 3)
    many, few = found = lines(world)
    dispersion = world.see(lambda s: dispersion_for(s, world.rulebook, found))
    assert dispersion == world.see(lambda s: read_dispersion(s, world.rulebook.program.key))
    # 60 listings in 2,000 are 30 per 1,000, times and over exp(1.96 x sqrt(dispersion / 60)).
    part = math.exp(1.959964 * math.sqrt(dispersion / 60))
    low, high = 30 / part, 30 * part
    told = telling.row(page, many, dispersion)
    assert told[5:7] == ("60", f"30.0\u00a0({low:.1f}\u2060–\u2060{high:.1f})")
    assert told[6] in telling.card(page, many, dispersion)[0]
    heads = telling.shown_heads(page, dispersion)
    assert dict(zip(heads, told, strict=True))[
        "Infringing listings per 1,000 (95%\u00a0interval)"
    ]
    assert told[4].startswith(
        "10.0\u00a0("
    )  # ordered and told by findings, as the funnel has it
    bare = telling.row(page, few, dispersion)
    assert bare[5:7] == ("4", "—")
    assert "1,000: " in telling.card(page, few, dispersion)[0]
    assert len(telling.row(page, few, None)) == len(telling.SHOWN) == 8
    filed = dict(zip(telling.FILED, telling.cells(page, many, dispersion), strict=True))
    assert filed["listings_rate"] == 30.0
    assert filed["listings_low"] == pytest.approx(low, abs=1e-3)
    assert filed["listings_high"] == pytest.approx(high, abs=1e-3)
    assert telling.cells(page, few, dispersion)[-5:] == (None, None, None, 0, 0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_has_numbers_as_numbers_and_nothing_where_nobody_looked(world, town, lang):
    page = Here(app=world.app, actor=world.officer, lang=lang, rulebook=world.rulebook)
    first, _small, unseen = (telling.cells(page, line, None) for line in lines(world))
    told = dict(zip(telling.FILED, first, strict=True))
    assert (told["checked"], told["listings"], told["findings"], told["rate"]) == (
        400,
        4,
        4,
        10.0,
    )
    assert (told["low"], told["high"]) == (2.7247, 25.6040)
    assert (told["first"], told["last"]) == (month_label(NOW - 12), month_label(NOW - 1))
    empty = dict(zip(telling.FILED, unseen, strict=True))
    assert [empty[k] for k in ("listings", "findings", "rate", "low", "high")] == [None] * 5
    assert len(telling.heads(page, telling.FILED)) == len(first)


def test_a_file_says_where_a_firm_is_and_over_what_its_sums_go(world):
    """Filtered by district in a spreadsheet, no firm of that district is left out."""
    town = Town(world, firms=2)
    town.branch(town.operators[0], number=9, district="350305")
    page = Here(app=world.app, actor=world.officer, lang="zh", rulebook=world.rulebook)
    found = lines(world)
    places = world.see(lambda s: districts_of(s, world.rulebook, found))
    rows = [telling.cells(page, x, None, places[x.operator_id]) for x in found]
    told = {r[0]: dict(zip(telling.FILED, r, strict=True)) for r in rows}
    assert [(r["scope"], r["district"]) for _name, r in sorted(told.items())] == [
        ("全项目", "荔城区、秀屿区"), ("全项目", "荔城区"),
    ]  # fmt: skip
    [here] = lines(world, district="350305")
    row = dict(zip(telling.FILED, telling.cells(page, here, None), strict=True))
    assert (row["scope"], row["district"]) == ("秀屿区", "秀屿区")


def opened(visit, role: Role, **query: str):
    page = visit(role, "zh")
    for key, value in query.items():
        page.query_params[key] = value
    open_view(page, "last_year")
    return page, "\n".join(shown(page))


def test_the_page_opens_narrowed_and_ordered_by_its_address(demo, visit):
    page, told = opened(visit, Role.OFFICER, order="rate", q="没有这家")
    assert page.selectbox(key="year_order").value is YearOrder.RATE
    assert page.text_input(key="year_q").value == "没有这家"
    assert say("officer.list.none_title", "zh") in told


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_an_address_of_nonsense_opens_the_whole_list(demo, visit, role):
    page, told = opened(visit, role, order="nonsense", pg="999", district="000000")
    assert page.selectbox(key="year_order").value is YearOrder.FINDINGS
    with read(demo.store) as session:
        firms = session.execute(
            sa.select(sa.func.count()).where(OperatorYear.place == "")
        ).scalar_one()
    assert say("years.count", "zh", count=firms) in told


def test_lines_that_end_with_an_earlier_month_are_not_passed_off_as_the_window(demo, visit):
    found = OperatorYear.place == "", OperatorYear.findings
    with read(demo.store) as session:
        top = session.execute(
            sa.select(OperatorYear.id, OperatorYear.until_month)
            .where(found[0])
            .order_by(found[1].desc(), OperatorYear.operator_id.desc())
            .limit(25)
        ).all()
    latest = max(until for _id, until in top)
    first, was = top[0]

    def put(until: int) -> None:
        asked = (
            sa.update(OperatorYear).where(OperatorYear.id == first).values(until_month=until)
        )
        with housekeeping_write(demo.store) as session:
            session.execute(asked)

    put(latest - 1)  # a month has ended, and the job of the minute has not come to this firm
    behind = 1 + sum(until < latest for _id, until in top[1:])
    _page, told = opened(visit, Role.OFFICER)
    put(was)
    assert month_label(latest) in told
    assert say("years.behind", "zh", count=behind) in told
