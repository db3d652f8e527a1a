"""Plans and courses: what the owner wrote, and the answer that opens the store or asks for more."""

from __future__ import annotations

import streamlit as st

from marketplace.base.errors import NotFound
from marketplace.base.words import format_day, format_instant
from marketplace.desk.reminders import remind_factories
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, Choice, decide
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading, run
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.queries import list_courses, list_suspensions
from marketplace.features.enforcement.rules import plan_due_on


def show_plan(page: Here, task: Task, after: After) -> None:
    """Show a rectification plan; accepting it opens the store at the end of the term."""
    with reading(page) as session:
        rows = list_suspensions(session, page.actor, program=page.rulebook.program.key)
    row = next((r for r in rows if r.suspension_id == task.entity_id), None)
    if row is None:
        raise NotFound("suspension_not_found", suspension_id=task.entity_id)
    kit.facts(
        [
            (page.t("field.store"), row.store_name),
            (page.t("measures.plan_term"), format_instant(row.until_at)),
        ]
    )
    kit.section(page.t("measures.plan_text"))
    look.said(row.plan or "")
    over = row.escalated_at is not None
    kit.note(page.t("measures.plan_opens_now" if over else "measures.plan_opens_then"))
    _link(page, row.store_id, row.store_name)
    decide(
        page,
        task,
        (
            Choice("accept", page.t("measures.plan_accept")),
            Choice("return", page.t("measures.plan_return")),
        ),
        lambda s, name, reason: enforcement.answer_plan(
            s,
            clock=page.app.clock,
            actor=page.actor,
            suspension_id=row.suspension_id,
            accepted=name == "accept",
            answer=reason,
        ),
        after,
    )


def show_plan_late(page: Here, task: Task, after: After) -> None:
    """Show a suspension whose plan is late, what comes of it by itself, and who is reminded."""
    with reading(page) as session:
        rows = list_suspensions(session, page.actor, program=page.rulebook.program.key)
    row = next((r for r in rows if r.suspension_id == task.entity_id), None)
    if row is None:
        raise NotFound("suspension_not_found", suspension_id=task.entity_id)
    kit.facts(
        [
            (page.t("field.store"), row.store_name),
            (page.t("measures.plan_due"), format_day(plan_due_on(page.rulebook, row.from_at))),
            (page.t("measures.plan_term"), format_instant(row.until_at)),
        ]
    )
    kit.note(page.t("measures.plan_late_means"))
    if row.answer:
        kit.section(page.t("measures.plan_asked"))
        look.said(row.answer)
    _link(page, row.store_id, row.store_name)
    factory_id = row.factory_id
    if factory_id is not None and st.button(page.t("measures.plan_remind"), type="primary"):
        told = run(
            page,
            lambda s: remind_factories(
                s, clock=page.app.clock, actor=page.actor, factory_ids=[factory_id]
            ),
        )
        if told is not None:
            how = "sent" if told.sent else "none" if told.without_account else "already"
            kit.note(page.t(f"measures.plan_reminded_{how}"))
    del after


def show_course(page: Here, task: Task, after: After) -> None:
    """Show who took a course; confirming it ends the measure."""
    with reading(page) as session:
        rows = list_courses(session, page.actor, program=page.rulebook.program.key)
    row = next((r for r in rows if r.course_id == task.entity_id), None)
    if row is None:
        raise NotFound("course_not_found", course_id=task.entity_id)
    course = page.rulebook.enforcement.measures.course(row.course)
    name = row.course
    if course is not None:
        name = course.name_zh if page.lang == "zh" else course.name_en
    kit.facts(
        [
            (page.t("field.store"), row.store_name),
            (page.t("measures.course_name"), name),
            (page.t("measures.course_due"), format_day(row.due_on)),
            (page.t("measures.course_who"), row.attended or "—"),
        ]
    )
    _link(page, row.store_id, row.store_name)
    decide(
        page,
        task,
        (
            Choice("confirm", page.t("measures.course_confirm"), needs_reason=False),
            Choice("return", page.t("measures.course_return")),
        ),
        lambda s, name, reason: enforcement.confirm_course(
            s,
            clock=page.app.clock,
            actor=page.actor,
            course_id=row.course_id,
            confirmed=name == "confirm",
            reason=reason,
        ),
        after,
    )


def _link(page: Here, store_id: int, name: str) -> None:
    st.page_link(
        "views/store.py",
        label=page.t("measures.open_store", store=name),
        icon=":material/history:",
        query_params={"id": str(store_id)},
    )
