"""What every request passes: whose it is, from where it comes, what browsers are told."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import Actor
from marketplace.base.access.sessions import find_actor, open_session
from marketplace.base.settings import Settings
from marketplace.faces.cli import serving
from marketplace.faces.web.middleware import Identity, SecurityHeaders
from tests.faces.web.test_papers import Answer, Client, Desk, desk, world
from tests.faces.web.visitor import visiting

__all__ = ["desk", "world"]

# Set by other sites of a shared domain; names and values as browsers send them.
FOREIGN = ("a/b=1", "spm@gov=2", "foo bar=3", 'x={"a":1}', "expires=1", "a[b]=2", "=", "统计=1")


def _whoever(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.headers.get("x-app-user", "nobody"))


def ask(house: App, *, tls: bool = False, **headers: str) -> Answer:
    app = Starlette(
        routes=[Route("/", _whoever)],
        middleware=[Middleware(SecurityHeaders, tls=tls), Middleware(Identity, house=house)],
    )
    return Client(app).get("/", headers={"host": "localhost", **headers})


@pytest.fixture
def officer(desk: Desk) -> Actor:
    found = desk.world.see(lambda s: find_actor(s, "p-officer"))
    assert found is not None
    return found


def signed_in(desk: Desk, who: Actor) -> str:
    return open_session(
        desk.world.app.store, clock=desk.world.clock, account_id=who.account_id,
        owner=False, user_agent="",
    )  # fmt: skip


def test_a_cookie_of_another_site_of_the_domain_signs_nobody_out(desk: Desk, officer: Actor):
    me = str(officer.account_id)
    mine = f"sid={signed_in(desk, officer)}"
    for foreign in FOREIGN:
        for jar in (f"{foreign}; {mine}", f"{mine}; {foreign}"):
            assert ask(desk.world.app, cookie=jar).text == me, jar
        assert ask(desk.world.app, cookie=foreign).text == "nobody", foreign


def test_whoever_hands_in_an_identity_is_nobody(desk: Desk, officer: Actor):
    forged = {"x-app-user": str(officer.account_id), "x-app-session": "1"}
    assert ask(desk.world.app, **forged).text == "nobody"


def test_browsers_are_kept_on_tls_where_there_is_tls(desk: Desk):
    name = "strict-transport-security"
    assert ask(desk.world.app, tls=True).headers[name] == "max-age=31536000"
    assert name not in ask(desk.world.app).headers


def test_whose_word_on_a_visitors_address_is_taken_is_a_setting(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Uvicorn resolves the address; both ways to serve hand it the setting."""
    house = replace(
        desk.world.app, settings=Settings(data_dir=tmp_path, trusted_proxies="10.1.0.0/16")
    )
    told: dict[str, object] = {}
    monkeypatch.setattr("uvicorn.run", lambda _app, **given: told.update(given))
    serving._serve_public(house, 0)
    assert told["forwarded_allow_ips"] == "10.1.0.0/16"
    monkeypatch.setattr(os, "execv", lambda *_command: told.update(os.environ))
    monkeypatch.setattr(os, "chdir", lambda _folder: None)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    serving._serve(house.settings, 0)
    assert told["FORWARDED_ALLOW_IPS"] == "10.1.0.0/16"


def test_the_page_of_an_error_speaks_the_language_of_the_visitor_and_tells_nothing_else():
    async def broken(scope, receive, send):
        raise RuntimeError("secret detail")

    with visiting(SecurityHeaders(broken, tls=False)) as visitor:
        chinese = visitor.get("/showcase")
        english = visitor.get("/showcase", {"Cookie": "lang=en"})
        asked = visitor.get("/showcase?lang=en")
    assert [a.status for a in (chinese, english, asked)] == [500, 500, 500]
    assert "刚才出了点问题" in chinese.text
    for page in (english.text, asked.text):
        assert '<html lang="en">' in page
        assert "刚才" not in page
        assert "secret detail" not in page
