"""The owner's side of a finding: what was seen, his statement and documents, what was decided."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import show_files
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.uploads import take
from marketplace.features.complaints.commands import add_case_file, state_side
from marketplace.features.complaints.kinds import CaseStatus
from marketplace.features.complaints.queries import CaseAgainst, list_cases_against


def waiting(page: Here) -> None:
    """Show on the owner's first page how many cases wait for his word; nothing without any."""
    with reading(page) as session:
        count = sum(
            waits_for_owner(one)
            for one in list_cases_against(session, page.actor, clock=page.app.clock)
        )
    if count == 0:
        return
    with st.container(key="card_cases"):
        kit.note(page.t("complaints.mine_waits", count=count))
        st.page_link("views/my_cases.py", label=page.t("complaints.mine_go"), width="stretch")


def case_about(page: Here, finding_id: int) -> CaseAgainst | None:
    """Return the owner's case that led to a finding, if there is one."""
    with reading(page) as session:
        found = list_cases_against(session, page.actor, clock=page.app.clock)
    return next((one for one in found if one.line.finding_id == finding_id), None)


def go(page: Here, one: CaseAgainst) -> None:
    """Show the link to the one place where the owner states his side of a case."""
    st.page_link(
        "views/my_cases.py",
        label=page.t("own.say_heading"),
        icon=":material/arrow_forward:",
        query_params={"case": str(one.line.case_id)},
        width="stretch",
    )


def waits_for_owner(one: CaseAgainst) -> bool:
    """Tell whether an answer or his side of a finding is still awaited."""
    return one.answer_by is not None or (one.may_state and one.hearing is None)


def finding(page: Here, one: CaseAgainst) -> None:
    """Show what was found and, until it is decided, take his side."""
    kit.section(page.t("complaints.mine_hearing"))
    facts = [(page.t("complaints.seen_what"), one.finding_statement or "—")]
    if one.hearing:
        facts.append((page.t("complaints.owner_said"), one.hearing))
    if one.finding_decided_at is not None:
        status = one.line.finding_status
        facts.append(
            (page.t("complaints.mine_decided"), label(status, page.lang) if status else "—")
        )
        facts.append((page.t("complaints.answered"), format_instant(one.finding_decided_at)))
        facts.append((page.t("app.reason"), one.finding_reason or "—"))
    kit.facts(facts)
    if not one.may_state:
        kit.note(page.t("complaints.mine_appeal"))
        return
    kit.note(_until(page, one))
    _state(page, one)


def _until(page: Here, one: CaseAgainst) -> str:
    if one.hearing:
        return page.t("complaints.mine_hearing_more")
    late = one.hearing_by is not None and today(page.app.clock) > one.hearing_by
    if late or one.hearing_by is None:
        return page.t("complaints.mine_hearing_late")
    return page.t("complaints.mine_hearing_by", day=format_day(one.hearing_by))


def _state(page: Here, one: CaseAgainst) -> None:
    number = one.line.case_id
    form = KeptForm(page, f"side_{number}")
    form.begun_note()
    said = form.text(
        "said",
        page.t("complaints.mine_hearing_said"),
        tall=True,
        longest=1500,
        placeholder=page.t("complaints.mine_hearing_sample"),
    )

    def work(session: Session) -> bool:
        state_side(
            session, page.rulebook, clock=page.app.clock, actor=page.actor, case_id=number,
            statement=said,
        )  # fmt: skip
        return True

    sent = form.send(
        page.t("complaints.mine_hearing_send"), work, done="complaints.mine_hearing_sent"
    )
    look.muted(page.t("complaints.mine_hearing_rights"))
    if sent:
        st.rerun()


def files(page: Here, one: CaseAgainst) -> None:
    """Show his documents and, while the case is open, take more."""
    number = one.line.case_id
    if one.files:
        kit.section(page.t("complaints.files"))
        show_files(page, f"case:{number}", one.files)
    most = page.rulebook.intake.max_files_per_case
    if one.line.status is not CaseStatus.OPEN or len(one.files) >= most:
        return
    with st.container(key=f"shot_case_{number}"):  # the camera, on a phone
        sent = st.file_uploader(
            # The number too: a list of landmarks must tell one case's field from another's.
            f"{page.t('complaints.mine_add_file', most=most)} · {one.line.number}",
            type=["pdf", "png", "jpg", "jpeg", "webp", "heic", "heif"],
            key=f"file_{number}_{len(one.files)}",
        )
    if sent is not None and (ready := take(page, sent)) and did(
        page,
        lambda s: add_case_file(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, case_id=number,
            content=ready[0].content, name=sent.name, data_dir=page.app.data_dir,
        ),
        done="complaints.mine_file_added",
    ):  # fmt: skip
        st.rerun()
