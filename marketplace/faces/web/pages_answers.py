"""The pages that answer: how it works, a code looked up, a report taken."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from marketplace.assembly import App
from marketplace.base.access import PUBLIC
from marketplace.base.db import read, write
from marketplace.base.errors import Fault, Invalid, MarketplaceError, NotFound, Unavailable
from marketplace.base.words import say
from marketplace.faces.web import present, render
from marketplace.faces.web.scans import ScanTally
from marketplace.faces.web.viewmodels import (
    HowView,
    NotFoundView,
    ReportKind,
    ReportView,
    TypoHint,
    VerifyState,
    VerifyView,
)
from marketplace.faces.web.visit import Visit, form_token, not_found, qr_svg, visit_of
from marketplace.features.catalog import queries as catalog
from marketplace.features.catalog.rules import clean_code
from marketplace.features.enforcement.commands import report_product
from marketplace.features.promotion.commands.scans import UNKNOWN

REPORT_KINDS = ("looks_fake", "wrong_facts", "quality", "other")


def how(visit: Visit) -> Response:
    """How verification works and what it does not promise."""
    rb, lang = visit.rulebook, visit.lang
    view = HowView(
        site=visit.site,
        gates=present.gates_of(rb, lang, "firm"),
        product_gates=present.gates_of(rb, lang, "product"),
        objection_working_days=rb.featuring.objection_working_days,
        cap_per_group=rb.featuring.cap_per_group,
    )
    return HTMLResponse(render.render_how(view, lang))


def verify_blank(visit: Visit) -> Response:
    """The page that asks for a code, or leads to the code typed."""
    code = visit.request.query_params.get("code")
    if code:
        # A slash would be another page, whatever it is written as.
        asked = quote(clean_code(code)[:40].replace("/", "-"), safe="")
        return RedirectResponse(f"/verify/{asked}?lang={visit.lang}", 303)
    return HTMLResponse(render.render_verify_blank(NotFoundView(visit.site), visit.lang))


def verify_page(tally: ScanTally) -> Callable[[Visit], Response]:
    """Return the page that answers a code and counts that it was asked."""

    def page(visit: Visit) -> Response:
        return verify(visit, tally)

    return page


def verify(visit: Visit, tally: ScanTally) -> Response:
    """The answer to a code; it vouches for the style, not for the pair in hand."""
    rb, lang = visit.rulebook, visit.lang
    asked = visit.request.path_params["code"]
    answer = catalog.find_by_code(visit.session, PUBLIC, clock=visit.app.clock, code=asked)
    live = answer.outcome is catalog.VerifyOutcome.VALID
    p = answer.product
    has_others = p is not None and (live or _has_live_products(visit, p.brand_slug))
    view = VerifyView(
        site=visit.site,
        state=VerifyState(answer.outcome.value),
        asked=answer.code,
        checked_at=visit.app.clock.now(),
        product=present.verify_product_of(p, rb, lang, live=live, has_others=has_others)
        if p
        else None,
        valid_until=answer.was_valid_until,
        checks=present.checks_of(answer, rb, lang),
        hint=_hint(answer),
        qr_svg=qr_svg(visit, answer.code) if p else "",
    )
    tally.count(p.product_id if p else UNKNOWN, answer.outcome.value)
    # An unknown code is an answer, not a missing page; crawlers still get 404.
    return HTMLResponse(
        render.render_verify(view, lang),
        200 if p else 404,
        background=BackgroundTask(tally.write_if_due),
    )


def _has_live_products(visit: Visit, slug: str) -> bool:
    try:
        catalog.get_public_brand(visit.session, PUBLIC, clock=visit.app.clock, slug=slug)
    except NotFound:
        return False
    return True


def report_form(visit: Visit) -> Response:
    """The form for a report."""
    values = {"code": visit.request.query_params.get("code", "")}
    return HTMLResponse(render.render_report(_report_view(visit, values), visit.lang))


def report_endpoint(app: App) -> Callable[[Request], object]:
    """Return the endpoint that takes a report."""

    async def endpoint(request: Request) -> Response:
        form = await request.form()
        values = {k: str(form.get(k, ""))[:2000] for k in ("kind", "code", "text", "contact")}
        return await run_in_threadpool(
            lambda: _take_report(app, request, values, form.get("form_token"))
        )

    return endpoint


def _take_report(app: App, request: Request, values: dict[str, str], token: object) -> Response:
    with read(app.store) as session:
        visit = visit_of(app, session, request)
        if token != form_token(app, request):
            faults = (Fault("form", "form_expired"),)
            view = _report_view(visit, values, faults=faults)
            return HTMLResponse(render.render_report(view, visit.lang), 403)
        if values["kind"] not in REPORT_KINDS:
            view = _report_view(visit, values, faults=(Fault("kind", "field_missing"),))
            return HTMLResponse(render.render_report(view, visit.lang), 422)
        try:
            number = write(
                app.store,
                lambda s: report_product(
                    s,
                    clock=app.clock,
                    actor=PUBLIC,
                    program=visit.rulebook.program.key,
                    text=f"[{values['kind']}] {values['text']}" if values["text"] else "",
                    product_code=values["code"],
                    contact=values["contact"],
                ),
            )
        except Invalid as error:
            view = _report_view(visit, values, faults=error.faults)
            return HTMLResponse(render.render_report(view, visit.lang), 422)
        except Unavailable:
            raise  # not a word of a receipt, and none that it was the visitor's fault
        except MarketplaceError:
            return not_found(visit)
        view = _report_view(visit, {}, receipt=number)
        return HTMLResponse(render.render_report(view, visit.lang))


def _report_view(
    visit: Visit,
    values: dict[str, str],
    *,
    faults: tuple[Fault, ...] = (),
    receipt: str | None = None,
) -> ReportView:
    return ReportView(
        site=visit.site,
        action="/report",
        form_token=form_token(visit.app, visit.request),
        kinds=tuple(
            ReportKind(k, say(f"public.report_kind.{k}", visit.lang)) for k in REPORT_KINDS
        ),
        values=values,
        faults=faults,
        receipt=receipt,
    )


def _hint(answer: catalog.VerifyAnswer) -> TypoHint | None:
    if answer.hint is None:
        return None
    place, meant = answer.hint
    at = place - 1
    fixed = answer.code[:at] + meant + answer.code[at + 1 :]
    return TypoHint(position=at, seen=answer.code[at], meant=meant, suggestion=fixed)
