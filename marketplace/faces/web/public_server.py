"""The public site as a process of its own: no pages of the house, no sign-in, no Streamlit.

A hundred people at work in the app's process would starve a visitor; this one shares only the
database with it. Expiry needs no job here: every query compares dates with the clock.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.faces.web.health import health
from marketplace.faces.web.middleware import Identity, SecurityHeaders
from marketplace.faces.web.site import body_bound, public_routes
from marketplace.faces.web.visit import endpoint_of, not_found


def public_app(house: App) -> Starlette:
    """Return the public site alone; every address it does not know is a real 404."""

    def healthz(request: Request) -> Response:
        del request
        return health(house)

    app = Starlette(
        routes=[
            Route("/", _to_showcase),
            Route("/healthz", healthz),
            *public_routes(house),
            Route("/{rest:path}", endpoint_of(house, not_found)),
        ],
        middleware=[
            Middleware(SecurityHeaders, tls=house.settings.secure_cookies),
            Middleware(Identity, house=house),
            body_bound(house),
        ],
    )
    app.state.public_only = True
    return app


def _to_showcase(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/showcase{query}", 303)
