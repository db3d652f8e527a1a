"""Why a product may or may not go into a slot: every criterion with its figures, beside the slots."""

from __future__ import annotations

from html import escape

import streamlit as st

from marketplace.base.money import format_yuan
from marketplace.faces.ui import kit
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.promoting.telling import called, firm_of, why_not
from marketplace.faces.ui.session import Here, reading
from marketplace.features.promotion.commands import end_listing
from marketplace.features.promotion.queries import (
    CollectionRow,
    ListingRow,
    Offer,
    get_eligibility,
    list_listings,
)
from marketplace.features.promotion.rules import Line

_ASKED = "offers_why"


def ask(product_id: int) -> None:
    """Remember which product is asked about; asking again closes the panel."""
    if st.session_state.get(_ASKED) == product_id:
        close()
    else:
        st.session_state[_ASKED] = product_id


def close() -> None:
    """Close the panel."""
    st.session_state.pop(_ASKED, None)


def show(page: Here, row: CollectionRow, *, beside: int | None = None) -> None:
    """Show the panel of the product asked about: beside the slots, on a phone in its card.

    `beside` is the product whose card is drawn; the style sheet shows one place at a time.
    """
    asked = st.session_state.get(_ASKED)
    if asked is None or beside not in {None, asked}:
        return
    with reading(page) as session:
        offer = get_eligibility(
            session, page.actor, page.rulebook, clock=page.app.clock, product_id=asked,
            collection_id=row.collection_id,
        )  # fmt: skip
        listed = list_listings(session, page.actor, product_id=asked)
    place = "card_why" if beside is None else "why_here"
    name = called(page, offer)
    with st.container(key=place):
        title = page.t("promo.why_title", name=name) if not offer.eligible else name
        sub = page.t(
            "promo.why_sub", firm=firm_of(page, offer), met=offer.met, total=len(offer.lines)
        )
        kit.section(title, sub)
        kit.markup(f'<ul class="z-why">{"".join(_lines(page, offer))}</ul>')
        for remark in offer.remarks:
            kit.note(below_floor(page, remark))
        st.caption(page.t("promo.why_ok") if offer.eligible else page.t("promo.why_rule"))
        for listing in listed:
            if not listing.ended:
                _end_button(page, listing, place)
        st.button(page.t("promo.why_close"), key=f"close_{place}", on_click=close)


def _end_button(page: Here, listing: ListingRow, place: str) -> None:
    """Take a number off that stands with the wrong shoe, whoever wrote it there."""
    told = {"platform": listing.platform, "number": listing.item_no}
    if st.button(
        page.t("promo.listing_end", **told), type="tertiary",
        key=f"end_listing_{place}_{listing.listing_id}",
    ) and did(
        page,
        lambda s: end_listing(
            s, clock=page.app.clock, actor=page.actor, listing_id=listing.listing_id
        ),
        done="sale.listing_ended",
    ):  # fmt: skip
        st.rerun()


def below_floor(page: Here, remark: Line) -> str:
    """Say that a price is below the floor of its category: to be looked at, no verdict."""
    return page.t(
        f"policies.remark_{remark.key}",
        price=format_yuan(int(remark.facts["price_fen"])),
        floor=format_yuan(int(remark.facts["floor_fen"])),
    )


def _lines(page: Here, offer: Offer) -> list[str]:
    parts = []
    for line in sorted(offer.lines, key=lambda line: line.ok):  # what is asked for comes first
        mark, word = ("ok", "app.yes") if line.ok else ("no", "app.no")
        sign = "✓" if line.ok else "○"
        told = "" if line.ok else escape(why_not(page, line.key, line.facts))
        more = f'<span class="told">{told}</span>' if told else ""
        parts.append(
            f'<li><span class="{mark}" role="img" aria-label="{escape(page.t(word))}">{sign}</span>'
            f"<span>{escape(page.t(f'criterion.{line.key}'))}</span>{more}</li>"
        )
    return parts
