"""The owner appeals with one tap from the statement he reads, and sees where his appeal stands."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.files import receive_file
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.uploads import Taken, take
from marketplace.features.appeals import commands as appeals
from marketplace.features.appeals.kinds import AppealGround, AppealStatus
from marketplace.features.appeals.queries import AppealRow
from marketplace.features.appeals.rules import Door
from marketplace.features.enforcement.queries import StatementView

TYPES = ("jpg", "jpeg", "png", "webp", "pdf", "heic", "heif")
APPEAL_TONES = {
    AppealStatus.FILED: "warn",
    AppealStatus.UPHELD: "good",
    AppealStatus.REJECTED: "bad",
    AppealStatus.WITHDRAWN: "gray",
    AppealStatus.SETTLED: "good",
}


def show_appeals(
    page: Here, paper: StatementView, filed: Sequence[AppealRow], door: Door | None
) -> None:
    """Show the appeals against a statement, then the one button, or why there is none."""
    for appeal in reversed(filed):
        _standing(page, appeal)
    if door is None:
        return
    if door.instance is None:
        if door.refusal == "appeal_too_late":
            st.caption(page.t("appeals.too_late", until=format_day(door.until)))
        return
    if paper.operator_id not in page.actor.head_of:
        # Said before a word is typed: what he writes is kept for himself, not for the head.
        kit.note(page.t("entry.head_appeals", until=format_day(door.until)))
        return
    st.button(
        page.t(f"appeals.open_{min(door.instance, 2)}", number=paper.number),
        key=f"appeal_{paper.statement_id}",
        type="primary",
        width="stretch",
        on_click=_ask,
        args=(paper.statement_id,),
    )
    st.caption(page.t("appeals.until", until=format_day(door.until)))
    form = KeptForm(page, f"appeal_{paper.statement_id}")
    # What he began stays open after a reload: folded away, it would look lost.
    if st.session_state.get("appealing") == paper.statement_id or form.is_begun:
        _form(page, paper, form)


def _ask(statement_id: int) -> None:
    st.session_state["appealing"] = statement_id


def _standing(page: Here, appeal: AppealRow) -> None:
    word = kit.badge(label(appeal.status, page.lang), APPEAL_TONES[appeal.status])
    head = page.t(
        f"appeals.head_{min(appeal.instance, 2)}",
        number=appeal.number,
        at=format_instant(appeal.filed_at),
    )
    lines = [appeal.text]
    if appeal.status is AppealStatus.FILED:
        lines.append(page.t("appeals.due", due=format_day(appeal.due_on)))
    if appeal.decision:
        lines.append(page.t("appeals.decision", reason=appeal.decision))
    said = "".join(f'<p style="white-space:pre-line">{kit.told(line)}</p>' for line in lines)
    # What he attached is told too, so that nobody wonders whether it arrived.
    kept = page.t("app.comma").join(
        f'<a href="/files/{use_id}" target="_blank" rel="noopener">'
        f"{escape(page.t('appeals.file', n=number))}</a>"
        for number, use_id in enumerate(appeal.use_ids, start=1)
    )
    shown = f"<p>{kept}</p>" if kept else ""
    kit.markup(f"<p><b>{kit.told(head)}</b> {word}</p>{said}{shown}")
    if appeal.status is not AppealStatus.FILED:
        return
    with st.popover(page.t("appeals.withdraw"), width="stretch"):
        kit.note(page.t("appeals.withdraw_means"))
        if st.button(page.t("appeals.withdraw_go"), key=f"withdraw_{appeal.appeal_id}") and did(
            page,
            lambda s: appeals.withdraw_appeal(
                s, clock=page.app.clock, actor=page.actor, appeal_id=appeal.appeal_id
            ),
            done="appeals.withdrawn",
        ):
            st.rerun()


def _form(page: Here, paper: StatementView, form: KeptForm) -> None:
    form.begun_note()
    ground = form.choice(
        "ground",
        page.t("appeals.ground"),
        [g.value for g in AppealGround],
        lambda g: label(AppealGround(g), page.lang),
        value=next(iter(AppealGround)).value,
        radio=True,
    )
    text = form.text(
        "text",
        page.t("appeals.text"),
        tall=True,
        longest=2000,
        hint=page.t("appeals.text_help"),
    )
    with st.container(key=f"shot_appeal_{paper.statement_id}"):  # the camera, on a phone
        files = st.file_uploader(
            page.t("appeals.files"),
            type=list(TYPES),
            accept_multiple_files=True,
            key=f"appeal_files_{paper.statement_id}",
        )

    ready: list[Taken] = []

    def are_taken() -> bool:
        found = take(page, *files)
        ready[:] = found or ()
        return found is not None

    def work(session: Session) -> int:
        use_ids = [
            receive_file(
                session, clock=page.app.clock, actor=page.actor, content=given.content,
                name=given.name, purpose="appeal", subject=f"statement:{paper.statement_id}",
                program=paper.program, data_dir=page.app.data_dir,
                operator_id=paper.operator_id,
            )
            for given in ready
        ]  # fmt: skip
        return appeals.file_appeal(
            session,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            statement_id=paper.statement_id,
            ground=AppealGround(ground or next(iter(AppealGround))),
            text=text,
            use_ids=use_ids,
        )

    if form.send(page.t("appeals.send"), work, first=are_taken, done="appeals.sent"):
        st.session_state.pop("appealing", None)
        st.rerun()
