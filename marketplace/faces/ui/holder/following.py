"""What a right holder sees of a listing he complained of, and what he can do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from marketplace.base.clock import civil_day
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.holder import filing
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here
from marketplace.features.complaints import commands
from marketplace.features.complaints.kinds import ComplaintStatus, NoticeState
from marketplace.features.complaints.queries import ComplaintRow, FiledRow, NoticeRow

_TONES = {
    ComplaintStatus.OPEN: "warn",
    ComplaintStatus.UPHELD: "good",
    ComplaintStatus.REFUSED: "bad",
    ComplaintStatus.WITHDRAWN: "gray",
    ComplaintStatus.REVERSED: "gray",
}


def listing(page: Here, row: FiledRow) -> None:
    """Show one listing: its state, the reason, the next step."""
    one = row.complaint
    with st.container(key=f"card_filed_{one.complaint_id}"):
        kit.rows(
            [
                (
                    f"{one.number} · {row.store_name} · {row.item_no}",
                    page.t(
                        "complaints.filed_sub",
                        at=format_instant(one.received_at),
                        right=one.right or "—",
                    ),
                    kit.badge(
                        page.t("complaints.court_first")
                        if is_his_turn(row)
                        else label(one.status, page.lang),
                        "bad" if is_his_turn(row) else _TONES[one.status],
                    ),
                )
            ]
        )
        look.said(one.text)
        kit.markup(f'<p class="muted">{escape(next_of(page, one))}</p>')
        if one.seller_text and one.seller_answer:
            kit.facts(
                [
                    (page.t("complaints.seller_said"), label(one.seller_answer, page.lang)),
                    (page.t("complaints.seller_words"), one.seller_text),
                ]
            )
        if one.status is ComplaintStatus.REFUSED:
            kit.facts(
                [
                    (
                        page.t("complaints.refusal"),
                        label(one.refusal, page.lang) if one.refusal else "—",
                    ),
                    (page.t("app.reason"), one.reason or "—"),
                    (page.t("field.next_step"), one.next_step or "—"),
                ]
            )
        elif one.reason and one.status is not ComplaintStatus.OPEN:
            kit.facts([(page.t("app.reason"), one.reason)])
        _buttons(page, row)


def next_of(page: Here, one: ComplaintRow) -> str:
    """Say who has it now and until when, or what the answer means."""
    if one.status is not ComplaintStatus.OPEN:
        return page.t(f"complaints.next.{one.status.value}")
    if one.state is NoticeState.FORWARDED and one.seller_answer is None:
        return page.t("complaints.next.forwarded", day=format_day(one.seller_due_on))
    if one.state is NoticeState.WAITING:
        return page.t("complaints.next.waiting", until=last_day(one.wait_until))
    if one.state in {NoticeState.RESTORED, NoticeState.MAINTAINED, NoticeState.COUNTERED}:
        return page.t(f"complaints.next.{one.state.value}")
    return page.t("complaints.next.office", day=format_day(one.due_on))


def last_day(until: datetime | None) -> str:
    """Return the last day of a wait that ends with the instant given: midnight is no day to aim at."""
    return format_day(civil_day(until - timedelta(seconds=1)) if until else None)


def notices(page: Here, rows: Sequence[NoticeRow]) -> None:
    """Show the notices with what became of their listings."""
    names = ("number", "right", "filed", "lines", "open", "upheld", "refused")
    heads = {name: page.t(f"complaints.notice.{name}") for name in names}
    table = kit.table_markup(
        list(heads.values()),
        [
            [
                n.number,
                n.right,
                format_instant(n.filed_at),
                f"{n.accepted}/{len(n.lines)}",
                str(n.open),
                str(n.upheld),
                str(n.refused),
            ]
            for n in rows
        ],
        frozenset({3, 4, 5, 6}),
    )

    def counts(n: NoticeRow) -> str:
        told = {"lines": f"{n.accepted}/{len(n.lines)}", "open": n.open}
        told |= {"upheld": n.upheld, "refused": n.refused}
        return " · ".join(f"{heads[name]} {value}" for name, value in told.items() if value)

    kit.table_or_rows(
        table,
        [
            (f"{n.number} · {format_instant(n.filed_at)}", f"{n.right} · {counts(n)}", "")
            for n in rows
        ],
    )


def dialogs(page: Here, rows: Sequence[FiledRow], filed: Sequence[NoticeRow]) -> None:
    """Open the dialog that was asked for."""
    name, _, number = look.asked().partition("_")
    if name == "rest" and (left := [n for n in filed if n.open]):
        look.dialog(
            page, page.t("complaints.withdraw_rest"), lambda: _withdraw_rest(page, left)
        )
    row = next((r for r in rows if str(r.complaint.complaint_id) == number), None)
    if row is None:
        return
    if name == "court":
        look.dialog(page, page.t("complaints.court"), lambda: _court(page, row.complaint))
    if name == "withdraw":
        look.dialog(page, page.t("complaints.withdraw"), lambda: _withdraw(page, row.complaint))


def is_his_turn(row: FiledRow) -> bool:
    """Tell whether the complainant himself is to act: the wait of art. 43 runs."""
    one = row.complaint
    return one.state is NoticeState.WAITING and one.status is ComplaintStatus.OPEN


def _buttons(page: Here, row: FiledRow) -> None:
    one = row.complaint
    with st.container(horizontal=True):
        if is_his_turn(row):
            look.open_button(
                page.t("complaints.court"), f"court_{one.complaint_id}", kind="primary"
            )
        if one.status is ComplaintStatus.OPEN and one.state not in {
            NoticeState.RESTORED,
            NoticeState.MAINTAINED,
        }:
            look.open_button(page.t("complaints.withdraw"), f"withdraw_{one.complaint_id}")
        if one.status is ComplaintStatus.REFUSED and st.button(
            page.t("complaints.correct"), key=f"cure_{one.complaint_id}"
        ):
            _correct(page, row)


def _correct(page: Here, row: FiledRow) -> None:
    """Put the listing into the notice that is being written, under what stands there."""
    told = " ".join(row.complaint.text.split())  # a line of a notice is one line
    line = f"{row.store_name}\t{row.item_no}\t"
    try:
        if not filing.is_listed(page, line):  # put there before, and perhaps corrected since
            filing.add_lines(page, f"{line}{told}")
        if row.right_id is not None:
            filing.notice_form(page).put("right", str(row.right_id))
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    st.switch_page("views/file_notice.py")


def _court(page: Here, one: ComplaintRow) -> None:
    kit.note(page.t("complaints.court_means", until=last_day(one.wait_until)))
    form = DeskForm(page, f"court_{one.complaint_id}")
    form.begun_note()
    told = form.text(
        "number",
        page.t("complaints.court_number"),
        placeholder=page.t("complaints.court_sample"),
    )
    if form.did(
        page.t("complaints.court_go"),
        lambda s: commands.record_proceedings(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            complaint_id=one.complaint_id, reference=told,
        ),
        done="complaints.done",
    ):  # fmt: skip
        look.finish()


def _withdraw(page: Here, one: ComplaintRow) -> None:
    kit.note(page.t("complaints.withdraw_means"))
    form = DeskForm(page, f"withdraw_{one.complaint_id}")
    form.begun_note()
    reason = form.text("reason", page.t("app.reason"), tall=True, longest=500)
    if form.did(
        page.t("complaints.withdraw"),
        lambda s: commands.withdraw_complaint(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            complaint_id=one.complaint_id, reason=reason,
        ),
        done="complaints.done",
    ):  # fmt: skip
        look.finish()


def _withdraw_rest(page: Here, left: Sequence[NoticeRow]) -> None:
    kit.note(page.t("complaints.withdraw_rest_means"))
    names = {
        n.notice_id: page.t(
            "complaints.withdraw_rest_line",
            number=n.number, at=format_instant(n.filed_at), open=n.open,
        )
        for n in left
    }  # fmt: skip
    notice_id = st.selectbox(
        page.t("complaints.withdraw_rest_which"), list(names), format_func=names.__getitem__
    )
    form = DeskForm(page, f"withdraw_notice_{notice_id}")
    form.begun_note()
    reason = form.text("reason", page.t("app.reason"), tall=True, longest=500)
    if form.did(
        page.t("complaints.withdraw_rest_go"),
        lambda s: commands.withdraw_notice(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            notice_id=int(notice_id), reason=reason,
        ),
        done="complaints.done",
    ):  # fmt: skip
        look.finish()
