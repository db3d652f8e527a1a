"""Anybody reports what looks wrong of a product; it is read by people and removes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from marketplace.assembly import App
from marketplace.base.access import PUBLIC
from marketplace.base.access.throttling import give_turn_back, take_turn
from marketplace.base.db import is_known, read, write
from marketplace.base.errors import Conflict, Fault, Invalid, Refused
from marketplace.base.words import label
from marketplace.faces.web import render
from marketplace.faces.web.bodies import form_of
from marketplace.faces.web.viewmodels import ReportKind, ReportView
from marketplace.faces.web.visit import Visit, form_token, visit_of
from marketplace.features.enforcement.commands import REPORT_SCOPE, report_product
from marketplace.features.enforcement.kinds import ReportTopic

_FIELDS = ("kind", "code", "text", "contact")
_ACT = "report"


@dataclass(frozen=True, slots=True)
class _Sent:
    """What came with a press of the button."""

    values: dict[str, str]
    form_token: str
    token: str


def report_form(visit: Visit) -> Response:
    """The form for a report."""
    values = {"code": visit.request.query_params.get("code", "")}
    return HTMLResponse(render.render_report(_view(visit, values), visit.lang))


def report_endpoint(app: App) -> Callable[[Request], object]:
    """Return the endpoint that takes a report."""

    async def endpoint(request: Request) -> Response:
        form = await form_of(request)
        sent = _Sent(
            values={name: str(form.get(name, ""))[:2000] for name in _FIELDS},
            form_token=str(form.get("form_token", "")),
            token=str(form.get("token", ""))[:64] or secrets.token_urlsafe(16),
        )
        return await run_in_threadpool(lambda: _take(app, request, sent))

    return endpoint


def _take(app: App, request: Request, sent: _Sent) -> Response:
    if sent.form_token != form_token(app, request):
        return _again(app, request, sent, (Fault("form", "form_expired"),), 403)
    if sent.values["kind"] not in set(ReportTopic):
        return _again(app, request, sent, (Fault("kind", "field_missing"),), 422)
    address = request.client.host if request.client else ""
    with read(app.store) as session:
        counts = not is_known(session, token=sent.token, scope=REPORT_SCOPE)
    # As many reports an hour as complaints: both cost an officer the same reading.
    limit = app.rulebook().intake.public_complaints_per_hour
    try:
        if counts:
            take_turn(app.store, clock=app.clock, act=_ACT, address=address, limit=limit)
    except Refused as error:
        return _again(app, request, sent, (Fault("form", error.code, error.facts),), 429)
    try:
        number = _keep(app, sent)
    except (Invalid, Conflict) as error:
        if counts:
            give_turn_back(app.store, act=_ACT, address=address, limit=limit)
        if isinstance(error, Invalid):
            return _again(app, request, sent, error.faults, 422)
        return _again(app, request, sent, (Fault("form", "form_sent_already"),), 409)
    with read(app.store) as session:
        visit = visit_of(app, session, request)
        view = _view(visit, {}, receipt=number)
        return HTMLResponse(render.render_report(view, visit.lang))


def _keep(app: App, sent: _Sent) -> str:
    return write(
        app.store,
        lambda s: report_product(
            s,
            clock=app.clock,
            actor=PUBLIC,
            program=app.rulebook().program.key,
            topic=ReportTopic(sent.values["kind"]),
            text=sent.values["text"],
            product_code=sent.values["code"],
            contact=sent.values["contact"],
            token=sent.token,
        ),
    )


def _again(
    app: App, request: Request, sent: _Sent, faults: tuple[Fault, ...], status: int
) -> Response:
    """Show the form with what was typed; one that was sent already gets a token of its own."""
    token = "" if faults[0].code == "form_sent_already" else sent.token
    with read(app.store) as session:
        visit = visit_of(app, session, request)
        view = _view(visit, sent.values, faults=faults, token=token)
        return HTMLResponse(render.render_report(view, visit.lang), status)


def _view(
    visit: Visit,
    values: dict[str, str],
    *,
    faults: tuple[Fault, ...] = (),
    receipt: str | None = None,
    token: str = "",
) -> ReportView:
    return ReportView(
        site=visit.site,
        action="/report",
        form_token=form_token(visit.app, visit.request),
        token=token or secrets.token_urlsafe(16),
        kinds=tuple(ReportKind(t.value, label(t, visit.lang)) for t in ReportTopic),
        values=values,
        faults=faults,
        receipt=receipt,
    )
