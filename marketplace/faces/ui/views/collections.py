"""The marketer's collections: make one, see which are on, export what may be shown."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import civil_day
from marketplace.base.words import format_day
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.promoting import editing, exporting, slots
from marketplace.faces.ui.promoting.telling import is_over, phase, show_check, title_of
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.promotion.kinds import CollectionStatus
from marketplace.features.promotion.queries import (
    CollectionRow,
    list_collections,
    list_slots,
)

_OVER_AT_ONCE = 10  # years of collections are not drawn at once
_PAGE = "collections_over_pg"


def show(page: Here) -> None:
    """Show every collection with where it stands and what can be done."""
    with look.head(page.t("page.collections.title"), page.t("page.collections.question")):
        editing.new_button(page)
    with reading(page) as session:
        rows = list_collections(session, page.actor, program=page.rulebook.program.key)
    if not rows:
        look.empty(page.t("officer.market.none"), page.t("officer.market.none_hint"))
    over = [row for row in rows if is_over(page, row)]
    pages = max(1, -(-len(over) // _OVER_AT_ONCE))
    place = min(int(st.session_state.get(_PAGE) or 1), pages)
    first = (place - 1) * _OVER_AT_ONCE
    for row in [
        *(row for row in rows if not is_over(page, row)),
        *over[first : first + _OVER_AT_ONCE],
    ]:
        with st.container(key=f"card_c{row.collection_id}"):
            _collection(page, row)
    if pages > 1:
        st.pagination(pages, key=_PAGE)


def _collection(page: Here, row: CollectionRow) -> None:
    with reading(page) as session:
        standing = list_slots(
            session,
            page.actor,
            page.rulebook,
            clock=page.app.clock,
            collection_id=row.collection_id,
        )
    told = page.t(
        "officer.market.row",
        start=format_day(civil_day(row.starts_at)),
        end=format_day(civil_day(row.ends_at)),
        filled=row.filled,
        slots=row.slot_count,
        reserves=row.reserves,
    )
    kit.markup(f"<p>{phase(page, row)}</p>")
    kit.section(title_of(page, row), told)
    slots.strip(page, standing)
    if standing and not is_over(page, row):
        show_check(page, row, standing)
    with st.container(horizontal=True, vertical_alignment="center"):
        draft = row.status is CollectionStatus.DRAFT
        if draft:
            st.page_link(
                "views/picker.py",
                label=page.t("officer.market.arrange_go"),
                icon=":material/arrow_forward:",
                query_params={"c": str(row.collection_id)},
            )
            editing.edit_button(page, row)
        slots.preview_button(page, row)
        exporting.export_menu(page, row, standing)
        if row.status is CollectionStatus.PUBLISHED and not is_over(page, row):
            editing.withdraw_button(page, row)


show(page_for(Role.MARKETER))
