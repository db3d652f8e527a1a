"""The program's honest chart: did infringing listings fall, and what may be said about it."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import month_index, month_label, today
from marketplace.base.words import format_count
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import card, linked_table, table_card
from marketplace.faces.ui.material import overview_of
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import page_for, reading
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.marks.queries import list_store_months

page = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
clock = page.app.clock
look.head(page.t("page.overview.title"), page.t("page.overview.question"))
before_after, effort, origins = overview_of(page)
card(page, before_after)
table_card(page, effort)
table_card(page, origins)
st.page_link(
    "views/methods.py", label=page.t("figures.more_methods"), icon=":material/science:"
)
last = month_index(today(clock)) - 1
with st.container(key="card_rows"):
    kit.section(page.t("figures.rows"), page.t("figures.rows_sub"))
    month = st.selectbox(
        page.t("figures.rows_month"),
        list(range(last, last - 60, -1)),
        index=None,
        format_func=month_label,
        placeholder=page.t("figures.rows_choose"),
        label_visibility="collapsed",
        key="overview_month",
    )
    if month is not None:
        kind = ExposureKind(page.rulebook.compliance.exposure_kind)
        with reading(page) as session:
            rows = list_store_months(
                session, page.actor, program=page.rulebook.program.key, kind=kind, month=month
            )
        counted = [r for r in rows if r.in_rate]
        st.caption(
            page.t(
                "figures.rows_of",
                month=month_label(month),
                count=len(rows),
                checked=f"{sum(r.checked or 0 for r in counted):,}",
                listings=f"{sum(r.listings for r in counted):,}",
                outside=f"{sum(r.findings for r in rows if not r.in_rate):,}",
            )
        )
        if page.actor.districts_in(page.rulebook.program.key):
            st.caption(page.t("figures.rows_own", count=len(rows)))
        if not rows:
            kit.empty(page.t("figures.rows_none"))
        else:
            names = (
                "factory",
                "store",
                "checked",
                "findings",
                "listings",
                "overturned",
                "counted",
                "source",
            )
            linked_table(
                [page.t(f"figures.row.{name}") for name in names],
                [
                    (r.factory_name, r.store_name, format_count(r.checked), str(r.findings),
                     str(r.listings), str(r.overturned),
                     page.t(f"figures.row.{'inside' if r.in_rate else 'outside'}"), r.source or "—")
                    for r in rows
                ],
                [f"/dossier?id={r.factory_id}" for r in rows],
                frozenset({2, 3, 4, 5}),
            )  # fmt: skip
