"""The marketer arranges a collection: who may be shown, why not, and what fills the rest."""

import secrets

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.money import format_yuan
from marketplace.base.words import format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import page_for, reading, run
from marketplace.faces.ui.wording import category_name
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.kinds import CollectionStatus, SlotKind
from marketplace.features.promotion.queries import list_collections, list_offers, list_slots

page = page_for(Role.MARKETER)
clock, rulebook, actor = page.app.clock, page.rulebook, page.actor
with reading(page) as session:
    collections = list_collections(session, actor, program=rulebook.program.key)
kit.head(page.t("page.picker.title"), page.t("page.picker.question"))
if not collections:
    kit.empty(page.t("page.picker.none"))
    st.page_link("views/collections.py", label=page.t("page.collections.title"))
    st.stop()
drafts_first = sorted(collections, key=lambda c: c.status is not CollectionStatus.DRAFT)
chosen = st.selectbox(
    page.t("page.picker.collection"),
    drafts_first,
    format_func=lambda c: (
        f"{c.title_zh if page.lang == 'zh' else c.title_en} · {label(c.status, page.lang)}"
    ),
)
with reading(page) as session:
    slots = list_slots(
        session, actor, rulebook, clock=clock, collection_id=chosen.collection_id
    )
    offers = list_offers(session, actor, rulebook, clock=clock, category=chosen.category)
draft = chosen.status is CollectionStatus.DRAFT
placed = {s.offer.product_id: s for s in slots}
free = [
    n
    for n in range(chosen.slot_count)
    if n not in {s.position for s in slots if s.kind is not SlotKind.RESERVE}
]
left, right = st.columns([5, 3], gap="medium")
with right, st.container(key="card_slots"):
    kit.section(
        page.t("page.picker.slots"),
        page.t(
            "page.picker.slots_sub",
            filled=chosen.filled,
            open=len(free),
            reserves=chosen.reserves,
        ),
    )
    kit.rows(
        [
            (
                f"{s.position + 1}. {s.offer.brand_name} {s.offer.name_zh}"
                if s.kind is not SlotKind.RESERVE
                else f"{page.t('page.picker.reserve')} {s.offer.brand_name} {s.offer.name_zh}",
                s.reason or label(s.kind, page.lang),
                kit.badge(label(s.status, page.lang), "good" if s.offer.eligible else "warn"),
            )
            for s in slots
        ]
    )
    if draft:
        if st.button(
            page.t("page.picker.fill", count=len(free)), disabled=not free, width="stretch"
        ):
            done = run(
                page,
                lambda s: promotion.fill_by_rotation(
                    s, rulebook, clock=clock, actor=actor,
                    collection_id=chosen.collection_id, seed=secrets.randbelow(2**31),
                ),
                done="page.picker.filled",
            )  # fmt: skip
            if done:
                st.rerun()
        if chosen.last_fill_id and st.button(page.t("page.picker.undo"), width="stretch"):
            if (
                run(
                    page,
                    lambda s: promotion.undo_fill(
                        s, clock=clock, actor=actor, fill_id=chosen.last_fill_id
                    ),
                    done="page.picker.undone",
                )
                is not None
            ):
                st.rerun()
        if st.button(page.t("page.picker.publish"), type="primary", width="stretch"):
            if run(
                page,
                lambda s: (
                    promotion.publish_collection(
                        s,
                        rulebook,
                        clock=clock,
                        actor=actor,
                        collection_id=chosen.collection_id,
                    )
                    or True
                ),
                done="page.picker.published",
            ):
                st.rerun()
    st.caption(
        page.t(
            "page.picker.span",
            start=format_instant(chosen.starts_at),
            end=format_instant(chosen.ends_at),
        )
    )
with left:
    eligible = sum(o.eligible for o in offers)
    st.markdown(f"**{page.t('page.picker.count', count=len(offers), eligible=eligible)}**")
    number = st.pagination(max(1, -(-len(offers) // 9)), key="offers_pg")
    shown = offers[(number - 1) * 9 : number * 9]
    reason = st.text_input(page.t("page.picker.pin_reason"), key="pin_reason") if draft else ""
    for start in range(0, len(shown), 3):
        for column, offer in zip(st.columns(3), shown[start : start + 3], strict=False):
            with column, st.container(key=f"card_o{offer.product_id}"):
                there = placed.get(offer.product_id)
                mark = (
                    kit.badge(
                        page.t("page.picker.in_slot", position=there.position + 1), "calm"
                    )
                    if there
                    else kit.badge(
                        f"{offer.met}/{len(offer.lines)}", "good" if offer.eligible else "warn"
                    )
                )
                kit.product_card(
                    offer.picture, offer.brand_name, offer.name_zh,
                    format_yuan(offer.price_fen or 0), mark,
                )  # fmt: skip
                st.caption(
                    f"{category_name(page, offer.category)} · {page.t('page.picker.until', day=offer.valid_until or '—')}"
                )
                with st.popover(page.t("page.picker.why")):
                    kit.rows(
                        [
                            (
                                page.t(f"criterion.{line.key}"),
                                " ".join(str(v) for v in line.facts.values() if v != ""),
                                kit.badge(
                                    page.t("app.yes") if line.ok else page.t("app.no"),
                                    "good" if line.ok else "warn",
                                ),
                            )
                            for line in offer.lines
                        ]
                    )
                if (
                    draft
                    and not there
                    and free
                    and st.button(
                        page.t("page.picker.pin"),
                        key=f"pin_{offer.product_id}",
                        disabled=not offer.eligible,
                    )
                ):
                    if run(
                        page,
                        lambda s, p=offer.product_id: promotion.pin_product(
                            s, rulebook, clock=clock, actor=actor,
                            collection_id=chosen.collection_id, product_id=p,
                            position=free[0], reason=reason,
                        ),
                        done="page.picker.pinned",
                    ):  # fmt: skip
                        st.rerun()
