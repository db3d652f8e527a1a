"""The office's complaints and cases: what is due, who holds it. The filter is the address."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.exchange.kinds import ImportKind
from marketplace.faces.ui.casework import bulk, intake_forms, listing
from marketplace.faces.ui.office import folding, look
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.complaints.queries import list_cases


def show(page: Here) -> None:
    """Show the list with its facets, and the ways in."""
    listing.take_address()
    wanted = listing.asked()
    with reading(page) as session:
        found = list_cases(
            session,
            page.actor,
            clock=page.app.clock,
            program=page.rulebook.program.key,
            wanted=wanted,
        )
    question = page.t(
        "complaints.list_question", count=found.matching, total=found.total, late=found.late
    )
    with look.head(page.t("page.cases.title"), question):
        st.page_link("views/answer_times.py", label=page.t("page.answer_times.title"))
        if page.actor.role is Role.OFFICER:
            st.page_link(
                "views/import_file.py",
                label=page.t("complaints.import_file"),
                query_params={"kind": ImportKind.COMPLAINTS.value},
            )
            look.open_button(page.t("complaints.open_case"), "open_case")
            look.open_button(page.t("complaints.take_in"), "take_in", kind="primary")
    left, right = st.columns([1, 3], gap="medium")
    with left:
        listing.search_bar(page)
        with folding.facets(page, chosen=listing.narrowing()):
            listing.filters(page, found)
    with right:
        if not found.lines:
            listing.nothing(page, found)
        pages = listing.pages(page, found)
        if pages > 1:
            st.pagination(pages, key=listing.PAGE)
        listing.lines(page, found.lines)
        if found.lines:
            with st.container(horizontal=True):
                bulk.button(page, found.open_lines)
                listing.export_button(page, found, wanted)
    listing.write_address()
    intake_forms.dialogs(page)
    bulk.dialogs(page, found.open_lines)


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
