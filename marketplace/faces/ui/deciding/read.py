"""What the public said and became no case: to be read again, and its author asked once more."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_instant
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.contacts import author_card
from marketplace.faces.ui.session import Here, reading
from marketplace.features.complaints.queries import ReadRow, list_read


def show(page: Here) -> None:
    """Let one of the latest be chosen by its number; nothing is decided here again."""
    with reading(page) as session:
        rows = list_read(session, page.actor, program=page.rulebook.program.key)
    if not rows:
        return
    with st.container(key="card_read"):
        kit.section(
            page.t("complaints.read_before"),
            page.t("complaints.read_before_sub", count=len(rows)),
        )
        chosen = st.selectbox(
            page.t("complaints.receipt"),
            rows,
            index=None,
            format_func=lambda row: f"{row.number} · {format_instant(row.at)}",
            placeholder=page.t("complaints.read_choose"),
            key="read_before",
        )
        if chosen is not None:
            _one(page, chosen)


def _one(page: Here, row: ReadRow) -> None:
    told = (
        ("complaints.receipt", row.number),
        ("complaints.what", row.text),
        ("complaints.received", format_instant(row.at)),
        ("app.reason", row.reason),
    )
    kit.facts([(page.t(key), text) for key, text in told if text])
    if row.contact is not None:
        author_card(page, row.contact)
