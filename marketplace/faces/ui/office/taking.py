"""Takes a list out as a workbook or CSV; it is recorded at the moment it is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.db import write
from marketplace.base.sheets import Cell, ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui.session import Here

_MIMES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def take_out(
    page: Here,
    *,
    kind: str,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    wanted: Mapping[str, object],
) -> None:
    """Offer the whole result, not a page of it; `kind` names it in the trail."""
    with st.popover(page.t("officer.list.export"), icon=":material/download:"):
        st.markdown(page.t("links.export_means", count=len(rows)))
        for form, mime in _MIMES.items():
            st.download_button(
                page.t(f"officer.list.export_{form}"),
                data=_maker(page, kind, title, heads, rows, {**wanted, "form": form}),
                file_name=f"{kind}-{today(page.app.clock)}.{form}",
                mime=mime,
                key=f"take_{kind}_{form}",
                on_click="ignore",
                width="stretch",
            )


def _maker(
    page: Here,
    kind: str,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    wanted: Mapping[str, object],
) -> Callable[[], bytes]:
    def make() -> bytes:
        stamp = write(
            page.app.store,
            lambda s: record_export(
                s,
                clock=page.app.clock,
                actor=page.actor,
                program=page.rulebook.program.key,
                kind=kind,
                rows=len(rows),
                wanted=wanted,
            ),
        )
        if wanted["form"] == "csv":
            return write_csv(list(heads), rows, stamp=stamp.line(page.lang))
        buffer = BytesIO()
        sheet = TableSheet(
            name=title,
            columns=tuple(ColumnSpec(head) for head in heads),
            rows=rows,
            title=title,
            stamp=stamp.line(page.lang),
        )
        write_xlsx([sheet], buffer)
        return buffer.getvalue()

    return make
