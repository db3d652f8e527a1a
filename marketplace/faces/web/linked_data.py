"""schema.org data of a product page, as a JSON text that cannot end its own script element."""

from __future__ import annotations

import json

from markupsafe import Markup

from marketplace.faces.web.viewmodels import ProductView, SiteView


def product_linked_data(view: ProductView) -> Markup:
    """Return the JSON-LD of a product; `<`, `>` and `&` are written as escapes.

    The seal is deliberately not stated as an award or certification: schema.org has no word
    for a verification that vouches for a style only.
    """
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": view.name,
        "category": view.category,
        "description": view.description,
        "brand": {"@type": "Brand", "name": view.maker.brand},
        "manufacturer": {"@type": "Organization", "name": view.maker.firm},
        "image": [absolute(view.site, picture.src) for picture in view.pictures],
        "url": absolute(view.site, view.site.path.partition("?")[0]),
        "sku": view.code,
    }
    if view.gtin:
        facts["gtin"] = view.gtin
    if view.materials:
        facts["material"] = [f"{part.part}: {part.text}" for part in view.materials]
    offers = [_offer(store.name, store.href, store.price_fen) for store in view.stores]
    if offers:
        facts["offers"] = offers
    return script_safe_json(facts)


def script_safe_json(value: object) -> Markup:
    """Return JSON in which no byte can close a script element or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - every sign that HTML could read is escaped above


def absolute(site: SiteView, address: str) -> str:
    """Return an address with the site's host when one is known."""
    return site.base_url + address if address.startswith("/") else address


def _offer(seller: str, href: str, price_fen: int | None) -> dict[str, object]:
    offer: dict[str, object] = {
        "@type": "Offer",
        "url": href,
        "seller": {"@type": "Organization", "name": seller},
    }
    if price_fen is not None:
        yuan, fen = divmod(price_fen, 100)
        offer |= {"price": f"{yuan}.{fen:02d}", "priceCurrency": "CNY"}
    return offer
