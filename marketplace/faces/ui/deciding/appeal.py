"""An appeal: what the owner says, the statement it is against, and a decision with reasons."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_day, format_instant, label
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, Choice, decide, show_files
from marketplace.faces.ui.measures.papers import show_statement
from marketplace.faces.ui.office import look
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.session import Here, reading
from marketplace.features.appeals import commands as appeals
from marketplace.features.appeals.queries import get_appeal, list_appeals
from marketplace.features.enforcement.queries import get_statement


def show(page: Here, task: Task, after: After) -> None:
    """Show the appeal and its case; whoever had a part before never gets here."""
    with reading(page) as session:
        a = get_appeal(session, page.actor, appeal_id=task.entity_id)
        paper = get_statement(session, page.actor, statement_id=a.statement_id)
        earlier = [
            other
            for other in list_appeals(session, page.actor, store_id=a.store_id)
            if other.statement_id == a.statement_id and other.instance < a.instance
        ]
    kit.facts(
        [
            (page.t("appeals.number"), a.number),
            (page.t("appeals.instance"), str(a.instance)),
            (page.t("field.store"), a.store_name),
            (page.t("appeals.filed_at"), format_instant(a.filed_at)),
            (page.t("appeals.due_on"), format_day(a.due_on)),
            (page.t("appeals.ground"), label(a.ground, page.lang)),
        ]
    )
    kit.section(page.t("appeals.says"))
    look.said(a.text)
    if a.use_ids:
        show_files(
            page,
            f"statement:{a.statement_id}",
            [(page.t("appeals.file", n=n), use) for n, use in enumerate(a.use_ids, start=1)],
        )
    for other in earlier:
        kit.section(
            page.t("appeals.before", who=name_of(page, other.decided_by)),
            label(other.status, page.lang),
        )
        look.said(other.decision or "—")
    kit.section(page.t("measures.papers"))
    show_statement(page, paper, is_open=False)
    st.page_link(
        "views/store.py",
        label=page.t("measures.open_store", store=a.store_name),
        icon=":material/history:",
        query_params={"id": str(a.store_id)},
    )
    kit.note(page.t("appeals.means"))
    decide(
        page,
        task,
        (
            Choice("uphold", page.t("appeals.uphold")),
            Choice("reject", page.t("appeals.reject")),
        ),
        lambda s, name, reason: appeals.decide_appeal(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            appeal_id=a.appeal_id,
            uphold=name == "uphold",
            reason=reason,
        ),
        after,
        label=page.t("appeals.reason"),
        least=appeals.LEAST_REASON,
    )
