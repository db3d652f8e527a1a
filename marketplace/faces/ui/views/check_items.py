"""The marketer pastes item numbers and gets yes, no or unknown, and why, for each."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
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
        form = KeptForm(page, "items")
        text = form.text(
            "numbers", page.t("page.check_items.paste"), tall=True, height=260, longest=None
        )
        st.caption(page.t("officer.market.paste_hint", most=f"{MAX_ITEMS:,}"))
        with st.container(horizontal=True):
            pressed = st.button(
                page.t("officer.market.paste_check"), type="primary", key="check"
            )
            st.button(
                page.t("promo.clear"), key="clear", on_click=form.forget, disabled=not text
            )
    with right, st.container(key="card_answers"):
        if not item_numbers_in(text):
            rubbish = bool(text.strip())
            kit.empty(page.t("promo.no_number" if rubbish else "page.check_items.empty"))
            return
        answered = pasted.answers_for(page, text, anew=pressed)
        pasted.told_left_out(page, text)
        pasted.show_counts(page, answered)
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
            if st.button(
                page.t("officer.market.go_collect"), key="collect",
                icon=":material/arrow_forward:",
            ):  # fmt: skip
                pasted.carry(text)
                st.switch_page("views/picker.py")


show(page_for(Role.MARKETER))
