"""The pages that answer: how it works, a code looked up."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse, RedirectResponse, Response

from marketplace.base.access import PUBLIC
from marketplace.base.errors import NotFound
from marketplace.faces.web import present, render
from marketplace.faces.web.scans import ScanTally
from marketplace.faces.web.viewmodels import (
    HowView,
    NotFoundView,
    TypoHint,
    VerifyState,
    VerifyView,
)
from marketplace.faces.web.visit import Visit, qr_svg
from marketplace.features.catalog import queries as catalog
from marketplace.features.catalog.rules import clean_code
from marketplace.features.promotion.commands.scans import UNKNOWN


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
    answer = catalog.find_by_code(visit.session, PUBLIC, rb, clock=visit.app.clock, code=asked)
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


def _hint(answer: catalog.VerifyAnswer) -> TypoHint | None:
    if answer.hint is None:
        return None
    place, meant = answer.hint
    at = place - 1
    fixed = answer.code[:at] + meant + answer.code[at + 1 :]
    return TypoHint(position=at, seen=answer.code[at], meant=meant, suggestion=fixed)
