"""A consumer complains of a store's listing, keeps a receipt code, and follows it by the code."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from marketplace.assembly import App
from marketplace.base.access import PUBLIC
from marketplace.base.clock import add_working_days, today
from marketplace.base.db import read, write
from marketplace.base.errors import Fault, Invalid, NotFound
from marketplace.base.words import label
from marketplace.faces.web import render
from marketplace.faces.web.viewmodels import ComplaintStatusView, ComplainView, StepShown
from marketplace.faces.web.visit import Visit, form_token, visit_of
from marketplace.features.complaints.commands import send_public_complaint
from marketplace.features.complaints.kinds import PublicStep
from marketplace.features.complaints.queries import PublicAnswer, get_public_answer

_FIELDS = ("shop", "item", "brand", "text", "contact")
_WAY = (PublicStep.RECEIVED, PublicStep.IN_CASE, PublicStep.SELLER_ASKED)


def complain_form(visit: Visit) -> Response:
    """The form; what an address brings along is filled in."""
    query = visit.request.query_params
    values = {name: query.get(name, "")[:300] for name in ("shop", "item", "brand")}
    return HTMLResponse(render.render_complain(_view(visit, values), visit.lang))


def complain_endpoint(app: App) -> Callable[[Request], object]:
    """Return the endpoint that takes a complaint."""

    async def endpoint(request: Request) -> Response:
        form = await request.form()
        values = {name: str(form.get(name, ""))[:2500] for name in _FIELDS}
        return await run_in_threadpool(
            lambda: _take(app, request, values, form.get("form_token"))
        )

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


def _take(app: App, request: Request, values: dict[str, str], token: object) -> Response:
    with read(app.store) as session:
        visit = visit_of(app, session, request)
        if token != form_token(app, request):
            view = _view(visit, values, faults=(Fault("form", "form_expired"),))
            return HTMLResponse(render.render_complain(view, visit.lang), 403)
        try:
            code = write(
                app.store,
                lambda s: send_public_complaint(
                    s,
                    clock=app.clock,
                    actor=PUBLIC,
                    program=visit.rulebook.program.key,
                    **values,
                ),
            )
        except Invalid as error:
            view = _view(visit, values, faults=error.faults)
            return HTMLResponse(render.render_complain(view, visit.lang), 422)
        return HTMLResponse(render.render_complain(_view(visit, {}, receipt=code), visit.lang))


def _view(
    visit: Visit,
    values: dict[str, str],
    *,
    faults: tuple[Fault, ...] = (),
    receipt: str | None = None,
) -> ComplainView:
    days = visit.rulebook.intake.answer_working_days
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
