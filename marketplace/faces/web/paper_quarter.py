"""The quarterly report as official paper: an issue as it was frozen, with later corrections first.

Only an issued report is printed: paper without a number cannot be found again.
"""

from __future__ import annotations

from collections.abc import Sequence

import segno
from sqlmodel import Session
from starlette.requests import Request

from marketplace.assembly import App
from marketplace.base.access import Scope, require
from marketplace.base.access.queries import is_demo
from marketplace.base.words import Lang, say
from marketplace.desk.issues import Number, differences
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import Issue, get_issue
from marketplace.desk.quarter.content import Drawn, QuarterContent, from_json, plain_svg
from marketplace.desk.quarter.corrections import against_earlier, list_causes
from marketplace.desk.quarter.queries import recount_quarter
from marketplace.desk.quarter.wording import (
    name_of,
    place_of,
    tell_causes,
    tell_difference,
    tell_edition,
)
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
            edition=_edition(request.query_params.get("edition")),
        )

    return paper_endpoint(app, quarter, page_of=lambda _request: "/quarter")


def _edition(asked: str | None) -> int | None:
    """Return the edition asked for: the latest for none; 0, which there is never, for nonsense."""
    if not asked:
        return None
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0


def print_quarter(
    session: Session,
    app: App,
    reader: Reader,
    *,
    number: int,
    district: str | None,
    edition: int | None = None,
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
        district=district, edition=edition,
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
        wanted={"number": number, "edition": issue.edition, "district": district or ""},
    )
    name = rulebook.program.name_zh if lang == "zh" else rulebook.program.name_en
    where = place_of(rulebook, content.district, lang)
    sheet = _sheet(issue, stamp, lang, program=name, where=where, demo=is_demo(session),
                   address=_address(origin, issue))  # fmt: skip
    changed = tuple(
        tell_difference(was, now, lang) for was, now in differences(content.numbers, again)
    )
    if changed:
        causes = list_causes(
            session, actor, rulebook, quarter=parse_quarter(issue.period), district=district,
            since=issue.as_of,
        )  # fmt: skip
        changed += tuple(tell_causes(causes, lang))
    against = against_earlier(session, actor, issue, program=program)
    mark = say("quarter.digest", lang, mark=issue.sha256)
    return render.render_quarter_paper(
        _paper(content, sheet, _edited(issue, against, lang), changed, mark, lang), lang
    )


def _address(origin: str, issue: Issue) -> str:
    """Return where this very edition is read in the app."""
    place = f"&district={issue.district}" if issue.district else ""
    return f"{origin}/quarter?quarter={issue.period}&edition={issue.edition}{place}"


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
        subtitle=f"{where} {name_of(issue.number, issue.edition, lang)}",
        number=stamp.number,
        as_of=issue.issued_on,
        issued_at=issue.as_of,
        issued_by=stamp.who,
        qr_svg=segno.make(address, error="m").svg_inline(scale=2, border=2),
        is_demo=demo,
        watermark=watermark_of(stamp, lang),
        notice=say("officer.paper.internal", lang),
    )


def _edited(
    issue: Issue, against: Sequence[tuple[Number, Number]], lang: Lang
) -> tuple[str, tuple[str, ...]] | None:
    """Return what a later edition says of itself first; None for a first edition."""
    if issue.edition == 1:
        return None
    why = say("editions.reason_told", lang, edition=issue.edition, reason=issue.reason)
    told = tuple(tell_edition(was, now, lang) for was, now in against)
    return say("editions.changed", lang, edition=issue.edition), (why, *told)


def _paper(
    content: QuarterContent,
    sheet: Sheet,
    edited: tuple[str, tuple[str, ...]] | None,
    changed: tuple[str, ...],
    mark: str,
    lang: Lang,
) -> QuarterPaper:
    report = content.reports[lang]
    return QuarterPaper(
        sheet=sheet,
        edited=edited,
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
