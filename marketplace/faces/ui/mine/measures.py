"""A store of the owner: how it stands, why, every step that led there, and what he can do now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.measures.papers import show_statement
from marketplace.faces.ui.measures.telling import STORE_TONES, step_rows, why
from marketplace.faces.ui.mine.appealing import show_appeals
from marketplace.faces.ui.office.due import due_badge
from marketplace.faces.ui.session import Here
from marketplace.features.appeals.queries import AppealRow
from marketplace.features.appeals.rules import Door
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import CourseState, PlanState
from marketplace.features.enforcement.queries import (
    CourseRow,
    StatementView,
    StoreState,
    SuspensionRow,
)
from marketplace.features.enforcement.rules import plan_due_on
from marketplace.features.registry.kinds import StoreStatus


def show_store(
    page: Here,
    state: StoreState,
    papers: Sequence[StatementView],
    filed: Sequence[AppealRow],
    doors: Mapping[int, Door],
) -> None:
    """Show one store: the answer first, then the ledger, then the statements, newest first."""
    with st.container(key=f"card_store_{state.store_id}"):
        kit.markup(
            f"<p>{kit.badge(label(state.status, page.lang), STORE_TONES[state.status])}</p>"
        )
        kit.section(state.store_name, why(page, state))
        threshold = page.rulebook.points.closure_balance
        tone = "bad" if state.status is not StoreStatus.OPEN else "warn"
        kit.bar(min(state.balance, threshold), threshold, tone)
        if state.steps:
            kit.section(page.t("measures.ledger"), page.t("measures.ledger_sub"))
            kit.rows(step_rows(page, state))
        for place, paper in enumerate(papers):
            show_statement(
                page,
                paper,
                is_open=place == 0,
                more=partial(
                    show_appeals,
                    page,
                    paper,
                    [a for a in filed if a.statement_id == paper.statement_id],
                    doors.get(paper.statement_id),
                ),
            )


def show_plan(page: Here, row: SuspensionRow) -> None:
    """Show a running suspension and let its rectification plan be written."""
    with st.container(key=f"card_plan_{row.suspension_id}"):
        kit.markup(f"<p>{kit.badge(label(row.state, page.lang), 'warn')}</p>")
        over = row.escalated_at is not None
        told = "measures.plan_over" if over else "measures.plan_sub"
        kit.section(
            page.t("measures.plan_of", store=row.store_name),
            page.t(told, until=format_instant(row.until_at)),
        )
        if not over and row.state in {PlanState.MISSING, PlanState.RETURNED}:
            due = plan_due_on(page.rulebook, row.from_at)
            kit.markup(
                f"<p>{escape(page.t('measures.plan_due'))} "
                f"{due_badge(page, due, today(page.app.clock))}</p>"
            )
        if row.answer:
            kit.note(page.t("measures.plan_answer", answer=row.answer))
        if row.state is PlanState.SUBMITTED:
            st.caption(page.t("entry.plan_waits"))
        if row.state is PlanState.ACCEPTED:
            return
        form = KeptForm(page, f"plan_{row.suspension_id}")
        plan = form.text(
            "plan",
            page.t("measures.plan"),
            value=row.plan or "",
            tall=True,
            longest=2000,
            hint=page.t("measures.plan_help"),
        )

        def work(session: Session) -> bool:
            enforcement.submit_plan(
                session, clock=page.app.clock, actor=page.actor,
                suspension_id=row.suspension_id, plan=plan,
            )  # fmt: skip
            return True

        if form.send(page.t("measures.plan_send"), work, done="measures.plan_sent"):
            st.rerun()


def show_course(page: Here, row: CourseRow) -> None:
    """Show a mandatory course and let it be reported as taken."""
    course = page.rulebook.enforcement.measures.course(row.course)
    name = row.course
    if course is not None:
        name = course.name_zh if page.lang == "zh" else course.name_en
    with st.container(key=f"card_course_{row.course_id}"):
        kit.markup(f"<p>{kit.badge(label(row.state, page.lang), 'warn')}</p>")
        hours = course.hours if course else 0
        kit.section(
            page.t("measures.course_of", course=name),
            page.t("measures.course_sub", due=format_day(row.due_on), hours=hours),
        )
        if row.paused:
            kit.note(page.t("measures.course_paused"))
        if row.returned:
            kit.note(page.t("measures.course_returned", why=row.returned))
        if row.state is not CourseState.ASSIGNED:
            if row.state is CourseState.REPORTED:
                st.caption(page.t("entry.course_waits"))
            return
        form = KeptForm(page, f"course_{row.course_id}")
        attended = form.text(
            "attended", page.t("measures.course_who"), hint=page.t("measures.course_help")
        )

        def work(session: Session) -> bool:
            enforcement.report_course_done(
                session, clock=page.app.clock, actor=page.actor, course_id=row.course_id,
                attended=attended,
            )  # fmt: skip
            return True

        if form.send(page.t("measures.course_done"), work, done="measures.course_sent"):
            st.rerun()
