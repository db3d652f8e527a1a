"""The office and the auditor: every appeal, where it stands, how appeals end."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import figures, kit
from marketplace.faces.ui.measures.appealed import show_appeal
from marketplace.faces.ui.measures.outcomes import show_outcomes
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import number_asked, picked
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.queries import list_appeals

_SHOWN = 50


def show(page: Here) -> None:
    """Show the figures, then the appeals themselves, the latest filed first."""
    look.head(page.t("page.appeals.title"), page.t("page.appeals.question"))
    asked = number_asked("appeal")
    if asked is not None:
        with st.container(key="card_appeal"):
            show_appeal(page, asked)
    with st.container(key="card_outcomes"):
        show_outcomes(page)
    words = {status.value: label(status, page.lang) for status in AppealStatus}
    only = picked(
        page.t("appeals.status"), "status", {"": page.t("page.factories.any")} | words
    )
    with reading(page) as session:
        rows = list_appeals(
            session,
            page.actor,
            program=page.rulebook.program.key,
            status=AppealStatus(only) if only else None,
        )
    with st.container(key="card_appeals"):
        kit.section(page.t("appeals.list"), page.t("appeals.count", count=len(rows)))
        if not rows:
            kit.empty(page.t("appeals.list_none"))
            return
        heads = [
            page.t(f"appeals.{name}")
            for name in (
                "number",
                "instance",
                "store",
                "ground",
                "filed_at",
                "due_on",
                "status",
            )
        ]
        figures.linked_table(
            heads,
            [
                [
                    a.number,
                    str(a.instance),
                    f"{a.store_name} · {a.factory_name or '—'}",
                    label(a.ground, page.lang),
                    format_instant(a.filed_at),
                    format_day(a.due_on),
                    label(a.status, page.lang),
                ]
                for a in rows[:_SHOWN]
            ],
            [f"/appeals?appeal={a.appeal_id}" for a in rows[:_SHOWN]],
            frozenset({1}),
            wide=frozenset({2}),
        )
        if len(rows) > _SHOWN:
            st.caption(page.t("appeals.first_shown", shown=_SHOWN, count=len(rows)))
    if page.actor.role is not Role.AUDITOR:
        st.page_link("views/decide.py", label=page.t("appeals.to_decide"))


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
