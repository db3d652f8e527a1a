"""The columns remembered for each source: look at them, change them, forget them."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.db import housekeeping_write
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_instant, label
from marketplace.exchange.fields import FIELDS
from marketplace.exchange.importing import (
    SavedColumns,
    change_saved_columns,
    list_saved_columns,
)
from marketplace.faces.ui import kit
from marketplace.faces.ui.importing.showing import field_of
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading


def show_columns(page: Here) -> None:
    """Show each source with its columns; the last used first."""
    with reading(page) as session:
        saved = list_saved_columns(session, page.actor, program=page.rulebook.program.key)
    if not saved:
        look.empty(page.t("imports.columns_none"), page.t("imports.columns_none_hint"))
        return
    st.caption(page.t("imports.columns_say"))
    for one in saved:
        title = page.t("imports.columns_of", kind=label(one.kind, page.lang), source=one.source)
        told = page.t(
            "imports.columns_saved", at=format_instant(one.saved_at), count=len(one.columns)
        )
        with st.expander(f"{title}　{told}"):
            _edit(page, one)


def _edit(page: Here, one: SavedColumns) -> None:
    edits = page.actor.role is Role.OFFICER
    with st.form(f"columns_{one.number}", border=False):
        left, right = st.columns(2)
        wanted = {}
        for place, spec in enumerate(FIELDS[one.kind]):
            with left if place % 2 == 0 else right:
                wanted[spec.name] = st.text_input(
                    field_of(page, one.kind, spec.name),
                    value=one.columns.get(spec.name, ""),
                    max_chars=200,
                    disabled=not edits,
                    key=f"kept_{one.number}_{spec.name}",
                )
        with st.container(horizontal=True):
            keep = st.form_submit_button(
                page.t("imports.columns_keep"), type="primary", disabled=not edits
            )
            forget = st.form_submit_button(page.t("imports.columns_forget"), disabled=not edits)
    if not (keep or forget):
        return
    try:
        with housekeeping_write(page.app.store) as session:
            change_saved_columns(
                session,
                clock=page.app.clock,
                actor=page.actor,
                number=one.number,
                columns={} if forget else wanted,
            )
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    done = "columns_forgotten" if forget else "columns_kept"
    st.session_state["toast"] = page.t(f"imports.{done}")
    st.rerun()
