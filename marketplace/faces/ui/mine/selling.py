"""Where the owner sells: his stores and affiliates as he declares them, a product's listings."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.money import format_yuan, parse_yuan
from marketplace.base.words import format_count, format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, reading, run
from marketplace.features.catalog.queries import ProductRow
from marketplace.features.promotion.commands import end_listing, record_listing
from marketplace.features.promotion.queries import ListingRow, list_listings
from marketplace.features.registry.commands import declare_affiliate, declare_store
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.queries import FactoryProfile, list_affiliates, list_stores

_TONES = {HoldingStatus.CONFIRMED: "good", HoldingStatus.DECLARED: "warn"}


def stores(page: Here, own: FactoryProfile) -> None:
    """Show the stores that stand in the register and take one that is missing there."""
    day = today(page.app.clock)
    with reading(page) as session:
        known = list_stores(session, page.actor, factory_id=own.factory_id)
    with st.container(key="card_stores"):
        kit.section(page.t("sale.stores"), page.t("sale.stores_sub"))
        if not known:
            kit.empty(page.t("sale.stores_none"))
        kit.rows(
            [
                (
                    s.name,
                    page.t(
                        "sale.store_line",
                        platform=s.platform, number=s.store_no, day=format_day(s.from_on),
                    ),
                    kit.badge(
                        label(s.holding_status, page.lang),
                        _TONES.get(s.holding_status, "gray"),
                    ),
                )
                for s in known
                if s.until_on is None or s.until_on > day
            ]
        )  # fmt: skip
        form = KeptForm(page, f"own_store_{own.factory_id}")
        with st.expander(page.t("sale.store_add"), expanded=form.is_begun):
            form.begun_note()
            platform = form.text("platform", page.t("field.platform"), longest=40)
            number = form.text("number", page.t("field.store_no"), longest=60)
            name = form.text("name", page.t("sale.store_name"), longest=120)
            since = form.day("since", page.t("field.from_on"), value=day, latest=day)
            basis = form.text(
                "basis", page.t("sale.basis"), longest=200,
                placeholder=page.t("sale.basis_sample"),
            )  # fmt: skip
            sent = form.send(
                page.t("sale.store_send"),
                lambda s: declare_store(
                    s, clock=page.app.clock, actor=page.actor, factory_id=own.factory_id,
                    platform=platform, store_no=number, name=name, from_on=since or day,
                    basis=basis,
                ),
                done="sale.store_sent",
                primary=False,
            )  # fmt: skip
        if sent is not None:
            st.rerun()


def affiliates(page: Here, own: FactoryProfile) -> None:
    """Show the affiliates that were declared and take another."""
    with reading(page) as session:
        known = list_affiliates(session, page.actor, operator_id=own.operator_id)
    with st.container(key="card_affiliates"):
        kit.section(page.t("sale.affiliates"), page.t("sale.affiliates_sub"))
        if not known:
            kit.empty(page.t("sale.affiliates_none"))
        kit.rows(
            [(a.name, " · ".join(x for x in (a.relation, a.uscc) if x), "") for a in known]
        )
        form = KeptForm(page, f"own_affiliate_{own.operator_id}")
        with st.expander(page.t("sale.affiliate_add"), expanded=form.is_begun):
            form.begun_note()
            name = form.text("name", page.t("field.name"), longest=200)
            relation = form.text(
                "relation", page.t("sale.relation"), longest=120,
                placeholder=page.t("sale.relation_sample"),
            )  # fmt: skip
            uscc = form.text("uscc", page.t("sale.uscc"), longest=24)
            sent = form.send(
                page.t("sale.affiliate_send"),
                lambda s: declare_affiliate(
                    s, clock=page.app.clock, actor=page.actor, operator_id=own.operator_id,
                    name=name, relation=relation, uscc=uscc.strip() or None,
                ),
                done="sale.affiliate_sent",
                primary=False,
            )  # fmt: skip
        if sent is not None:
            st.rerun()


def listings(page: Here, own: FactoryProfile, product: ProductRow) -> None:
    """Show where a product is on sale; take a listing, or its new price and stock."""
    day = today(page.app.clock)
    with reading(page) as session:
        rows = list_listings(session, page.actor, product_id=product.product_id)
        open_in = {
            str(s.store_id): f"{s.name} · {s.platform}"
            for s in list_stores(session, page.actor, factory_id=own.factory_id)
            if s.holding_status is HoldingStatus.CONFIRMED
            and (s.until_on is None or s.until_on > day)
        }
    with st.container(key="card_listings"):
        kit.section(page.t("sale.listings"), page.t("sale.listings_sub"))
        if not rows:
            kit.empty(page.t("sale.listings_none"))
        kit.rows(
            [
                (
                    f"{r.platform} · {r.item_no}",
                    page.t(
                        "sale.listing_line",
                        store=r.store_name, price=format_yuan(r.price_fen),
                        stock=format_count(r.stock), at=format_instant(r.stock_as_of),
                    ),
                    "",
                )
                for r in rows
                if not r.ended
            ]
        )  # fmt: skip
        for r in rows:
            if not r.ended:
                _end_button(page, r)
        if not open_in:
            kit.note(page.t("sale.no_store"))
            st.page_link("views/my_profile.py", label=page.t("sale.store_add"))
            return
        _listing_form(page, product, open_in)


def _end_button(page: Here, row: ListingRow) -> None:
    word = page.t("sale.listing_end", number=row.item_no)
    if st.button(word, key=f"end_listing_{row.listing_id}", type="tertiary"):
        ended = run(
            page,
            lambda s: end_listing(
                s, clock=page.app.clock, actor=page.actor, listing_id=row.listing_id
            ),
            done="sale.listing_ended",
        )
        if ended is not None:
            st.rerun()


def _listing_form(page: Here, product: ProductRow, open_in: dict[str, str]) -> None:
    form = KeptForm(page, f"own_listing_{product.product_id}")
    with st.expander(page.t("sale.listing_add"), expanded=form.is_begun):
        form.begun_note()
        store = form.choice(
            "store", page.t("field.store"), list(open_in), open_in.__getitem__,
            value=next(iter(open_in)),
        )  # fmt: skip
        number = form.text(
            "number", page.t("field.item_no"), longest=60, hint=page.t("sale.item_help")
        )
        url = form.text("url", page.t("field.url"), longest=300, placeholder="https://")
        price = form.text("price", page.t("mine.product.price"), longest=20)
        stock = form.number("stock", page.t("sale.stock"))

        def work(session: Session) -> bool:
            _refuse_empty(
                item_no=number.strip(), url=url.strip(), price_fen=price.strip(), stock=stock
            )
            record_listing(
                session,
                page.rulebook,
                clock=page.app.clock,
                actor=page.actor,
                product_id=product.product_id,
                store_id=int(store or 0),
                item_no=number,
                url=url.strip(),
                price_fen=_fen(price),
                stock=int(stock or 0),
                stock_as_of=page.app.clock.now(),
            )
            return True

        sent = form.send(
            page.t("sale.listing_send"), work, done="sale.listing_sent", primary=False
        )
    if sent is not None:
        st.rerun()


def _fen(text: str) -> int:
    try:
        return parse_yuan(text)
    except ValueError:
        raise Refused("price_unreadable") from None


def _refuse_empty(**given: str | int | None) -> None:
    """All that is missing is said at once; an empty stock is no stock of 0."""
    faults = [Fault(k, "field_missing") for k, v in given.items() if v is None or v == ""]
    if faults:
        raise Invalid(faults)
