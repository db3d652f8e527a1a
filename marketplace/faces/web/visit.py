"""One request of a visitor with what every public page needs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from marketplace.assembly import App
from marketplace.base.access import current_actor
from marketplace.base.access.queries import is_demo
from marketplace.base.db import read
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang
from marketplace.faces.web import present, render
from marketplace.faces.web.viewmodels import NotFoundView, SiteView


@dataclass(frozen=True, slots=True)
class Visit:
    """One request with what every page needs."""

    app: App
    session: Session
    request: Request
    rulebook: Rulebook
    lang: Lang
    site: SiteView


Page = Callable[[Visit], Response]

_SHOWN_TO_ALL = frozenset({"showcase", "verify", "report", "complain"})


def endpoint_of(app: App, view: Page) -> Callable[[Request], Response]:
    """Return the endpoint of a page: one read, a real 404, the language remembered."""

    def endpoint(request: Request) -> Response:
        with read(app.store) as session:
            visit = visit_of(app, session, request)
            try:
                response = view(visit)
            except NotFound:
                response = not_found(visit)
        # What was live a minute ago may have lapsed: a page is kept only where it says so itself.
        response.headers.setdefault("Cache-Control", "no-cache")
        return _remember_language(request, response)

    return endpoint


def visit_of(app: App, session: Session, request: Request) -> Visit:
    """Return a request with the program and language it is answered in."""
    lang = language_of(request)
    rulebook = app.rulebook()
    query = f"?{request.url.query}" if request.url.query else ""
    site = present.site_of(
        app,
        rulebook,
        lang,
        f"{request.url.path}{query}",
        demo=is_demo(session),
        origin=str(request.base_url),
        has_sign_in=not getattr(request.app.state, "public_only", False),
    )
    return Visit(app, session, request, rulebook, lang, site)


def language_of(request: Request) -> Lang:
    """Return the language asked for: the query, then the cookie, then Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else "zh"


def not_found(visit: Visit) -> Response:
    """A real 404; an address that only ends with a stroke too many leads to the one meant."""
    path = visit.request.url.path
    if path.startswith(("/showcase/", "/verify/")) and path.endswith("/"):
        query = f"?{visit.request.url.query}" if visit.request.url.query else ""
        return RedirectResponse(f"{path.rstrip('/')}{query}", 308)
    view = NotFoundView(visit.site, signed_in=_at_work(visit))
    return HTMLResponse(render.render_not_found(view, visit.lang), 404)


def _at_work(visit: Visit) -> str:
    """Return who is signed in and came by one of the app's addresses; empty for a visitor.

    It is the same for an address there is not and for one that belongs to others.
    """
    public_id = visit.request.headers.get("x-app-session")
    if not public_id or visit.request.url.path.split("/")[1] in _SHOWN_TO_ALL:
        return ""
    actor = current_actor(visit.session, public_id, visit.app.clock)
    return actor.name if actor is not None else ""


def qr_svg(visit: Visit, code: str) -> str:
    """Return a QR code that opens a product's verification page."""
    made = segno.make(f"{visit.site.base_url}/verify/{code}", error="m")
    return str(made.svg_inline(omitsize=True, border=2, dark="#1E2A2F", light="#ffffff"))


def form_token(app: App, request: Request) -> str:
    """Return a token tying a form to this visitor's browser."""
    seed = request.headers.get("user-agent", "") + (
        request.client.host if request.client else ""
    )
    return hmac.new(app.store.keys.cookie, seed.encode(), hashlib.sha256).hexdigest()[:32]


def _remember_language(request: Request, response: Response) -> Response:
    asked = request.query_params.get("lang")
    if asked in {"zh", "en"}:
        response.set_cookie("lang", asked, max_age=31_536_000, samesite="lax", httponly=False)
    return response
