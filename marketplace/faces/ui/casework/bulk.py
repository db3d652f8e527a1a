"""Does one thing to many cases of the list: all that match the filter, less those taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework.listing import officer_names
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, run
from marketplace.features.complaints import commands
from marketplace.features.complaints.kinds import CaseStatus, CaseStep
from marketplace.features.complaints.queries import CaseLine


def button(page: Here, lines: Sequence[CaseLine]) -> None:
    """Show the menu of what can be done to the listed cases; an auditor does nothing."""
    if page.actor.role is Role.AUDITOR or not any(_is_open(line) for line in lines):
        return
    names = ("bulk_forward", "bulk_assign")
    look.menu(
        page.t("complaints.bulk"),
        {name: page.t(f"complaints.dialog.{name}") for name in names},
        key="bulk",
    )


def dialogs(page: Here, lines: Sequence[CaseLine]) -> None:
    """Open the dialog that was asked for, with the cases it is about."""
    title = page.t(f"complaints.dialog.{look.asked()}") if look.asked() in _BODIES else ""
    if title:
        body = _BODIES[look.asked()]
        look.dialog(page, title, lambda: body(page, lines), wide=True)


def _forward(page: Here, lines: Sequence[CaseLine]) -> None:
    waiting = [line for line in lines if line.step is CaseStep.FORWARD]
    if not waiting:
        kit.empty(page.t("complaints.bulk_forward_none"))
        return
    days = page.rulebook.intake.seller_answer_working_days
    count = sum(line.open_complaints for line in waiting)
    kit.note(page.t("complaints.forward_means", count=count, days=days))
    with st.form("bulk_forward", border=False):
        chosen = _choice(page, waiting)
        word = page.t("complaints.bulk_forward", count=len(waiting))
        sent = st.form_submit_button(word, type="primary")
    if sent:
        _each(
            page, chosen,
            lambda s, case_id: commands.forward_complaints(
                s, page.rulebook, clock=page.app.clock, actor=page.actor, case_id=case_id
            ),
        )  # fmt: skip


def _assign(page: Here, lines: Sequence[CaseLine]) -> None:
    names = {n: name for n, name in officer_names(page).items() if n != "0"}
    with st.form("bulk_assign", border=False):
        chosen = _choice(page, [line for line in lines if _is_open(line)])
        officer = st.selectbox(
            page.t("complaints.column.officer"), list(names), format_func=lambda n: names[n]
        )
        sent = st.form_submit_button(page.t("complaints.bulk_assign"), type="primary")
    if sent:
        _each(
            page, chosen,
            lambda s, case_id: commands.assign_case(
                s, clock=page.app.clock, actor=page.actor, case_id=case_id,
                officer_id=int(officer or 0),
            ),
        )  # fmt: skip


def _choice(page: Here, lines: Sequence[CaseLine]) -> list[int]:
    names = {line.case_id: f"{line.number} · {line.store_name}" for line in lines}
    return st.multiselect(
        page.t("complaints.bulk_which"),
        list(names),
        default=list(names),
        format_func=lambda n: names[n],
    )


def _each(page: Here, chosen: Sequence[int], work: Callable[[Session, int], object]) -> None:
    """Do it to all or to none: a refusal names its case and nothing was changed."""

    def whole(session: Session) -> int:
        for case_id in chosen:
            work(session, case_id)
        return len(chosen)

    done = run(page, whole)
    if done is not None:
        st.session_state["toast"] = page.t("complaints.bulk_done", count=done)
        look.finish()


def _is_open(line: CaseLine) -> bool:
    return line.status is CaseStatus.OPEN


_BODIES: dict[str, Callable[[Here, Sequence[CaseLine]], None]] = {
    "bulk_forward": _forward,
    "bulk_assign": _assign,
}
