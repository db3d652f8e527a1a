"""An application to enroll: accepting it fixes time zero."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_day, format_instant
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, Choice, decide, show_files
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.session import Here, reading
from marketplace.features.enforcement.queries import list_findings
from marketplace.features.progress import commands as progress
from marketplace.features.progress.queries import EnrollmentRow, find_enrollment


def show(page: Here, task: Task, after: After) -> None:
    """Show the commitment; accept it, or give it back with what is missing."""
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
    trigger = _trigger(page, row)
    decide(
        page,
        task,
        (
            Choice("accept", page.t("page.decide.accept_enrollment"), needs_reason=False),
            Choice("return", page.t("page.decide.returned")),
        ),
        lambda s, name, reason: (
            progress.accept_enrollment(
                s,
                clock=page.app.clock,
                actor=page.actor,
                enrollment_id=task.entity_id,
                trigger_finding_id=trigger,
            )
            if name == "accept"
            else progress.return_application(
                s,
                clock=page.app.clock,
                actor=page.actor,
                enrollment_id=task.entity_id,
                reason=reason,
            )
        ),
        after,
    )


def _trigger(page: Here, row: EnrollmentRow) -> int | None:
    """Ask which finding led here, where there is any; it is marked in figures, never scored."""
    with reading(page) as session:
        known = {
            f.finding_id: f
            for f in list_findings(
                session, page.actor, program=row.program, operator_id=row.operator_id
            )
        }
    if not known:
        return None
    return st.selectbox(
        page.t("past.trigger_ask"),
        [None, *known],
        format_func=lambda i: (
            f"{format_day(known[i].found_on)} {known[i].store_name}"
            if i in known
            else page.t("past.trigger_none")
        ),
        help=page.t("past.trigger_help"),
        key=f"trigger_{row.enrollment_id}",
    )
