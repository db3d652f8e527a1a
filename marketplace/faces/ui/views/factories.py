"""The office's list: who is at which step, where it is stuck, who has it. The filter is the URL."""

import pandas as pd
import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.words import format_day, format_instant
from marketplace.desk.factories import PAGE_ROWS, FactoryFilter, list_factories
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import page_for, reading
from marketplace.faces.ui.wording import condition_name, district_name, stage_name

page = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
clock, rulebook = page.app.clock, page.rulebook
kit.head(page.t("page.factories.title"), page.t("page.factories.question"))

with reading(page) as session:
    plain = list_factories(
        session, page.actor, rulebook, clock=clock, wanted=FactoryFilter(), page_rows=1
    )
facets = plain.facets
left, right = st.columns([1, 3.4], gap="medium")
with left:
    query = st.text_input(
        page.t("page.factories.search"),
        placeholder=page.t("page.factories.search_hint"),
        key="q",
        bind="query-params",
    )
    picked = {
        name: st.multiselect(
            page.t(f"page.factories.facet.{name}"),
            list(counted),
            format_func=lambda value, c=counted, n=name: (
                {"district": district_name, "stage": stage_name}.get(
                    n, lambda p, v: p.t(f"page.factories.{n}.{v}") if n != "officer" else v
                )(page, value)
                + f" {c[value]}"
            ),
            key=name,
            bind="query-params",
            placeholder=page.t("page.factories.any"),
        )
        for name, counted in (
            ("district", facets.districts),
            ("stage", facets.stages),
            ("status", facets.statuses),
            ("band", facets.bands),
            ("officer", facets.officers),
        )
    }
    sort = st.selectbox(
        page.t("page.factories.sort"),
        ["name", "due", "progress", "points", "enrolled"],
        format_func=lambda key: page.t(f"page.factories.sorts.{key}"),
        key="sort",
        bind="query-params",
    )

wanted = FactoryFilter(
    query=query or "",
    districts=tuple(picked["district"]),
    stages=tuple(picked["stage"]),
    statuses=tuple(picked["status"]),
    bands=tuple(picked["band"]),
    officers=tuple(picked["officer"]),
    sort=sort or "name",
)
with reading(page) as session:
    counted_pages = list_factories(
        session, page.actor, rulebook, clock=clock, wanted=wanted, page_rows=None
    )
pages = max(1, -(-counted_pages.total // PAGE_ROWS))
number = min(int(st.session_state.get("pg") or 1), pages)
lines = counted_pages.lines[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]


def as_frame(found):
    """Return lines as the table people see and export."""
    return pd.DataFrame(
        [
            {
                page.t("field.name"): line.name,
                page.t("field.uscc"): line.uscc or page.t("page.factories.no_uscc"),
                page.t("field.district"): district_name(page, line.district),
                page.t("page.factories.facet.stage"): stage_name(page, line.stage),
                page.t("page.factories.facet.status"): page.t(
                    f"page.factories.status.{line.status}"
                ),
                page.t("page.factories.holder"): page.t(
                    f"page.factories.holders.{line.holder}"
                ),
                page.t("page.factories.next"): condition_name(page, line.next_step) or "—",
                page.t("page.factories.done"): f"{line.done}/{line.total}",
                page.t("page.factories.points"): line.points,
                page.t("page.factories.due"): format_day(line.due_on),
            }
            for line in found
        ]
    )


with right:
    st.markdown(f"**{page.t('page.factories.count', count=counted_pages.total)}**")
    if not lines:
        kit.empty(page.t("page.factories.none", query=query or "—"))
    else:
        picked_rows = st.dataframe(
            as_frame(lines),
            hide_index=True,
            on_select="rerun",
            selection_mode="single-row",
            row_height=38,
            height=38 * len(lines) + 40,
            key="factories_table",
        )
        st.pagination(pages, key="pg", bind="query-params")
        rows = picked_rows.selection.rows
        with st.container(horizontal=True):
            if rows:
                st.page_link(
                    "views/dossier.py",
                    label=page.t("page.factories.open", name=lines[rows[0]].name),
                    query_params={"id": str(lines[rows[0]].factory_id)},
                )
            if page.actor.role is not Role.AUDITOR:
                st.download_button(
                    page.t("page.factories.export"),
                    data=lambda: (
                        as_frame(counted_pages.lines).to_csv(index=False).encode("utf-8-sig")
                    ),
                    file_name=f"factories-{today(clock)}.csv",
                    mime="text/csv",
                )
    st.caption(page.t("page.today.source", at=format_instant(clock.now())))
