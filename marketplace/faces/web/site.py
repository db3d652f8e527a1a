"""The public site: showcase, verification, reports. Server-rendered, no sign-in, real 404s."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from marketplace.assembly import App
from marketplace.base.access import PUBLIC
from marketplace.base.access.queries import is_demo
from marketplace.base.clock import today
from marketplace.base.db import read, write
from marketplace.base.errors import Invalid, MarketplaceError, NotFound
from marketplace.base.files import read_stored
from marketplace.base.rulebook import Rulebook
from marketplace.base.settings import ROOT
from marketplace.base.words import Lang, say
from marketplace.faces.web import present, render
from marketplace.faces.web.viewmodels import (
    BrandView,
    CollectionLink,
    CollectionView,
    HomeView,
    HowView,
    MakerStory,
    NotFoundView,
    ProductListView,
    ProductView,
    ReportKind,
    ReportView,
    SiteView,
    TypoHint,
    VerifyState,
    VerifyView,
)
from marketplace.features.catalog import queries as catalog
from marketplace.features.catalog.queries.public import PUBLIC_PAGE
from marketplace.features.catalog.rules import clean_code
from marketplace.features.enforcement.commands import report_product
from marketplace.features.promotion import queries as promotion

REPORT_KINDS = ("looks_fake", "wrong_facts", "quality", "other")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request with what every page needs."""

    app: App
    session: Session
    request: Request
    rulebook: Rulebook
    lang: Lang
    site: SiteView


Page = Callable[[Visit], Response]


def public_routes(app: App) -> list[Route | Mount]:
    """Return every route an anonymous visitor may open."""

    def page(path: str, view: Page, methods: list[str] | None = None) -> Route:
        return Route(path, _endpoint(app, view), methods=methods or ["GET"])

    static = Path(__file__).parent / "static"
    return [
        page("/showcase", home),
        page("/showcase/how", how),
        page("/showcase/products", product_list),
        page("/showcase/products/{code}", product),
        page("/showcase/brands/{slug}", brand),
        page("/showcase/collections/{slug}", collection),
        page("/verify", verify_blank),
        page("/verify/{code}", verify),
        page("/report", report_form),
        Route("/report", _report_endpoint(app), methods=["POST"]),
        page("/pictures/{sha}", picture),
        page("/robots.txt", robots),
        page("/sitemap.xml", sitemap),
        Mount("/assets/pictures", StaticFiles(directory=ROOT / "data" / "demo-pictures")),
        Mount("/assets", StaticFiles(directory=static)),
        page("/showcase/{rest:path}", not_found),
        page("/verify/{code}/{rest:path}", not_found),
    ]


