"""For officers and auditors: what is wrong with the data under the figures, and where to fix it."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import linked_table
from marketplace.faces.ui.material import quality_of
from marketplace.faces.ui.office import look
from marketplace.faces.ui.quality.lines import EXPOSURE_IMPORT, FIELDS, fields_listed, listed
from marketplace.faces.ui.quality.taking import take_all, take_list
from marketplace.faces.ui.session import page_for, reading
from marketplace.features.compliance.kinds import QualityKind
from marketplace.features.registry.queries import list_conflicts

LONG = 12  # rows from which a table scrolls in its card

page = page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR)
look.head(page.t("page.data_quality.title"), page.t("quality.question"))
found = quality_of(page)
with reading(page) as session:
    fields = list_conflicts(session, page.actor, program=page.rulebook.program.key)
if not found and not fields:
    kit.empty(page.t("quality.clean"))
    st.stop()
with st.container(horizontal=True, vertical_alignment="center"):
    works = page.actor.role is Role.OFFICER
    st.caption(page.t("quality.import_for") if works else "", width="stretch")
    take_all(page)
    if works:
        st.link_button(page.t("quality.import"), EXPOSURE_IMPORT, icon=":material/upload_file:")
days = page.rulebook.methods.late_report_days
for kind in QualityKind:
    lines = [x for x in found if x.kind is kind]
    with st.container(key=f"card_quality_{kind.value}"):
        count = page.t("quality.count", count=len(lines))
        sub = page.t(f"quality.sub.{kind.value}", days=days)
        kit.section(f"{label(kind, page.lang)} · {count}", sub)
        if not lines:
            st.caption(page.t("quality.none"))
            continue
        take_list(page, kind.value)
        table = listed(page, kind, lines)
        with st.container(height=460 if len(lines) > LONG else "content", border=False):
            linked_table(table.heads, table.rows, table.links, table.right, deeds=table.deeds)
with st.container(key="card_quality_fields"):
    count = page.t("quality.count", count=len(fields))
    kit.section(f"{page.t('quality.fields')} · {count}", page.t("quality.fields_sub"))
    if not fields:
        st.caption(page.t("quality.none"))
    else:
        take_list(page, FIELDS)
        heads, rows = fields_listed(page, fields)
        with st.container(height=460 if len(fields) > LONG else "content", border=False):
            linked_table(
                heads,
                rows,
                [f"/dossier?id={f.factory_id}" for f in fields],
                frozenset(),
                deeds=[(page.t("quality.settle"), "/decide")] * len(fields),
            )
