"""Shows a statement of reasons as it was said, with its measures as they stand now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from marketplace.base.words import format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.measures.telling import measure_rows
from marketplace.faces.ui.session import Here
from marketplace.features.enforcement.queries import StatementView


def show_statement(
    page: Here,
    view: StatementView,
    *,
    is_open: bool,
    more: Callable[[], None] | None = None,
) -> None:
    """Show one statement folded or open: facts, evidence, rules, measures, who, how to appeal.

    `more` shows what its reader can do about it, before the text: a thumb finds it at once.
    """
    kinds = page.t("app.comma").join(label(m.kind, page.lang) for m in view.measures)
    title = page.t(
        "measures.paper", number=view.number, day=format_instant(view.at)[:10], kinds=kinds
    )
    with st.expander(title, expanded=is_open):
        kit.markup(
            "".join(
                f'<p style="margin:.35rem 0"><b>{escape(kind)}</b> {mark}<br>'
                f'<span class="muted">{escape(term)}</span></p>'
                for kind, term, mark in measure_rows(page, view.measures)
            )
        )
        if more is not None:
            more()
        for heading, lines in view.sections(page.lang):
            _section(heading, lines)
        if not view.is_intact:
            kit.note(page.t("measures.not_intact"), "bad")
        kit.markup(
            f'<p class="muted" style="overflow-wrap:anywhere;font-size:.87rem">'
            f"{escape(page.t('measures.digest', sha256=view.sha256))}</p>"
        )
        st.link_button(
            page.t("measures.print"),
            f"/paper/statement/{view.statement_id}",
            icon=":material/print:",
            width="stretch",
        )


def _section(heading: str, lines: Sequence[str]) -> None:
    said = "".join(
        f'<p style="overflow-wrap:anywhere;margin:.2rem 0">{kit.told(line)}</p>'
        for line in lines
    )
    kit.markup(f'<h3 style="font-size:1rem;margin:.6rem 0 0">{escape(heading)}</h3>{said}')
