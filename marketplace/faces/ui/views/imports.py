"""The office looks back at its imports: each file with what became of it, and the way to undo it."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.errors import MarketplaceError
from marketplace.faces.ui import kit
from marketplace.faces.ui.importing.history import show_batch, show_batches
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, page_for


def show(page: Here) -> None:
    """Show the list, or the import the address names."""
    actions = look.head(page.t("page.imports.title"), page.t("page.imports.question"))
    with actions:
        if page.actor.role is Role.OFFICER:
            st.page_link(
                "views/import_file.py",
                label=page.t("imports.new"),
                icon=":material/upload_file:",
            )
    asked = st.query_params.get("batch", "")
    try:
        if asked.isdigit():
            show_batch(page, int(asked))
        else:
            show_batches(page)
    except MarketplaceError as error:
        kit.error_box(error, page.lang)


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
