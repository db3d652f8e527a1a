"""The statement of reasons on paper, word for word as it was given, for its owner and the office."""

from __future__ import annotations

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import Role
from marketplace.base.access.queries import is_demo
from marketplace.base.clock import civil_day
from marketplace.base.words import Lang, label, say
from marketplace.faces.web import render
from marketplace.faces.web.printing import Reader, paper_endpoint
from marketplace.faces.web.viewmodels_print import Sheet, StatementPaper
from marketplace.features.enforcement.queries import StatementView, get_statement


def statement_routes(app: App) -> list[Route]:
    """Return the route of printable statements; anybody else learns nothing of what exists."""

    def statement(session: Session, reader: Reader, request: Request) -> str:
        return print_statement(
            session, app, reader, statement_id=int(request.path_params["statement_id"])
        )

    return [Route("/paper/statement/{statement_id:int}", paper_endpoint(app, statement))]


def print_statement(session: Session, app: App, reader: Reader, *, statement_id: int) -> str:
    """Return a statement as official paper.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    lang = reader.lang
    view = get_statement(session, reader.actor, statement_id=statement_id)
    paper = StatementPaper(
        sheet=_sheet(session, app, view, lang=lang, origin=reader.origin),
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
