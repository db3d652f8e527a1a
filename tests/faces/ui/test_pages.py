"""Every page × every role, run as a script: its own pages show something, others show nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import streamlit
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from marketplace.assembly import App
from marketplace.base.access import Role, current_actor
from marketplace.base.access.sessions import open_session, resolve
from marketplace.base.access.tables import Account, WebSession
from marketplace.base.db import housekeeping_write, read
from marketplace.base.errors import NotAllowed
from marketplace.base.words import say
from marketplace.faces.ui import navigation
from marketplace.faces.ui.navigation import PAGES, VIEWS
from marketplace.faces.ui.session import Here, later
from tests.conftest import open_demo
from tests.faces.ui.opening import open_view

SCRIPT = Path(navigation.__file__).parent / "main.py"
ALL_VIEWS = sorted(p.stem for p in VIEWS.glob("*.py") if p.stem != "__init__")
OWN = {
    role: {name for names in sections.values() for name in names}
    for role, sections in PAGES.items()
}


@pytest.fixture(scope="module")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with open_demo(demo_template, tmp_path_factory.mktemp("pages") / "var") as app:
        yield app


@pytest.fixture
def visit(demo: App, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs the app for a role (None: nobody) with a language."""
    return visits_to(demo, monkeypatch)


def visits_to(app: App, monkeypatch: pytest.MonkeyPatch):
    """Let the pages serve this installation; return the function that runs them."""
    monkeypatch.setattr("marketplace.faces.ui.session.the_app", lambda: app)

    def start(role: Role | None, lang: str = "zh") -> AppTest:
        at = AppTest.from_file(str(SCRIPT), default_timeout=60)
        at.user = {} if role is None else {"session": session_of(app, role)}
        at.query_params["lang"] = lang
        at.query_params["id"] = "1"
        return at

    return start


def session_of(app: App, role: Role) -> str:
    with read(app.store) as session:
        account = session.execute(
            select(Account).where(Account.login == role.value)
        ).scalar_one()
        account_id = account.id
    token = open_session(
        app.store, clock=app.clock, account_id=account_id, owner=False, user_agent="test"
    )
    found = resolve(app.store, clock=app.clock, token=token)
    assert found is not None
    return found.public_id


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("role", list(PAGES), ids=str)
def test_every_page_of_a_role_runs_and_says_something_and_names_its_tab(
    visit, role, lang, monkeypatch
):
    told: list[str] = []
    configure = streamlit.set_page_config

    def note(**given):
        told.append(given.get("page_title") or "")
        configure(**given)

    monkeypatch.setattr(streamlit, "set_page_config", note)
    tabs = {}
    for name in sorted(OWN[role]):
        told.clear()
        at = open_view(visit(role, lang), name)
        assert shown(at), name
        (tabs[name],) = [title for title in told if title]  # one that changes would flicker
    assert len(set(tabs.values())) == len(tabs)
    rest = say("app.tab", lang, name="")
    assert all(title.endswith(rest) and title != rest for title in tabs.values())
    for name in tabs.keys() & {"factories", "my_day", "notices", "accounts"}:
        assert tabs[name] == say("app.tab", lang, name=say(f"page.{name}.title", lang))
    if "dossier" in tabs:
        assert "有限公司" in tabs["dossier"]
        assert re.search(r"\d{4}-\d+", tabs["case"])


def test_the_open_analysis_is_offered_with_its_warning_to_officers_and_auditors(visit):
    for role in (Role.OFFICER, Role.AUDITOR):
        at = open_view(visit(role, "en"), "methods")
        assert any("pseudonymous, not anonymous" in text for text in shown(at))
        assert [b.label for b in at.get("download_button")] == ["Export as ZIP"]


@pytest.mark.parametrize("role", list(PAGES), ids=str)
def test_a_page_of_another_role_cannot_be_opened(visit, role):
    at = visit(role).run()
    for name in ALL_VIEWS:
        if name not in OWN[role]:
            with pytest.raises(Exception, match=name):
                at.switch_page(f"views/{name}.py").run()


@pytest.mark.parametrize("name", ALL_VIEWS)
def test_a_view_run_by_itself_refuses_whoever_it_is_not_for(visit, name):
    refusal = say("error.page_not_yours", "zh")
    for role in (None, *PAGES):
        if role is not None and name in OWN[role]:
            continue
        at = AppTest.from_file(str(VIEWS / f"{name}.py"), default_timeout=60)
        at.user = visit(role).user
        at.query_params["id"] = "1"
        at.run()
        assert not at.exception, (role, at.exception)
        texts = shown(at)
        assert len(texts) == 1, role
        assert refusal in texts[0], role
        assert not at.dataframe, role
        assert not at.button, role


def test_a_run_asks_once_who_is_here_and_an_ended_session_acts_at_the_next_one(visit, demo):
    at = visit(Role.OFFICER).run()
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if "FROM web_session" in statement:
            asked.append(statement)

    sa.event.listen(demo.store.reading, "before_cursor_execute", note)
    try:
        at.run()
    finally:
        sa.event.remove(demo.store.reading, "before_cursor_execute", note)
    assert len(asked) == 1
    end_session(demo, at.user["session"])
    at.run()
    assert any(say("own.signed_out", "zh") in text for text in shown(at))
    assert not at.button


def test_a_file_is_made_for_whoever_takes_it_as_they_stand_then(demo):
    with read(demo.store) as session:
        actor = current_actor(session, session_of(demo, Role.OFFICER), demo.clock)
    assert actor is not None
    assert actor.session_id is not None
    page = Here(app=demo, actor=actor, lang="zh", rulebook=demo.rulebook())
    take = later(page, lambda now: now.actor.login.encode())
    assert take() == b"officer"
    end_session(demo, actor.session_id)
    with pytest.raises(NotAllowed):
        take()


def test_what_is_folded_away_is_sent_once_somebody_unfolds_it(visit):
    at = open_view(visit(Role.OFFICER), "overview")
    rows = [text for text in shown(at) if "z-table" in text]
    at.session_state["fold_rows_compliance-program"] = True
    at.run()
    assert not at.exception, at.exception
    assert len([text for text in shown(at) if "z-table" in text]) == len(rows) + 1


def end_session(app: App, public_id: str) -> None:
    with housekeeping_write(app.store) as session:
        session.execute(
            sa.update(WebSession)
            .where(col(WebSession.public_id) == public_id)
            .values(revoked_at=app.clock.now())
        )


def shown(at: AppTest) -> list[str]:
    return [m.value for m in (*at.markdown, *at.title, *at.header, *at.caption) if m.value]


def test_a_run_of_an_open_page_keeps_its_session_from_ending_as_idle(demo: App, visit):
    at = visit(Role.ADMIN)
    now = demo.clock.now()
    whose = WebSession.__table__.c.public_id == at.user["session"]
    with housekeeping_write(demo.store) as session:
        session.execute(
            sa.update(WebSession).where(whose).values(last_seen_at=now - timedelta(hours=7))
        )
    at.session_state["noted_at_work"] = now - timedelta(hours=7)
    at.run()
    with read(demo.store) as session:
        seen = session.execute(sa.select(WebSession.last_seen_at).where(whose)).scalar_one()
    assert now - seen < timedelta(minutes=1)
