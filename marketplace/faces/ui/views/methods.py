"""For officers and auditors: does the change before and after hold, looked at in seven ways."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import card, linked_rows
from marketplace.faces.ui.methods.making import TABS, choose_order, make
from marketplace.faces.ui.methods.taking import analysis_card
from marketplace.faces.ui.office import look
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import page_for

page = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
look.head(page.t("page.methods.title"), page.t("methods.question"))
asked = st.query_params.get("tab", "")
tab = st.segmented_control(
    page.t("methods.tabs"),
    ["conclusions", *TABS],
    default=asked if asked in TABS else "conclusions",
    format_func=lambda name: plain(page.t(f"methods.tab.{name}")),
    required=True,
    key="methods_tab",
    label_visibility="collapsed",
)
st.query_params["tab"] = tab
if tab == "conclusions":
    with st.container(key="card_conclusions"):
        kit.section(page.t("methods.first"), page.t("methods.first_sub"))
        linked_rows(
            [
                (page.t(f"methods.tab.{name}"), figure.title, f"/methods?tab={name}")
                for name, figures in make(page, *TABS).items()
                for figure in figures
            ]
        )
    analysis_card(page)
    st.stop()
by_rate = tab == "funnel" and choose_order(page) == "rate"
paper = f"/paper/methods/{tab}?lang={page.lang}{'&order=rate' if by_rate else ''}"
for figure in make(page, tab, by_rate=by_rate)[tab]:
    for link in card(page, figure, paper=paper):
        st.link_button(page.t("methods.open_dossier"), link)