def language_of(request: Request) -> Lang:
    """Return the language asked for: the query, then the cookie, then Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else "zh"


def home(visit: Visit) -> Response:
    """The first page."""
    clock, rb, lang = visit.app.clock, visit.rulebook, visit.lang
    program = rb.program.key
    collections = promotion.list_public_collections(
        visit.session, PUBLIC, clock=clock, program=program
    )
    brands = catalog.list_public_brands(visit.session, PUBLIC, clock=clock, program=program)
    latest, total = catalog.list_public_products(
        visit.session, PUBLIC, clock=clock, program=program
    )
    first = collections[0] if collections else None
    hero = first.products[0] if first else next(iter(latest), None)
    stories = [b for b in brands if (b.story_zh if lang == "zh" else b.story_en)]
    view = HomeView(
        site=visit.site,
        hero=present.card_of(hero, rb, lang) if hero else None,
        factories=len({b.maker_zh for b in brands}),
        brands=len(brands),
        products=total,
        collection=present.collection_of(first, rb, lang, today(clock)) if first else None,
        more_collections=tuple(_link(c, rb, lang) for c in collections[1:4]),
        stories=tuple(
            MakerStory(
                href=f"/showcase/brands/{b.slug}",
                title=b.name_zh if lang == "zh" else (b.name_en or b.name_zh),
                text=str(b.story_zh if lang == "zh" else b.story_en),
                byline=f"{b.maker_zh if lang == 'zh' else (b.maker_en or b.maker_zh)}"
                f" · {present.district_name(rb, b.district, lang)}",
                art=("patterns", "last", "sole")[i % 3],
            )
            for i, b in enumerate(stories[:3])
        ),
        gates=present.gates_of(rb, lang, "firm") + present.gates_of(rb, lang, "product"),
    )
    return HTMLResponse(render.render_home(view, lang))


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


def product_list(visit: Visit) -> Response:
    """All live products with filters and pages."""
    params = visit.request.query_params
    category, slug = params.get("category") or None, params.get("brand") or None
    page = int(params["page"]) if params.get("page", "").isdigit() else 1
    rb, lang, clock = visit.rulebook, visit.lang, visit.app.clock
    program = rb.program.key
    found, total = catalog.list_public_products(
        visit.session, PUBLIC, clock=clock, program=program,
        category=category, brand_slug=slug, page=page,
    )  # fmt: skip
    brands = catalog.list_public_brands(visit.session, PUBLIC, clock=clock, program=program)
    categories = [
        (c.key, c.name_zh if lang == "zh" else c.name_en, n)
        for c in rb.product.categories
        if (
            n := catalog.list_public_products(
                visit.session, PUBLIC, clock=clock, program=program,
                category=c.key, brand_slug=slug,
            )[1]
        )
    ]  # fmt: skip
    named = [
        (b.slug, b.name_zh if lang == "zh" else (b.name_en or b.name_zh), b.live_products)
        for b in brands[:24]
    ]
    view = ProductListView(
        site=visit.site,
        cards=tuple(present.card_of(p, rb, lang) for p in found),
        total=total,
        page=page,
        pages=max(1, -(-total // PUBLIC_PAGE)),
        categories=present.facets_of(categories, category),
        brands=present.facets_of(named, slug),
    )
    return HTMLResponse(render.render_product_list(view, lang))


def product(visit: Visit) -> Response:
    """One live product; a code that is not live now answers with its verification page."""
    rb, lang, clock = visit.rulebook, visit.lang, visit.app.clock
    code = visit.request.path_params["code"]
    answer = catalog.find_by_code(visit.session, PUBLIC, clock=clock, code=code)
    if answer.product is None:
        raise NotFound("product_not_public")
    if answer.outcome is not catalog.VerifyOutcome.VALID:
        return RedirectResponse(f"/verify/{answer.code}?lang={lang}", 303)
    p = answer.product
    owner = catalog.get_public_brand(visit.session, PUBLIC, clock=clock, slug=p.brand_slug)
    related, _n = catalog.list_public_products(
        visit.session, PUBLIC, clock=clock, program=p.program, brand_slug=p.brand_slug
    )
    view = ProductView(
        site=visit.site,
        code=p.code,
        name=present.name_of(p, rb, lang),
        category=present.category_name(rb, p.category, lang),
        description=(p.description_zh if lang == "zh" else p.description_en) or "",
        price_fen=p.price_fen,
        valid_until=p.valid_until,
        pictures=(present.picture_of(p, rb, lang),),
        checks=present.checks_of(answer, rb, lang),
        maker=present.maker_of(p, owner, rb, lang),
        stores=(),
        qr_svg=qr_svg(visit, p.code),
        materials=present.materials_of(p, lang),
        related=tuple(present.card_of(r, rb, lang) for r in related if r.code != p.code)[:4],
    )
    return HTMLResponse(render.render_product(view, lang))


def brand(visit: Visit) -> Response:
    """One brand with its live products."""
    rb, lang, clock = visit.rulebook, visit.lang, visit.app.clock
    slug = visit.request.path_params["slug"]
    found = catalog.get_public_brand(visit.session, PUBLIC, clock=clock, slug=slug)
    products, _total = catalog.list_public_products(
        visit.session, PUBLIC, clock=clock, brand_slug=slug
    )
    story = found.story_zh if lang == "zh" else found.story_en
    view = BrandView(
        site=visit.site,
        name=found.name_zh if lang == "zh" else (found.name_en or found.name_zh),
        name_en=found.name_en,
        firm=found.maker_zh if lang == "zh" else (found.maker_en or found.maker_zh),
        district=present.district_name(rb, found.district, lang),
        trademark=None,
        story=tuple(s for s in (story or "").split("\n") if s),
        stores=(),
        cards=tuple(present.card_of(p, rb, lang) for p in products),
    )
    return HTMLResponse(render.render_brand(view, lang))


def collection(visit: Visit) -> Response:
    """One collection that is on now."""
    clock, rb, lang = visit.app.clock, visit.rulebook, visit.lang
    slug = visit.request.path_params["slug"]
    found = promotion.get_public_collection(visit.session, PUBLIC, clock=clock, slug=slug)
    others = promotion.list_public_collections(visit.session, PUBLIC, clock=clock)
    view = CollectionView(
        site=visit.site,
        collection=present.collection_of(found, rb, lang, today(clock)),
        more_collections=tuple(_link(c, rb, lang) for c in others if c.slug != slug)[:3],
    )
    return HTMLResponse(render.render_collection(view, lang))


def verify_blank(visit: Visit) -> Response:
    """The page that asks for a code, or leads to the code typed."""
    code = visit.request.query_params.get("code")
    if code:
        return RedirectResponse(f"/verify/{clean_code(code)[:40]}?lang={visit.lang}", 303)
    return HTMLResponse(render.render_verify_blank(NotFoundView(visit.site), visit.lang))


def verify(visit: Visit) -> Response:
    """The answer to a code; it vouches for the style, not for the pair in hand."""
    rb, lang = visit.rulebook, visit.lang
    asked = visit.request.path_params["code"]
    answer = catalog.find_by_code(visit.session, PUBLIC, clock=visit.app.clock, code=asked)
    live = answer.outcome is catalog.VerifyOutcome.VALID
    p = answer.product
    view = VerifyView(
        site=visit.site,
        state=VerifyState(answer.outcome.value),
        asked=answer.code,
        checked_at=visit.app.clock.now(),
        product=present.verify_product_of(p, rb, lang, live=live) if p else None,
        valid_until=answer.was_valid_until,
        checks=present.checks_of(answer, rb, lang),
        hint=_hint(answer),
        qr_svg=qr_svg(visit, answer.code) if p else "",
    )
    # An unknown code is an answer, not a missing page; crawlers still get 404.
    return HTMLResponse(render.render_verify(view, lang), 200 if p else 404)


def report_form(visit: Visit) -> Response:
    """The form for a report."""
    values = {"code": visit.request.query_params.get("code", "")}
    return HTMLResponse(render.render_report(_report_view(visit, values), visit.lang))


def picture(visit: Visit) -> Response:
    """A product's picture, by its content; only of products that were verified."""
    sha = visit.request.path_params["sha"]
    if not catalog.is_public_picture(visit.session, PUBLIC, sha256=sha):
        raise NotFound("file_not_found")
    content = read_stored(visit.app.data_dir, sha)
    kind = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png"}.get(content[:2], "image/webp")
    return Response(
        content,
        media_type=kind,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def robots(visit: Visit) -> Response:
    """Public pages may be found; the app may not."""
    base = visit.site.base_url
    lines = ["User-agent: *", "Allow: /showcase", "Allow: /verify", "Disallow: /"]
    return PlainTextResponse("\n".join([*lines, f"Sitemap: {base}/sitemap.xml", ""]))


def sitemap(visit: Visit) -> Response:
    """Live products and brands."""
    found, _total = catalog.list_public_products(visit.session, PUBLIC, clock=visit.app.clock)
    paths = [
        "/showcase",
        "/showcase/products",
        *(f"/showcase/products/{p.code}" for p in found),
    ]
    urls = "".join(f"<url><loc>{visit.site.base_url}{path}</loc></url>" for path in paths)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    )
    return Response(body, media_type="application/xml")


