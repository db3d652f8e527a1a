"""Evidence files, to those who may see them; anybody else learns nothing of their existence."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import PUBLIC, current_actor
from marketplace.base.db import housekeeping_write, read
from marketplace.base.errors import NotAllowed, NotFound
from marketplace.base.files import is_opening_kept, keep_opening, open_file
from marketplace.base.identifiers import LARGEST_ROW_NUMBER
from marketplace.faces.web.renditions import Renditions, width_of

_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


def document_routes(app: App) -> list[Route]:
    """Return the route that serves evidence."""
    return [Route("/files/{use_id:int}", _endpoint(app))]


def _endpoint(app: App) -> Callable[[Request], Response]:
    renditions = Renditions()

    def endpoint(request: Request) -> Response:
        if request.path_params["use_id"] > LARGEST_ROW_NUMBER:
            return PlainTextResponse("not found", 404)
        public_id = request.headers.get("x-app-session")
        with read(app.store) as session:
            actor = (public_id and current_actor(session, public_id, app.clock)) or PUBLIC
            try:
                content, media_type, name = open_file(
                    session,
                    actor,
                    use_id=request.path_params["use_id"],
                    data_dir=app.data_dir,
                )
            except (NotFound, NotAllowed):
                return PlainTextResponse("not found", 404)
        if is_opening_kept(actor):  # before the content leaves: a look without a trace is none
            with housekeeping_write(app.store) as session:
                keep_opening(
                    session,
                    clock=app.clock,
                    actor=actor,
                    use_id=request.path_params["use_id"],
                )
        if (width := width_of(request.query_params.get("w"))) and media_type in _PICTURES:
            name_of_content = f"use:{request.path_params['use_id']}"
            if small := renditions.of(name_of_content, content, width):
                content, media_type = small, "image/webp"
        return Response(
            content,
            media_type=media_type,
            headers={
                "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}",
                "Cache-Control": "private, no-store",
            },
        )

    return endpoint
