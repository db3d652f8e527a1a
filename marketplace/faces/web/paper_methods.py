"""One tab of the methods page as official paper: the figure, its sentences, formula, n and table.

The same figures as on the screen, made by the same function from everything known now.
"""

from __future__ import annotations

import segno
from sqlmodel import Session
from starlette.requests import Request

from marketplace.assembly import App
from marketplace.base.access import Scope, require
from marketplace.base.access.queries import is_demo
from marketplace.base.clock import civil_day
from marketplace.base.db import write
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import format_instant, say
from marketplace.desk.method_figures import TABS, Bench, make_tab
from marketplace.desk.quarter.telling import rule_words
from marketplace.exchange.exporting import ExportStamp, record_export
from marketplace.faces.web import render
from marketplace.faces.web.paper_figures import on_paper
from marketplace.faces.web.printing import Endpoint, Reader, paper_endpoint, watermark_of
from marketplace.faces.web.viewmodels_print import MethodsPaper, Sheet
from marketplace.features.compliance.charts import sentences
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.marks.waits import list_waits
from marketplace.features.compliance.methods import gather_material


def methods_endpoint(app: App) -> Endpoint:
    """Return the endpoint of a tab of the methods page."""

    def methods(session: Session, reader: Reader, request: Request) -> str:
        return print_methods(
            session,
            app,
            reader,
            tab=str(request.path_params["tab"]),
            by_rate=request.query_params.get("order") == "rate",
        )

    return paper_endpoint(app, methods, page_of=lambda _request: "/methods", slow=True)


def print_methods(
    session: Session, app: App, reader: Reader, *, tab: str, by_rate: bool = False
) -> str:
    """Return a tab of the methods page as official paper and record that it was taken.

    Raises:
        NotFound: for a tab there is not.
        NotAllowed: for anybody but office and auditor.
    """
    actor, lang = reader.actor, reader.lang
    program = next(iter(sorted(actor.programs)), "")
    require(actor, "compliance.observe_program", Scope(program=program))
    require(actor, "exchange.record_export", Scope(program=program))
    if tab not in TABS:
        raise NotFound("method_not_found", name=tab[:40])
    rulebook = app.rulebook(program)
    figures = make_tab(_bench(session, app, reader, rulebook), tab, by_rate=by_rate)
    stamp = write(
        app.store,
        lambda s: record_export(
            s,
            clock=app.clock,
            actor=actor,
            program=program,
            kind="methods_paper",
            rows=sum(len(figure.rows) for figure in figures),
            wanted={"tab": tab, "order": "rate" if by_rate else "volume"},
        ),
    )
    sheet = _sheet(stamp, reader, rulebook, tab=tab, by_rate=by_rate, demo=is_demo(session))
    paper = MethodsPaper(sheet, tuple(on_paper(figure) for figure in figures))
    return render.render_methods_paper(paper, lang)


def _bench(session: Session, app: App, reader: Reader, rulebook: Rulebook) -> Bench:
    who, lang, program = reader.actor, reader.lang, rulebook.program.key
    material = gather_material(session, who, rulebook, clock=app.clock)
    as_of = format_instant(app.clock.now())
    source = sentences.source(material.study, lang, as_of=as_of)
    return Bench(
        material,
        Frame(lang, rule_words(rulebook, lang), source),
        as_of,
        lambda: list_waits(session, who, clock=app.clock, program=program),
    )


def _sheet(
    stamp: ExportStamp,
    reader: Reader,
    rulebook: Rulebook,
    *,
    tab: str,
    by_rate: bool,
    demo: bool,
) -> Sheet:
    lang, program = reader.lang, rulebook.program
    address = f"{reader.origin}/methods?tab={tab}"
    return Sheet(
        program=program.name_zh if lang == "zh" else program.name_en,
        title=say("methods_paper.title", lang, tab=say(f"methods.tab.{tab}", lang)),
        subtitle=say("methods_paper.by_rate", lang) if by_rate and tab == "funnel" else "",
        number=stamp.number,
        as_of=civil_day(stamp.as_of),
        issued_at=stamp.as_of,
        issued_by=stamp.who,
        qr_svg=segno.make(address, error="m").svg_inline(scale=2, border=2),
        is_demo=demo,
        watermark=watermark_of(stamp, lang),
        notice=say("officer.paper.internal", lang),
    )
