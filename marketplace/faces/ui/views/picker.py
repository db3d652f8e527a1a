"""The marketer arranges a collection: who may be shown, why not, and what fills the rest."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.promoting import editing, exporting, offers, pasted, slots, why
from marketplace.faces.ui.promoting.telling import is_over, phase, span_of, title_of
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.promotion.kinds import CollectionStatus
from marketplace.features.promotion.queries import (
    CollectionRow,
    list_collections,
    list_slots,
)

_SHEET = Path(offers.__file__).with_name("promoting.css")


def show(page: Here) -> None:
    """Show the collection chosen: products at the left, its slots at the right."""
    kit.style(_SHEET)
    with reading(page) as session:
        rows = list_collections(session, page.actor, program=page.rulebook.program.key)
    if not rows:
        with look.head(page.t("page.picker.title"), page.t("page.picker.question")):
            editing.new_button(page)
        look.empty(page.t("officer.market.none"), page.t("officer.market.none_hint"))
        return
    row = _chosen(page, rows)
    with reading(page) as session:
        standing = list_slots(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            collection_id=row.collection_id,
        )
    start, end = span_of(row)
    line = page.t(
        "officer.market.line",
        title=title_of(page, row),
        slots=row.slot_count,
        start=start,
        end=end,
        cap=row.cap_per_group,
    )
    draft = row.status is CollectionStatus.DRAFT
    with look.head(page.t("page.picker.title"), line, mark=phase(page, row)):
        if draft:
            look.open_button(
                page.t("officer.market.paste"), "paste", icon=":material/content_paste:"
            )
        slots.preview_button(page, row)
        exporting.export_menu(page, row, standing)
        if draft:
            slots.publish_button(page, row, standing)
    pasted.receive(page, row)
    if draft and look.is_asked("paste"):
        title = page.t("officer.market.paste")
        look.dialog(page, title, partial(pasted.dialog, page, row, standing), wide=True)
    pasted.show_refused(page)
    _chooser(page, rows)
    left, right = st.columns([5, 3], gap="medium")
    with right:
        why.show(page, row)
        slots.show(page, row, standing)
    with left:
        offers.grid(page, row, standing, *offers.asked(page, row))


def _chosen(page: Here, rows: list[CollectionRow]) -> CollectionRow:
    """Return the collection of the address or of the chooser, a draft before all others."""
    by_id = {row.collection_id: row for row in rows}
    asked = st.query_params.get("c", "")
    if "collection" not in st.session_state and asked:
        if asked.isdigit() and int(asked) in by_id:
            st.session_state["collection"] = int(asked)
        else:
            kit.note(page.t("page.picker.unknown"), "warn")
    chosen = st.session_state.get("collection")
    if chosen not in by_id:
        ranked = sorted(
            rows, key=lambda r: (r.status is not CollectionStatus.DRAFT, is_over(page, r))
        )
        chosen = ranked[0].collection_id
        st.session_state["collection"] = chosen
    if asked != str(chosen):
        st.query_params["c"] = str(chosen)
    return by_id[chosen]


def _chooser(page: Here, rows: list[CollectionRow]) -> None:
    names = {
        row.collection_id: f"{title_of(page, row)} · {page.t(f'enum.CollectionStatus.{row.status.value}')}"
        for row in rows
    }
    st.selectbox(
        page.t("page.picker.collection"),
        list(names),
        format_func=names.__getitem__,
        key="collection",
    )


show(page_for(Role.MARKETER))