def not_found(visit: Visit) -> Response:
    """A real 404."""
    return HTMLResponse(render.render_not_found(NotFoundView(visit.site), visit.lang), 404)


def qr_svg(visit: Visit, code: str) -> str:
    """Return a QR code that opens a product's verification page."""
    base = visit.site.base_url or str(visit.request.base_url).rstrip("/")
    made = segno.make(f"{base}/verify/{code}", error="m")
    return str(made.svg_inline(scale=4, border=2, dark="#1E2A2F", light="#ffffff"))


def form_token(app: App, request: Request) -> str:
    """Return a token tying a form to this visitor's browser."""
    seed = request.headers.get("user-agent", "") + (
        request.client.host if request.client else ""
    )
    return hmac.new(app.store.keys.cookie, seed.encode(), hashlib.sha256).hexdigest()[:32]


def _endpoint(app: App, view: Page) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        with read(app.store) as session:
            visit = _visit(app, session, request)
            try:
                response = view(visit)
            except NotFound:
                response = not_found(visit)
        return _remember_language(request, response)

    return endpoint


def _report_endpoint(app: App) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        form = await request.form()
        values = {k: str(form.get(k, ""))[:2000] for k in ("kind", "code", "text", "contact")}
        return await _in_thread(
            lambda: _take_report(app, request, values, form.get("form_token"))
        )

    return endpoint


