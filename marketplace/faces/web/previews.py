"""The preview of a collection: the very page the public gets, to those who arrange it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import PUBLIC, current_actor
from marketplace.base.db import read
from marketplace.base.errors import NotAllowed, NotFound
from marketplace.base.words import format_instant, say
from marketplace.faces.web import present, render
from marketplace.faces.web.viewmodels import CollectionView
from marketplace.faces.web.visit import Visit, not_found, visit_of
from marketplace.features.promotion import queries as promotion
from marketplace.features.promotion.kinds import CollectionStatus


def preview_routes(app: App) -> list[Route]:
    """Return the route of previews."""
    return [Route("/preview/collections/{collection_id:int}", _endpoint(app))]


def _endpoint(app: App) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        public_id = request.headers.get("x-app-session")
        with read(app.store) as session:
            actor = (public_id and current_actor(session, public_id, app.clock)) or PUBLIC
            if actor.account_id is None:
                return RedirectResponse(f"/auth/login?next={quote(request.url.path)}", 303)
            visit = visit_of(app, session, request)
            number = int(request.path_params["collection_id"])
            try:
                row = promotion.get_collection(session, actor, collection_id=number)
                found = promotion.get_collection_preview(
                    session, actor, clock=app.clock, collection_id=number
                )
            except (NotFound, NotAllowed):
                return not_found(visit)
            rulebook = app.rulebook(row.program)
            view = CollectionView(
                site=replace(visit.site, path=request.url.path),
                collection=present.collection_of(found, rulebook, visit.lang),
                preview=_told(visit, row),
            )
            page = render.render_collection(view, visit.lang)
        return HTMLResponse(
            page, headers={"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
        )

    return endpoint


def _told(visit: Visit, row: promotion.CollectionRow) -> str:
    now = visit.app.clock.now()
    if row.status is CollectionStatus.DRAFT:
        state = say("promo.preview_draft", visit.lang)
    elif row.status is CollectionStatus.WITHDRAWN or row.ends_at <= now:
        state = say("promo.preview_over", visit.lang)
    elif row.starts_at > now:
        start = format_instant(row.starts_at)
        state = say("promo.preview_published", visit.lang, start=start)
    else:
        state = say("promo.preview_now", visit.lang)
    return say("promo.preview_note", visit.lang, state=state)
