"""The products a marketer chooses from: search, narrowing, cards with every criterion."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.errors import Fault, Invalid
from marketplace.base.money import format_yuan
from marketplace.desk.offers import (
    ORDERS,
    PAGE_ROWS,
    Mark,
    OfferFilter,
    OfferPage,
    list_offer_page,
)
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.promoting import why
from marketplace.faces.ui.promoting.slots import free_positions, take_button
from marketplace.faces.ui.promoting.telling import (
    brand_of,
    called,
    featured,
    firm_of,
    name_of,
    validity,
)
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import category_name
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.kinds import CollectionStatus, SlotKind
from marketplace.features.promotion.queries import CollectionRow, Offer, SlotRow

_ACROSS = 3
_FITS = ("all", "fit", "miss")
_ASKED, _MARKS = "offers_asked", "offers_marks"
_PAGE, _TO = "offers_pg", "offers_to"
_FEW = 7  # pages that stand side by side; beyond, one is gone to by its number


def asked(page: Here, row: CollectionRow) -> tuple[OfferFilter, OfferPage]:
    """Show search, categories and order; return what is asked and the page of it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.text_input(
            page.t("page.factories.search"),
            placeholder=page.t("officer.market.search"),
            key="offers_q",
            width=260,
        )
        order = st.selectbox(
            page.t("officer.market.order"),
            ORDERS,
            format_func=lambda o: page.t(f"officer.market.order_{o}"),
            key="offers_order",
            width=230,
        )
    # Counts are drawn above, what they are counted from is chosen in them: as of the last run.
    wanted = OfferFilter(
        word=word or "",
        category=st.session_state.get("offers_category"),
        fit=st.session_state.get("offers_fit") or "all",
        order=order,
        within=row.category,
    )
    found = _page(page, row, wanted)
    with st.container(horizontal=True, vertical_alignment="center"):
        if row.category is None:
            _categories(page, found)
        counts = {"all": found.total, "fit": found.fitting, "miss": found.missing}
        st.segmented_control(
            page.t("promo.fit_filter"),
            _FITS,
            default="all",
            format_func=lambda name: plain(
                page.t(f"officer.market.{name}", count=counts[name])
            ),
            key="offers_fit",
            label_visibility="collapsed",
        )
    told = page.t("promo.fits", total=found.total, fit=found.fitting)
    kit.markup(f'<p class="z-fits">{escape(told)}</p>')
    return wanted, found


def _categories(page: Here, found: OfferPage) -> None:
    chosen = st.session_state.get("offers_category")
    st.pills(
        page.t("officer.market.category"),
        [
            c.key
            for c in page.rulebook.product.categories
            if found.categories.get(c.key) or c.key == chosen
        ],
        format_func=lambda key: plain(
            f"{category_name(page, key)} {found.categories.get(key, 0)}"
        ),
        key="offers_category",
        label_visibility="collapsed",
        wrap=True,
    )


def _page(page: Here, row: CollectionRow, wanted: OfferFilter) -> OfferPage:
    """Return the page the reader has come to; what is asked anew begins at the first."""
    if st.session_state.get(_ASKED) != (row.collection_id, wanted):
        st.session_state[_ASKED] = (row.collection_id, wanted)
        st.session_state[_MARKS] = {}
        st.session_state.pop(_PAGE, None)
    number = int(st.session_state.get(_PAGE) or 1)
    marks: dict[int, Mark] = st.session_state[_MARKS]  # page → where it ended when it was read
    after = marks.get(number - 1)
    with reading(page) as session:
        found = list_offer_page(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            wanted=wanted,
            after=after,
            skip=0 if after else (number - 1) * PAGE_ROWS,
        )
    if found.last is not None:
        marks[number] = found.last
    return found


def grid(
    page: Here,
    row: CollectionRow,
    slots: Sequence[SlotRow],
    wanted: OfferFilter,
    found: OfferPage,
) -> None:
    """Show a page of cards."""
    if not found.offers:
        if st.session_state.pop(_PAGE, 1) > 1:  # what stood on this page is gone meanwhile
            st.rerun()
        look.empty(page.t("officer.market.nothing"), page.t("officer.market.nothing_hint"))
        return
    placed = {s.offer.product_id: s for s in slots}
    for start in range(0, len(found.offers), _ACROSS):
        for column, offer in zip(
            st.columns(_ACROSS), found.offers[start : start + _ACROSS], strict=False
        ):
            there = placed.get(offer.product_id)
            chosen = there is not None and there.kind is not SlotKind.RESERVE
            key = f"card_{'sel' if chosen else 'o'}{offer.product_id}"
            with column, st.container(key=key, height="stretch"):
                _card(page, row, slots, offer, there)
    _turn(page, wanted, found)


