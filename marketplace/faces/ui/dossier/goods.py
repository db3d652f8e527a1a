"""Brands with their marks, products with pictures and what can be done to each."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import may
from marketplace.base.money import format_yuan
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import is_as_seen
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import category_name
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import BrandRow, ProductRow, TrademarkRow

_CARDS = 8
_ACROSS = 4
# Live and waiting ones first: they are what a desk asks about.
_ORDER = (
    Moderation.SUBMITTED,
    Moderation.VERIFIED,
    Moderation.LAPSED,
    Moderation.RECALLED,
    Moderation.CHANGES_REQUESTED,
)
# What may be asked for in which state; the commands decide again.
DEEDS = {
    Moderation.VERIFIED: ("suspend", "recall"),
    Moderation.LAPSED: ("restore", "recall"),
}
# A dialog of the dossier that can be opened on one product: what is said names it already.
FINDING = "finding"


def show(page: Here, d: Dossier) -> None:
    """Show brands, then product cards, then the rest as a table."""
    with st.container(key="card_products"):
        kit.section(
            page.t("page.dossier.products"),
            page.t("page.dossier.products_sub", count=len(d.products)),
        )
        for brand in d.brands:
            _brand(page, d, brand)
        if not d.brands:
            st.caption(page.t("officer.dossier.brands_none"))
        elif not d.products:
            st.caption(page.t("page.dossier.no_products"))
        ranked = sorted(
            d.products, key=lambda p: _ORDER.index(p.status) if p.status in _ORDER else 9
        )
        for start in range(0, min(len(ranked), _CARDS), _ACROSS):
            row = ranked[start : min(start + _ACROSS, _CARDS)]
            for column, product in zip(st.columns(_ACROSS), row, strict=False):
                with column:
                    _product(page, d, product)
        if len(ranked) > _CARDS:
            label_all = page.t("page.dossier.more_products", count=len(ranked) - _CARDS)
            with st.expander(label_all):
                kit.table(*product_table(page, ranked[_CARDS:]), frozenset())


def product_table(page: Here, products: list[ProductRow]) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of products."""
    heads = [
        page.t("field.name"),
        page.t("field.category"),
        page.t("page.dossier.state"),
        page.t("field.valid_until"),
        page.t("field.code"),
    ]
    rows = [
        [
            f"{p.brand_name} {p.name_zh}",
            category_name(page, p.category),
            label(p.status, page.lang),
            format_day(p.valid_until),
            p.code or "—",
        ]
        for p in products
    ]
    return heads, rows


def _brand(page: Here, d: Dossier, brand: BrandRow) -> None:
    mark: TrademarkRow | None = next(iter(d.marks[brand.brand_id]), None)
    told = page.t("page.dossier.no_mark")
    badge = ""
    if mark is not None:
        told = page.t("page.dossier.mark", number=mark.number, nice=mark.nice_class)
        if mark.checked_at:
            told += " · " + page.t("officer.dossier.checked")
        badge = kit.badge(label(mark.status, page.lang), "good" if mark.checked_at else "warn")
    kit.rows([(f"{brand.name_zh} {brand.name_en or ''}", told, badge)])
    waits = mark is not None and mark.checked_at is None
    if mark is not None and waits and may(page.actor, "catalog.check_trademark", d.scope):
        _check(page, mark)


def _check(page: Here, mark: TrademarkRow) -> None:
    trademark_id = mark.trademark_id
    unchanged = is_as_seen(page, f"mark_{trademark_id}", mark.recorded_at)
    pressed = st.button(page.t("officer.dossier.check"), key=f"mark_{trademark_id}")
    if (
        pressed
        and unchanged()
        and did(
            page,
            lambda s: catalog.check_trademark(
                s,
                page.rulebook,
                clock=page.app.clock,
                actor=page.actor,
                trademark_id=trademark_id,
                recorded_at=mark.recorded_at,
            ),
            done="officer.ask.product_done",
        )
    ):
        st.rerun()


def _product(page: Here, d: Dossier, product: ProductRow) -> None:
    tone = "good" if product.live else "gray"
    if product.status in {Moderation.LAPSED, Moderation.RECALLED}:
        tone = "warn"
    until = (
        page.t("officer.dossier.live_until", day=format_day(product.valid_until))
        if product.live and product.valid_until
        else product.model_no
    )
    kit.product_card(
        product.picture,
        product.brand_name,
        (product.name_en or product.name_zh) if page.lang == "en" else product.name_zh,
        page.t(
            "officer.dossier.product_line",
            price=format_yuan(product.price_fen or 0),
            until=until,
        ),
        kit.badge(label(product.status, page.lang), tone),
    )
    deeds = [
        deed
        for deed in DEEDS.get(product.status, ())
        if may(page.actor, f"catalog.{deed}_product", d.scope)
    ]
    words = {deed: page.t(f"officer.dossier.{deed}") for deed in deeds}
    if product.code and d.stores and may(page.actor, "enforcement.record_finding", d.scope):
        words = {FINDING: page.t("officer.dossier.finding_add"), **words}
    if words:
        look.menu(
            page.t("officer.dossier.product_do"),
            {f"{deed}_{product.product_id}": word for deed, word in words.items()},
            key=f"do_{product.product_id}",
        )
