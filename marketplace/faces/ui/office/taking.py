"""Takes a list out as a workbook or CSV; it is recorded at the moment it is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.db import write
from marketplace.base.sheets import Cell, ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui.session import Here, later

# Filters of a list: the name of each and the words chosen in it, empty where none were.
Narrowing = Sequence[tuple[str, str]]
Rows = Sequence[Sequence[Cell]]

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
    rows: Rows | Callable[[], Rows],
    wanted: Mapping[str, object],
    narrowed: Narrowing,
    count: int | None = None,
) -> None:
    """Offer the whole result, not a page of it.

    `kind` and `wanted` name it in the trail, `narrowed` says in the file what was chosen. Rows
    that cost something are made when they are taken; `count` then says how many they will be.
    """
    many = count if count is not None or callable(rows) else len(rows)
    told = page.t("officer.list.export_of", title=title, filters=told_narrowing(page, narrowed))
    with st.popover(page.t("officer.list.export"), icon=":material/download:"):
        st.markdown(page.t("links.export_means", count=many))
        for form, mime in _MIMES.items():
            st.download_button(
                page.t(f"officer.list.export_{form}"),
                data=_maker(page, kind, (title, told), heads, rows, {**wanted, "form": form}),
                file_name=f"{kind}-{today(page.app.clock)}.{form}",
                mime=mime,
                key=f"take_{kind}_{form}",
                on_click="ignore",
                width="stretch",
            )


def told_narrowing(page: Here, narrowed: Narrowing, *, order: str = "") -> str:
    """Say what narrows a list and how it is ordered; an export without it would look whole."""
    said = [
        page.t("officer.list.export_filter", name=name, values=chosen)
        for name, chosen in narrowed
        if chosen
    ] or [page.t("officer.list.export_every")]
    if order:
        said.append(page.t("officer.list.export_sorted", sort=order))
    return page.t("officer.list.export_and").join(said)


def _maker(
    page: Here,
    kind: str,
    named: tuple[str, str],
    heads: Sequence[str],
    rows: Rows | Callable[[], Rows],
    wanted: Mapping[str, object],
) -> Callable[[], bytes]:
    name, title = named

    def make(page: Here) -> bytes:
        taken = rows() if callable(rows) else rows
        stamp = write(
            page.app.store,
            lambda s: record_export(
                s,
                clock=page.app.clock,
                actor=page.actor,
                program=page.rulebook.program.key,
                kind=kind,
                rows=len(taken),
                wanted=wanted,
            ),
        )
        if wanted["form"] == "csv":
            return write_csv(list(heads), taken, stamp=f"{title} {stamp.line(page.lang)}")
        buffer = BytesIO()
        sheet = TableSheet(
            name=name,
            columns=tuple(ColumnSpec(head) for head in heads),
            rows=taken,
            title=title,
            stamp=stamp.line(page.lang),
        )
        write_xlsx([sheet], buffer)
        return buffer.getvalue()

    return later(page, make)
