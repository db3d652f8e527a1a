"""What every request passes: identity, host and origin, security headers, errors without internals.

Pure ASGI, so that websockets pass it too. Clients cannot hand in identity: whatever they send of
the trusted headers is taken out before the cookie is looked up.
"""

from __future__ import annotations

import logging
import re
import secrets
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.assembly import App
from marketplace.base.access.sessions import resolve
from marketplace.base.errors import Unavailable
from marketplace.base.words import Lang, say
from marketplace.faces.web.render import render_error
from marketplace.faces.web.upload_room import UPLOADS
from marketplace.faces.web.viewmodels import ErrorView

log = logging.getLogger(__name__)

_CLOSED = ("/_stcore/metrics", "/_stcore/agent")


def cookie_name(app: App) -> str:
    """Return the session cookie's name; `__Host-` binds it to the origin under TLS."""
    return "__Host-sid" if app.settings.secure_cookies else "sid"


class Identity:
    """Turns the session cookie into trusted headers; refuses foreign hosts and origins."""

    def __init__(self, app: ASGIApp, *, house: App) -> None:
        """Remember the installation."""
        self.app = app
        self.house = house
        self.hosts = {h.strip().lower() for h in house.settings.allowed_hosts.split(",")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, identify, pass on."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = [(k, v) for k, v in scope["headers"] if not k.startswith(b"x-app-")]
        found = {k: v.decode("latin-1") for k, v in headers}
        refusal = self._refusal(scope, found)
        if refusal is not None:
            await _refuse(scope, receive, send, refusal)
            return
        # Not http.cookies: it stops or fails at names other sites of the domain may have set.
        token = cookie_parser(found.get(b"cookie", "")).get(cookie_name(self.house))
        who = None
        if token:
            who = await run_in_threadpool(
                resolve, self.house.store, clock=self.house.clock, token=token
            )
        if who is not None:
            headers += [
                (b"x-app-session", who.public_id.encode()),
                (b"x-app-user", str(who.account_id).encode()),
            ]
        elif scope["path"].startswith(UPLOADS):
            await _refuse(scope, receive, send, 401)
            return
        await self.app({**scope, "headers": headers}, receive, send)

    def _refusal(self, scope: Scope, found: dict[bytes, str]) -> int | None:
        host = found.get(b"host", "")
        if host.rsplit(":", 1)[0].lower() not in self.hosts:
            return 400
        if scope["path"].startswith(_CLOSED):
            return 404
        writes = scope["type"] == "websocket" or scope.get("method") not in {
            "GET", "HEAD", "OPTIONS",
        }  # fmt: skip
        origin = found.get(b"origin")
        if writes and origin is not None and urlsplit(origin).netloc != host:
            return 403
        return None


class SecurityHeaders:
    """Sets the headers on every answer, and answers what broke with a number and nothing more."""

    def __init__(self, app: ASGIApp, *, tls: bool = False) -> None:
        """Compute the policy once; behind TLS browsers are told to stay there."""
        self.app = app
        self.headers = [
            (b"content-security-policy", content_security_policy().encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"x-frame-options", b"DENY"),
            (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]
        if tls:
            self.headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def out(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                names = {k for k, _v in self.headers}
                kept = [(k, v) for k, v in message["headers"] if k.lower() not in names]
                message = {**message, "headers": [*kept, *self.headers]}
            await send(message)

        try:
            await self.app(scope, receive, out)
        except Unavailable as error:
            log.error("nothing can be kept: %s %s", error.code, dict(error.facts))  # noqa: TRY400
            if started:
                raise
            lang = _language(scope)
            told = say("showcase.error.unavailable", lang)  # of what stands behind, not a word
            page = HTMLResponse(render_error(ErrorView("", unavailable=told), lang), 503)
            await page(scope, receive, out)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("request failed, reference %s", reference)
            if started:
                raise
            page = HTMLResponse(render_error(ErrorView(reference), _language(scope)), 500)
            await page(scope, receive, out)


def _language(scope: Scope) -> Lang:
    """Return the language asked for: the query, then the cookie, then Chinese."""
    request = HTTPConnection(scope)
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else "zh"


def content_security_policy() -> str:
    """Return the policy: everything from here, scripts by file or by Streamlit's own hash."""
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script).digest()).decode()}'"
        for script in re.findall(rb"<script>(.*?)</script>", index.read_bytes(), re.DOTALL)
    )
    return (
        f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; "
        "object-src 'none'"
    )


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse("refused", status)(scope, receive, send)
