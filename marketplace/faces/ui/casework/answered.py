"""Leads from the counts of answer times to the complaints they count, on the same page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from marketplace.base.clock import working_days_between
from marketplace.base.words import format_day, has_key
from marketplace.desk.intake_figures import AnswerState, IntakeFigures
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import linked_table, take_table
from marketplace.faces.ui.office.address import show_place, switched, way_back
from marketplace.faces.ui.session import Here
from marketplace.features.complaints.queries import HandledRow

_AT, _STATE = "rows", "state"
_SHOWN = 50  # what a page holds; the file has all
_HEADS = ("case", "store", "origin", "received", "answered", "days", "upheld")


def address(group: str) -> str:
    """Return where the complaints of a group stand."""
    return "/answer_times?" + urlencode({_AT: group})


def lead(page: Here, group: str, state: AnswerState) -> None:
    """Offer the complaints of a figure under it."""
    st.page_link(
        "views/answer_times.py",
        label=page.t("complaints.rows.open"),
        icon=":material/list:",
        query_params={_AT: group, _STATE: state.value},
    )


def show_rows(page: Here, found: IntakeFigures) -> None:
    """Show the complaints of the group that the address asks for, narrowed by how they stand."""
    group = found.group(st.query_params.get(_AT, ""))
    if group is None:
        return
    show_place(_AT, group.name)
    with st.container(key="card_answered_rows"):
        way_back(page.t("complaints.rows.close"), _AT, _STATE)
        kit.section(page.t("complaints.rows.title", name=group_name(page, group.name)))
        options = {
            state.value: f"{page.t(f'complaints.rows.{state.value}')} {len(group.among(state)):,}"
            for state in AnswerState
        }
        start = AnswerState.RECEIVED.value
        chosen = switched(page.t("complaints.rows.which"), _STATE, options, start=start)
        rows = group.among(AnswerState(chosen))
        if not rows:
            kit.empty(page.t("complaints.rows.none"))
            return
        heads = [page.t(f"complaints.rows.head.{name}") for name in _HEADS]
        cells = [_cells(page, found, row) for row in rows]
        shown = cells[:_SHOWN]
        links = [f"/case?id={row.case_id}" for row in rows[: len(shown)]]
        linked_table(heads, shown, links, frozenset({5}))
        if len(cells) > len(shown):
            st.caption(page.t("complaints.rows.first", shown=len(shown)))
        title = page.t("complaints.rows.title", name=group_name(page, group.name))
        take_table(page, heads, cells, name=f"answer-times-{group.name}-{chosen}", title=title)


def _cells(page: Here, found: IntakeFigures, row: HandledRow) -> Sequence[str]:
    clock = row.handled
    days = working_days_between(
        clock.received_on, clock.answered_on or found.day, page.rulebook.calendar
    )
    word = "" if clock.answered_on is None else "yes" if clock.upheld else "no"
    return (
        row.case_number,
        row.store_name,
        page.t(f"enum.Origin.{row.origin.value}"),
        format_day(clock.received_on),
        format_day(clock.answered_on),
        str(days),
        page.t(f"complaints.rows.{word}") if word else "—",
    )


def group_name(page: Here, name: str) -> str:
    """Return the word of a group: all, an origin or whether enrolled."""
    own = f"complaints.group.{name}"
    return page.t(own if has_key(own) else f"enum.Origin.{name}")
