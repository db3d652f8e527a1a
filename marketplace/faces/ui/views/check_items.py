"""The marketer pastes item numbers and gets yes, no or unknown, and why, for each."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.promoting import pasted
from marketplace.faces.ui.session import Here, page_for
from marketplace.features.promotion.pasting import item_numbers_in
from marketplace.features.promotion.queries.offers import MAX_ITEMS


def show(page: Here) -> None:
    """Show the field to paste into, then the answers."""
    look.head(page.t("page.check_items.title"), page.t("page.check_items.question"))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        text = st.text_area(
            page.t("page.check_items.paste"),
            height=260,
            key="pasted",
        )
        st.caption(page.t("officer.market.paste_hint", most=f"{MAX_ITEMS:,}"))
        pressed = st.button(page.t("officer.market.paste_check"), type="primary", key="check")
    with right, st.container(key="card_answers"):
        if not item_numbers_in(text):
            kit.empty(page.t("page.check_items.empty"))
            return
        answered = pasted.answers_for(page, text, anew=pressed)
        pasted.told_too_many(page, text)
        pasted.show_answers(page, answered)
        with st.container(horizontal=True):
            st.download_button(
                page.t("officer.market.answer_all"),
                data=lambda: pasted.answers_file(page, answered.answers),
                file_name=f"items-{today(page.app.clock)}.csv",
                mime="text/csv",
                on_click="ignore",
                icon=":material/download:",
            )
            st.page_link(
                "views/picker.py",
                label=page.t("officer.market.go_collect"),
                icon=":material/arrow_forward:",
            )


show(page_for(Role.MARKETER))
