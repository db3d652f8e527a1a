"""The methods cards on paper: the figure of the page with its sentences, formula and table."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from marketplace.base.access import Role
from marketplace.base.audit import list_entries
from marketplace.base.words import say
from marketplace.desk.method_figures import TABS, Bench, make_tab
from marketplace.features.compliance.charts import sentences
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.marks.waits import list_waits
from marketplace.features.compliance.methods import gather_material
from tests.faces.web.test_papers import Desk, make_desk
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.watched import this_month, watch_firm


@pytest.fixture
@built_once
def watched(world: World) -> Desk:
    """Twelve firms enrolled in March 2026, watched for two years."""
    desk = make_desk(world)
    last = this_month(world) - 1
    months = {m: (300, [2, 1] if m % 2 else [1]) for m in range(last - 23, last + 1)}
    for n in range(12):
        watch_firm(world, n, enrolled_on=date(2026, 3, 10), months=months)
    return desk


def figures_of(desk: Desk, tab: str, lang: str):
    w = desk.world

    def look(s):
        material = gather_material(s, w.officer, w.rulebook, clock=w.clock)
        frame = Frame(lang, "", sentences.source(material.study, lang, as_of=""))
        bench = Bench(
            material, frame, "",
            lambda: list_waits(s, w.officer, clock=w.clock, program=PROGRAM),
        )  # fmt: skip
        return make_tab(bench, tab)

    return w.see(look)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("tab", sorted(TABS))
def test_the_paper_holds_what_the_card_says(watched: Desk, tab: str, lang: str):
    answer = watched.client.get(
        f"/paper/methods/{tab}?lang={lang}", headers=watched.as_role(Role.AUDITOR)
    )
    assert answer.status_code == 200
    text = html.unescape(answer.text)
    figures = figures_of(watched, tab, lang)
    assert len(figures) >= 1
    assert text.count("<figure>") == len(figures)
    assert "var(--z" not in text
    assert say("methods_paper.title", lang, tab=say(f"methods.tab.{tab}", lang)) in text
    rule = watched.world.rulebook
    assert rule.sha256[:8] in text  # the rule version is the last line of how it is computed
    pressed = say("methods.funnel.click", lang)
    assert pressed not in text  # nobody chooses a point on paper
    for figure in figures:
        reading = [line for line in figure.reading if line != pressed]
        said = (figure.title, *reading, *figure.can_say, *figure.cannot_say)
        for sentence in (*said, *figure.heads, *(c for row in figure.rows for c in row)):
            assert sentence in text
        for line in figure.computed[:-1]:
            assert line in text


def test_the_order_of_the_funnel_is_that_of_the_page(watched: Desk):
    headers = watched.as_role(Role.OFFICER)
    usual = watched.client.get("/paper/methods/funnel?lang=en", headers=headers).text
    by_rate = watched.client.get("/paper/methods/funnel?lang=en&order=rate", headers=headers)
    assert "Table ordered by rate" in by_rate.text
    assert "Table ordered by rate" not in usual


def test_only_the_office_prints_methods_and_it_is_recorded(watched: Desk):
    for role in (Role.OWNER, Role.MARKETER):
        answer = watched.client.get("/paper/methods/funnel", headers=watched.as_role(role))
        assert (answer.status_code, answer.text) == (404, "not found")
    assert watched.client.get("/paper/methods/funnel", headers={}).status_code == 303
    headers = watched.as_role(Role.AUDITOR)
    for tab in ("nothing", "conclusions", "__init__"):
        answer = watched.client.get(f"/paper/methods/{tab}", headers=headers)
        assert answer.status_code == 404
    away = {**headers, "sec-fetch-site": "cross-site"}
    there = watched.client.get("/paper/methods/cohorts", headers=away).headers["location"]
    assert there == "/methods"
    answer = watched.client.get("/paper/methods/cohorts", headers=headers)
    assert re.search(r"EX-\d{8}-[0-9A-F]{8}", answer.text)
    entries = watched.world.see(lambda s: list_entries(s, action="exchange.record_export"))
    assert [(e.actor_login, e.facts["kind"]) for e in entries] == [
        ("p-auditor", "methods_paper")
    ]
