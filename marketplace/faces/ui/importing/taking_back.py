"""The dialog that takes an import back: what would go and what would stay, then the reason."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from marketplace.base.errors import MarketplaceError, Refused
from marketplace.base.text import normalize
from marketplace.base.words import label
from marketplace.exchange.importing import UndoResult, undo_import
from marketplace.exchange.kinds import Undone
from marketplace.exchange.outcomes import UndoLine
from marketplace.exchange.report import undo_reason
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import LEAST_REASON
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here

SHOWN_ROWS = 100
_KEY = "undo_trial"


def ask_reason(page: Here, number: int) -> None:
    """Show what an undo would do, ask why, and do it."""
    st.write(page.t("imports.undo_say"))
    tried = _trial(page, number)
    if tried is None:
        return
    kit.note(page.t("imports.undo_counts", **tried.counts), "warn")
    left = [line for line in tried.lines if line.outcome is not Undone.TAKEN_BACK]
    if left:
        undo_table(page, left)
    form = KeptForm(page, f"undo_import_{number}")
    form.begun_note()
    reason = form.text("reason", page.t("imports.undo_reason"), longest=500)
    if not st.button(page.t("imports.undo_go"), type="primary", key="undo_go"):
        return
    if len(normalize(reason)) < LEAST_REASON:
        kit.error_box(Refused("reason_missing"), page.lang)
        return
    if _take_back(page, number, normalize(reason)):
        form.forget()
        st.session_state.pop(_KEY, None)
        st.session_state["toast"] = page.t("imports.undo_done", number=number)
        look.finish()


def undo_table(page: Here, lines: Sequence[UndoLine]) -> None:
    """Show rows an undo does not take back, and why."""
    kit.table(
        [page.t("imports.row"), page.t("imports.outcome"), page.t("imports.why")],
        [
            [str(line.row), label(line.outcome, page.lang), undo_reason(line, page.lang)]
            for line in lines[:SHOWN_ROWS]
        ],
        frozenset({0}),
    )
    if len(lines) > SHOWN_ROWS:
        st.caption(page.t("imports.more", shown=SHOWN_ROWS))


def _trial(page: Here, number: int) -> UndoResult | None:
    """Try the undo once for each opening of the dialog."""
    kept = st.session_state.get(_KEY)
    if kept is not None and kept.batch_id == number:
        tried: UndoResult = kept
        return tried
    try:
        with st.spinner(page.t("imports.trying")):
            found = undo_import(
                page.app.store,
                batch_id=number,
                clock=page.app.clock,
                actor=page.actor,
                reason=page.t("imports.trying"),
                dry_run=True,
            )
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return None
    st.session_state[_KEY] = found
    return found


def _take_back(page: Here, number: int, reason: str) -> bool:
    bar = st.progress(0.0)

    def move(done: int, total: int) -> None:
        text = page.t("imports.undoing", done=done, total=total)
        bar.progress(done / total if total else 1.0, text=text)

    try:
        undo_import(
            page.app.store,
            batch_id=number,
            clock=page.app.clock,
            actor=page.actor,
            reason=reason,
            progress=move,
        )
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return False
    finally:
        bar.empty()
    return True
