"""Leaving the program by one's own will: what follows is spelled out before it can be done."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.progress.commands import leave_program
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.queries import find_enrollment
from marketplace.features.registry.queries import FactoryProfile

_IN = {EnrollmentStatus.ENROLLED, EnrollmentStatus.PAUSED, EnrollmentStatus.GRADUATED}


def leaving(page: Here, own: FactoryProfile) -> None:
    """Show the way out to the head of an enrolled firm, and to an agent who may."""
    with reading(page) as session:
        enrollment = find_enrollment(session, page.actor, operator_id=own.operator_id)
    if enrollment is None or enrollment.status not in _IN:
        return
    with st.container(key="card_leave"), st.expander(page.t("own.leave")):
        status = label(enrollment.status, page.lang)
        day = format_day(enrollment.enrolled_on)
        st.caption(page.t("own.enrolled_now", status=status, day=day))
        if own.operator_id not in page.actor.head_of:
            kit.note(page.t("own.leave_head"))
            return
        kit.note(page.t("own.leave_means"), "bad")
        form = KeptForm(page, f"leave_{own.operator_id}")
        reason = form.text("reason", page.t("own.leave_reason"))
        sure = st.checkbox(page.t("own.leave_sure"), key="leave_sure")

        def work(session: Session) -> bool:
            leave_program(
                session,
                clock=page.app.clock,
                actor=page.actor,
                enrollment_id=enrollment.enrollment_id,
                reason=reason,
            )
            return True

        if form.send(
            page.t("own.leave"),
            work,
            done="own.left",
            disabled=not sure,
            primary=False,
        ):
            st.rerun()
        if not sure:
            st.caption(page.t("own.leave_check"))
