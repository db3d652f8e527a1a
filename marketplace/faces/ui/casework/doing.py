"""What an officer can do in a case: the one next step, and what each complaint allows."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.words import format_day, label
from marketplace.desk.foresight import foresee_complaint, foresee_finding
from marketplace.faces.ui import kit
from marketplace.faces.ui.measures.detailing import (
    ask_course,
    ask_detail,
    ask_intent,
    ask_products,
    detail_facts,
)
from marketplace.faces.ui.measures.foretelling import show_consequence
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.complaints import commands
from marketplace.features.complaints.kinds import (
    CaseStep,
    ComplaintStatus,
    HearingWay,
    NoticeState,
    Turn,
)
from marketplace.features.complaints.queries import CaseFile, ComplaintRow
from marketplace.features.enforcement.queries import FindingRow
from marketplace.features.progress.queries import time_zero


def next_step(page: Here, file: CaseFile, finding: FindingRow | None) -> None:
    """Show what the case waits for and, where it is the office's turn, the button for it."""
    line = file.line
    kit.section(page.t("complaints.now"), page.t(f"complaints.now_is.{line.step.value}"))
    hears = line.step is CaseStep.HEAR and page.actor.role is not Role.AUDITOR
    if line.turn in {Turn.SELLER, Turn.COMPLAINANT}:
        kit.note(
            page.t(
                "complaints.waits_for",
                who=label(line.turn, page.lang),
                day=format_day(line.due_on),
            )
        )
        if hears:
            look.open_button(page.t("complaints.hear"), "hear")
        return
    if page.actor.role is Role.AUDITOR or line.step is CaseStep.CLOSED:
        return
    match line.step:
        case CaseStep.FORWARD:
            look.open_button(page.t("complaints.forward"), "forward", kind="primary")
        case CaseStep.FIND_OR_CLOSE:
            look.open_button(page.t("complaints.record"), "record", kind="primary")
            look.open_button(page.t("complaints.close"), "close")
        case CaseStep.HEAR:
            look.open_button(page.t("complaints.hear"), "hear", kind="primary")
        case CaseStep.DECIDE:
            _decide_button(page, finding)
        case _:
            look.muted(page.t("complaints.act_below"))


def _decide_button(page: Here, finding: FindingRow | None) -> None:
    if finding is not None and finding.recorded_by == page.actor.account_id:
        kit.note(page.t("complaints.not_yourself"))
        return
    look.open_button(page.t("complaints.decide"), "decide", kind="primary")


def complaint_actions(page: Here, row: ComplaintRow, file: CaseFile) -> None:
    """Show what this complaint allows this person now."""
    if page.actor.role is Role.AUDITOR:
        return
    number = row.complaint_id
    entries = {**_open_entries(page, row, file), **_review_entries(page, row)}
    if not entries:
        return
    with st.container(horizontal=True):
        for n, (name, word) in enumerate(entries.items()):
            if n < 2:
                look.open_button(word, name)
        if len(entries) > 2:
            rest = dict(list(entries.items())[2:])
            look.menu(page.t("complaints.more"), rest, key=f"more_{number}")


def _open_entries(page: Here, row: ComplaintRow, file: CaseFile) -> dict[str, str]:
    if row.status is not ComplaintStatus.OPEN:
        return {}
    number = row.complaint_id
    entries = {}
    if row.state is NoticeState.COUNTERED:
        entries[f"pass_{number}"] = page.t("complaints.pass_on")
    elif row.state is not NoticeState.WAITING:
        entries[f"uphold_{number}"] = page.t("complaints.uphold")
        entries[f"refuse_{number}"] = page.t("complaints.refuse")
    if file.line.open_complaints > 1:
        entries[f"split_{number}"] = page.t("complaints.split")
    entries[f"join_{number}"] = page.t("complaints.join")
    return entries


def _review_entries(page: Here, row: ComplaintRow) -> dict[str, str]:
    if page.actor.role is not Role.REVIEWER:
        return {}
    number = row.complaint_id
    if row.malicious_at is not None:
        return {f"lift_{number}": page.t("complaints.lift_malicious")}
    if row.status is ComplaintStatus.UPHELD:
        return {f"reverse_{number}": page.t("complaints.reverse")}
    if row.status is ComplaintStatus.REFUSED:
        return {f"malicious_{number}": page.t("complaints.mark_malicious")}
    return {}


def forward(page: Here, file: CaseFile) -> None:
    """Confirm the forwarding with what it brings."""
    waiting = sum(1 for c in file.complaints if c.state is NoticeState.RECEIVED)
    days = page.rulebook.intake.seller_answer_working_days
    kit.note(page.t("complaints.forward_means", count=waiting, days=days))
    look.muted(page.t("complaints.protected"))
    if st.button(page.t("complaints.forward_go"), type="primary", key="forward_go") and did(
        page,
        lambda s: commands.forward_complaints(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            case_id=file.line.case_id,
        ),
        done="complaints.forwarded",
    ):  # fmt: skip
        look.finish()


def pass_on(page: Here, row: ComplaintRow) -> None:
    """Confirm passing a counter-notice on with the wait it starts."""
    kit.note(page.t("complaints.pass_on_means", days=page.rulebook.intake.counter_wait_days))
    look.said(row.seller_text or "")
    if st.button(page.t("complaints.pass_on_go"), type="primary", key="pass_go") and did(
        page,
        lambda s: commands.pass_on_counter(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            complaint_id=row.complaint_id,
        ),
        done="complaints.passed_on",
    ):  # fmt: skip
        look.finish()


