"""Listings drawn at random by the rate of their category: what to look at, what was seen."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui.office import look
from marketplace.faces.ui.sampling import one, plan
from marketplace.faces.ui.session import page_for

here = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
look.head(here.t("page.sampling.title"), here.t("page.sampling.question"))
asked = st.query_params.get("draw", "")
if asked.isdigit():
    one.show(here, int(asked))
else:
    plan.show(here)
