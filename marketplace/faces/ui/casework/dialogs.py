"""Opens the dialog of a case that was asked for; small ones stand here whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from sqlmodel import Session

from marketplace.base.access.queries import names_of, officers_of
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import doing
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.complaints import commands
from marketplace.features.complaints.kinds import CaseStatus, RefusalCode
from marketplace.features.complaints.queries import (
    CaseFile,
    CaseFilter,
    ComplaintRow,
    list_cases,
)
from marketplace.features.enforcement.queries import FindingRow
from marketplace.features.registry.queries import scope_of_factory

Reasoned = Callable[[Session, str], object]


def show(page: Here, file: CaseFile, finding: FindingRow | None) -> None:
    """Open what is asked for: of the case, or of one of its complaints."""
    name, _, number = look.asked().partition("_")
    row = next((c for c in file.complaints if str(c.complaint_id) == number), None)
    bodies: dict[str, Callable[[], None]] = {
        "forward": lambda: doing.forward(page, file),
        "record": lambda: doing.record(page, file),
        "hear": lambda: doing.hear(page, file),
        "close": lambda: _close(page, file),
        "assign": lambda: _assign(page, file),
    }
    if finding is not None:
        bodies["decide"] = lambda: doing.decide(page, file, finding)
    if row is not None:
        bodies |= _of_complaint(page, row, file)
    body = bodies.get(name)
    if body is not None:
        look.dialog(page, page.t(f"complaints.dialog.{name}"), body, wide=True)


def _of_complaint(
    page: Here, row: ComplaintRow, file: CaseFile
) -> dict[str, Callable[[], None]]:
    def simple(name: str, work: Reasoned) -> Callable[[], None]:
        return lambda: _reasoned(page, name, row.complaint_id, work)

    facts: dict[str, Any] = {
        "clock": page.app.clock,
        "actor": page.actor,
        "complaint_id": row.complaint_id,
    }
    return {
        "uphold": lambda: doing.uphold(page, row, file),
        "refuse": lambda: _refuse(page, row),
        "pass": lambda: doing.pass_on(page, row),
        "join": lambda: _join(page, row, file),
        "split": simple(
            "split",
            lambda s, why: commands.split_complaint(s, page.rulebook, reason=why, **facts),
        ),
        "reverse": simple(
            "reverse",
            lambda s, why: commands.reverse_answer(s, page.rulebook, reason=why, **facts),
        ),
        "malicious": simple(
            "malicious", lambda s, why: commands.mark_malicious(s, reason=why, **facts)
        ),
        "lift": simple("lift", lambda s, why: commands.lift_malicious(s, reason=why, **facts)),
    }


def _reasoned(page: Here, name: str, number: int, work: Reasoned) -> None:
    kit.note(page.t(f"complaints.means.{name}"))
    word = page.t(f"complaints.dialog.{name}")
    doing.with_reason(page, f"{name}_{number}", word, "complaints.done", work)


def _refuse(page: Here, row: ComplaintRow) -> None:
    least = page.rulebook.intake.refusal_min_characters
    kit.note(page.t("complaints.refuse_means"))
    form = DeskForm(page, f"refuse_{row.complaint_id}")
    form.begun_note()
    codes = [c.value for c in RefusalCode]
    picked = form.choice(
        "code", page.t("complaints.refusal"), codes,
        lambda c: label(RefusalCode(c), page.lang), value=codes[0],
    )  # fmt: skip
    code = RefusalCode(picked or RefusalCode.OTHER.value)
    reason = form.text(
        "reason", page.t("field.refusal_reason"), tall=True, longest=1000,
        placeholder=page.t("complaints.refusal_hint", least=least),
    )  # fmt: skip
    cure = form.text(
        "cure_" + code.value, page.t("field.next_step"), tall=True, longest=500,
        value=page.t(f"complaints.cure.{code.value}"),
    )  # fmt: skip
    if form.did(
        page.t("complaints.refuse_go"),
        lambda s: commands.refuse_complaint(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            complaint_id=row.complaint_id, code=code, reason=reason, next_step=cure,
        ),
        done="complaints.refused",
    ):  # fmt: skip
        look.finish()


def _join(page: Here, row: ComplaintRow, file: CaseFile) -> None:
    kit.note(page.t("complaints.means.join"))
    with reading(page) as session:
        every = list_cases(
            session, page.actor, clock=page.app.clock, program=page.rulebook.program.key,
            wanted=CaseFilter(statuses=(CaseStatus.OPEN.value,), size=1),
        )  # fmt: skip
    others = {
        str(n.case_id): f"{n.number} · {n.item_no}"
        for n in every.open_lines
        if n.store_id == file.line.store_id and n.case_id != file.line.case_id
    }
    if not others:
        kit.empty(page.t("complaints.join_none"))
        return
    form = DeskForm(page, f"join_{row.complaint_id}")
    form.begun_note()
    target = form.choice(
        "target", page.t("complaints.join_to"), list(others), others.__getitem__,
        value=next(iter(others)),
    )  # fmt: skip
    reason = form.text("reason", page.t("app.reason"), tall=True, longest=1000)
    if form.did(
        page.t("complaints.dialog.join"),
        lambda s: commands.join_complaint(
            s, clock=page.app.clock, actor=page.actor, complaint_id=row.complaint_id,
            case_id=int(target or 0), reason=reason,
        ),
        done="complaints.done",
    ):  # fmt: skip
        look.finish()


def _close(page: Here, file: CaseFile) -> None:
    facts: dict[str, Any] = {
        "clock": page.app.clock,
        "actor": page.actor,
        "case_id": file.line.case_id,
    }
    _reasoned(
        page, "close", file.line.case_id,
        lambda s, why: commands.close_case(s, reason=why, **facts),
    )  # fmt: skip


def _assign(page: Here, file: CaseFile) -> None:
    program = page.rulebook.program.key
    with reading(page) as session:
        factory = file.line.factory_id
        place = scope_of_factory(session, factory).district if factory else None
        ids = officers_of(session, program, place)
        names = names_of(session, set(ids))
    with st.form("assign", border=False):
        chosen = st.selectbox(
            page.t("complaints.column.officer"), list(names), format_func=lambda n: names[n]
        )
        sent = st.form_submit_button(page.t("complaints.dialog.assign"), type="primary")
    if sent and did(
        page,
        lambda s: commands.assign_case(
            s, clock=page.app.clock, actor=page.actor, case_id=file.line.case_id,
            officer_id=int(chosen or 0),
        ),
        done="complaints.done",
    ):  # fmt: skip
        look.finish()
