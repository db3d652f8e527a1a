"""On the owner's first page: what measures ask of him or hold back, with the way to it."""

from __future__ import annotations

import streamlit as st

from marketplace.base.money import format_amount
from marketplace.base.words import format_day
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, reading
from marketplace.features.enforcement.kinds import CourseState
from marketplace.features.enforcement.queries import CourseRow, list_courses
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.queries import list_holds
from marketplace.features.registry.queries import FactoryProfile


def pressing(page: Here, own: FactoryProfile) -> None:
    """Show how much of his money is held until when, and each course to be taken; else nothing."""
    with reading(page) as session:
        holds = list_holds(session, page.actor, clock=page.app.clock, factory_id=own.factory_id)
        courses = list_courses(session, page.actor, factory_id=own.factory_id)
    running = [h for h in holds if h.status is HoldStatus.RUNNING]
    due = [c for c in courses if c.state is CourseState.ASSIGNED and not c.paused]
    if not running and not due:
        return
    with st.container(key="card_pressing"):
        if running:
            held = sum(h.remaining_fen for h in running)
            first = format_day(min(h.until_on for h in running))
            kit.section(
                page.t("own.held", amount=format_amount(held)),
                page.t("own.held_sub", count=len(running), day=first),
            )
        for course in due:
            _course(page, course)
        st.page_link("views/my_measures.py", label=page.t("own.see_measures"), width="stretch")


def _course(page: Here, row: CourseRow) -> None:
    course = page.rulebook.enforcement.measures.course(row.course)
    name, hours = row.course, 0
    if course is not None:
        name, hours = course.name_zh if page.lang == "zh" else course.name_en, course.hours
    kit.section(
        page.t("measures.course_of", course=name),
        page.t("measures.course_sub", due=format_day(row.due_on), hours=hours),
    )
