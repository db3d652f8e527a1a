"""Official paper, printed by those who may: who took it, when and under which number is recorded.

Anybody else learns nothing of what exists; a page elsewhere cannot make a browser print.
"""

from __future__ import annotations

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import Scope, require
from marketplace.base.access.queries import is_demo
from marketplace.base.clock import civil_day
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import say
from marketplace.exchange.exporting import ExportStamp, record_export
from marketplace.faces.web import paper_dossier, paper_friday, render
from marketplace.faces.web.paper_methods import methods_endpoint
from marketplace.faces.web.paper_quarter import quarter_endpoint
from marketplace.faces.web.paper_referral import referral_endpoint
from marketplace.faces.web.printing import Reader, paper_endpoint, watermark_of
from marketplace.faces.web.viewmodels_print import Sheet
from marketplace.features.registry.queries import FactoryProfile, get_factory, scope_of_factory


def paper_routes(app: App) -> list[Route]:
    """Return the routes of printable paper."""

    def dossier(session: Session, reader: Reader, request: Request) -> str:
        return print_dossier(
            session, app, reader, factory_id=int(request.path_params["factory_id"])
        )

    def friday(session: Session, reader: Reader, request: Request) -> str:
        return print_friday(
            session,
            app,
            reader,
            number=int(request.path_params["number"]),
            district=request.query_params.get("district") or None,
        )

    def dossier_page(request: Request) -> str:
        return f"/dossier?id={request.path_params['factory_id']}"

    return [
        Route(
            "/paper/factory/{factory_id:int}",
            paper_endpoint(app, dossier, page_of=dossier_page),
        ),
        Route(
            "/paper/friday/{number:int}",
            paper_endpoint(app, friday, page_of=lambda _request: "/friday"),
        ),
        Route("/paper/quarter/{number:int}", quarter_endpoint(app)),
        Route("/paper/methods/{tab}", methods_endpoint(app)),
        Route("/paper/referral/{referral_id:int}", referral_endpoint(app)),
    ]


def print_friday(
    session: Session, app: App, reader: Reader, *, number: int, district: str | None
) -> str:
    """Return an issued Friday page as official paper and record that it was taken.

    Raises:
        NotFound: when there is no such issue, or this actor may not know of it.
        NotAllowed: for anybody but office and auditor.
    """
    actor, lang, origin = reader.actor, reader.lang, reader.origin
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
        watermark=watermark_of(stamp, lang),
        notice=say("officer.paper.internal", lang),
    )
    paper = paper_friday.build(
        session, actor, rulebook, row=row, before=before, sheet=sheet, lang=lang
    )
    return render.render_friday_paper(paper, lang)


def print_dossier(session: Session, app: App, reader: Reader, *, factory_id: int) -> str:
    """Return a factory's dossier as official paper and record that it was taken.

    Raises:
        NotFound: when there is no such factory, or this actor may not know of it.
        NotAllowed: for anybody but office and auditor.
    """
    actor, lang = reader.actor, reader.lang
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
    sheet = _sheet(session, rulebook, who, stamp, reader)
    paper = paper_dossier.build(
        session, actor, rulebook, clock=app.clock, who=who, sheet=sheet, lang=lang
    )
    return render.render_dossier_paper(paper, lang)


def _sheet(
    session: Session,
    rulebook: Rulebook,
    who: FactoryProfile,
    stamp: ExportStamp,
    reader: Reader,
) -> Sheet:
    program, lang, origin = rulebook.program, reader.lang, reader.origin
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
        watermark=watermark_of(stamp, lang),
        notice=say("officer.paper.internal", lang),
    )
