"""Turns public query rows into the view models of the public pages."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.assembly import App
from marketplace.base.clock import civil_day, today
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, say
from marketplace.faces.web.renditions import WIDTHS
from marketplace.faces.web.viewmodels import (
    Check,
    Collection,
    Facet,
    Gate,
    Maker,
    Material,
    Picture,
    ProductCard,
    SiteView,
    VerifyProduct,
)
from marketplace.features.catalog.queries import PublicBrand, PublicProduct, VerifyAnswer
from marketplace.features.promotion.queries import PublicCollection


def site_of(
    app: App,
    rulebook: Rulebook,
    lang: Lang,
    path: str,
    *,
    demo: bool,
    origin: str,
    has_sign_in: bool = True,
) -> SiteView:
    """Return what every public page knows; `origin` is the address asked for."""
    zh = lang == "zh"
    return SiteView(
        public_name=rulebook.program.public_name_zh if zh else rulebook.program.public_name_en,
        place=place_of(rulebook, lang),
        path=path,
        as_of=today(app.clock),
        base_url=(app.settings.public_base_url or origin).rstrip("/"),
        is_demo=demo,
        contact=rulebook.program.contact if zh else rulebook.program.contact_for_english,
        has_sign_in=has_sign_in,
    )


def place_of(rulebook: Rulebook, lang: Lang) -> str:
    """Return the place a program is about."""
    return rulebook.program.place_zh if lang == "zh" else rulebook.program.place_en


def category_name(rulebook: Rulebook, key: str | None, lang: Lang) -> str:
    """Return the word of a product category, or an empty string."""
    for entry in rulebook.product.categories:
        if entry.key == key:
            return entry.name_zh if lang == "zh" else entry.name_en
    return ""


def district_name(rulebook: Rulebook, code: str | None, lang: Lang) -> str:
    """Return the word of a district, or an empty string."""
    region = rulebook.region(code) if code else None
    if region is None:
        return ""
    return region.name_zh if lang == "zh" else region.name_en


def card_of(p: PublicProduct, rulebook: Rulebook, lang: Lang) -> ProductCard:
    """Return a product as a card in a list."""
    return ProductCard(
        href=f"/showcase/products/{p.code}",
        brand=brand_of(p, lang),
        name=name_of(p, rulebook, lang),
        price_fen=p.price_fen,
        valid_until=p.valid_until,
        picture=picture_of(p, rulebook, lang),
    )


def brand_of(p: PublicProduct, lang: Lang) -> str:
    """Return a product's brand in the language of the page."""
    return p.brand_zh if lang == "zh" else (p.brand_en or p.brand_zh)


def name_of(p: PublicProduct, rulebook: Rulebook, lang: Lang) -> str:
    """Return a product's name with its kind of shoe."""
    name = p.name_zh if lang == "zh" else (p.name_en or p.name_zh)
    kind = category_name(rulebook, p.category, lang)
    return name if not kind or kind in name else f"{name} {kind}"


def picture_of(p: PublicProduct, rulebook: Rulebook, lang: Lang) -> Picture:
    """Return a product's main picture."""
    alt = f"{brand_of(p, lang)} {name_of(p, rulebook, lang)}"
    if not p.picture:
        return Picture(src="/assets/no-picture.svg", alt=alt)
    return Picture(src=f"/pictures/{p.picture}", alt=alt, widths=WIDTHS)


def collection_of(c: PublicCollection, rulebook: Rulebook, lang: Lang) -> Collection:
    """Return a collection with its cards."""
    return Collection(
        href=f"/showcase/collections/{c.slug}",
        title=c.title_zh if lang == "zh" else c.title_en,
        intro=(c.intro_zh if lang == "zh" else c.intro_en) or "",
        starts_on=civil_day(c.starts_at),
        ends_on=civil_day(c.ends_at),
        cap_per_group=c.cap_per_group,
        cards=tuple(card_of(p, rulebook, lang) for p in c.products),
    )


def maker_of(
    p: PublicProduct, brand: PublicBrand | None, rulebook: Rulebook, lang: Lang
) -> Maker:
    """Return who made a product; the story only with consent."""
    story = None
    if brand is not None:
        story = brand.story_zh if lang == "zh" else brand.story_en
    return Maker(
        brand=brand_of(p, lang),
        brand_href=f"/showcase/brands/{p.brand_slug}",
        firm=p.maker_zh if lang == "zh" else (p.maker_en or p.maker_zh),
        district=district_name(rulebook, p.district, lang),
        text=story,
    )


def checks_of(answer: VerifyAnswer, rulebook: Rulebook, lang: Lang) -> tuple[Check, ...]:
    """Return what was verified, by which office, when and until when."""
    office = rulebook.program.name_zh if lang == "zh" else rulebook.program.name_en
    return tuple(
        Check(
            what=say(f"public.check.{v.key}", lang, reference=v.reference or ""),
            who=v.by or office,
            done_on=v.on,
            valid_until=v.until,
        )
        for v in answer.verified
    )


def verify_product_of(
    p: PublicProduct, rulebook: Rulebook, lang: Lang, *, live: bool, has_others: bool
) -> VerifyProduct:
    """Return the style a code names; `has_others`: something live of its brand can be shown."""
    return VerifyProduct(
        brand=brand_of(p, lang),
        name=name_of(p, rulebook, lang),
        firm=p.maker_zh if lang == "zh" else (p.maker_en or p.maker_zh),
        district=district_name(rulebook, p.district, lang),
        picture=picture_of(p, rulebook, lang),
        href=f"/showcase/products/{p.code}" if live else None,
        brand_href=f"/showcase/brands/{p.brand_slug}" if has_others else None,
    )


def materials_of(p: PublicProduct, lang: Lang) -> tuple[Material, ...]:
    """Return the parts of a product and what they are made of, as its maker wrote it."""
    return tuple(Material(_part(part, lang), text) for part, text in p.materials.items())


def _part(word: str, lang: Lang) -> str:
    """Return the word of a part in the language of the page; an unusual part as it is called."""
    for key in _PARTS:
        if say(f"mine.material.{key}", "zh") == word:
            return say(f"mine.material.{key}", lang)
    return word


def gates_of(rulebook: Rulebook, lang: Lang, scope: str) -> tuple[Gate, ...]:
    """Return the conditions of a scope the public may read about."""
    zh = lang == "zh"
    return tuple(
        Gate(
            name=c.name_zh if zh else c.name_en,
            what=say(f"public.gate.{c.key}", lang) if c.key in _TOLD else "",
            who=say(f"public.who.{'two' if c.second_person else 'one'}", lang),
            how_often=(
                say("public.every_days", lang, days=c.valid_days)
                if c.valid_days
                else say("public.once", lang)
            ),
        )
        for c in rulebook.conditions_in_order()
        if c.kind.value == "condition" and c.key in _TOLD and (_TOLD[c.key] == scope)
    )


def facets_of(counted: Sequence[tuple[str, str, int]], chosen: str | None) -> tuple[Facet, ...]:
    """Return (value, label, count) as choices."""
    return tuple(Facet(v, name, n, is_chosen=v == chosen) for v, name, n in counted)


_PARTS = ("upper", "lining", "sole", "midsole", "outsole", "insole")
_TOLD = {
    "real_name": "firm",
    "real_person": "firm",
    "on_site": "firm",
    "trademark": "product",
    "product_test": "product",
}
