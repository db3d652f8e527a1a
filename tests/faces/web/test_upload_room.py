"""Uploads on their way in: nobody's are refused, nobody's fill the memory."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from marketplace.base.access import Role
from marketplace.faces.web.middleware import Identity
from marketplace.faces.web.upload_room import UPLOADS, UploadRoom
from tests.faces.web.test_papers import Desk, desk, world

__all__ = ["desk", "world"]  # fixtures

MB = 1024**2


def put(app, session: str, size: int | None, *, account: str = "7", method="PUT", **headers):
    """Announce an upload; return the answer's status."""
    sent = []
    told = {"x-app-user": account, **headers}
    if size is not None:
        told["content-length"] = str(size)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": f"{UPLOADS}/{session}/f1",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in told.items()],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    return sent[0]["status"]


class Holding:
    """What comes after the middleware: it keeps every file whole, as Streamlit does."""

    def __init__(self) -> None:
        self.stored: dict[str, list[int]] = {}
        self.then = None

    async def __call__(self, scope, receive, send):
        if self.then is not None:
            again, self.then = self.then, None
            await asyncio.to_thread(again)
        size = int(dict(scope["headers"]).get(b"content-length", b"0"))
        self.stored.setdefault(scope["path"].split("/")[-2], []).append(size)
        await send({"type": "http.response.start", "status": 204, "headers": []})


@pytest.fixture
def store(sqlite_store):
    """Nothing here depends on the engine."""
    return sqlite_store


@pytest.fixture
def held() -> Holding:
    return Holding()


@pytest.fixture
def room(held: Holding) -> UploadRoom:
    return UploadRoom(held, stored=lambda: held.stored, most_bytes=50 * MB, most_files=5)


def test_many_large_files_fill_an_accounts_room_over_all_its_sessions(held, room):
    # 20 + 20 MB are held; 20 more are beyond 50, 5 are not.
    assert [put(room, f"s{n}", 20 * MB) for n in range(3)] == [204, 204, 413]
    assert put(room, "s9", 5 * MB) == 204
    assert put(room, "t1", 20 * MB, account="8") == 204
    held.stored.pop("s0")  # the session ended
    assert put(room, "s9", 20 * MB) == 204


def test_many_small_files_fill_it_too(room):
    assert [put(room, "s1", 10) for _ in range(6)] == [204] * 5 + [413]


def test_a_file_of_unsaid_or_lying_size_counts_as_the_largest(held, room):
    assert [put(room, "s1", None) for _ in range(2)] == [204, 204]
    held.stored["s1"] = [20 * MB, 20 * MB]  # what came in truth
    assert put(room, "s1", None) == 413
    assert put(room, "s1", -1) == 413


def test_files_on_their_way_count(held, room):
    meanwhile = []
    held.then = lambda: meanwhile.append(put(room, "s2", 20 * MB))
    held.stored["s1"] = []
    assert put(room, "s1", 20 * MB) == 204
    assert meanwhile == [204]  # 40 together
    held.then = lambda: meanwhile.append(put(room, "s2", 10 * MB))
    assert put(room, "s3", 5 * MB) == 204
    assert meanwhile == [204, 413]  # 40 held, 5 coming, 10 asked


def test_what_is_no_upload_passes(room, held):
    held.stored["s1"] = [60 * MB]
    put(room, "s1", 0, method="DELETE")
    assert put(room, "s1", 0, method="DELETE") == 204


def test_an_upload_of_nobody_or_from_elsewhere_is_refused_unread(desk: Desk, held):
    guarded = Identity(UploadRoom(held, stored=dict), house=desk.world.app)
    assert put(guarded, "s1", 10, host="localhost:1") == 401
    assert put(guarded, "s1", 10, host="localhost:1", x_app_session="forged") == 401
    assert put(guarded, "s1", 10, host="localhost:1", cookie="sid=guessed") == 401
    assert put(guarded, "s1", 10, host="localhost:1", origin="https://elsewhere.example") == 403
    assert put(guarded, "s1", 10, host="elsewhere.example") == 400
    assert held.stored == {}


def test_one_who_signed_in_may_upload(desk: Desk, held):
    guarded = Identity(UploadRoom(held, stored=dict), house=desk.world.app)
    cookie = f"sid={desk.token(Role.OFFICER)}"
    assert put(guarded, "s1", 10, host="localhost:1", cookie=cookie) == 204
