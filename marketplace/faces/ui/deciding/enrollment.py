"""An application to enroll: accepting it fixes time zero."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_day, format_instant
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, name_of, show_files
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, reading
from marketplace.features.progress import commands as progress
from marketplace.features.progress.queries import find_enrollment


def show(page: Here, task: Task, after: After) -> None:
    """Show the commitment and the one button that accepts it."""
    with reading(page) as session:
        row = find_enrollment(session, page.actor, operator_id=int(task.facts["operator_id"]))
    if row is None:
        kit.empty(page.t("officer.decide.gone"))
        return
    kit.facts(
        [
            (page.t("field.name"), row.operator_name),
            (page.t("field.signed_by"), row.signed_by),
            (page.t("field.signed_on"), format_day(row.signed_on)),
            (
                page.t("officer.decide.enroll_now"),
                page.t(
                    "officer.decide.by",
                    who=name_of(page, row.applied_by),
                    at=format_instant(row.applied_at),
                ),
            ),
        ]
    )
    if row.commitment_use_id is not None:
        subject = f"operator:{row.operator_id}"
        show_files(
            page, subject, [(page.t("officer.decide.enroll_now"), row.commitment_use_id)]
        )
    kit.note(page.t("page.decide.enroll_means"))
    st.caption(page.t("officer.decide.enroll_refuse_how"))
    pressed = st.button(
        page.t("page.decide.accept_enrollment"), type="primary", key="accept_enrollment"
    )
    if pressed and did(
        page,
        lambda s: progress.accept_enrollment(
            s, clock=page.app.clock, actor=page.actor, enrollment_id=task.entity_id
        ),
    ):
        after()
