"""The program's honest chart: did infringing listings fall, and what may be said about it."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_instant
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import under
from marketplace.faces.ui.session import page_for, reading
from marketplace.features.compliance.charts import figure_of
from marketplace.features.compliance.studies import study_program

page = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
clock = page.app.clock
kit.head(page.t("page.overview.title"), page.t("page.overview.question"))
with reading(page) as session:
    study = study_program(session, page.actor, page.rulebook, clock=clock)
figure = figure_of(study, page.lang, as_of=format_instant(clock.now()))
with st.container(key="card_figure"):
    kit.figure_card(figure, page.t("page.overview.can"), page.t("page.overview.cannot"))
    under(page, figure, name="compliance-program")
with st.expander(page.t("page.overview.how")):
    st.markdown(page.t("page.overview.how_text", dispersion=f"{study.dispersion:.2f}"))
