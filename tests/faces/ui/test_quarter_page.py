"""The quarterly page: previewed, refused where it must be, issued, kept; its workbook holds its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from marketplace.assembly import App
from marketplace.base.access import Role
from marketplace.base.access.sessions import find_actor
from marketplace.base.clock import today
from marketplace.base.db import read
from marketplace.base.sheets import read_book
from marketplace.base.words import say
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import get_issue, list_issues
from marketplace.desk.quarter.content import from_json
from marketplace.desk.quarters import quarter_on
from marketplace.faces.ui import navigation
from marketplace.faces.ui.issuing.taking import workbook_of
from marketplace.faces.ui.navigation import VIEWS
from marketplace.faces.ui.session import Here
from tests.conftest import open_demo
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_pages import session_of


@pytest.fixture(scope="module")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_demo(demo_template, tmp_path_factory.mktemp("quarter") / "var") as app:
        yield app


@pytest.fixture
def visit(demo: App, monkeypatch: pytest.MonkeyPatch):
    """Return a function that opens the page as a role with an address."""
    monkeypatch.setattr("marketplace.faces.ui.session.the_app", lambda: demo)

    def start(role: Role, lang: str = "zh", **asked: str) -> AppTest:
        at = AppTest.from_file(str(VIEWS.parent / "main.py"), default_timeout=120)
        at.user = {"session": session_of(demo, role)}
        at.query_params["lang"] = lang
        for name, value in asked.items():
            at.query_params[name] = value
        return open_view(at, "quarter")

    assert navigation.PAGES[Role.OFFICER]["results"].count("quarter") == 1
    return start


def told(at: AppTest) -> str:
    return "\n".join(str(m.value) for m in (*at.markdown, *at.caption))


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def issues_of(app: App):
    with read(app.store) as session:
        officer = find_actor(session, "officer")
        program = app.rulebook().program.key
        rows = list_issues(session, officer, program=program, kind=IssueKind.QUARTER)
        return [
            get_issue(
                session, officer, program=program, kind=IssueKind.QUARTER, number=row.number
            )
            for row in rows
        ]


def test_the_demo_has_two_issues_and_the_first_was_corrected_later(demo, visit):
    kept = issues_of(demo)[-2:]  # another test of this file may have issued the next
    last = quarter_on(today(demo.clock)).previous
    assert [(i.number, i.period) for i in kept] == [
        (2, last.previous.key),
        (1, last.previous.previous.key),
    ]
    at = visit(Role.AUDITOR, quarter=kept[1].period)
    assert say("quarter.corrected", "zh") in told(at)
    assert kept[1].sha256 in told(at)
    assert say("quarter.issue", "zh") not in labels(at)
    frozen = from_json(kept[1].content)
    for sentence in frozen.reports["zh"].sections[0].sentences:
        assert sentence in told(at)


def test_a_quarter_to_come_is_refused_with_the_latest_that_can_be_chosen(demo, visit):
    coming = quarter_on(today(demo.clock)).next
    at = visit(Role.OFFICER, quarter=coming.key)
    assert coming.start.isoformat() in told(at)
    assert say("quarter.choose_other", "zh") in told(at)
    assert say("quarter.issue", "zh") not in labels(at)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_no_quarter_and_a_place_of_nobody_are_refused(demo, visit, lang):
    at = visit(Role.OFFICER, lang, quarter="yesterday")
    assert "yesterday" in told(at)
    at = visit(Role.OFFICER, lang, district="999999")
    assert say("error.district_unknown", lang, district="999999") in told(at)
    assert not [b for b in labels(at) if b == say("quarter.issue", lang)]


def test_the_running_quarter_is_marked_and_offers_no_issue(demo, visit):
    running = quarter_on(today(demo.clock))
    at = visit(Role.OFFICER, quarter=running.key)
    assert say("quarter.issue", "zh") not in labels(at)
    assert running.next.start.isoformat() in told(at)


def test_an_officer_issues_the_last_quarter_and_its_workbook_holds_its_numbers(demo, visit):
    last = quarter_on(today(demo.clock)).previous
    at = visit(Role.REVIEWER)
    assert say("quarter.issue", "zh") not in labels(at)  # a reviewer reads
    at = visit(Role.OFFICER)
    for asked in ("quarter.issue", "quarter.issue_sure"):
        assert len(issues_of(demo)) == 2
        next(b for b in at.button if b.label == say(asked, "zh")).click().run()
        assert not at.exception
    newest = issues_of(demo)[0]
    assert (newest.number, newest.period) == (3, last.key)
    assert newest.sha256 in told(at)
    content = from_json(newest.content)
    with read(demo.store) as session:
        officer = find_actor(session, "officer")
    page = Here(app=demo, actor=officer, lang="zh", rulebook=demo.rulebook())
    book = read_book(workbook_of(page, content, ()), "quarter.xlsx")
    rows = {sheet.name: sheet.rows for sheet in book.sheets}
    cells = {row[0]: row[1:4] for row in rows["表1"] if len(row) >= 4}
    for number in content.numbers:
        name = say(f"quarter.number.{number.key}.name", "zh")
        count, n, rate = cells[name]
        assert count == number.count
        assert n == ("—" if number.n is None else number.n)
        if number.per_thousand is not None:
            assert rate == round(number.per_thousand, 1)
    figure = content.reports["zh"].figures[0]
    drawn = rows["图1"][-len(figure.rows) :]
    # month, side, checked, findings, listings: what the page shows with separators
    assert [f"{row[2]:,}" for row in drawn] == [row[2] for row in figure.rows]
    assert [f"{row[4]:,}" for row in drawn] == [row[4] for row in figure.rows]
