"""What can be done about a hold: place, agree, release in part or whole, extend."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.clock import today
from marketplace.base.errors import Refused
from marketplace.base.money import format_amount, parse_yuan
from marketplace.base.words import format_day, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.measures.policies import is_offered
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.enforcement.kinds import MeasureKind
from marketplace.features.enforcement.queries import FindingRow
from marketplace.features.holds import commands as holds
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.queries import HoldRow, preview_hold


def place_button(page: Here, findings: Sequence[FindingRow], *, district: str | None) -> None:
    """Show the button that holds a payment on one of these findings; the dialog with it."""
    scope = Scope(page.rulebook.program.key, district)
    if not may(page.actor, "holds.place_hold", scope):
        return
    if not page.rulebook.holds.bases:
        st.caption(page.t("holds.no_rules"))
        return
    if not findings:
        st.caption(page.t("holds.no_finding"))
        return
    findings = [
        f for f in findings if is_offered(page, f.product_ids, MeasureKind.PAYMENT_HOLD)
    ]
    if not findings:
        st.caption(page.t("error.measure_not_in_category"))
        return
    look.open_button(page.t("holds.place"), "place_hold")
    if look.is_asked("place_hold"):
        title = page.t("holds.place_title")
        look.dialog(page, title, partial(_place, page, findings), wide=True)


def actions(page: Here, row: HoldRow) -> None:
    """Show the deeds open to this person at this point; the dialogs with them."""
    scope = Scope(page.rulebook.program.key, row.district)
    is_own = page.actor.account_id == row.placed_by
    with st.container(horizontal=True, vertical_alignment="center"):
        if row.status is HoldStatus.PENDING and may(page.actor, "holds.confirm_hold", scope):
            if is_own:
                look.muted(page.t("holds.confirm_other"))
            else:
                look.open_button(page.t("holds.confirm_title"), "confirm", kind="primary")
        if row.status is HoldStatus.RUNNING and may(page.actor, "holds.release_hold", scope):
            look.open_button(page.t("holds.release"), "release", kind="primary")
            _extend_button(page, row, is_own=is_own)
    dialogs = {"confirm": _confirm, "release": _release, "extend": _extend}
    asked = look.asked()
    if asked in dialogs:
        title = page.t("holds.confirm_title" if asked == "confirm" else f"holds.{asked}_title")
        look.dialog(page, title, partial(dialogs[asked], page, row))


def _extend_button(page: Here, row: HoldRow, *, is_own: bool) -> None:
    if row.until_on >= row.longest_until_on:
        look.muted(page.t("holds.extend_longest"))
    elif row.review_on > today(page.app.clock):
        look.muted(page.t("holds.extend_not_yet", day=format_day(row.review_on)))
    elif is_own:
        look.muted(page.t("holds.extend_other"))
    else:
        look.open_button(page.t("holds.extend"), "extend")


def _place(page: Here, findings: Sequence[FindingRow]) -> None:
    kit.note(page.t("holds.place_means"))
    threshold = format_amount(page.rulebook.holds.second_person_fen)
    st.caption(page.t("holds.place_second", amount=threshold))
    by_id = {f.finding_id: f for f in findings}
    chosen = st.selectbox(
        page.t("holds.finding"), list(by_id), key="hold_finding",
        format_func=lambda n: finding_line(page, by_id[n]),
    )  # fmt: skip
    with reading(page) as session:
        room = preview_hold(session, page.actor, finding_id=chosen)
    disputed = "—" if room.disputed_fen is None else format_amount(room.disputed_fen)
    kit.facts(
        [
            (page.t("holds.disputed"), disputed),
            (page.t("holds.available"), format_amount(room.available_fen)),
            (page.t("holds.largest"), format_amount(room.largest_fen)),
        ]
    )
    if room.available_fen <= 0:
        kit.note(page.t("holds.none_available"))
        return
    zh = page.lang == "zh"
    bases = {b.key: b.name_zh if zh else b.name_en for b in page.rulebook.holds.bases}
    laws = {b.key: b.law_zh if zh else b.law_en for b in page.rulebook.holds.bases}
    form = DeskForm(page, f"hold_{chosen}")
    form.begun_note()
    first = next(iter(bases))
    basis = (
        form.choice("basis", page.t("holds.basis"), list(bases), bases.__getitem__, value=first)
        or first
    )
    look.muted(laws[basis])
    stated = ""
    if room.disputed_fen is None:
        stated = form.text(
            "stated", page.t("holds.stated"), hint=page.t("holds.stated_help"), longest=20
        )
    amount = form.text("amount", page.t("holds.amount"), longest=20)
    reason = form.text("reason", page.t("holds.place_reason"), tall=True, longest=1000)
    look.muted(page.t("holds.simulated"))
    if form.did(
        page.t("holds.place_go"),
        lambda s: holds.place_hold(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, finding_id=chosen,
            basis=basis, amount_fen=_fen(amount), reason=reason,
            disputed_fen=_fen(stated) if stated else None, token=form.token,
        ),
        done="holds.place_done",
    ):  # fmt: skip
        look.finish()


def _confirm(page: Here, row: HoldRow) -> None:
    kit.note(page.t("holds.confirm_means", amount=format_amount(row.amount_fen)))
    look.said(row.reason)
    form = DeskForm(page, f"hold_confirm_{row.hold_id}")
    form.begun_note()
    reason = form.text("reason", page.t("holds.place_reason"), tall=True, longest=1000)
    answer = form.did_one(
        {"confirm": page.t("holds.confirm"), "decline": page.t("holds.decline")},
        lambda s, name: holds.confirm_hold(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, hold_id=row.hold_id,
            accept=name == "confirm", reason=reason,
        ),
    )  # fmt: skip
    if answer is not None:
        st.session_state["toast"] = page.t(f"holds.{answer}_done")
        look.finish()


def _release(page: Here, row: HoldRow) -> None:
    kit.note(page.t("holds.release_means"))
    whole = f"{row.remaining_fen / 100:.2f}"
    # What is left is part of the name: an amount begun before another release is no amount now.
    form = DeskForm(page, f"hold_release_{row.hold_id}_{row.remaining_fen}")
    form.begun_note()
    amount = form.text("amount", page.t("holds.release_amount"), value=whole, longest=20)
    reason = form.text("reason", page.t("holds.release_reason"), tall=True, longest=1000)
    if form.did(
        page.t("holds.release_go"),
        lambda s: holds.release_hold(
            s, clock=page.app.clock, actor=page.actor, hold_id=row.hold_id,
            amount_fen=_fen(amount), reason=reason,
            # What is left names the deed: a second click on the same page lets go once.
            token=f"{row.hold_id}:{row.remaining_fen}",
        ),
        done="holds.release_done",
    ):  # fmt: skip
        look.finish()


def _extend(page: Here, row: HoldRow) -> None:
    kit.note(page.t("holds.extend_means", day=format_day(row.longest_until_on)))
    form = DeskForm(page, f"hold_extend_{row.hold_id}_{row.until_on}")
    form.begun_note()
    reason = form.text("reason", page.t("holds.release_reason"), tall=True, longest=1000)
    if form.did(
        page.t("holds.extend_go"),
        lambda s: holds.extend_hold(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, hold_id=row.hold_id,
            reason=reason,
        ),
        done="holds.extend_done",
    ):  # fmt: skip
        look.finish()


def finding_line(page: Here, f: FindingRow) -> str:
    """Return a finding in one line, to choose it by."""
    return page.t(
        "holds.finding_line", store=f.store_name, day=format_day(f.found_on),
        listings=f.listings, status=label(f.status, page.lang),
    )  # fmt: skip


def _fen(text: str) -> int:
    try:
        return parse_yuan(text)
    except ValueError as error:
        raise Refused("amount_unreadable") from error
