"""Takes the open analysis out as one archive; it is recorded at the moment it is taken."""

from __future__ import annotations

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.db import write
from marketplace.exchange.analysis import gather_analysis, pack_analysis, zip_package
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, later, reading


def analysis_card(page: Here) -> None:
    """Offer everything the figures are made of, with what may not be done with it."""
    with st.container(key="card_analysis"):
        kit.section(page.t("analysis.take"), page.t("analysis.take_sub"))
        if page.actor.districts_in(page.rulebook.program.key):
            st.caption(page.t("error.whole_program_only"))
            return
        st.markdown(page.t("analysis.take_means"))
        program = page.rulebook.program.key
        st.download_button(
            page.t("analysis.take_button"),
            data=later(page, _archive),
            file_name=f"{_folder(page)}.zip",
            mime="application/zip",
            key="take_analysis",
            icon=":material/download:",
            on_click="ignore",
            help=page.t("analysis.take_verb", program=program),
        )


def _archive(page: Here) -> bytes:
    with reading(page) as session:
        analysis = gather_analysis(session, page.actor, page.rulebook, clock=page.app.clock)
    stamp = write(
        page.app.store,
        lambda s: record_export(
            s,
            clock=page.app.clock,
            actor=page.actor,
            program=analysis.program,
            kind="analysis",
            rows=analysis.count,
        ),
    )
    return zip_package(pack_analysis(analysis, stamp), _folder(page))


def _folder(page: Here) -> str:
    return f"analysis-{page.rulebook.program.key}-{today(page.app.clock)}"
