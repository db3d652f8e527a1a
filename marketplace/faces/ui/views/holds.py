"""The office's and the auditor's holds: whose money is held, why, until when; do the books balance."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.holding import books, deeds, telling
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import (
    beside,
    number_asked,
    picked,
    show_place,
    switched,
    way_back,
)
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.holds.kinds import HoldStatus
from marketplace.features.holds.queries import get_hold, list_holds


def listing(page: Here) -> None:
    """Show one hold where the address names it, else the list with its filters."""
    asked = number_asked("id")
    if asked is not None:
        one(page, asked)
        return
    if not page.rulebook.holds.bases:
        kit.note(page.t("holds.no_rules"))
    books.balance_line(page)
    anything = {"": page.t("holds.any")}
    states = {s.value: label(s, page.lang) for s in HoldStatus}
    zh = page.lang == "zh"
    bases = {b.key: b.name_zh if zh else b.name_en for b in page.rulebook.holds.bases}
    with st.container(horizontal=True):
        status = picked(page.t("holds.status"), "status", anything | states)
        basis = picked(page.t("holds.basis"), "basis", anything | bases, width=300)
    with reading(page) as session:
        rows = list_holds(
            session,
            page.actor,
            clock=page.app.clock,
            program=page.rulebook.program.key,
            statuses=(HoldStatus(status),) if status else (),
            basis=basis or None,
        )
    kit.strong(page.t("holds.count", count=len(rows)))
    if not rows:
        narrowed = bool(status or basis)
        text = page.t("holds.none_match" if narrowed else "holds.none")
        hint = "holds.none_hint" if page.rulebook.holds.bases else "holds.no_rules_hint"
        look.empty(text, page.t(hint))
    for row in rows:
        telling.line(page, row, beside())


def one(page: Here, hold_id: int) -> None:
    """Show a hold: where it stands, what can be done, its receipts, its statements."""
    show_place("id", str(hold_id))
    way_back(page.t("holds.back"), "id")
    try:
        with reading(page) as session:
            file = get_hold(session, page.actor, clock=page.app.clock, hold_id=hold_id)
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    row = file.row
    with st.container(key="card_hold"):
        kit.section(f"{row.number} · {row.store_name}", telling.sum_line(page, row))
        kit.markup(telling.badge(page, row))
        telling.facts(page, row)
        deeds.actions(page, row)
    with st.container(key="card_receipts"):
        kit.section(page.t("holds.receipts"))
        telling.receipts(page, file)
        if file.extensions:
            kit.section(page.t("holds.extensions"))
            telling.extensions(page, file)
        with st.container(horizontal=True):
            if row.statement_id is not None:
                paper = f"/paper/statement/{row.statement_id}"
                st.link_button(page.t("holds.paper"), paper, icon=":material/print:")
                receipts = f"/paper/hold/{row.hold_id}"
                st.link_button(
                    page.t("holds.print_receipts"), receipts, icon=":material/print:"
                )
            if row.factory_id is not None:
                st.page_link(
                    "views/dossier.py",
                    label=row.factory_name or "",
                    icon=":material/folder_open:",
                    query_params={"id": str(row.factory_id)},
                )
        look.muted(page.t("holds.simulated"))


def show(page: Here) -> None:
    """Show the page."""
    look.head(page.t("page.holds.title"), page.t("page.holds.question"))
    views = {v: page.t(f"holds.views.{v}") for v in ("list", "books")}
    view = switched(page.t("holds.view"), "view", views, start="list")
    {"books": books.show}.get(view, listing)(page)


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