def _take_report(app: App, request: Request, values: dict[str, str], token: object) -> Response:
    with read(app.store) as session:
        visit = _visit(app, session, request)
        if token != form_token(app, request):
            return HTMLResponse(
                render.render_report(_report_view(visit, values), visit.lang), 403
            )
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
        except MarketplaceError:
            return not_found(visit)
        view = _report_view(visit, {}, receipt=number)
        return HTMLResponse(render.render_report(view, visit.lang))


async def _in_thread(work: Callable[[], Response]) -> Response:
    from starlette.concurrency import run_in_threadpool

    return await run_in_threadpool(work)


def _visit(app: App, session: Session, request: Request) -> Visit:
    lang = language_of(request)
    rulebook = app.rulebook()
    query = f"?{request.url.query}" if request.url.query else ""
    site = present.site_of(
        app, rulebook, lang, f"{request.url.path}{query}", demo=is_demo(session)
    )
    return Visit(app, session, request, rulebook, lang, site)


def _remember_language(request: Request, response: Response) -> Response:
    asked = request.query_params.get("lang")
    if asked in {"zh", "en"}:
        response.set_cookie("lang", asked, max_age=31_536_000, samesite="lax", httponly=False)
    return response


def _report_view(
    visit: Visit,
    values: dict[str, str],
    *,
    faults: tuple[object, ...] = (),
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
        faults=faults,  # type: ignore[arg-type]
        receipt=receipt,
    )


def _link(c: promotion.PublicCollection, rb: Rulebook, lang: Lang) -> CollectionLink:
    return CollectionLink(
        href=f"/showcase/collections/{c.slug}",
        title=c.title_zh if lang == "zh" else c.title_en,
        intro=(c.intro_zh if lang == "zh" else c.intro_en) or "",
        products=len(c.products),
        picture=present.picture_of(c.products[0], rb, lang),
    )


def _hint(answer: catalog.VerifyAnswer) -> TypoHint | None:
    if answer.hint is None:
        return None
    place, meant = answer.hint
    at = place - 1
    fixed = answer.code[:at] + meant + answer.code[at + 1 :]
    return TypoHint(position=at, seen=answer.code[at], meant=meant, suggestion=fixed)
