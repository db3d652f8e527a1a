"""The office reads what the program file says of each category, and what is inherited from which."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.measures.policies import show_policies
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, page_for


def show(page: Here) -> None:
    """Show every category's policy, or that the program has none."""
    with look.head(page.t("page.categories.title"), page.t("page.categories.question")):
        st.page_link("views/sampling.py", label=page.t("page.sampling.title"))
    if not page.rulebook.enforcement.categories:
        kit.empty(page.t("policies.none"))
        return
    show_policies(page)


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
