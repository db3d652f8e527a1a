"""A right holder files a notice: choose a right, paste the listings, see each line, file."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.holder import filing
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.complaints.kinds import RightStatus
from marketplace.features.complaints.queries import list_rights


def show(page: Here) -> None:
    """Show the form; without a checked right the way to one."""
    look.head(page.t("page.file_notice.title"), page.t("complaints.file_question"))
    with reading(page) as session:
        rights = list_rights(
            session,
            page.actor,
            program=page.rulebook.program.key,
            status=RightStatus.VERIFIED,
        )
    if not rights:
        look.empty(page.t("complaints.no_right"), page.t("complaints.no_right_hint"))
        st.page_link("views/rights.py", label=page.t("page.rights.title"))
        return
    by_id = {str(r.right_id): r for r in rights}
    with st.container(key="card_lines"):
        kit.section(page.t("complaints.step_lines"), page.t("complaints.step_lines_sub"))
        form = filing.notice_form(page)
        form.begun_note()
        taken = form.choice(
            "right", page.t("complaints.right"), list(by_id),
            lambda n: f"{by_id[n].mark} {by_id[n].number}", value=next(iter(by_id)),
        )  # fmt: skip
        lines = filing.given_lines(form)
    if not lines or taken is None:
        return
    right = by_id[taken]
    with st.container(key="card_trial"):
        kit.section(
            page.t("complaints.step_trial"), page.t("complaints.step_trial_sub", n=len(lines))
        )
        verdicts, confirmed = filing.trial(form, right, lines)
    if verdicts:
        with st.container(key="card_send"):
            kit.section(page.t("complaints.step_send"))
            filing.send(form, right, lines, verdicts, confirmed)


show(page_for(Role.RIGHT_HOLDER))
