"""The parts of the brands' page: a brand, its marks, its story; each kept by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.text import normalize
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog.commands import (
    add_brand,
    consent_to_story,
    edit_brand,
    record_trademark,
    revoke_story_consent,
)
from marketplace.features.catalog.kinds import HolderKind, TrademarkStatus
from marketplace.features.catalog.queries import BrandRow, TrademarkRow, list_trademarks
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
        marks_there = list_trademarks(session, page.actor, brand_id=brand.brand_id)
        affiliates = {
            int(a.id or 0): a.name
            for a in list_affiliates(session, page.actor, operator_id=own.operator_id)
        }
    known = {m.number for m in marks_there}
    form = KeptForm(page, f"mark_{brand.brand_id}")
    with st.expander(page.t("mine.mark.add"), expanded=form.is_begun):
        form.begun_note()
        given = _mark_fields(page, own, form, affiliates, known)
        sent = form.send(
            page.t("mine.save"),
            lambda s: record_trademark(
                s,
                clock=page.app.clock,
                actor=page.actor,
                brand_id=brand.brand_id,
                **given,  # type: ignore[arg-type]
            ),
            done="mine.saved",
            primary=False,
        )
    if sent is not None:
        st.rerun()


def _mark_fields(
    page: Here,
    own: FactoryProfile,
    form: KeptForm,
    affiliates: Mapping[int, str],
    known: Collection[str],
) -> dict[str, object]:
    day = today(page.app.clock)
    kinds = [k.value for k in HolderKind if affiliates or k is not HolderKind.AFFILIATE]
    number = form.text("number", page.t("mine.mark.number"), longest=40)
    corrects = normalize(number) in known and form.tick(
        "corrects", page.t("correcting.mark", number=number)
    )
    nice_class = form.number(
        "nice_class", page.t("mine.mark.class"),
        value=page.rulebook.product.nice_class, min_value=1, max_value=45,
    )  # fmt: skip
    status = form.choice(
        "status",
        page.t("mine.mark.status"),
        [s.value for s in _FILED],
        lambda s: label(TrademarkStatus(s), page.lang),
        value=TrademarkStatus.FILED.value,
    )
    kind = form.choice(
        "kind",
        page.t("mine.mark.holder_kind"),
        kinds,
        lambda k: label(HolderKind(k), page.lang),
        value=HolderKind.FIRM.value,
        radio=True,
        horizontal=True,
    )
    holder = form.text("holder", page.t("mine.mark.holder"), value=own.name, longest=200)
    affiliate, license_until = None, None
    if kind == HolderKind.AFFILIATE:
        affiliate = form.choice(
            "affiliate",
            page.t("mine.mark.affiliate"),
            [str(i) for i in affiliates],
            lambda i: affiliates[int(i)],
        )
        license_until = form.day(
            "license_until", page.t("mine.mark.license_until"), earliest=day
        )
    filed = form.day("filed_on", page.t("mine.mark.filed_on"), latest=day)
    registered = form.day("registered_on", page.t("mine.mark.registered_on"), latest=day)
    until = form.day("valid_until", page.t("field.valid_until"))
    return {
        "number": number,
        "nice_class": nice_class or 0,
        "status": TrademarkStatus(status) if status else TrademarkStatus.FILED,
        "holder_kind": HolderKind(kind) if kind else HolderKind.FIRM,
        "holder_name": holder,
        "affiliate_id": int(affiliate) if affiliate else None,
        "license_until": license_until,
        "filed_on": filed,
        "registered_on": registered,
        "valid_until": until,
        "corrects": corrects,
    }


def story(page: Here, brand: BrandRow) -> None:
    """Take the brand's own story; public only while the owner consents."""
    form = KeptForm(page, f"story_{brand.brand_id}")
    with st.expander(page.t("mine.story.title"), expanded=form.is_begun):
        kit.note(page.t("mine.story.means"))
        form.begun_note()
        name_en = form.text(
            "name_en", page.t("field.name_en"), value=brand.name_en or "", longest=80
        )
        zh = form.text(
            "zh", page.t("mine.story.zh"), value=brand.story_zh or "", tall=True, longest=800
        )
        en = form.text(
            "en", page.t("mine.story.en"), value=brand.story_en or "", tall=True, longest=1600
        )
        shown = form.tick("shown", page.t("mine.story.consent"), value=brand.story_public)

        def work(session: Session) -> bool:
            clock, actor, brand_id = page.app.clock, page.actor, brand.brand_id
            changed = edit_brand(
                session,
                clock=clock,
                actor=actor,
                brand_id=brand_id,
                name_en=name_en,
                story_zh=zh,
                story_en=en,
            )
            if shown and (changed or not brand.story_public):
                consent_to_story(session, clock=clock, actor=actor, brand_id=brand_id)
            elif not shown and brand.story_public:
                revoke_story_consent(session, clock=clock, actor=actor, brand_id=brand_id)
            return bool(changed) or shown != brand.story_public

        changed = form.send(page.t("mine.save"), work, primary=False)
    if changed is not None:
        st.session_state["toast"] = page.t("mine.saved" if changed else "mine.unchanged")
        st.rerun()


def add(page: Here, own: FactoryProfile, known: list[BrandRow]) -> None:
    """Take a brand by its name; the rest is kept with it step by step."""
    form = KeptForm(page, f"brand_{own.operator_id}")
    with st.container(key="card_new"):
        kit.section(page.t("mine.brand.add"), page.t("mine.brand.add_sub"))
        form.begun_note()
        name_zh = form.text("name_zh", page.t("mine.brand.name"), longest=80)
        name_latin = form.text("name_en", page.t("field.name_en"), longest=80)
        added = form.send(
            page.t("mine.brand.add"),
            lambda s: add_brand(
                s,
                clock=page.app.clock,
                actor=page.actor,
                operator_id=own.operator_id,
                name_zh=name_zh,
                name_en=name_latin or None,
            ),
            done="mine.saved",
            primary=False,
        )
    if added is not None:
        if any(brand.brand_id == added for brand in known):
            st.session_state["toast"] = page.t("mine.brand.known")
        st.rerun()
