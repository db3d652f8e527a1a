"""Every printed page asks the same at the door, in one place."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.routing import Route

from marketplace.base.access import Role
from marketplace.base.errors import NotAllowed, NotFound
from marketplace.faces.web.printing import paper_endpoint
from tests.faces.web.test_papers import Client, Desk, desk, world

__all__ = ["desk", "world"]


def client_of(desk: Desk, draw, **page) -> Client:
    return Client(Starlette(routes=[Route("/p", paper_endpoint(desk.world.app, draw, **page))]))


def told(session, reader, request) -> str:
    return f"{reader.actor.role.value} {reader.lang} {reader.origin}"


def test_a_reader_gets_his_page_in_his_language_and_no_cache_keeps_it(desk):
    client = client_of(desk, told)
    answer = client.get("/p?lang=en", headers=desk.as_role(Role.AUDITOR))
    assert (answer.status_code, answer.text) == (200, "auditor en http://testserver")
    assert answer.headers["cache-control"] == "private, no-store"
    assert client.get("/p", headers=desk.as_role(Role.OWNER)).text.startswith("owner zh")


def test_nobody_signed_in_is_sent_to_the_door(desk):
    answer = client_of(desk, told).get("/p", headers={})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/auth/login?next=/p"


@pytest.mark.parametrize("error", [NotFound("hold_not_found"), NotAllowed("page_not_yours")])
def test_what_is_not_his_looks_like_what_is_not_there(desk, error):
    def draw(session, reader, request):
        raise error

    answer = client_of(desk, draw).get("/p", headers=desk.as_role(Role.OWNER))
    assert (answer.status_code, answer.text) == (404, "not found")


def test_a_page_elsewhere_takes_no_recorded_paper_and_unrecorded_paper_cannot_write(desk):
    def writes(session, reader, request):
        session.execute(sa.text("UPDATE account SET name = name"))
        return "written"

    elsewhere = {**desk.as_role(Role.OFFICER), "sec-fetch-site": "cross-site"}
    recorded = client_of(desk, writes, page_of=lambda request: "/friday")
    answer = recorded.get("/p", headers=elsewhere)
    assert (answer.status_code, answer.headers["location"]) == (303, "/friday")
    assert recorded.get("/p", headers=desk.as_role(Role.OFFICER)).text == "written"
    with pytest.raises(sa.exc.DBAPIError):
        client_of(desk, writes).get("/p", headers=desk.as_role(Role.OFFICER))
