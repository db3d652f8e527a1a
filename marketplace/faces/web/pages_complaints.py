"""A consumer complains of a store's listing, keeps a receipt code, and follows it by the code."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from marketplace.assembly import App
from marketplace.base.access import PUBLIC
from marketplace.base.access.throttling import give_turn_back, take_turn
from marketplace.base.clock import add_working_days, today
from marketplace.base.db import is_known, read, write
from marketplace.base.errors import Conflict, Fault, Invalid, NotFound, Refused
from marketplace.base.words import label
from marketplace.faces.web import render
from marketplace.faces.web.bodies import form_of
from marketplace.faces.web.viewmodels import ComplaintStatusView, ComplainView, StepShown
from marketplace.faces.web.visit import Visit, form_token, visit_of
from marketplace.features.complaints.commands import (
    Enclosure,
    clean_enclosures,
    send_public_complaint,
)
from marketplace.features.complaints.commands.sending import SCOPE
from marketplace.features.complaints.kinds import PublicStep
from marketplace.features.complaints.queries import PublicAnswer, get_public_answer

_FIELDS = ("shop", "item", "brand", "text", "contact")
_ACT = "complain"
_MOST_FILES = 12  # more than any program allows: one too many is told in words
_SENT_ALREADY = 409
_WAY = (PublicStep.RECEIVED, PublicStep.IN_CASE, PublicStep.SELLER_ASKED)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came with a press of the button."""

    values: dict[str, str]
    form_token: str
    token: str
    enclosures: tuple[Enclosure, ...]


def complain_form(visit: Visit) -> Response:
    """The form; what an address brings along is filled in."""
    query = visit.request.query_params
    values = {name: query.get(name, "")[:300] for name in ("shop", "item", "brand")}
    return HTMLResponse(render.render_complain(_view(visit, values), visit.lang))


def complain_endpoint(app: App) -> Callable[[Request], object]:
    """Return the endpoint that takes a complaint, with what is sent along."""

    async def endpoint(request: Request) -> Response:
        form = await form_of(request, files=_MOST_FILES)
        sent = _Sent(
            values={name: str(form.get(name, ""))[:2500] for name in _FIELDS},
            form_token=str(form.get("form_token", "")),
            token=str(form.get("token", ""))[:64],
            enclosures=tuple(
                [
                    Enclosure((one.filename or "")[:120], await one.read())
                    for one in form.getlist("files")
                    if isinstance(one, UploadFile) and one.size
                ]
            ),
        )
        return await run_in_threadpool(lambda: _take(app, request, sent))

    return endpoint


def complaint_status(visit: Visit) -> Response:
    """Where a complaint stands, to whoever has its code."""
    asked = visit.request.query_params.get("code", "")[:40]
    if not asked.strip():
        view = ComplaintStatusView(visit.site)
        return HTMLResponse(render.render_complaint_status(view, visit.lang))
    try:
        answer = get_public_answer(visit.session, PUBLIC, visit.rulebook, code=asked)
    except NotFound as error:
        view = ComplaintStatusView(visit.site, asked, refusal=error.code)
        return HTMLResponse(render.render_complaint_status(view, visit.lang), 404)
    view = ComplaintStatusView(
        visit.site,
        answer.code,
        outcome=label(answer.step, visit.lang),
        steps=_steps(visit, answer),
        sent_at=answer.at,
        due_on=None if answer.answered_at else answer.due_on,
        answered_at=answer.answered_at,
        reason=answer.reason,
        next_step=answer.next_step,
    )
    return HTMLResponse(render.render_complaint_status(view, visit.lang))


def most_bytes(app: App) -> int:
    """Return how much a complaint may bring: its files and a little for the rest."""
    intake = app.rulebook().intake
    most = intake.public_file_max_mb * intake.max_files_per_public_complaint + 1
    return most * 2**20


def too_large(app: App) -> Callable[[Request], Response]:
    """Return the endpoint that answers a complaint larger than that, which nobody has read."""

    def endpoint(request: Request) -> Response:
        with read(app.store) as session:
            visit = visit_of(app, session, request)
            intake = visit.rulebook.intake
            facts = {
                "most": intake.max_files_per_public_complaint,
                "limit_mb": intake.public_file_max_mb,
            }
            return _refused(visit, {}, (Fault("files", "upload_too_large", facts),), 413)

    return endpoint


