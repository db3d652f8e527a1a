"""What was done about the stores of a factory: where each stands, and every statement of reasons."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.session import Here, reading
from marketplace.features.enforcement.queries import StatementView, list_statements

_SHOWN = 6


def show(page: Here, d: Dossier) -> None:
    """Show a link to each store's ledger and the latest statements."""
    with reading(page) as session:
        papers = list_statements(session, page.actor, factory_id=d.who.factory_id)
    with st.container(key="card_measures"):
        kit.section(page.t("measures.stores"), page.t("measures.stores_sub"))
        for store in d.points.stores:
            st.page_link(
                "views/store.py",
                label=page.t("measures.open_store", store=store.store_name),
                icon=":material/history:",
                query_params={"id": str(store.store_id)},
            )
        if not papers:
            st.caption(page.t("measures.none"))
            return
        heads, rows = paper_table(page, papers[:_SHOWN])
        kit.table(heads, rows, frozenset())
        if len(papers) > _SHOWN:
            with st.expander(page.t("officer.dossier.all_events", count=len(papers))):
                heads, rows = paper_table(page, papers[_SHOWN:])
                kit.table(heads, rows, frozenset())


def paper_table(page: Here, papers: list[StatementView]) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of statements, in the order given."""
    heads = [
        page.t("measures.when"),
        page.t("measures.papers"),
        page.t("field.store"),
        page.t("measures.step"),
    ]
    rows = [
        [
            format_instant(p.at),
            p.number,
            p.store_name,
            page.t("app.comma").join(label(m.kind, page.lang) for m in p.measures),
        ]
        for p in papers
    ]
    return heads, rows
