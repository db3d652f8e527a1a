"""The quarterly report as official paper: an issue as it was frozen, with later corrections first.

Only an issued report is printed: paper without a number cannot be found again.
"""

from __future__ import annotations

import segno
from sqlmodel import Session
from starlette.requests import Request

from marketplace.assembly import App
from marketplace.base.access import Scope, require
from marketplace.base.access.queries import is_demo
from marketplace.base.words import Lang, say
from marketplace.desk.issues import differences
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import Issue, get_issue
from marketplace.desk.quarter.content import Drawn, QuarterContent, from_json, plain_svg
from marketplace.desk.quarter.queries import recount_quarter
from marketplace.desk.quarter.wording import place_of, tell_difference
from marketplace.desk.quarters import parse_quarter
from marketplace.exchange.exporting import ExportStamp, record_export
from marketplace.faces.web import render
from marketplace.faces.web.printing import Endpoint, Reader, paper_endpoint, watermark_of
from marketplace.faces.web.viewmodels_print import PaperFigure, QuarterPaper, Sheet, Table


def quarter_endpoint(app: App) -> Endpoint:
    """Return the endpoint of an issued quarterly report."""

    def quarter(session: Session, reader: Reader, request: Request) -> str:
        return print_quarter(
            session,
            app,
            reader,
            number=int(request.path_params["number"]),
            district=request.query_params.get("district") or None,
        )

    return paper_endpoint(app, quarter, page_of=lambda _request: "/quarter")


def print_quarter(
    session: Session, app: App, reader: Reader, *, number: int, district: str | None
) -> str:
    """Return an issued quarterly report as official paper and record that it was taken.

    Raises:
        NotFound: when there is no such issue, or this actor may not know of it.
        NotAllowed: for anybody but office and auditor.
    """
    actor, lang, origin = reader.actor, reader.lang, reader.origin
    program = next(iter(sorted(actor.programs)), "")
    require(actor, "desk.get_issue", Scope(program, district))
    rulebook = app.rulebook(program)
    issue = get_issue(
        session, actor, program=program, kind=IssueKind.QUARTER, number=number,
        district=district,
    )  # fmt: skip
    content = from_json(issue.content)
    again = recount_quarter(
        session, actor, rulebook, clock=app.clock, quarter=parse_quarter(issue.period),
        district=district,
    )  # fmt: skip
    stamp = record_export(
        session,
        clock=app.clock,
        actor=actor,
        program=program,
        kind="quarter_paper",
        rows=1,
        wanted={"number": number, "district": district or ""},
    )
    name = rulebook.program.name_zh if lang == "zh" else rulebook.program.name_en
    where = place_of(rulebook, content.district, lang)
    sheet = _sheet(issue, stamp, lang, program=name, where=where, demo=is_demo(session),
                   address=f"{origin}/quarter?quarter={issue.period}")  # fmt: skip
    changed = tuple(
        tell_difference(was, now, lang) for was, now in differences(content.numbers, again)
    )
    mark = say("quarter.digest", lang, mark=issue.sha256)
    return render.render_quarter_paper(_paper(content, sheet, changed, mark, lang), lang)


def _sheet(
    issue: Issue,
    stamp: ExportStamp,
    lang: Lang,
    *,
    program: str,
    where: str,
    demo: bool,
    address: str,
) -> Sheet:
    return Sheet(
        program=program,
        title=f"{say('quarter.paper_title', lang)} {issue.period}",
        subtitle=f"{where} {say('quarter.issue_no', lang, number=issue.number)}",
        number=stamp.number,
        as_of=issue.issued_on,
        issued_at=issue.as_of,
        issued_by=stamp.who,
        qr_svg=segno.make(address, error="m").svg_inline(scale=2, border=2),
        is_demo=demo,
        watermark=watermark_of(stamp, lang),
        notice=say("officer.paper.internal", lang),
    )


def _paper(
    content: QuarterContent, sheet: Sheet, changed: tuple[str, ...], mark: str, lang: Lang
) -> QuarterPaper:
    report = content.reports[lang]
    return QuarterPaper(
        sheet=sheet,
        corrections=changed,
        sections=tuple(
            (say(f"quarter.section.{s.key}", lang), s.sentences) for s in report.sections
        ),
        tables=tuple(
            (
                say("quarter.sheet_no", lang, number=n, title=s.title),
                Table(s.heads, s.rows, frozenset(s.numeric)),
            )
            for n, s in enumerate(report.sheets, start=1)
        ),
        figures=tuple(_figure(n, f, lang) for n, f in enumerate(report.figures, start=1)),
        methods=report.methods,
        digest=mark,
    )


def _figure(number: int, figure: Drawn, lang: Lang) -> PaperFigure:
    return PaperFigure(
        title=say("quarter.figure_no", lang, number=number, title=figure.title),
        subtitle=figure.subtitle,
        svg=plain_svg(figure.svg),
        can_say=figure.can_say,
        cannot_say=figure.cannot_say,
        table=Table(figure.heads, figure.rows, frozenset(figure.numeric)),
        source=figure.source,
    )
