"""A hold that waits for a second person, or for its review: read it whole, then act."""

from __future__ import annotations

import streamlit as st

from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After
from marketplace.faces.ui.holding import deeds, telling
from marketplace.faces.ui.session import Here, reading
from marketplace.features.holds.queries import get_hold


def show(page: Here, task: Task, after: After) -> None:
    """Show the hold with its receipts; the deeds open dialogs, which lead back here."""
    del after
    with reading(page) as session:
        file = get_hold(session, page.actor, clock=page.app.clock, hold_id=task.entity_id)
    kit.markup(telling.badge(page, file.row))
    telling.facts(page, file.row)
    deeds.actions(page, file.row)
    kit.section(page.t("holds.receipts"))
    telling.receipts(page, file)
    st.page_link(
        "views/holds.py",
        label=page.t("holds.open", number=file.row.number),
        query_params={"id": str(file.row.hold_id)},
    )
