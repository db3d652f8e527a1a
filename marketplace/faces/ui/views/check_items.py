"""The marketer pastes item numbers and gets yes, no or unknown, and why, for each."""

import pandas as pd
import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import page_for, reading
from marketplace.features.promotion.queries import check_items

page = page_for(Role.MARKETER)
kit.head(page.t("page.check_items.title"), page.t("page.check_items.question"))
text = st.text_area(page.t("page.check_items.paste"), height=160, key="pasted")
numbers = text.replace(",", "\n").replace("，", "\n").split()
if not numbers:
    kit.empty(page.t("page.check_items.empty"))
    st.stop()
with reading(page) as session:
    answers = check_items(
        session, page.actor, page.rulebook, clock=page.app.clock, item_numbers=numbers
    )
counts = {word: sum(a.answer == word for a in answers) for word in ("yes", "no", "unknown")}
st.markdown(f"**{page.t('page.check_items.counts', **counts)}**")
frame = pd.DataFrame(
    [
        {
            page.t("page.check_items.number"): a.text,
            page.t("page.check_items.answer"): page.t(f"page.check_items.{a.answer}"),
            page.t("page.check_items.why"): page.t(f"criterion.{a.why}") if a.why else "",
            page.t("field.name"): f"{a.offer.brand_name} {a.offer.name_zh}" if a.offer else "",
        }
        for a in answers
    ]
)
st.dataframe(frame, hide_index=True)
