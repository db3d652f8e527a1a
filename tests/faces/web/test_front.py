"""Streamlit's index page as readers get it: our files named by what is in them, its server at once."""

from __future__ import annotations

import asyncio
import re
import tomllib
from hashlib import sha256
from pathlib import Path

import streamlit
from starlette.responses import HTMLResponse
from starlette.types import Message

from marketplace.faces import ui
from marketplace.faces.web.front import Front, asset
from tests.architecture.sources import ROOT
from tests.faces.web.test_requests import FOREIGN

STATIC = Path(ui.__file__).parent / "static"
INDEX = (
    '<html lang="en"><head><title>Streamlit</title>'
    '<script type="module" src="./static/js/index.js"></script></head></html>'
)


def opened(cookie: str = "") -> str:
    front = Front(HTMLResponse(INDEX), known=frozenset({"overview"}), missing=HTMLResponse(""))
    sent: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/overview",
        "headers": [(b"cookie", cookie.encode())],
    }
    asyncio.run(front(scope, receive, send))
    return b"".join(sent).decode()


def test_the_page_names_each_of_our_files_by_what_is_in_it():
    found = dict(re.findall(r'(?:href|src)="/assets/app/([\w.]+)\?v=(\w+)"', opened()))
    assert sorted(found) == ["app.css", "base.js", "keep.js", "seal.svg", "shell.js"]
    for name, stamp in found.items():
        assert sha256((STATIC / name).read_bytes()).hexdigest().startswith(stamp)


def test_only_pages_without_a_secret_are_asked_for_compressed():
    asked: dict[str, bool] = {}

    async def behind(scope, receive, send) -> None:
        asked[scope["path"]] = b"accept-encoding" in dict(scope["headers"])
        await HTMLResponse(INDEX)(scope, receive, send)

    known = frozenset({"overview", "report", "showcase", "verify"})
    front = Front(behind, known=known, missing=HTMLResponse(""))
    sent: list[bytes] = []

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))

    pages = (
        "/showcase",
        "/showcase/products/350302469142",
        "/verify/x",
        "/report",
        "/overview",
    )
    for path in pages:
        scope = {
            "type": "http", "method": "GET", "path": path,
            "headers": [(b"accept-encoding", b"gzip")],
        }  # fmt: skip
        asyncio.run(front(scope, None, send))
    assert [asked[path] for path in pages] == [True, True, True, False, False]


def test_where_the_server_is_stands_before_streamlit_looks_for_it():
    """A module script runs after the page is read; a plain one where it stands."""
    (tag,) = re.findall(r"<script[^>]*base\.js[^>]*>", opened())
    assert tag == f'<script src="{asset("base.js")}">'
    assert "BACKEND_BASE_URL" in (STATIC / "base.js").read_text("utf-8")


def test_a_cookie_of_another_site_of_the_domain_keeps_no_page_and_no_language_away():
    for foreign in FOREIGN:
        for jar in (f"{foreign}; lang=en", f"lang=en; {foreign}"):
            assert '<html lang="en">' in opened(jar), jar
        assert '<html lang="zh-CN">' in opened(foreign), foreign


def test_english_alone_is_set_in_a_latin_face_of_our_own_server():
    """The quotes of a Chinese face are as wide as a character; Chinese keeps them."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["theme"]["font"].startswith("'z-latin','PingFang SC'")
    (name,) = re.findall(r'src:url\("/static/media/([^"]+)"\)', opened("lang=en"))
    assert (Path(streamlit.__file__).parent / "static" / "static" / "media" / name).is_file()
    assert "z-latin" not in opened()
    assert "z-latin" not in opened("lang=zh")
