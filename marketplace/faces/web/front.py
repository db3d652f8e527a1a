"""Streamlit's own index page in the reader's language; `/` shows a visitor the showcase."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.base.words import Lang, say

# Pages of ours that anybody may read and that hold no secret: they may be sent compressed. A form's
# token beside what a stranger had put into the page could be guessed from the length (BREACH).
_OPEN = frozenset({"showcase", "verify"})
_STATIC = Path(__file__).parents[1] / "ui" / "static"


@cache
def asset(name: str) -> str:
    """Return the address of one of the pages' own files; it changes with what is in the file.

    So that a browser neither asks for it again nor keeps the one of yesterday's version.
    """
    stamp = sha256((_STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/assets/app/{name}?v={stamp}"


@cache
def latin_face() -> str:
    """Return the face English is set in before the Chinese ones, as a style; none where it is gone.

    The theme's stack begins with it on every page, so only a page that has this style uses it. The
    file is Streamlit's own, under a name that changes with its version. It is drawn larger, as
    the Chinese faces draw their Latin letters.
    """
    package = next(iter(find_spec("streamlit").submodule_search_locations))  # type: ignore[union-attr,arg-type]
    media = Path(package) / "static" / "static" / "media"
    files = sorted(media.glob("SourceSansVF-Upright.*.woff2"))
    if not files:
        return ""
    return (
        '<style>@font-face{font-family:"z-latin";font-weight:200 900;font-display:swap;size-adjust:113%;'
        f'src:url("/static/media/{files[0].name}") format("woff2");'
        "unicode-range:U+0000-05FF,U+1E00-1EFF,U+2000-22FF}</style>"
    )


@cache
def _head(lang: Lang) -> bytes:
    """`base.js` runs before Streamlit's own script, which is a module; the others after it."""
    return (
        f'<script src="{asset("base.js")}"></script>{latin_face() if lang == "en" else ""}'
        f'<link rel="stylesheet" href="{asset("app.css")}">'
        f'<link rel="icon" href="{asset("seal.svg")}" type="image/svg+xml">'
        f'<script defer src="{asset("shell.js")}"></script>'
        f'<script defer src="{asset("keep.js")}"></script></head>'
    ).encode()


class Front:
    """Rewrites only Streamlit's index page, sends strangers to the showcase, owns the 404s."""

    def __init__(self, app: ASGIApp, *, known: frozenset[str], missing: ASGIApp) -> None:
        """Remember what is behind, the first parts of every address there is, and the 404."""
        self.app = app
        self.known = known
        self.missing = missing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything but the index page through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        known = b"x-app-session" in headers
        if scope["path"] == "/" and not known and scope.get("method") in {"GET", "HEAD"}:
            query = scope.get("query_string", b"").decode("latin-1")
            target = "/showcase" + (f"?{query}" if query else "")
            await RedirectResponse(target, 303)(scope, receive, send)
            return
        # `OPTIONS *` asks of no address: there is nothing behind its first stroke.
        first = scope["path"].partition("/")[2].partition("/")[0]
        if not scope["path"].startswith("/") or first not in self.known:
            # Streamlit answers any address with its index page and 200.
            await self.missing(scope, receive, send)
            return
        if first in _OPEN:
            await self.app(scope, receive, send)
            return
        if "." not in scope["path"].rsplit("/", 1)[-1]:
            kept = [h for h in scope["headers"] if h[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, _Rewriting(send, _language(headers)).send)


class _Rewriting:
    def __init__(self, send: Send, lang: Lang) -> None:
        self._send, self._lang = send, lang
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            html = any(
                k.lower() == b"content-type" and v.startswith(b"text/html")
                for k, v in message["headers"]
            )
            if html:
                self._start = message
                return
            await self._send(message)
            return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._body
        if b"<title>Streamlit</title>" in body:
            code = "zh-CN" if self._lang == "zh" else "en"
            title = say("app.title", self._lang)
            body = (
                body.replace(b'<html lang="en">', f'<html lang="{code}">'.encode())
                .replace(b"<title>Streamlit</title>", f"<title>{title}</title>".encode())
                .replace(b"</head>", _head(self._lang))
            )
        kept = [h for h in start["headers"] if h[0].lower() not in {b"content-length", b"etag"}]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**start, "headers": [*kept, length]})
        await self._send({"type": "http.response.body", "body": body})


def _language(headers: dict[bytes, bytes]) -> Lang:
    jar = cookie_parser(headers.get(b"cookie", b"").decode("latin-1"))
    return "en" if jar.get("lang") == "en" else "zh"
