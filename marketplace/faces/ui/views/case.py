"""One case, for the officer who works it: what was said, what is due, the two decisions."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.errors import MarketplaceError
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import dialogs, doing, telling
from marketplace.faces.ui.deciding.contacts import author_card
from marketplace.faces.ui.deciding.frame import show_files
from marketplace.faces.ui.holding import card as holding
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import kept_list, number_asked, opened_from
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.complaints.queries import CaseFile, get_case
from marketplace.features.enforcement.queries import FindingRow, get_finding


def show(page: Here) -> None:
    """Show the case the address names."""
    st.page_link(
        "views/cases.py", label=page.t("page.cases.title"), icon=":material/chevron_left:",
        query_params=kept_list("cases"),
    )  # fmt: skip
    try:
        with reading(page) as session:
            file = get_case(
                session,
                page.actor,
                clock=page.app.clock,
                case_id=number_asked("id") or 0,
            )
            finding = None
            if file.line.finding_id is not None:
                finding = get_finding(session, page.actor, finding_id=file.line.finding_id)
    except MarketplaceError as error:
        look.head(page.t("page.case.title"), page.t("complaints.choose"))
        kit.error_box(error, page.lang)
        return
    question = page.t("complaints.case_question", store=file.line.store_name)
    title = f"{page.t('page.case.title')} {file.line.number}"
    with look.head(title, question, mark=telling.state_badge(page, file)):
        if page.actor.role is not Role.AUDITOR:
            look.open_button(page.t("complaints.dialog.assign"), "assign")
    opened_from("cases")
    with st.container(key="card_way"):
        telling.way(page, file, finding)
    left, right = st.columns([7, 4], gap="medium")
    with left:
        whole(page, file, finding)
    with right:
        aside(page, file, finding)
    dialogs.show(page, file, finding)


def whole(page: Here, file: CaseFile, finding: FindingRow | None) -> None:
    """Show what the case is about, its complaints, its finding."""
    with st.container(key="card_about"):
        kit.section(page.t("complaints.about"))
        telling.about(page, file)
    for row in file.complaints:
        with st.container(key=f"card_complaint_{row.complaint_id}"):
            telling.complaint(page, row)
            if row.complaint_id in file.contacts:
                author_card(page, file.contacts[row.complaint_id])
            doing.complaint_actions(page, row, file)
    with st.container(key="card_finding"):
        kit.section(page.t("complaints.finding"), page.t("complaints.finding_sub"))
        telling.finding(page, finding)
        if file.files:
            kit.section(page.t("complaints.files"))
            show_files(page, f"case:{file.line.case_id}", file.files)


def aside(page: Here, file: CaseFile, finding: FindingRow | None) -> None:
    """Show what is to be done, who is in it, what happened."""
    with st.container(key="card_now"):
        doing.next_step(page, file, finding)
    holding.of_finding(page, finding, district=None)
    with st.container(key="card_parties"):
        telling.parties(page, file, finding)
        if file.line.factory_id is not None:
            st.page_link(
                "views/dossier.py",
                label=page.t("complaints.dossier"),
                query_params={"id": str(file.line.factory_id)},
            )
    with st.container(key="card_happened"):
        telling.timeline(page, file)


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
