"""What is held against an owner's stores, in full but for who complained; and his answer."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import hearing, telling
from marketplace.faces.ui.mine.answering import answer
from marketplace.faces.ui.mine.shell import begin
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.complaints.kinds import CaseStatus
from marketplace.features.complaints.queries import CaseAgainst, list_cases_against


def show(page: Here) -> None:
    """Show the case he was led to, then what waits for his answer, then the others."""
    begin(page)
    kit.head(page.t("page.my_cases.title"), page.t("complaints.mine_question"))
    with reading(page) as session:
        found = list_cases_against(session, page.actor, clock=page.app.clock)
    if not found:
        kit.empty(page.t("complaints.mine_none"))
        return
    asked = st.query_params.get("case")
    for one in sorted(found, key=lambda one: (str(one.line.case_id) != asked, *_waits(one))):
        with st.container(key=f"card_case_{one.line.case_id}"):
            case(page, one)


def case(page: Here, one: CaseAgainst) -> None:
    """Show one case: what was said, what he can do until when, what was decided and why."""
    line = one.line
    kit.markup(f"<p>{_mark(page, one)}</p>")
    kit.section(
        page.t("complaints.mine_title", store=line.store_name, item=line.item_no),
        page.t("complaints.mine_number", number=line.number),
    )
    if one.answer_by is not None:
        kit.note(page.t("complaints.mine_answer_by", day=format_day(one.answer_by)))
        answer(page, one)
    if one.finding_statement is not None:
        hearing.finding(page, one)
    hearing.files(page, one)
    for row in one.complaints:
        telling.complaint(page, row, names_author=False)


def _mark(page: Here, one: CaseAgainst) -> str:
    if one.answer_by is not None:
        return kit.badge(page.t("complaints.mine_turn"), "warn")
    if one.may_state and one.hearing is None:
        return kit.badge(page.t("complaints.mine_to_hear"), "warn")
    if one.line.status is CaseStatus.OPEN:
        return kit.badge(page.t("complaints.mine_running"), "calm")
    return kit.badge(label(one.line.status, page.lang), "gray")


def _waits(one: CaseAgainst) -> tuple[bool, int]:
    """What needs him first, then the latest."""
    return not hearing.waits_for_owner(one), -one.line.case_id


show(page_for(Role.OWNER))
