"""The statement of reasons on paper, word for word as it was given, for its owner and the office."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import PUBLIC, Actor, Role, current_actor
from marketplace.base.access.queries import is_demo
from marketplace.base.clock import civil_day
from marketplace.base.db import read
from marketplace.base.errors import NotAllowed, NotFound
from marketplace.base.words import Lang, label, say
from marketplace.faces.web import render
from marketplace.faces.web.viewmodels_print import Sheet, StatementPaper
from marketplace.features.enforcement.queries import StatementView, get_statement


def statement_routes(app: App) -> list[Route]:
    """Return the route of printable statements; anybody else learns nothing of what exists."""
    return [Route("/paper/statement/{statement_id:int}", _endpoint(app))]


def print_statement(
    session: Session, app: App, actor: Actor, *, statement_id: int, lang: Lang, origin: str
) -> str:
    """Return a statement as official paper.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    view = get_statement(session, actor, statement_id=statement_id)
    paper = StatementPaper(
        sheet=_sheet(session, app, view, lang=lang, origin=origin),
        sections=view.sections(lang),
        digest=view.sha256,
    )
    return render.render_statement_paper(paper, lang)


def _sheet(
    session: Session, app: App, view: StatementView, *, lang: Lang, origin: str
) -> Sheet:
    program = app.rulebook(view.program).program
    by = say("statement.by_system", lang)
    if not view.automated:
        by = label(Role(view.decided_role), lang)
    return Sheet(
        program=program.name_zh if lang == "zh" else program.name_en,
        title=say("statement.paper", lang),
        subtitle=view.store_name,
        number=view.number,
        as_of=civil_day(view.at),
        issued_at=view.at,
        issued_by=by,
        qr_svg=segno.make(f"{origin}/my_measures", error="m").svg_inline(scale=2, border=2),
        is_demo=is_demo(session),
    )


def _endpoint(app: App) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        public_id = request.headers.get("x-app-session")
        with read(app.store) as session:
            actor = (public_id and current_actor(session, public_id, app.clock)) or PUBLIC
            if actor.account_id is None:
                return RedirectResponse(f"/auth/login?next={quote(request.url.path)}", 303)
            asked = request.query_params.get("lang") or request.cookies.get("lang")
            origin = app.settings.public_base_url or (
                f"{request.url.scheme}://{request.url.netloc}"
            )
            try:
                page = print_statement(
                    session,
                    app,
                    actor,
                    statement_id=int(request.path_params["statement_id"]),
                    lang="en" if asked == "en" else "zh",
                    origin=origin.rstrip("/"),
                )
            except (NotFound, NotAllowed):
                return PlainTextResponse("not found", 404)
        return HTMLResponse(page, headers={"Cache-Control": "private, no-store"})

    return endpoint
