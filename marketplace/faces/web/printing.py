"""What every printed page shares: who asks, in which language, from where, and what a refusal shows.

Nobody signed in is sent to the door; whoever may not know learns nothing of what exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from marketplace.assembly import App
from marketplace.base.access import PUBLIC, Actor, current_actor
from marketplace.base.db import read, write
from marketplace.base.errors import NotAllowed, NotFound
from marketplace.base.identifiers import LARGEST_ROW_NUMBER
from marketplace.base.words import Lang, format_instant, say
from marketplace.exchange.exporting import ExportStamp

_OWN_SITE = {"same-origin", "none"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks for paper, in which language, and the address of this site without a path."""

    actor: Actor
    lang: Lang
    origin: str


Draw = Callable[[Session, Reader, Request], str]
Endpoint = Callable[[Request], Response]


def paper_endpoint(
    app: App,
    draw: Draw,
    *,
    page_of: Callable[[Request], str] | None = None,
    slow: bool = False,
) -> Endpoint:
    """Return the endpoint that hands out what `draw` makes, never kept by a cache on the way.

    `page_of` is for paper whose taking is recorded: it runs in a write, and a page elsewhere
    that makes a browser ask is shown that page of the app instead. Without it nothing is written.
    What is `slow` to make is read first and records its taking itself, so that nobody waits.
    """

    def endpoint(request: Request) -> Response:
        public_id = request.headers.get("x-app-session")
        with read(app.store) as session:
            actor = (public_id and current_actor(session, public_id, app.clock)) or PUBLIC
        if actor.account_id is None:
            return RedirectResponse(f"/auth/login?next={quote(request.url.path)}", 303)
        if page_of and request.headers.get("sec-fetch-site", "same-origin") not in _OWN_SITE:
            return RedirectResponse(page_of(request), 303)
        numbers = [v for v in request.path_params.values() if isinstance(v, int)]
        if any(number > LARGEST_ROW_NUMBER for number in numbers):
            return PlainTextResponse("not found", 404)
        reader = Reader(actor, _language(request), _origin(app, request))
        try:
            if page_of and not slow:
                page = write(app.store, lambda s: draw(s, reader, request))
            else:
                with read(app.store) as session:
                    page = draw(session, reader, request)
        except (NotFound, NotAllowed):
            return PlainTextResponse("not found", 404)
        return HTMLResponse(page, headers={"Cache-Control": "private, no-store"})

    return endpoint


def watermark_of(stamp: ExportStamp, lang: Lang) -> str:
    """Return what stands across the sheet: who took it, under which number, when."""
    return say(
        "officer.paper.watermark",
        lang,
        who=stamp.who,
        number=stamp.number,
        at=format_instant(stamp.as_of),
    )


def _language(request: Request) -> Lang:
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else "zh"


def _origin(app: App, request: Request) -> str:
    base = app.settings.public_base_url or f"{request.url.scheme}://{request.url.netloc}"
    return base.rstrip("/")
