"""How fast complaints are answered, whether enrollment shields anybody, how complainants fare."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_day
from marketplace.desk.intake_figures import complainants, intake_figures
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import answered, figures
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import page_for, reading

page = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
with reading(page) as session:
    found = intake_figures(session, page.actor, page.rulebook, clock=page.app.clock)
    people = complainants(session, page.actor, page.rulebook)
st.page_link("views/cases.py", label=page.t("page.cases.title"), icon=":material/chevron_left:")
look.head(page.t("page.answer_times.title"), page.t("complaints.times_question"))
if page.actor.districts_in(page.rulebook.program.key):
    st.caption(page.t("complaints.times_own"))
figures.cards(page, found.all)
answered.show_rows(page, found)
with st.container(key="card_shield"):
    kit.section(page.t("complaints.shield"), page.t("complaints.shield_sub"))
    figures.groups(page, found.by_enrollment, name="enrollment")
with st.container(key="card_origins"):
    kit.section(page.t("complaints.by_origin"))
    figures.groups(page, found.by_origin, name="origin")
with st.container(key="card_people"):
    kit.section(page.t("complaints.people"), page.t("complaints.people_sub"))
    figures.people(page, people)
with st.expander(page.t("complaints.how_counted")):
    st.markdown(
        page.t(
            "complaints.how_counted_text",
            holidays=len(page.rulebook.holidays),
            least=page.rulebook.methods.min_ended_waits,
        )
    )
st.caption(
    page.t("complaints.times_source", day=format_day(found.day), n=found.all.times.received)
)
