"""The office looks back at its imports: each file with what became of it, and what it left open."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.errors import MarketplaceError
from marketplace.faces.ui import kit
from marketplace.faces.ui.importing.disagreeing import show_disagreements
from marketplace.faces.ui.importing.drafts import show_drafts
from marketplace.faces.ui.importing.history import show_batch, show_batches
from marketplace.faces.ui.importing.remembered import show_columns
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import number_asked
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, page_for

VIEWS = {
    "batches": show_batches,
    "conflicts": show_disagreements,
    "drafts": show_drafts,
    "columns": show_columns,
}


def show(page: Here) -> None:
    """Show what the address asks for: one import, or one of the views."""
    actions = look.head(page.t("page.imports.title"), page.t("page.imports.question"))
    with actions:
        if page.actor.role is Role.OFFICER:
            st.page_link(
                "views/import_file.py",
                label=page.t("imports.new"),
                icon=":material/upload_file:",
            )
    asked = number_asked("batch")
    try:
        if asked is not None:
            show_batch(page, asked)
            return
        VIEWS[_chosen(page)](page)
    except MarketplaceError as error:
        kit.error_box(error, page.lang)


def _chosen(page: Here) -> str:
    asked = st.query_params.get("view", "")
    view = st.segmented_control(
        page.t("imports.view"),
        list(VIEWS),
        default=asked if asked in VIEWS else "batches",
        format_func=lambda name: plain(page.t(f"imports.{name}")),
        label_visibility="collapsed",
        required=True,
        key="imports_view",
    )
    st.query_params["view"] = str(view)
    return str(view)


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
