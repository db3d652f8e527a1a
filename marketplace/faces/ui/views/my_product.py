"""One product of the owner: pictures, facts, design, test report; sent in when complete."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.errors import MarketplaceError
from marketplace.base.money import format_yuan
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.mine.product_forms import facts, photos
from marketplace.faces.ui.mine.product_proofs import design, test_report
from marketplace.faces.ui.mine.selling import listings
from marketplace.faces.ui.mine.shell import PRODUCT_TONES, begin
from marketplace.faces.ui.mine.withdrawing import withdrawing
from marketplace.faces.ui.office.address import number_asked
from marketplace.faces.ui.session import Here, page_for, reading, run
from marketplace.faces.ui.wording import category_name, part_name
from marketplace.features.catalog.commands import submit_product
from marketplace.features.catalog.commands.products import EDITABLE
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import (
    ProductRow,
    get_product,
    list_decisions,
    list_lapses,
    product_items,
)


def asked(page: Here) -> ProductRow:
    """Return the product the address names; without one the page ends with the way back."""
    try:
        with reading(page) as session:
            return get_product(
                session,
                page.actor,
                clock=page.app.clock,
                product_id=number_asked("id") or 0,
            )
    except MarketplaceError as error:
        kit.head(page.t("page.my_product.title"), page.t("mine.product.none_chosen"))
        kit.error_box(error, page.lang)
        st.page_link("views/my_products.py", label=page.t("mine.product.back"))
        st.stop()


def said(page: Here, product: ProductRow) -> None:
    """Show what was decided, and why a product is not valid now."""
    with reading(page) as session:
        decisions = list_decisions(session, page.actor, product_id=product.product_id)
        lapses = list_lapses(session, page.actor, product_id=product.product_id)
    for lapse in (row for row in lapses if row.closed_at is None):
        kit.note(
            page.t(
                "mine.product.lapsed",
                reason=label(lapse.reason, page.lang),
                at=format_instant(lapse.at),
            ),
            "bad",
        )
    if decisions:
        latest = decisions[0]
        codes = page.t("app.comma").join(
            page.t(f"reason_code.{c}") for c in latest.reason_codes
        )
        told = {
            "verdict": label(latest.verdict, page.lang),
            "at": format_instant(latest.decided_at),
        }
        if codes or latest.note:
            told |= {"codes": codes or "—", "note": latest.note or "—"}
            kit.note(page.t("mine.product.decided", **told))
        else:
            kit.note(page.t("entry.decided", **told))


def sent_in(page: Here, product: ProductRow) -> None:
    """Show what was sent in, to read only."""
    pairs = [
        (page.t("item.category"), category_name(page, product.category)),
        (
            page.t("mine.product.price"),
            format_yuan(product.price_fen) if product.price_fen else "—",
        ),
        *((part_name(page, part), text) for part, text in product.materials.items()),
        (page.t("item.description"), product.description_zh or "—"),
        (page.t("item.design_basis"), _design(page, product)),
    ]
    if product.gtin:
        pairs.append((page.t("item.gtin"), product.gtin))
    with st.container(key="card_told"):
        kit.section(page.t("mine.product.facts"))
        kit.facts(pairs)


def _design(page: Here, product: ProductRow) -> str:
    if product.design_basis is None:
        return "—"
    parts = [label(product.design_basis, page.lang), product.design_reference]
    parts.append(format_day(product.design_on) if product.design_on else None)
    return " · ".join(part for part in parts if part)


def complete(page: Here, product: ProductRow) -> None:
    """Show what is there and what is missing; send it in when nothing is."""
    with reading(page) as session:
        items = product_items(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            product_id=product.product_id,
        )
    items = tuple(i for i in items if i.why != "optional")  # what may stay empty is not lacking
    done = sum(i.done for i in items)
    with st.container(key="card_complete"):
        kit.section(page.t("mine.product.complete", done=done, total=len(items)))
        kit.bar(done, len(items))
        badges = [
            kit.badge(page.t(f"item.{i.key}"), "good" if i.done else "warn") for i in items
        ]
        kit.markup(f'<p class="z-wrap">{" ".join(badges)}</p>')
        if done < len(items):
            names = page.t("app.comma").join(
                page.t(f"item.{i.key}") for i in items if not i.done
            )
            st.caption(page.t("mine.still_missing", names=names))
        if any(i.key == "own_brand" and not i.done for i in items):
            st.caption(page.t("checking.own_brand"))
        if st.button(
            page.t("page.my_products.send"),
            type="primary",
            width="stretch",
            disabled=done < len(items),
        ):
            due = run(
                page,
                lambda s: submit_product(
                    s,
                    page.rulebook,
                    clock=page.app.clock,
                    actor=page.actor,
                    product_id=product.product_id,
                ),
                done="page.my_day.sent",
            )
            if due is not None:
                st.rerun()


here = page_for(Role.OWNER)
begin(here)
shown = asked(here)
mine = own_factory(here, shown.factory_id)
kit.head(f"{shown.brand_name} {shown.name_zh}", shown.model_no)
stale = shown.status is Moderation.VERIFIED and not shown.live  # its job runs every minute
tone = "gray" if stale else PRODUCT_TONES.get(shown.status, "gray")
kit.markup(kit.badge(label(shown.status, here.lang), tone))
if shown.code:
    st.caption(
        here.t("mine.product.code", code=shown.code, day=format_day(shown.valid_until))
        if shown.live
        else here.t("entry.code_not_valid", code=shown.code)
    )
said(here, shown)
if shown.status in EDITABLE:
    complete(here, shown)
    photos(here, mine, shown)
    facts(here, shown)
    design(here, mine, shown)
    test_report(here, mine, shown)
else:
    if shown.status is Moderation.SUBMITTED:
        kit.note(here.t("mine.product.in_review", day=format_day(shown.due_on)))
    kit.note(here.t("mine.product.fixed"))
    sent_in(here, shown)
    photos(here, mine, shown, can_add=False)
if shown.code and shown.live:
    listings(here, mine, shown)
withdrawing(here, shown)
st.page_link("views/my_products.py", label=here.t("mine.product.back"))
