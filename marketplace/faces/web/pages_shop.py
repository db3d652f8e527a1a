"""The pages that show products: first page, list, product, brand, collection."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import HTMLResponse, RedirectResponse, Response

from marketplace.base.access import PUBLIC
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang
from marketplace.desk.shop import list_shelf
from marketplace.faces.web import present, present_product, public_figures, render
from marketplace.faces.web.viewmodels import (
    BrandView,
    CollectionLink,
    CollectionView,
    HomeView,
    MakerStory,
    ProductListView,
    ProductView,
)
from marketplace.faces.web.visit import Visit, qr_svg
from marketplace.features.catalog import queries as catalog
from marketplace.features.catalog.rules import clean_code, is_code
from marketplace.features.promotion import queries as promotion

MOST_ASKED = 60  # characters of a search; the field takes no more


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
    # The hero is not the lead of the collection below it: two places, two shoes.
    heroes = [p for c in collections[1:] for p in c.products] or list(
        first.products if first else latest
    )
    hero = next(iter(heroes), None)
    stories = [b for b in brands if (b.story_zh if lang == "zh" else b.story_en)]
    view = HomeView(
        site=visit.site,
        hero=present.card_of(hero, rb, lang) if hero else None,
        factories=len({b.maker_zh for b in brands}),
        brands=len(brands),
        products=total,
        collection=present.collection_of(first, rb, lang) if first else None,
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
        figures=public_figures.figures_of(
            catalog.count_public_outcomes(visit.session, PUBLIC, clock=clock, program=program),
            promotion.get_public_scans(visit.session, PUBLIC, clock=clock),
            lang,
        ),
    )
    return HTMLResponse(render.render_home(view, lang))


def product_list(visit: Visit) -> Response:
    """All live products with filters and pages; a whole code leads to its answer."""
    params = visit.request.query_params
    asked = params.get("q", "")[:MOST_ASKED].strip()
    if is_code(code := clean_code(asked)):
        return RedirectResponse(f"/verify/{code}?lang={visit.lang}", 303)
    category, slug = params.get("category") or None, params.get("brand") or None
    rb, lang = visit.rulebook, visit.lang
    shelf = list_shelf(
        visit.session, PUBLIC, clock=visit.app.clock, program=rb.program.key,
        query=asked, category=category, brand_slug=slug, page=_number(params.get("page", "")),
    )  # fmt: skip
    categories = [
        (c.key, c.name_zh if lang == "zh" else c.name_en, shelf.by_category.get(c.key, 0))
        for c in rb.product.categories
        if c.key in shelf.by_category or c.key == category
    ]
    named = [
        (b.slug, b.name_zh if lang == "zh" else (b.name_en or b.name_zh), b.products)
        for b in shelf.by_brand
    ]
    view = ProductListView(
        site=visit.site,
        cards=tuple(present.card_of(p, rb, lang) for p in shelf.products),
        total=shelf.total,
        page=shelf.page,
        pages=shelf.pages,
        categories=present.facets_of(categories, category),
        brands=present.facets_of(named, slug),
        query=asked,
    )
    return HTMLResponse(render.render_product_list(view, lang))


def _number(told: str) -> int:
    """Return the number of a page; what is none is the first, what is too large ends at the last."""
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 6 else 1


def product(visit: Visit) -> Response:
    """One live product; a code that is not live now answers with its verification page."""
    rb, lang, clock = visit.rulebook, visit.lang, visit.app.clock
    code = visit.request.path_params["code"]
    answer = catalog.find_by_code(visit.session, PUBLIC, rb, clock=clock, code=code)
    if answer.product is None:
        raise NotFound("product_not_public")
    if answer.outcome is not catalog.VerifyOutcome.VALID:
        return RedirectResponse(f"/verify/{answer.code}?lang={lang}", 303)
    p = answer.product
    owner = catalog.get_public_brand(visit.session, PUBLIC, clock=clock, slug=p.brand_slug)
    detail = catalog.get_public_detail(visit.session, PUBLIC, rb, clock=clock, code=p.code)
    listings = promotion.list_public_listings(
        visit.session, PUBLIC, clock=clock, product_id=p.product_id
    )
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
        pictures=present_product.pictures_of(p, detail, rb, lang),
        checks=present.checks_of(answer, rb, lang),
        maker=present.maker_of(p, owner, rb, lang),
        stores=present_product.stores_of(listings),
        qr_svg=qr_svg(visit, p.code),
        tests=present_product.tests_of(detail, lang),
        materials=present.materials_of(p, lang),
        design_basis=present_product.basis_of(detail, lang),
        gtin=detail.gtin,
        share_image=_card(p.code, lang),
        related=tuple(present.card_of(r, rb, lang) for r in related if r.code != p.code)[:4],
    )
    return HTMLResponse(render.render_product(view, lang))


def brand(visit: Visit) -> Response:
    """One brand with its live products."""
    rb, lang, clock = visit.rulebook, visit.lang, visit.app.clock
    slug = visit.request.path_params["slug"]
    found = catalog.get_public_brand(visit.session, PUBLIC, clock=clock, slug=slug)
    products, total = catalog.list_public_products(
        visit.session, PUBLIC, clock=clock, brand_slug=slug
    )
    mark = catalog.find_public_mark(visit.session, PUBLIC, rb, clock=clock, slug=slug)
    stores = promotion.list_public_stores(visit.session, PUBLIC, clock=clock, brand_slug=slug)
    story = found.story_zh if lang == "zh" else found.story_en
    view = BrandView(
        site=visit.site,
        name=found.name_zh if lang == "zh" else (found.name_en or found.name_zh),
        name_en=found.name_en,
        firm=found.maker_zh if lang == "zh" else (found.maker_en or found.maker_zh),
        district=present.district_name(rb, found.district, lang),
        trademark=present_product.mark_of(mark, lang),
        story=tuple(s for s in (story or "").split("\n") if s),
        stores=present_product.stores_of(stores),
        cards=tuple(present.card_of(p, rb, lang) for p in products),
        picture=present.picture_of(products[0], rb, lang) if products else None,
        share_image=_card(products[0].code, lang) if products else None,
        total=total,
        all_href=f"/showcase/products?brand={quote(slug)}",
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
        collection=present.collection_of(found, rb, lang),
        more_collections=tuple(_link(c, rb, lang) for c in others if c.slug != slug)[:3],
    )
    return HTMLResponse(render.render_collection(view, lang))


def _link(c: promotion.PublicCollection, rb: Rulebook, lang: Lang) -> CollectionLink:
    return CollectionLink(
        href=f"/showcase/collections/{c.slug}",
        title=c.title_zh if lang == "zh" else c.title_en,
        intro=(c.intro_zh if lang == "zh" else c.intro_en) or "",
        products=len(c.products),
        picture=present.picture_of(c.products[0], rb, lang),
    )


def _card(code: str, lang: Lang) -> str:
    return f"/showcase/products/{code}/card.jpg?lang={lang}"
