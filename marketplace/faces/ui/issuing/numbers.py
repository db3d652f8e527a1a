"""Leads from each number of the Friday page to the rows it counts, on the same page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

from marketplace.base.words import format_count, format_day
from marketplace.desk.friday import (
    LISTED,
    FridayContent,
    FridayRow,
    list_friday_rows,
    list_late,
)
from marketplace.desk.friday.wording import tell_holder, tell_overdue
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import linked_table, take_table
from marketplace.faces.ui.office.address import beside, show_place, way_back
from marketplace.faces.ui.session import Here, reading

_AT = "rows"
_SHOWN = 50  # what a page holds; the file has all
_LATE = "overdue"
_Cells = tuple[tuple[str, ...], str]  # a row and where it leads


def lead(page: Here, key: str) -> None:
    """Offer the rows of a number under it."""
    st.page_link(
        "views/friday.py",
        label=page.t("friday.rows.open"),
        icon=":material/list:",
        query_params=beside(rows=key),
    )


def show_rows(
    page: Here, content: FridayContent, district: str | None, *, is_issue: bool
) -> None:
    """Show the rows of the number that the address asks for, as many as there are now.

    What waits is what waits for its reader on this day: an issue keeps the number and three of it.
    """
    key = st.query_params.get(_AT, "")
    if key not in {*LISTED, _LATE}:
        return
    show_place(_AT, key)
    day = date.fromisoformat(content.day)
    name = page.t(f"friday.number.{key}.name")
    with st.container(key="card_friday_rows"):
        way_back(page.t("friday.rows.close"), _AT)
        if key == _LATE and is_issue:
            kit.section(page.t("friday.rows.title", name=name, count="—"))
            kit.note(page.t("friday.rows.late_gone"))
            return
        heads, cells, told = _made(page, key, day, district)
        kit.section(page.t("friday.rows.title", name=name, count=f"{len(cells):,}"), told)
        if is_issue:
            st.caption(page.t("friday.rows.as_known"))
        if not cells:
            kit.empty(page.t("friday.rows.none"))
            return
        shown = cells[:_SHOWN]
        right = _RIGHT.get(key, frozenset())
        linked_table(heads, [row for row, _to in shown], [to for _row, to in shown], right)
        if len(cells) > len(shown):
            st.caption(page.t("friday.rows.first", shown=len(shown)))
        take_table(
            page, heads, [row for row, _to in cells], name=f"friday-{key}", title=name
        )  # fmt: skip


_RIGHT: Mapping[str, frozenset[int]] = {
    "upheld_week": frozenset({3}),
    "rate_month": frozenset({2, 3, 4}),
    _LATE: frozenset({2}),
}
_HEADS: Mapping[str, Sequence[str]] = {
    "enrolled": ("firm", "status", "enrolled_on"),
    "verified_week": ("firm", "product", "decided_on"),
    "upheld_week": ("firm", "store", "decided_on", "listings"),
    "rate_month": ("firm", "store", "checked", "findings", "listings", "counted"),
    _LATE: ("thing", "holder", "days"),
}


def _made(
    page: Here, key: str, day: date, district: str | None
) -> tuple[list[str], list[_Cells], str]:
    """Return heads, rows, and what the rows add up to where that is the number."""
    heads = [page.t(f"friday.rows.head.{name}") for name in _HEADS[key]]
    with reading(page) as session:
        if key == _LATE:
            late = list_late(
                session, page.actor, page.rulebook, clock=page.app.clock, district=district
            )
            told = [
                (
                    tell_overdue(x, page.rulebook, page.lang),
                    tell_holder(x, page.lang),
                    str(x.days),
                )
                for x in late
            ]
            return heads, [(row, "") for row in told], ""
        rows = list_friday_rows(
            session, page.actor, page.rulebook, key=key, day=day, district=district
        )
    cells = [(_CELLS[key](page, row), _link(row)) for row in rows]
    return heads, cells, _sums(page, rows) if key == "rate_month" else ""


def _sums(page: Here, rows: Sequence[FridayRow]) -> str:
    counted = [r for r in rows if r.in_rate]
    return page.t(
        "friday.rows.sums",
        listings=f"{sum(r.listings or 0 for r in counted):,}",
        checked=f"{sum(r.checked or 0 for r in counted):,}",
        outside=f"{sum(r.findings or 0 for r in rows if not r.in_rate):,}",
    )


def _link(row: FridayRow) -> str:
    return "" if row.factory_id is None else f"/dossier?id={row.factory_id}"


def _enrolled(page: Here, row: FridayRow) -> tuple[str, ...]:
    return row.firm, page.t(f"enum.EnrollmentStatus.{row.what}"), format_day(row.on)


def _verified(page: Here, row: FridayRow) -> tuple[str, ...]:
    del page
    return row.firm, row.what, format_day(row.on)


def _upheld(page: Here, row: FridayRow) -> tuple[str, ...]:
    return (*_verified(page, row), format_count(row.listings))


def _month(page: Here, row: FridayRow) -> tuple[str, ...]:
    inside = page.t(f"figures.row.{'inside' if row.in_rate else 'outside'}")
    counts = (row.checked, row.findings, row.listings)
    return (row.firm, row.what, *(format_count(n) for n in counts), inside)


_CELLS: Mapping[str, Callable[[Here, FridayRow], tuple[str, ...]]] = {
    "enrolled": _enrolled,
    "verified_week": _verified,
    "upheld_week": _upheld,
    "rate_month": _month,
}