def uphold(page: Here, row: ComplaintRow, file: CaseFile) -> None:
    """Uphold a complaint: the consequence by the points rule, the reason, the button."""
    with reading(page) as session:
        then = foresee_complaint(
            session, page.actor, page.rulebook, clock=page.app.clock,
            case_id=file.line.case_id, brand=row.brand,
        )  # fmt: skip
    kit.note(page.t("complaints.uphold_is_not_finding"))
    if then.closes:
        kit.note(page.t("complaints.uphold_closes", to_close=then.to_close), "bad")
    elif then.too_soon:
        hours = page.rulebook.points.complaint_window_hours
        kit.note(page.t("complaints.uphold_too_soon", hours=hours))
    elif then.counted:
        kit.note(
            page.t(
                "complaints.uphold_counts",
                brand=row.brand,
                nth=then.standing + 1,
                to_close=then.to_close,
            )
        )
    else:
        kit.note(page.t("complaints.uphold_no_count"))
    with_reason(
        page, f"uphold_{row.complaint_id}", page.t("complaints.uphold_go"), "complaints.upheld",
        lambda s, reason: commands.uphold_complaint(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            complaint_id=row.complaint_id, reason=reason, time_zero=time_zero,
        ),
    )  # fmt: skip


def record(page: Here, file: CaseFile) -> None:
    """Record a finding of the case, suspected until somebody else decides it."""
    kit.note(page.t("complaints.record_means"))
    marks = [c.brand for c in file.complaints if c.brand]
    day = today(page.app.clock)
    form = DeskForm(page, f"record_{file.line.case_id}")
    form.begun_note()
    listings = form.number(
        "listings", page.t("field.listings"), value=1, min_value=1, max_value=100_000
    )
    found = form.day("found", page.t("field.found_on"), value=day)
    statement = form.text("statement", page.t("complaints.seen_what"), tall=True, longest=1000)
    named = ask_products(
        page, form, file.line.factory_id, listed=(file.line.store_id, file.line.item_no)
    )
    detail = ask_detail(page, form)
    if form.did(
        page.t("complaints.record_go"),
        lambda s: commands.record_case_finding(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            case_id=file.line.case_id, listings=listings or 0, found_on=found or day,
            statement=statement, brand=marks[0] if marks else None, product_ids=named,
            category=detail.category, intent=detail.intent, value_fen=detail.value_fen,
        ),
        done="complaints.recorded",
    ):  # fmt: skip
        look.finish()


def hear(page: Here, file: CaseFile) -> None:
    """Record what the owner said; his written answer is taken over where he gave one."""
    told = [c.seller_text for c in file.complaints if c.seller_text]
    kit.note(page.t("complaints.hear_means", day=format_day(file.line.hearing_due_on)))
    form = DeskForm(page, f"hear_{file.line.case_id}")
    form.begun_note()
    way = form.choice(
        "way", page.t("complaints.hear_way"),
        [HearingWay.IN_PERSON.value, HearingWay.SILENT.value],
        lambda w: label(HearingWay(w), page.lang),
        value=HearingWay.IN_PERSON.value, radio=True,
    )  # fmt: skip
    said = form.text(
        "said", page.t("complaints.owner_said"), value=told[-1] if told else "", tall=True,
        longest=2000, hint=page.t("complaints.owner_silent"),
    )  # fmt: skip
    if form.did(
        page.t("complaints.hear_go"),
        lambda s: commands.hear_in_case(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, case_id=file.line.case_id,
            way=HearingWay(way or HearingWay.IN_PERSON.value), statement=said,
        ),
        done="complaints.heard",
    ):  # fmt: skip
        look.finish()


def decide(page: Here, file: CaseFile, finding: FindingRow) -> None:
    """Decide the finding: what follows by the rule, the reason, uphold or dismiss."""
    with reading(page) as session:
        then = foresee_finding(
            session, page.actor, page.rulebook, clock=page.app.clock,
            case_id=file.line.case_id,
        )  # fmt: skip
    kit.facts(
        [
            (page.t("complaints.seen_what"), finding.statement),
            *detail_facts(page, finding.finding_id),
            (page.t("complaints.owner_said"), finding.hearing or "—"),
        ]
    )
    show_consequence(page, then, finding.store_id)
    form = DeskForm(page, f"decide_case_{file.line.case_id}")
    form.begun_note()
    intent = ask_intent(page, form)
    course = ask_course(page, form, finding)
    reason = form.text("reason", page.t("app.reason"), tall=True, longest=1000)
    if form.did_one(
        {
            "uphold": page.t("complaints.decide_uphold"),
            "dismiss": page.t("complaints.decide_dismiss"),
        },
        lambda s, name: commands.decide_in_case(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            case_id=file.line.case_id, uphold=name == "uphold", reason=reason,
            time_zero=time_zero, intent=intent, course=course,
        ),
        done="complaints.decided",
    ):  # fmt: skip
        look.finish()


def with_reason(
    page: Here, name: str, word: str, done: str, work: Callable[[Session, str], object]
) -> None:
    """Ask for the reason and do it; `name` says what of which thing, `done` is a locale key."""
    form = DeskForm(page, name)
    form.begun_note()
    reason = form.text("reason", page.t("app.reason"), tall=True, longest=1000)
    if form.did(word, lambda s: work(s, reason), done=done):
        look.finish()
