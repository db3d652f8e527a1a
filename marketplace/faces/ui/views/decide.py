"""The office decides, one thing at a time: what was handed in, by whom, and what follows."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.words import format_day
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding import FORMS
from marketplace.faces.ui.session import page_for, reading
from marketplace.faces.ui.wording import task_title

page = page_for(Role.OFFICER, Role.REVIEWER)
kit.head(page.t("page.decide.title"), page.t("page.decide.question"))
with reading(page) as session:
    tasks = list_todo(session, page.actor, page.rulebook, clock=page.app.clock)
if not tasks:
    kit.empty(page.t("page.today.nothing"))
    st.stop()

kind, number = st.query_params.get("kind", ""), st.query_params.get("id", "")
asked = next((t for t in tasks if t.kind.value == kind and str(t.entity_id) == number), None)
left, right = st.columns([2, 3], gap="medium")
with left:
    kinds = [k for k in TaskKind if any(t.kind is k for t in tasks)]
    only = st.pills(
        page.t("page.today.kind"),
        kinds,
        default=asked.kind if asked else None,
        format_func=lambda k: (
            f"{page.t(f'enum.TaskKind.{k.value}')} {sum(t.kind is k for t in tasks)}"
        ),
        label_visibility="collapsed",
    )
    shown = [t for t in tasks if only in {None, t.kind}]
    chosen = st.radio(
        page.t("page.decide.waiting", count=len(shown)),
        shown,
        index=shown.index(asked) if asked in shown else 0,
        format_func=lambda t: f"{task_title(page, t)} — {t.about} · {format_day(t.due_on)}",
    )
with right, st.container(key="card_decide"):
    if chosen is None:
        kit.empty(page.t("page.decide.choose"))
        st.stop()
    kit.section(
        task_title(page, chosen),
        page.t(
            "page.decide.due",
            due=format_day(chosen.due_on),
            days=(chosen.due_on - today(page.app.clock)).days,
        ),
    )
    if chosen.factory_id:
        st.page_link(
            "views/dossier.py", label=chosen.about, query_params={"id": str(chosen.factory_id)}
        )
    FORMS[chosen.kind](page, chosen)
