"""The parts of the ASGI app: the script Streamlit runs, our routes, middleware and lifespan."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, request_response

from marketplace.faces.running import the_app
from marketplace.faces.web.auth import auth_routes
from marketplace.faces.web.documents import document_routes
from marketplace.faces.web.front import Front
from marketplace.faces.web.health import health
from marketplace.faces.web.kept_files import KeptFiles
from marketplace.faces.web.middleware import Identity, SecurityHeaders
from marketplace.faces.web.paper_hold import hold_routes
from marketplace.faces.web.paper_statement import statement_routes
from marketplace.faces.web.papers import paper_routes
from marketplace.faces.web.previews import preview_routes
from marketplace.faces.web.site import body_bound, public_routes
from marketplace.faces.web.upload_room import UploadRoom
from marketplace.faces.web.visit import endpoint_of, not_found
from marketplace.upkeep.minute import keep_anchor, run_minute

UI = Path(__file__).parents[1] / "ui"
SCRIPT = UI / "main.py"

log = logging.getLogger(__name__)


def routes() -> list[Route | Mount]:
    """Return every route of this installation, ours before Streamlit's."""
    house = the_app()
    return [
        Route("/healthz", _healthz),
        Mount("/assets/app", KeptFiles(directory=UI / "static")),
        *auth_routes(house),
        *document_routes(house),
        *paper_routes(house),
        *preview_routes(house),
        *statement_routes(house),
        *hold_routes(house),
        *public_routes(house),
    ]


def middleware() -> list[Middleware]:
    """Return the middleware, the outermost first."""
    house = the_app()
    missing = request_response(endpoint_of(house, not_found))
    return [
        Middleware(SecurityHeaders, tls=house.settings.secure_cookies),
        Middleware(Identity, house=house),
        body_bound(house),
        Middleware(UploadRoom),
        Middleware(Front, known=known_addresses(), missing=missing),
    ]


def known_addresses() -> frozenset[str]:
    """Return the first part of every address that leads somewhere: routes, pages, Streamlit's."""
    ours = {_first(route.path) for route in routes()}
    pages = {view.stem for view in (UI / "views").glob("*.py")}
    package = next(iter(find_spec("streamlit").submodule_search_locations))  # type: ignore[union-attr,arg-type]
    files = {entry.name for entry in (Path(package) / "static").iterdir()} - {"index.html"}
    return frozenset({"", "home", "_stcore", "media", "component", *ours, *pages, *files})


def _first(path: str) -> str:
    return path.split("/")[1]


def _healthz(request: Request) -> Response:
    del request
    return health(the_app())


def lifespan(warm: Callable[[], None]) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return the server's life: answer at once; meanwhile `warm` up, then do the minute's work."""

    @contextlib.asynccontextmanager
    async def life(_app: Any) -> AsyncIterator[None]:
        the_app()
        meanwhile = asyncio.create_task(_work_meanwhile(warm))
        yield
        meanwhile.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await meanwhile

    return life


async def _work_meanwhile(warm: Callable[[], None]) -> None:
    try:
        await asyncio.to_thread(warm)
    except Exception:
        log.exception("not all could be loaded beforehand; pages load what they lack")
    gc.collect()
    gc.freeze()  # what is loaded now stays out of every collection
    try:
        await asyncio.to_thread(keep_anchor, the_app())
    except Exception:
        log.exception("the trail got no anchor when serving began; the day's is made later")
    while True:
        try:
            await asyncio.to_thread(run_minute, the_app())
            await asyncio.to_thread(gc.collect)  # pages do not: it would make each of them wait
        except Exception:
            log.exception("the minute's work failed; it is tried again")
        await asyncio.sleep(60)
