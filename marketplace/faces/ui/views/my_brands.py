"""The owner's brands: the marks they rest on, and the story, shown only with his consent."""

from __future__ import annotations

from datetime import date

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.mine.shell import begin
from marketplace.faces.ui.session import Here, page_for, reading, run
from marketplace.features.catalog.commands import (
    add_brand,
    consent_to_story,
    edit_brand,
    record_trademark,
    revoke_story_consent,
)
from marketplace.features.catalog.kinds import HolderKind, TrademarkStatus
from marketplace.features.catalog.queries import (
    BrandRow,
    TrademarkRow,
    list_brands,
    list_trademarks,
)
from marketplace.features.registry.queries import FactoryProfile, list_affiliates

_FILED = (TrademarkStatus.FILED, TrademarkStatus.PUBLISHED, TrademarkStatus.REGISTERED)


def marks(page: Here, rows: list[TrademarkRow]) -> None:
    """Show each mark: number, class, who holds it, until when, checked or not."""
    if not rows:
        kit.empty(page.t("mine.mark.none"))
        return
    kit.rows(
        [
            (
                page.t("mine.mark.line", number=m.number, nice_class=m.nice_class),
                page.t(
                    "mine.mark.held",
                    holder=m.holder_name,
                    kind=label(m.holder_kind, page.lang),
                    until=format_day(m.valid_until) if m.valid_until else "—",
                ),
                kit.badge(label(m.status, page.lang), "calm")
                + " "
                + kit.badge(
                    page.t("mine.mark.checked" if m.checked_at else "mine.mark.unchecked"),
                    "good" if m.checked_at else "warn",
                ),
            )
            for m in rows
        ]
    )


def add_mark(page: Here, own: FactoryProfile, brand: BrandRow) -> None:
    """Take a mark of a brand; an officer compares it with the public register."""
    with reading(page) as session:
        affiliates = {
            int(a.id or 0): a.name
            for a in list_affiliates(session, page.actor, operator_id=own.operator_id)
        }
    day = today(page.app.clock)
    kinds = [k for k in HolderKind if affiliates or k is not HolderKind.AFFILIATE]
    with (
        st.expander(page.t("mine.mark.add")),
        st.form(f"mark_{brand.brand_id}", border=False),
    ):
        number = st.text_input(page.t("mine.mark.number"), max_chars=40)
        nice_class = st.number_input(
            page.t("mine.mark.class"),
            min_value=1,
            max_value=45,
            value=page.rulebook.product.nice_class,
        )
        status = st.selectbox(
            page.t("mine.mark.status"), _FILED, format_func=lambda s: label(s, page.lang)
        )
        kind = st.radio(
            page.t("mine.mark.holder_kind"),
            kinds,
            format_func=lambda k: label(k, page.lang),
            horizontal=True,
        )
        holder = st.text_input(page.t("mine.mark.holder"), value=own.name, max_chars=200)
        affiliate = (
            st.selectbox(
                page.t("mine.mark.affiliate"),
                list(affiliates),
                index=None,
                format_func=affiliates.__getitem__,
            )
            if affiliates
            else None
        )
        license_until = st.date_input(
            page.t("mine.mark.license_until"), value=None, min_value=day, format="YYYY-MM-DD"
        )
        filed = st.date_input(
            page.t("mine.mark.filed_on"),
            value=None,
            min_value=date(1980, 1, 1),
            max_value=day,
            format="YYYY-MM-DD",
        )
        registered = st.date_input(
            page.t("mine.mark.registered_on"),
            value=None,
            min_value=date(1980, 1, 1),
            max_value=day,
            format="YYYY-MM-DD",
        )
        until = st.date_input(page.t("field.valid_until"), value=None, format="YYYY-MM-DD")
        sent = st.form_submit_button(page.t("mine.save"), width="stretch")
    if not sent:
        return
    licensed = kind is HolderKind.AFFILIATE
    done = run(
        page,
        lambda s: record_trademark(
            s,
            clock=page.app.clock,
            actor=page.actor,
            brand_id=brand.brand_id,
            number=number,
            nice_class=int(nice_class),
            status=status or TrademarkStatus.FILED,
            holder_kind=kind or HolderKind.FIRM,
            holder_name=holder,
            affiliate_id=affiliate if licensed else None,
            license_until=license_until if licensed else None,
            filed_on=filed,
            registered_on=registered,
            valid_until=until,
        ),
        done="mine.saved",
    )
    if done is not None:
        st.rerun()


def story(page: Here, brand: BrandRow) -> None:
    """Take the brand's own story; public only while the owner consents."""
    with (
        st.expander(page.t("mine.story.title")),
        st.form(f"story_{brand.brand_id}", border=False),
    ):
        kit.note(page.t("mine.story.means"))
        name_en = st.text_input(
            page.t("field.name_en"), value=brand.name_en or "", max_chars=80
        )
        zh = st.text_area(page.t("mine.story.zh"), value=brand.story_zh or "", max_chars=800)
        en = st.text_area(page.t("mine.story.en"), value=brand.story_en or "", max_chars=1600)
        shown = st.checkbox(page.t("mine.story.consent"), value=brand.story_public)
        sent = st.form_submit_button(page.t("mine.save"), width="stretch")
    if not sent:
        return

    def work(session: object) -> bool:
        changed = edit_brand(
            session,  # type: ignore[arg-type]
            clock=page.app.clock,
            actor=page.actor,
            brand_id=brand.brand_id,
            name_en=name_en,
            story_zh=zh,
            story_en=en,
        )
        if shown and (changed or not brand.story_public):
            consent_to_story(
                session,  # type: ignore[arg-type]
                clock=page.app.clock,
                actor=page.actor,
                brand_id=brand.brand_id,
            )
        elif not shown and brand.story_public:
            revoke_story_consent(
                session,  # type: ignore[arg-type]
                clock=page.app.clock,
                actor=page.actor,
                brand_id=brand.brand_id,
            )
        return changed or shown != brand.story_public

    changed = run(page, work)
    if changed is not None:
        st.session_state["toast"] = page.t("mine.saved" if changed else "mine.unchanged")
        st.rerun()


here = page_for(Role.OWNER)
begin(here)
mine = own_factory(here)
kit.head(here.t("mine.brand.title"), here.t("mine.brand.question"))
with reading(here) as reading_session:
    brands = list_brands(reading_session, here.actor, operator_id=mine.operator_id)
    marks_of = {
        b.brand_id: list_trademarks(reading_session, here.actor, brand_id=b.brand_id)
        for b in brands
    }
for one in brands:
    with st.container(key=f"card_b{one.brand_id}"):
        kit.section(one.name_zh, one.name_en or "")
        marks(here, marks_of[one.brand_id])
        add_mark(here, mine, one)
        story(here, one)
with st.container(key="card_new"), st.form("add_brand", border=False):
    kit.section(here.t("mine.brand.add"), here.t("mine.brand.add_sub"))
    name_zh = st.text_input(here.t("mine.brand.name"), max_chars=80)
    name_latin = st.text_input(here.t("field.name_en"), max_chars=80)
    if st.form_submit_button(here.t("mine.brand.add"), width="stretch"):
        added = run(
            here,
            lambda s: add_brand(
                s,
                clock=here.app.clock,
                actor=here.actor,
                operator_id=mine.operator_id,
                name_zh=name_zh,
                name_en=name_latin or None,
            ),
            done="mine.saved",
        )
        if added is not None:
            st.rerun()
st.page_link("views/my_products.py", label=here.t("mine.product.back"))
