"""The office's list: who is at which step, where it is stuck, who has it. The filter is the URL."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_instant
from marketplace.desk.factories import PAGE_ROWS, FactoryPage, list_factories
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import folding, listing, look
from marketplace.faces.ui.office.listing_actions import bulk_bar, export_menu, views_bar
from marketplace.faces.ui.office.listing_rows import rows
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, page_for, reading


def filters(page: Here, found: FactoryPage) -> None:
    """Show the facets with their counts under the other filters as they are."""
    for name, attribute in zip(
        listing.FACETS, ("districts", "stages", "statuses", "bands", "officers"), strict=True
    ):
        known = listing.in_order(page, name, getattr(found.every, attribute))
        counts = getattr(found.facets, attribute)
        known += [v for v in st.session_state.get(f"f_{name}") or [] if v not in known]
        _facet(page, name, known, counts)


def search_bar(page: Here) -> None:
    """Show the search and the order above everything else; on a phone too."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            page.t("page.factories.search"),
            placeholder=page.t("page.factories.search_hint"),
            key="f_q",
            on_change=listing.first_page,
            width=320,
        )
        st.selectbox(
            page.t("page.factories.sort"),
            listing.SORTS,
            format_func=lambda key: page.t(f"page.factories.sorts.{key}"),
            key="f_sort",
            on_change=listing.first_page,
            width=160,
        )


def _facet(page: Here, name: str, known: list[str], counts: Mapping[str, int]) -> None:
    def told(value: str) -> str:
        return f"{listing.facet_word(page, name, value)} {counts.get(value, 0)}"

    label = page.t(f"page.factories.facet.{name}")
    if name == "officer":
        st.multiselect(
            label,
            known,
            format_func=told,
            key=f"f_{name}",
            on_change=listing.first_page,
            placeholder=page.t("page.factories.any"),
        )
        return
    st.pills(
        label,
        known,
        selection_mode="multi",
        format_func=lambda v: plain(told(v)),
        key=f"f_{name}",
        on_change=listing.first_page,
        wrap=True,
    )


def show(page: Here) -> None:
    """Show the whole page."""
    rulebook, actor = page.rulebook, page.actor
    listing.take_address()
    now = listing.asked()
    with reading(page) as session:
        found = list_factories(session, actor, rulebook, wanted=now.wanted, page=now.number)
        pages = max(1, -(-found.total // PAGE_ROWS))
        number = min(now.number, pages)
        if number != now.number:  # the address asks for a page beyond the last one
            found = list_factories(session, actor, rulebook, wanted=now.wanted, page=number)
    st.session_state["f_pg"] = number
    now = listing.Asked(now.wanted, number)
    actions = look.head(page.t("page.factories.title"), page.t("page.factories.question"))
    works = actor.role is not Role.AUDITOR
    with actions:
        if works and found.total:
            export_menu(page, now, found.total)
        if actor.role is Role.OFFICER:
            st.page_link(
                "views/register.py",
                label=page.t("officer.list.register"),
                icon=":material/add:",
            )
    if works:
        views_bar(page, now)
    search_bar(page)
    # The grid needs more room for English words, its facets less.
    left, right = (
        st.columns([1, 4], gap="medium")
        if page.lang == "zh"
        else st.columns([2, 11], gap="small")
    )
    with left, folding.facets(page, chosen=now.narrowing):
        filters(page, found)
        if not now.is_plain:
            st.button(
                page.t("officer.list.clear"), key="clear", type="tertiary",
                icon=":material/close:", on_click=listing.take_query, args=("",),
            )  # fmt: skip
    with right:
        if found.lines:
            results(page, now, found, pages, works=works)
        else:
            look.empty(page.t("officer.list.none_title"), page.t("officer.list.none_hint"))
    listing.write_address(now)


def results(
    page: Here, now: listing.Asked, found: FactoryPage, pages: int, *, works: bool
) -> None:
    """Show a page of the result, its paging, and what can be done with selected rows."""
    kit.strong(page.t("page.factories.count", count=found.total))
    places = rows(page, found.lines, choosing=works)
    first = (now.number - 1) * PAGE_ROWS
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            last = first + len(found.lines)
            told = page.t("officer.list.shown", first=first + 1, last=last, total=found.total)
            at = format_instant(page.app.clock.now())
            kit.small(f"{told} · {page.t('officer.status_line.as_of', at=at)}")
        if pages > 1:
            st.pagination(pages, key="f_pg")
    chosen = [found.lines[i] for i in places if i < len(found.lines)]
    if chosen and works:
        bulk_bar(page, now, chosen, found.total)
    elif chosen:
        st.page_link(
            "views/dossier.py",
            label=page.t("page.factories.open", name=chosen[0].name),
            query_params={"id": str(chosen[0].factory_id)},
        )


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
