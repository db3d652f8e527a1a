"""For officers and auditors: what the last twelve whole months were for every firm, in any order."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.sheets import Cell
from marketplace.base.words import format_count, format_instant
from marketplace.desk.years import (
    PAGE_ROWS,
    YearFilter,
    YearPage,
    dispersion_for,
    districts_of,
    list_years,
)
from marketplace.faces.ui import kit
from marketplace.faces.ui.figures import linked_table
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.faces.ui.years import asking, telling
from marketplace.features.compliance.rules.sides import FEW_FINDINGS


def read(page: Here, wanted: YearFilter, number: int | None) -> tuple[YearPage, float | None]:
    """Return a page of the list, or all of it where no number is given, and the dispersion."""
    with reading(page) as session:
        found = list_years(
            session,
            page.actor,
            page.rulebook,
            wanted=wanted,
            page=number or 1,
            page_rows=PAGE_ROWS if number else None,
        )
        return found, dispersion_for(session, page.rulebook, found.lines)


def filed(page: Here, wanted: YearFilter) -> list[tuple[Cell, ...]]:
    """Return the rows of the whole list for a file."""
    found, dispersion = read(page, wanted, None)
    with reading(page) as session:
        places = districts_of(session, page.rulebook, found.lines)
    return [
        telling.cells(page, line, dispersion, places.get(line.operator_id, ()))
        for line in found.lines
    ]


def show(page: Here) -> None:
    """Show the whole page."""
    asking.take_address(page)
    wanted, number = asking.asked(), int(st.session_state.get(asking.PAGE) or 1)
    found, dispersion = read(page, wanted, number)
    pages = max(1, -(-found.total // PAGE_ROWS))
    if number > pages:  # the address asks for a page beyond the last one
        number = pages
        found, dispersion = read(page, wanted, number)
    st.session_state[asking.PAGE] = number
    actions = look.head(page.t("page.last_year.title"), page.t("years.question"))
    if found.total:
        with actions:
            take_out(
                page,
                kind="last_year",
                title=page.t("page.last_year.title"),
                heads=telling.heads(page, telling.FILED),
                rows=lambda: filed(page, wanted),
                wanted={"q": wanted.query, "district": wanted.district, "order": wanted.order},
                narrowed=asking.narrowing(page, wanted),
                count=found.total,
            )
    asking.filters(page)
    if found.lines:
        results(page, wanted, (found, dispersion), number, pages)
    elif wanted.query or wanted.district:
        look.empty(page.t("officer.list.none_title"), page.t("officer.list.none_hint"))
        st.button(
            page.t("officer.list.clear"), type="tertiary", icon=":material/close:",
            on_click=asking.clear,
        )  # fmt: skip
    else:
        look.empty(page.t("years.none_title"), page.t("years.none_hint"))
    asking.write_address(wanted, number)


def results(
    page: Here,
    wanted: YearFilter,
    told_by: tuple[YearPage, float | None],
    number: int,
    pages: int,
) -> None:
    """Show a page of the result with what its numbers are, and its paging."""
    found, dispersion = told_by
    latest = max(found.lines, key=lambda line: line.until_month)
    first, last = telling.window(latest)
    needed = format_count(found.lines[0].ranked_from)
    told = page.t("years.count", count=found.total)
    kit.strong(told, f" · {page.t('years.window', first=first, last=last)}")
    behind = sum(line.until_month < latest.until_month for line in found.lines)
    if behind:
        st.caption(page.t("years.behind", count=behind))
    if wanted.order.value == "rate":
        st.caption(page.t("methods.small_last", needed=needed))
    rows = [telling.row(page, line, dispersion) for line in found.lines]
    links = [f"/dossier?id={line.factory_id}" for line in found.lines]
    with st.container(key="z_grid"):
        heads = telling.shown_heads(page, dispersion)
        linked_table(heads, rows, links, telling.RIGHT)
    with st.container(key="z_slim"):
        kit.markup(f'<ul class="z-firms">{"".join(cards(page, told_by, rows, links))}</ul>')
    start = (number - 1) * PAGE_ROWS
    with st.container(horizontal=True, vertical_alignment="center"):
        shown = page.t(
            "officer.list.shown", first=start + 1, last=start + len(found.lines),
            total=found.total,
        )  # fmt: skip
        at = format_instant(page.app.clock.now())
        st.caption(f"{shown} · {page.t('officer.status_line.as_of', at=at)}", width="stretch")
        if pages > 1:
            st.pagination(pages, key=asking.PAGE)
    level = f"{page.rulebook.compliance.interval_level * 100:g}"
    with st.expander(page.t("years.how")):
        st.markdown(page.t("years.how_text", level=level, needed=needed, few=FEW_FINDINGS))
        if dispersion is not None:
            st.caption(page.t("years.dispersion", dispersion=f"{dispersion:.2f}"))
    st.page_link(
        "views/methods.py", label=page.t("years.to_funnel"), query_params={"tab": "funnel"}
    )


def cards(
    page: Here,
    told_by: tuple[YearPage, float | None],
    rows: list[tuple[str, ...]],
    links: list[str],
) -> Iterator[str]:
    """Yield each firm as a phone shows it; the style sheet shows these or the table."""
    found, dispersion = told_by
    for line, row, link in zip(found.lines, rows, links, strict=True):
        seen, looked = telling.card(page, line, dispersion)
        yield (
            f'<li><a href="{link}" target="_self">{escape(row[0])}</a>'
            f'<span class="next">{kit.told(seen)}</span>'
            f'<span class="muted">{kit.told(looked)}</span></li>'
        )


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
