"""What is issued has its number for good: what that means is read before it is done."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, run

_NAME = "issue"


def issue_button(
    page: Here,
    words: str,
    what: str,
    issue: Callable[[Session], int],
    then: Callable[[int], None] = lambda _number: None,
) -> None:
    """Show the button that issues, and the question it asks first.

    `words` is where the kind of paper has its own; `what` names this one; `then` is told the
    number before the page is shown anew.
    """
    look.open_button(page.t(f"{words}.issue"), _NAME, kind="primary")

    def body() -> None:
        look.said(what)
        kit.note(page.t(f"{words}.issue_help"))
        if not st.button(page.t(f"{words}.issue_sure"), type="primary", width="stretch"):
            return
        number = run(page, issue, done=f"{words}.issued_done")
        if number is not None:
            then(number)
            look.finish()

    if look.is_asked(_NAME):
        look.dialog(page, page.t(f"{words}.issue"), body)