def _take(app: App, request: Request, sent: _Sent) -> Response:
    with read(app.store) as session:
        visit = visit_of(app, session, request)
        token = sent.token or secrets.token_urlsafe(16)
        if sent.form_token != form_token(app, request):
            return _refused(visit, sent.values, (Fault("form", "form_expired"),), 403, token)
        address = request.client.host if request.client else ""
        counts = not is_known(session, token=token, scope=SCOPE)
        limit = visit.rulebook.intake.public_complaints_per_hour
        told = {name: sent.values[name] for name in ("shop", "item", "text")}
    try:
        if counts:
            take_turn(app.store, clock=app.clock, act=_ACT, address=address, limit=limit)
    except Refused as error:
        return _again(app, request, sent, (Fault("form", error.code, error.facts),), 429)
    try:
        ready = clean_enclosures(visit.rulebook, **told, enclosures=sent.enclosures)
        code = write(
            app.store,
            lambda s: send_public_complaint(
                s, visit.rulebook, clock=app.clock, actor=PUBLIC, token=token,
                enclosures=ready, data_dir=app.data_dir, **sent.values,
            ),
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        if counts:
            give_turn_back(app.store, act=_ACT, address=address, limit=limit)
        if isinstance(error, Invalid):
            return _again(app, request, sent, error.faults, 422)
        sent_before = (Fault("form", "form_sent_already"),)
        return _again(app, request, sent, sent_before, _SENT_ALREADY)
    with read(app.store) as session:
        view = _view(visit_of(app, session, request), {}, receipt=code)
        view = replace(view, files_kept=len(sent.enclosures))
        return HTMLResponse(render.render_complain(view, visit.lang))


def _again(
    app: App, request: Request, sent: _Sent, faults: tuple[Fault, ...], status: int
) -> Response:
    """Show the form with what was typed; one that was sent already gets a token of its own."""
    with read(app.store) as session:
        token = "" if status == _SENT_ALREADY else sent.token
        visit = visit_of(app, session, request)
        view = _view(visit, sent.values, faults=faults, token=token)
        view = replace(view, files_lost=bool(sent.enclosures))
        return HTMLResponse(render.render_complain(view, visit.lang), status)


def _refused(
    visit: Visit,
    values: dict[str, str],
    faults: tuple[Fault, ...],
    status: int,
    token: str = "",
) -> Response:
    view = _view(visit, values, faults=faults, token=token)
    return HTMLResponse(render.render_complain(view, visit.lang), status)


def _view(
    visit: Visit,
    values: dict[str, str],
    *,
    faults: tuple[Fault, ...] = (),
    receipt: str | None = None,
    token: str = "",
) -> ComplainView:
    intake = visit.rulebook.intake
    days = intake.answer_working_days
    due = add_working_days(today(visit.app.clock), days, visit.rulebook.calendar)
    return ComplainView(
        site=visit.site,
        action="/complain",
        form_token=form_token(visit.app, visit.request),
        answer_days=days,
        values=values,
        faults=tuple(
            Fault("shop", f.code, f.facts) if f.place == "store" else f for f in faults
        ),
        receipt=receipt,
        due_on=due if receipt else None,
        token=token or secrets.token_urlsafe(16),
        most_files=intake.max_files_per_public_complaint,
        file_max_mb=intake.public_file_max_mb,
    )


def _steps(visit: Visit, answer: PublicAnswer) -> tuple[StepShown, ...]:
    """The three steps before an answer, then the answer; declined ones end after the first."""
    if answer.step in _WAY:
        at = _WAY.index(answer.step)
        shown = [
            StepShown(
                label(step, visit.lang), "done" if n < at else "now" if n == at else "next"
            )
            for n, step in enumerate(_WAY)
        ]
        return tuple(shown)
    way = _WAY[:1] if answer.step is PublicStep.DECLINED else _WAY
    done = [StepShown(label(step, visit.lang), "done") for step in way]
    return (*done, StepShown(label(answer.step, visit.lang), "now"))
