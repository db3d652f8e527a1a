"""What is read by machines: pictures, the share card, robots.txt, the sitemap."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from starlette.responses import PlainTextResponse, Response

from marketplace.base.access import PUBLIC
from marketplace.base.errors import NotFound
from marketplace.base.files import read_stored
from marketplace.base.words import Lang
from marketplace.faces.web import present
from marketplace.faces.web.renditions import Renditions, width_of
from marketplace.faces.web.share_card import share_card_jpeg
from marketplace.faces.web.viewmodels import ShareCardView
from marketplace.faces.web.visit import Visit
from marketplace.features.catalog import queries as catalog
from marketplace.features.promotion import queries as promotion

MOST_ADDRESSES = 50_000  # of one sitemap file, sitemaps.org protocol 0.9


_renditions = Renditions()


def picture(visit: Visit) -> Response:
    """A product's picture, by its content; only of products that were verified.

    `w` asks for one of a few widths; any other gives the picture as it is kept.
    """
    sha = visit.request.path_params["sha"]
    if not catalog.is_public_picture(visit.session, PUBLIC, sha256=sha):
        raise NotFound("file_not_found")
    content = read_stored(visit.app.data_dir, sha)
    if width := width_of(visit.request.query_params.get("w")):
        content = _renditions.of(sha, content, width) or content
    kind = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png"}.get(content[:2], "image/webp")
    return Response(
        content,
        media_type=kind,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def product_card(visit: Visit) -> Response:
    """The picture a chat shows for a live product; 404 for one that is not."""
    rb, lang = visit.rulebook, visit.lang
    p = catalog.get_public_product(
        visit.session, PUBLIC, clock=visit.app.clock, code=visit.request.path_params["code"]
    )
    view = ShareCardView(
        public_name=visit.site.public_name,
        seal_words=rb.program.seal_zh,
        brand=present.brand_of(p, lang),
        name=p.name_zh if lang == "zh" else (p.name_en or p.name_zh),
        category=present.category_name(rb, p.category, lang),
        price_fen=p.price_fen,
        valid_until=p.valid_until,
        picture=read_stored(visit.app.data_dir, p.picture) if p.picture else b"",
    )
    made = _card(view, lang)
    tag = f'"{hashlib.sha256(made).hexdigest()[:32]}"'
    # Asked again each time: a card that was kept would vouch for what lapsed meanwhile.
    kept = {"Cache-Control": "no-cache", "ETag": tag}
    if visit.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=kept)
    return Response(made, media_type="image/jpeg", headers=kept)


@lru_cache(maxsize=256)
def _card(view: ShareCardView, lang: Lang) -> bytes:
    return share_card_jpeg(view, lang)


def robots(visit: Visit) -> Response:
    """Public pages and their pictures may be found; the app may not."""
    allowed = ("/showcase", "/verify$", "/pictures/", "/assets/")
    lines = ["User-agent: *", *(f"Allow: {path}" for path in allowed), "Disallow: /"]
    return PlainTextResponse(
        "\n".join([*lines, f"Sitemap: {visit.site.base_url}/sitemap.xml", ""])
    )


def sitemap(visit: Visit) -> Response:
    """Every page with something live on it."""
    clock = visit.app.clock
    codes = catalog.list_public_codes(
        visit.session, PUBLIC, clock=clock, limit=MOST_ADDRESSES - 2_000
    )
    brands = catalog.list_public_brands(visit.session, PUBLIC, clock=clock)
    collections = promotion.list_public_collections(visit.session, PUBLIC, clock=clock)
    paths = [
        "/showcase",
        "/showcase/products",
        "/showcase/how",
        "/showcase/appeals",
        "/verify",
        *(f"/showcase/collections/{c.slug}" for c in collections),
        *(f"/showcase/brands/{b.slug}" for b in brands[:1_900]),
        *(f"/showcase/products/{code}" for code in codes),
    ]
    base = visit.site.base_url
    urls = "".join(f"<url><loc>{base}{path}</loc></url>" for path in paths)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    )
    return Response(body, media_type="application/xml")
