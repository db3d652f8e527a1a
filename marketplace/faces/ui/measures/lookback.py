"""A store as it stood at the end of a day: figures, the ledger until then, papers, evidence."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from marketplace.base.words import format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.measures.papers import show_statement
from marketplace.faces.ui.measures.telling import STORE_TONES, step_rows, why
from marketplace.faces.ui.session import Here
from marketplace.features.enforcement.queries import EvidenceRow, StatementView, StoreState


def show_state(page: Here, state: StoreState, day: str) -> None:
    """Show where the store stood and why."""
    with st.container(key="card_state"):
        kit.markup(
            f"<p>{kit.badge(label(state.status, page.lang), STORE_TONES[state.status])}</p>"
        )
        kit.section(page.t("measures.state_on", day=day), why(page, state))
        complaints = page.t("app.comma").join(
            page.t("measures.complaint_of", brand=brand, count=count)
            for brand, count in sorted(state.complaints.items())
        )
        kit.facts(
            [
                (page.t("measures.balance"), str(state.balance)),
                (page.t("measures.offenses"), str(state.offenses)),
                (page.t("measures.complaints"), complaints or "0"),
            ]
        )


def show_ledger(page: Here, state: StoreState) -> None:
    """Show every step until then, and by which version of the rules it was judged."""
    with st.container(key="card_ledger"):
        kit.section(page.t("measures.ledger"), page.t("measures.ledger_sub"))
        if not state.steps:
            kit.empty(page.t("measures.steps_none"))
            return
        kit.rows(step_rows(page, state))
        versions = page.t("app.comma").join(v[:8] for v in state.versions)
        st.caption(page.t("measures.versions", versions=versions))


def show_papers(page: Here, papers: Sequence[StatementView]) -> None:
    """Show the statements given until then, newest first."""
    with st.container(key="card_papers"):
        kit.section(page.t("measures.papers"))
        if not papers:
            kit.empty(page.t("measures.papers_none"))
        for paper in papers:
            show_statement(page, paper, is_open=False)


def show_evidence(page: Here, pieces: Sequence[EvidenceRow]) -> None:
    """Show each piece with its digest and who held it since when."""
    with st.container(key="card_evidence"):
        kit.section(page.t("measures.evidence"))
        if not pieces:
            st.caption(page.t("measures.evidence_none"))
            return
        kit.rows(
            [
                (
                    piece.name,
                    f"SHA-256 {piece.sha256} · " + " → ".join(held_by(page, piece)),
                    "",
                )
                for piece in pieces
            ]
        )


def held_by(page: Here, piece: EvidenceRow) -> list[str]:
    """Return who held a piece and since when, first holder first."""
    return [
        page.t("measures.custody", holder=holder, from_at=format_instant(from_at))
        for holder, from_at, _until in piece.custody
    ]
