"""The marketer's collections: make one, see which are on, export what may be shown."""

from datetime import datetime, time, timedelta

import pandas as pd
import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import SHANGHAI, civil_day, today
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import page_for, reading, run
from marketplace.features.promotion.commands import create_collection
from marketplace.features.promotion.queries import export_collection, list_collections

page = page_for(Role.MARKETER)
clock, rulebook, actor = page.app.clock, page.rulebook, page.actor
kit.head(page.t("page.collections.title"), page.t("page.collections.question"))
with reading(page) as session:
    found = list_collections(session, actor, program=rulebook.program.key)
for c in found:
    with st.container(key=f"card_c{c.collection_id}"):
        kit.rows(
            [
                (
                    c.title_zh if page.lang == "zh" else c.title_en,
                    f"{format_day(civil_day(c.starts_at))} – {format_day(civil_day(c.ends_at))} · "
                    + page.t("page.collections.filled", filled=c.filled, slots=c.slot_count),
                    kit.badge(
                        label(c.status, page.lang),
                        "good" if c.status.value == "published" else "gray",
                    ),
                )
            ]
        )
        with reading(page) as session:
            rows = export_collection(
                session, actor, rulebook, clock=clock, collection_id=c.collection_id
            )
        if rows:
            st.download_button(
                page.t("page.collections.export"),
                data=pd.DataFrame(
                    [{f: getattr(r, f) for f in r.__dataclass_fields__} for r in rows]
                )
                .to_csv(index=False)
                .encode("utf-8-sig"),
                file_name=f"{c.slug}-{today(clock)}.csv",
                mime="text/csv",
                key=f"export_{c.collection_id}",
            )
with st.expander(page.t("page.collections.new")), st.form("new_collection"):
    title_zh = st.text_input(page.t("page.collections.title_zh"), max_chars=80)
    title_en = st.text_input(page.t("page.collections.title_en"), max_chars=120)
    start = st.date_input(
        page.t("page.collections.start"),
        value=today(clock) + timedelta(days=7),
        format="YYYY-MM-DD",
    )
    end = st.date_input(
        page.t("page.collections.end"),
        value=today(clock) + timedelta(days=30),
        format="YYYY-MM-DD",
    )
    slots = st.number_input(page.t("page.collections.slots"), 1, 200, 12)
    if st.form_submit_button(page.t("page.collections.create"), type="primary") and run(
        page,
        lambda s: create_collection(
            s, rulebook, clock=clock, actor=actor, title_zh=title_zh, title_en=title_en,
            starts_at=datetime.combine(start, time(), SHANGHAI),
            ends_at=datetime.combine(end, time(), SHANGHAI), slot_count=int(slots),
        ),
        done="page.collections.created",
    ):  # fmt: skip
        st.rerun()
