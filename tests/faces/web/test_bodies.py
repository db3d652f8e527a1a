"""What a request may carry: no route takes more than its form, announced or not."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse

from marketplace.faces.web.auth import auth_routes
from marketplace.faces.web.bodies import MAX_FORM_BYTES, BodyBound
from marketplace.faces.web.front import Front
from marketplace.faces.web.site import body_bound, public_routes
from tests.faces.web.test_papers import Desk, desk, world

__all__ = ["desk", "world"]  # fixtures


@pytest.fixture
def store(sqlite_store):
    """Nothing here depends on the engine."""
    return sqlite_store


class Street:
    """A server's far side: what a visitor sends comes in pieces, none of them announced."""

    def __init__(self, piece: bytes, pieces: int, *, head: bytes = b"") -> None:
        self.head, self.piece, self.left, self.sent = head, piece, pieces, []

    async def receive(self):
        self.left -= 1
        head, self.head = self.head, b""
        return {"type": "http.request", "body": head + self.piece, "more_body": self.left > 0}

    async def send(self, message) -> None:
        self.sent.append(message)

    def post(self, app, path: str, *, kind: str, length: int | None = None) -> int:
        headers = [(b"content-type", kind.encode()), (b"host", b"localhost")]
        if length is not None:
            headers.append((b"content-length", str(length).encode()))
        scope = {
            "type": "http", "method": "POST", "path": path, "headers": headers,
            "query_string": b"", "scheme": "http", "server": ("localhost", 80),
        }  # fmt: skip
        asyncio.run(app(scope, self.receive, self.send))
        return self.sent[0]["status"]


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
FILE = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
BULK = 1_000 * 2**20


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/auth/login", FORM), ("/report", FORM), ("/report", PARTS), ("/complain", PARTS)],
)
def test_a_body_that_never_ends_is_refused_where_it_is_too_large(desk: Desk, path, kind):
    app = Starlette(
        routes=[*auth_routes(desk.world.app), *public_routes(desk.world.app)],
        middleware=[body_bound(desk.world.app)],
    )
    street = Street(b"x" * 2**20, 1_000, head=b"a=" if kind == FORM else FILE)
    assert street.post(app, path, kind=kind) == 413
    assert street.left > 900  # of a thousand pieces
    announced = Street(b"", 1)
    assert announced.post(app, path, kind=kind, length=BULK) == 413
    assert announced.left == 1  # nothing was read


def test_a_form_of_ours_is_small_and_has_few_fields(desk: Desk):
    app = Starlette(routes=auth_routes(desk.world.app), middleware=[body_bound(desk.world.app)])
    largest = b"password=" + b"x" * (MAX_FORM_BYTES - len(b"password="))
    assert Street(largest, 1).post(app, "/auth/login", kind=FORM) == 403  # no token of the form
    many = b"&".join(b"f%d=1" % n for n in range(400))
    assert Street(many, 1).post(app, "/auth/login", kind=FORM) == 400


def test_an_answer_that_has_begun_is_not_followed_by_another():
    async def hasty(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["more_body"]:
            pass

    street = Street(b"x" * 2**20, 9)
    assert street.post(BodyBound(hasty), "/report", kind=FORM) == 200
    assert [m["type"] for m in street.sent] == ["http.response.start"]


def test_what_asks_of_no_address_is_not_found(desk: Desk):
    async def missing(scope, receive, send):
        await PlainTextResponse("missing", 404)(scope, receive, send)

    async def behind(scope, receive, send):
        raise AssertionError("nothing is there")

    front = Front(behind, known=frozenset({"", "home"}), missing=missing)
    for path in ("*", "", "home"):
        street = Street(b"", 1)
        assert street.post(front, path, kind=FORM) == 404
