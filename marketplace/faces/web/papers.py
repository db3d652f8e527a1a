"""Official paper, printed by those who may: who took it, when and under which number is recorded.

Anybody else learns nothing of what exists; a page elsewhere cannot make a browser print.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import PUBLIC, Actor, Scope, current_actor, require
from marketplace.base.access.queries import is_demo
from marketplace.base.clock import civil_day
from marketplace.base.db import read, write
from marketplace.base.errors import NotAllowed, NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, format_instant, say
from marketplace.exchange.exporting import ExportStamp, record_export
from marketplace.faces.web import paper_dossier, paper_friday, render
from marketplace.faces.web.paper_quarter import quarter_endpoint
from marketplace.faces.web.paper_referral import referral_endpoint
from marketplace.faces.web.viewmodels_print import Sheet
from marketplace.features.registry.queries import FactoryProfile, get_factory, scope_of_factory

_OWN_SITE = {"same-origin", "none"}


def paper_routes(app: App) -> list[Route]:
    """Return the routes of printable paper."""
    return [
        Route("/paper/factory/{factory_id:int}", _dossier_endpoint(app)),
        Route("/paper/friday/{number:int}", _friday_endpoint(app)),
        Route("/paper/quarter/{number:int}", quarter_endpoint(app)),
        Route("/paper/referral/{referral_id:int}", referral_endpoint(app)),
    ]


def _dossier_endpoint(app: App) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        public_id = request.headers.get("x-app-session")
        with read(app.store) as session:
            actor = (public_id and current_actor(session, public_id, app.clock)) or PUBLIC
        if actor.account_id is None:
            return RedirectResponse(f"/auth/login?next={quote(request.url.path)}", 303)
        factory_id = int(request.path_params["factory_id"])
        if request.headers.get("sec-fetch-site", "same-origin") not in _OWN_SITE:
            return RedirectResponse(f"/dossier?id={factory_id}", 303)
        lang: Lang = "en" if _language(request) == "en" else "zh"
        try:
            page = write(
                app.store,
                lambda s: print_dossier(
                    s,
                    app,
                    actor,
                    factory_id=factory_id,
                    lang=lang,
                    origin=_origin(app, request),
                ),
            )
        except (NotFound, NotAllowed):
            return PlainTextResponse("not found", 404)
        return HTMLResponse(page, headers={"Cache-Control": "private, no-store"})

    return endpoint


def _friday_endpoint(app: App) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        public_id = request.headers.get("x-app-session")
        with read(app.store) as session:
            actor = (public_id and current_actor(session, public_id, app.clock)) or PUBLIC
        if actor.account_id is None:
            return RedirectResponse(f"/auth/login?next={quote(request.url.path)}", 303)
        if request.headers.get("sec-fetch-site", "same-origin") not in _OWN_SITE:
            return RedirectResponse("/friday", 303)
        lang: Lang = "en" if _language(request) == "en" else "zh"
        try:
            page = write(
                app.store,
                lambda s: print_friday(
                    s,
                    app,
                    actor,
                    number=int(request.path_params["number"]),
                    district=request.query_params.get("district") or None,
                    lang=lang,
                    origin=_origin(app, request),
                ),
            )
        except (NotFound, NotAllowed):
            return PlainTextResponse("not found", 404)
        return HTMLResponse(page, headers={"Cache-Control": "private, no-store"})

    return endpoint


def print_friday(
    session: Session,
    app: App,
    actor: Actor,
    *,
    number: int,
    district: str | None,
    lang: Lang,
    origin: str,
) -> str:
    """Return an issued Friday page as official paper and record that it was taken.

    Raises:
        NotFound: when there is no such issue, or this actor may not know of it.
        NotAllowed: for anybody but office and auditor.
    """
    program = next(iter(sorted(actor.programs)), "")
    require(actor, "desk.get_issue", Scope(program, district))
    rulebook = app.rulebook(program)
    row, before = paper_friday.find_issue(
        session, actor, program=program, district=district, number=number
    )
    stamp = record_export(
        session,
        clock=app.clock,
        actor=actor,
        program=program,
        kind="friday_paper",
        rows=1,
        wanted={"number": number, "district": district or ""},
    )
    region = rulebook.region(district) if district else None
    zh = lang == "zh"
    place = (region.name_zh if zh else region.name_en) if region else ""
    sheet = Sheet(
        program=rulebook.program.name_zh if zh else rulebook.program.name_en,
        title=say("showcase.paper.friday_title", lang),
        subtitle=f"{place or say('friday.whole_program', lang)} "
        f"{say('friday.issue_no', lang, number=row.number)}",
        number=stamp.number,
        as_of=row.issued_on,
        issued_at=row.as_of,
        issued_by=stamp.who,
        qr_svg=segno.make(f"{origin}/friday", error="m").svg_inline(scale=2, border=2),
        is_demo=is_demo(session),
        watermark=say(
            "officer.paper.watermark",
            lang,
            who=stamp.who,
            number=stamp.number,
            at=format_instant(stamp.as_of),
        ),
        notice=say("officer.paper.internal", lang),
    )
    paper = paper_friday.build(
        session, actor, rulebook, row=row, before=before, sheet=sheet, lang=lang
    )
    return render.render_friday_paper(paper, lang)


def print_dossier(
    session: Session, app: App, actor: Actor, *, factory_id: int, lang: Lang, origin: str
) -> str:
    """Return a factory's dossier as official paper and record that it was taken.

    Raises:
        NotFound: when there is no such factory, or this actor may not know of it.
        NotAllowed: for anybody but office and auditor.
    """
    scope = scope_of_factory(session, factory_id)
    require(actor, "exchange.record_export", Scope(scope.program, scope.district))
    who = get_factory(session, actor, factory_id=factory_id)
    rulebook = app.rulebook(who.program)
    stamp = record_export(
        session,
        clock=app.clock,
        actor=actor,
        program=who.program,
        kind="dossier_paper",
        rows=1,
        wanted={"factory_id": factory_id},
    )
    sheet = _sheet(session, rulebook, who, stamp, lang=lang, origin=origin)
    paper = paper_dossier.build(
        session, actor, rulebook, clock=app.clock, who=who, sheet=sheet, lang=lang
    )
    return render.render_dossier_paper(paper, lang)


def _sheet(
    session: Session,
    rulebook: Rulebook,
    who: FactoryProfile,
    stamp: ExportStamp,
    *,
    lang: Lang,
    origin: str,
) -> Sheet:
    program = rulebook.program
    at = format_instant(stamp.as_of)
    address = f"{origin}/dossier?id={who.factory_id}"
    return Sheet(
        program=program.name_zh if lang == "zh" else program.name_en,
        title=say("showcase.paper.dossier_title", lang),
        subtitle=who.name,
        number=stamp.number,
        as_of=civil_day(stamp.as_of),
        issued_at=stamp.as_of,
        issued_by=stamp.who,
        qr_svg=segno.make(address, error="m").svg_inline(scale=2, border=2),
        is_demo=is_demo(session),
        watermark=say(
            "officer.paper.watermark", lang, who=stamp.who, number=stamp.number, at=at
        ),
        notice=say("officer.paper.internal", lang),
    )


def _language(request: Request) -> str | None:
    return request.query_params.get("lang") or request.cookies.get("lang")


def _origin(app: App, request: Request) -> str:
    if app.settings.public_base_url:
        return app.settings.public_base_url.rstrip("/")
    return f"{request.url.scheme}://{request.url.netloc}"
