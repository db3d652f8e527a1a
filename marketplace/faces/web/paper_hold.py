"""The receipts of a payment hold on paper, for its owner, the office and the auditor."""

from __future__ import annotations

from dataclasses import asdict

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.routing import Route

from marketplace.assembly import App
from marketplace.base.access import Role
from marketplace.base.access.queries import is_demo
from marketplace.base.canonical import digest
from marketplace.base.clock import today
from marketplace.base.money import format_amount
from marketplace.base.words import Lang, format_day, format_instant, label, say
from marketplace.faces.web import render
from marketplace.faces.web.printing import Reader, paper_endpoint
from marketplace.faces.web.viewmodels_print import Sheet, StatementPaper
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.queries import HoldFile, basis_name, get_hold


def hold_routes(app: App) -> list[Route]:
    """Return the route of printable receipts; anybody else learns nothing of what exists."""

    def receipts(session: Session, reader: Reader, request: Request) -> str:
        return print_receipts(session, app, reader, hold_id=int(request.path_params["hold_id"]))

    return [Route("/paper/hold/{hold_id:int}", paper_endpoint(app, receipts))]


def print_receipts(session: Session, app: App, reader: Reader, *, hold_id: int) -> str:
    """Return the receipts of a hold as official paper; its digest is of the movements.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    actor, lang, origin = reader.actor, reader.lang, reader.origin
    file = get_hold(session, actor, clock=app.clock, hold_id=hold_id)
    row, program = file.row, app.rulebook(file.row.program).program
    paper = StatementPaper(
        sheet=Sheet(
            program=program.name_zh if lang == "zh" else program.name_en,
            title=say("holds.paper_title", lang),
            subtitle=row.store_name,
            number=row.number,
            as_of=today(app.clock),
            issued_at=app.clock.now(),
            issued_by=label(Role(actor.role), lang),
            qr_svg=segno.make(f"{origin}/my_measures", error="m").svg_inline(scale=2, border=2),
            is_demo=is_demo(session),
        ),
        sections=_sections(app, file, lang),
        digest=digest(
            [
                {k: str(v) for k, v in asdict(m).items() if k != "moved_by"}
                for m in file.movements
            ]
        ),
    )
    return render.render_statement_paper(paper, lang)


def _sections(app: App, file: HoldFile, lang: Lang) -> list[tuple[str, list[str]]]:
    row, colon = file.row, say("app.colon", lang)
    name, law = basis_name(app.rulebook(row.program), row.basis, zh=lang == "zh")
    facts = [
        ("holds.disputed", format_amount(row.disputed_fen)),
        ("holds.held", format_amount(row.amount_fen)),
        ("holds.still", format_amount(row.remaining_fen)),
        ("holds.basis", f"{name} {law}".strip()),
        ("holds.reason", row.reason),
    ]
    if row.status is HoldStatus.RUNNING:
        facts.append(("holds.until", format_day(row.until_on)))
    moved = [
        f"{label(m.kind, lang)} {format_amount(m.amount_fen)}{colon}{format_instant(m.moved_at)}, "
        f"{say('holds.books.receipt', lang)} {m.receipt}"
        for m in file.movements
    ]
    return [
        (say("holds.card", lang), [f"{say(key, lang)}{colon}{text}" for key, text in facts]),
        (say("holds.receipts", lang), [*moved, say("holds.simulated", lang)]),
    ]