def _turn(page: Here, wanted: OfferFilter, found: OfferPage) -> None:
    """Say which products these are and show the way to every page of them."""
    total = {"fit": found.fitting, "miss": found.missing}.get(wanted.fit, found.total)
    pages = max(1, -(-total // PAGE_ROWS))
    number = min(int(st.session_state.get(_PAGE) or 1), pages)
    first = (number - 1) * PAGE_ROWS
    told = page.t(
        "officer.market.shown", first=first + 1, last=first + len(found.offers), total=total
    )
    with st.container(key="offers_turn", horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            st.caption(told)
        if pages == 1:
            return
        if st.session_state.get(_PAGE) not in {None, number}:  # fewer are left than there were
            st.session_state[_PAGE] = number
        st.pagination(pages, key=_PAGE)
        if pages > _FEW:
            st.number_input(
                page.t("picking.to", pages=pages), 1, pages, value=None, key=_TO, on_change=_go,
                placeholder=page.t("picking.to_sample"), width=120,
                label_visibility="collapsed",
            )  # fmt: skip


def _go() -> None:
    """Go to the page whose number was written."""
    if wanted := st.session_state.get(_TO):
        st.session_state[_PAGE] = int(wanted)
    st.session_state[_TO] = None


def _card(
    page: Here,
    row: CollectionRow,
    slots: Sequence[SlotRow],
    offer: Offer,
    there: SlotRow | None,
) -> None:
    shown = there is not None and there.kind is not SlotKind.RESERVE
    kit.markup(_picture(page, offer, there if shown else None) + _told(page, offer))
    with st.container(horizontal=True, vertical_alignment="center"):
        if row.status is CollectionStatus.DRAFT:
            _deed(page, row, slots, offer, there)
        told = {
            "met": offer.met,
            "total": len(offer.lines),
            "lacks": len(offer.lines) - offer.met,
        }
        kind = "yes" if offer.eligible else "no"
        st.button(
            page.t("officer.market.met" if offer.eligible else "promo.lacks", **told),
            key=f"why_{kind}_{offer.product_id}", type="tertiary", icon=":material/expand_more:",
            on_click=why.ask, args=(offer.product_id,),
        )  # fmt: skip
    why.show(page, row, beside=offer.product_id)


def _picture(page: Here, offer: Offer, there: SlotRow | None) -> str:
    alt = escape(called(page, offer))
    image = (
        f'<img class="shoe" src="/pictures/{escape(offer.picture)}" alt="{alt}" loading="lazy">'
        if offer.picture
        else ""
    )
    seal = (
        '<img class="seal" src="/assets/pictures/seal-program-small.svg" alt="">'
        if offer.facts.live
        else ""
    )
    tag = ""
    if there is not None:
        word = page.t("officer.market.slot_in", position=there.position + 1)
        tag = f'<span class="tag">{escape(word)}</span>'
    return f'<div class="z-pick"><div class="pic">{image}{seal}{tag}</div>'


def _told(page: Here, offer: Offer) -> str:
    """Four lines whatever a product is called, so that the cards of a row end together."""
    until, soon = validity(page, offer)
    name = escape(f"{brand_of(page, offer)} · {name_of(page, offer)}")
    firm = escape(firm_of(page, offer))
    price = escape(format_yuan(offer.price_fen or 0))
    return (
        f'<p class="n" title="{name}">{name}</p>'
        f'<p class="row"><span class="q" title="{firm}">{firm}</span><b>{price}</b></p>'
        f'<p class="q{" soon" if soon else ""}">{escape(until)}</p>'
        f'<p class="q">{escape(featured(page, offer))}</p></div>'
    )


def _deed(
    page: Here,
    row: CollectionRow,
    slots: Sequence[SlotRow],
    offer: Offer,
    there: SlotRow | None,
) -> None:
    if there is not None and there.kind is not SlotKind.RESERVE:
        take_button(page, there, key=f"take_{offer.product_id}")
        return
    name = f"pin_{offer.product_id}"
    st.button(
        page.t("officer.market.put"),
        key=f"ask_{name}",
        icon=":material/add:",
        disabled=not offer.eligible,
        on_click=look.ask,
        args=(name,),
    )
    if look.is_asked(name):
        title = page.t("officer.market.put_title")
        look.dialog(page, title, partial(_pin, page, row, slots, offer))


def _pin(page: Here, row: CollectionRow, slots: Sequence[SlotRow], offer: Offer) -> None:
    free = free_positions(row, slots)
    if not free:
        st.markdown(page.t("officer.market.is_full"))
        return
    kit.markup(f"<p><b>{escape(called(page, offer))}</b></p>")
    kit.note(page.t("officer.market.pin_means"))
    form = DeskForm(page, f"pin_{row.collection_id}_{offer.product_id}")
    form.begun_note()
    # By what the reader sees: a slot taken meanwhile is no choice any more and must be chosen anew.
    position = form.choice(
        "position", page.t("officer.market.position"), [str(n + 1) for n in free], str,
        value=str(free[0] + 1),
    )  # fmt: skip
    reason = form.text("reason", page.t("officer.market.pin_reason"))

    def pin(session: Session) -> None:
        if position is None:
            raise Invalid([Fault("position", "field_missing")])
        promotion.pin_product(
            session, page.rulebook, clock=page.app.clock, actor=page.actor,
            collection_id=row.collection_id, product_id=offer.product_id,
            position=int(position) - 1, reason=reason,
        )  # fmt: skip

    if form.did(page.t("officer.market.put"), pin, done="officer.market.put_done"):
        look.finish()
