"""A figure with what belongs to it: the table under it, and its files, recorded when taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.db import write
from marketplace.base.sheets import Cell, ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.exchange.exporting import ExportStamp, record_export
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here
from marketplace.features.compliance.charts import Figure

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_MIMES = {
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def under(page: Here, figure: Figure, *, name: str) -> None:
    """Show the figure's table and offer SVG, CSV and XLSX with the same numbers."""
    with st.expander(page.t("page.overview.table")):
        numeric = frozenset(range(2, len(figure.heads)))
        kit.table(figure.heads, figure.rows, numeric)
    with st.container(horizontal=True):
        for form, mime in _MIMES.items():
            st.download_button(
                page.t(f"figure.{form}"),
                data=_maker(page, figure, name, form),
                file_name=f"{name}-{today(page.app.clock)}.{form}",
                mime=mime,
                key=f"{name}_{form}",
                on_click="ignore",
            )


def _maker(page: Here, figure: Figure, name: str, form: str) -> Callable[[], bytes]:
    def make() -> bytes:
        stamp = write(
            page.app.store,
            lambda s: record_export(
                s,
                clock=page.app.clock,
                actor=page.actor,
                program=page.rulebook.program.key,
                kind="figure",
                rows=len(figure.rows),
                wanted={"figure": name, "form": form},
            ),
        )
        return file_of(figure, form, stamp, page)

    return make


def file_of(figure: Figure, form: str, stamp: ExportStamp, page: Here) -> bytes:
    """Return a figure's file; the title is the finding, the source and stamp stand with it."""
    line = f"{figure.source} {stamp.line(page.lang)}"
    if form == "svg":
        return figure.svg_file.encode()
    rows = [[_cell(text) for text in row] for row in figure.rows]
    if form == "csv":
        return write_csv(list(figure.heads), rows, stamp=line)
    buffer = BytesIO()
    sheet = TableSheet(
        name=page.t("figure.sheet"),
        columns=tuple(ColumnSpec(head) for head in figure.heads),
        rows=rows,
        title=figure.title,
        stamp=line,
    )
    write_xlsx([sheet], buffer)
    return buffer.getvalue()


def _cell(text: str) -> Cell:
    """A number goes out as a number, anything else as it is read."""
    if not _NUMBER.fullmatch(text):
        return text
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)
