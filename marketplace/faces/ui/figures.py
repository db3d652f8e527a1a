"""The one card every figure is shown in: finding, drawing, what may be said, table, how, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from marketplace.base.clock import today
from marketplace.base.db import write
from marketplace.base.sheets import Cell, ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.desk.quarter.telling import rule_words
from marketplace.exchange.exporting import ExportStamp, record_export
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, later
from marketplace.features.compliance.charts import Figure

_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
_MIMES = {
    "svg": "image/svg+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def rule_version(page: Here) -> str:
    """Return the sentence that names the rules a figure was made by."""
    return rule_words(page.rulebook, page.lang)


def card(page: Here, figure: Figure, *, paper: str = "", in_column: bool = False) -> list[str]:
    """Show a figure in its card; return the links of marks chosen in the zoomable view.

    `paper` is where it is printed, if anywhere; `in_column`: whether something stands beside it.
    """
    chosen: list[str] = []
    with st.container(key=f"card_{figure.key}"):
        zoomed = bool(st.session_state.get(f"zoom_{figure.key}"))
        drawn = "" if zoomed else _drawing(figure, in_column=in_column)
        kit.markup(f'<div class="z-fig">{_head(figure)}{drawn}</div>')
        if zoomed:
            from marketplace.faces.ui.zoom import show

            chosen = show(page, figure)
        kit.markup(f'<div class="z-fig">{_words(page, figure)}</div>')
        under(page, figure, name=figure.key, paper=paper)
    return chosen


def table_card(page: Here, figure: Figure) -> None:
    """Show a figure whose table says it best: finding and table first, the drawing one click away."""
    with st.container(key=f"card_{figure.key}"):
        kit.markup(f'<div class="z-fig">{_head(figure)}</div>')
        kit.markup(_table(figure.heads, figure.rows, figure.numeric))
        fold = _fold(page.t("figures.drawing"), f"draw_{figure.key}")
        if fold.open:
            with fold:
                kit.markup(f'<div class="z-fig">{_drawing(figure)}{_words(page, figure)}</div>')
        with st.expander(page.t("page.overview.how")):
            _how(figure)
        _files(page, figure, name=figure.key)


def under(page: Here, figure: Figure, *, name: str, paper: str = "") -> None:
    """Show the figure's table and how it was computed; offer files with the same numbers."""
    fold = _fold(page.t("page.overview.table"), f"rows_{name}")
    if fold.open:
        with fold:
            if figure.links:
                linked_table(figure.heads, figure.rows, figure.links, figure.numeric)
            else:
                kit.markup(_table(figure.heads, figure.rows, figure.numeric))
    with st.expander(page.t("page.overview.how")):
        _how(figure)
    with _files(page, figure, name=name):
        if paper:
            st.link_button(page.t("methods_paper.print"), paper, icon=":material/print:")
        st.toggle(page.t("figures.zoom"), key=f"zoom_{name}", help=page.t("figures.zoom_help"))


def _fold(label: str, key: str) -> Any:
    """Return a closed fold whose content is sent once it is opened: most readers open none."""
    return st.expander(label, key=f"fold_{key}", on_change="rerun")


# The table of a figure that stays the same from run to run is put in signs once.
_table = lru_cache(64)(kit.table_markup)


def _how(figure: Figure) -> None:
    lines = "".join(f"<li>{escape(line)}</li>" for line in figure.computed)
    kit.markup(f'<ul class="z-how">{lines}</ul>')


def _files(page: Here, figure: Figure, *, name: str) -> DeltaGenerator:
    row = st.container(horizontal=True, vertical_alignment="center", key=f"figdo_{name}")
    for form, mime in _MIMES.items():
        row.download_button(
            page.t(f"figure.{form}"),
            data=_maker(page, figure, name, form),
            file_name=f"{name}-{today(page.app.clock)}.{form}",
            mime=mime,
            key=f"{name}_{form}",
            on_click="ignore",
        )
    return row


def take_table(
    page: Here, heads: Sequence[str], rows: Sequence[Sequence[str]], *, name: str, title: str
) -> None:
    """Offer a table without a drawing as CSV and XLSX; `title` heads the file, the stamp ends it."""

    def maker(form: str) -> Callable[[], bytes]:
        def make(now: Here) -> bytes:
            stamp = _stamped(now, name, form, len(rows))
            return _sheet_file(now, heads, rows, form, title=title, line=stamp.line(now.lang))

        return later(page, make)

    with st.container(horizontal=True, key=f"figdo_{name}"):
        for form in ("csv", "xlsx"):
            st.download_button(
                page.t(f"figure.{form}"),
                data=maker(form),
                file_name=f"{name}-{today(page.app.clock)}.{form}",
                mime=_MIMES[form],
                key=f"{name}_{form}",
                on_click="ignore",
            )


def linked_table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    links: Sequence[str],
    right: frozenset[int],
    *,
    deeds: Sequence[tuple[str, str]] = (),
    wide: frozenset[int] = frozenset(),
) -> None:
    """Show a table whose first column leads to a row's own page; an empty link is plain text.

    `deeds` are (what to do, where) at the end of each row; their column needs no head.
    `right` columns are set flush right, `wide` ones keep names whole.
    """
    names = {**dict.fromkeys(wide, "w"), **dict.fromkeys(right, "r")}
    cls = [f' class="{names[i]}"' if i in names else "" for i in range(len(heads))]
    top = "".join(f"<th{c}>{escape(h)}</th>" for h, c in zip(heads, cls, strict=True))
    top += "<th></th>" if deeds else ""
    body = []
    for n, (row, link) in enumerate(zip(rows, links, strict=True)):
        first = escape(row[0])
        if link:
            first = f'<a href="{escape(link)}" target="_self">{first}</a>'
        rest = "".join(
            kit.cell(v, names.get(i, ""), head=heads[i]) for i, v in enumerate(row[1:], start=1)
        )
        if deeds:
            do, where = deeds[n]
            rest += f'<td class="z-nb"><a href="{escape(where)}" target="_self">{escape(do)}</a></td>'
        body.append(f'<tr><td{cls[0]} data-head="{escape(heads[0])}">{first}</td>{rest}</tr>')
    kit.markup(kit.framed(top, "".join(body), rows))


def linked_rows(items: Sequence[tuple[str, str, str]]) -> None:
    """Show (what, sentence, address) rows: the sentence is read, the name leads on."""
    parts = [
        f'<li><span>{escape(told)}</span><a href="{escape(link)}" target="_self">'
        f"{escape(name)}</a></li>"
        for name, told, link in items
    ]
    kit.markup(f'<ul class="z-rows">{"".join(parts)}</ul>')


def _head(figure: Figure) -> str:
    return f'<h2>{escape(figure.title)}</h2><p class="sub">{escape(figure.subtitle)}</p>'


def _drawing(figure: Figure, *, in_column: bool = False) -> str:
    alt = escape(figure.alt)
    wide = figure.svg_column if in_column else figure.svg_wide
    role = "group" if "<a " in wide else "img"  # an image's links would be out of reach
    return (
        f'<div class="z-svg z-wide" role="{role}" aria-label="{alt}">{wide}</div>'
        f'<div class="z-svg z-narrow" role="{role}" aria-label="{alt}">{figure.svg_narrow}</div>'
    )


def _words(page: Here, figure: Figure) -> str:
    read = "".join(f"<p>{escape(line)}</p>" for line in figure.reading)
    parts = [f'<div class="z-note"><b>{escape(page.t("figures.read"))}</b>{read}</div>']
    boxes = []
    for kind, said in (("can", figure.can_say), ("cannot", figure.cannot_say)):
        lines = "".join(f"<li>{escape(line)}</li>" for line in said)
        head = escape(page.t(f"page.overview.{kind}"))
        boxes.append(f'<div class="{kind}"><h3>{head}</h3><ul>{lines}</ul></div>')
    parts.append(f'<div class="z-two">{"".join(boxes)}</div>')
    parts.append(f'<p class="src">{escape(figure.source)}</p>')
    return "".join(parts)


def _maker(page: Here, figure: Figure, name: str, form: str) -> Callable[[], bytes]:
    def make(page: Here) -> bytes:
        stamp = _stamped(page, name, form, len(figure.rows))
        return file_of(figure, form, stamp, page)

    return later(page, make)


def file_of(figure: Figure, form: str, stamp: ExportStamp, page: Here) -> bytes:
    """Return a figure's file; the title is the finding, the source and stamp stand with it."""
    line = f"{figure.source} {stamp.line(page.lang)}"
    if form == "svg":
        return figure.svg_file.encode()
    return _sheet_file(page, figure.heads, figure.rows, form, title=figure.title, line=line)


def _stamped(page: Here, name: str, form: str, rows: int) -> ExportStamp:
    return write(
        page.app.store,
        lambda s: record_export(
            s,
            clock=page.app.clock,
            actor=page.actor,
            program=page.rulebook.program.key,
            kind="figure",
            rows=rows,
            wanted={"figure": name, "form": form},
        ),
    )


def _sheet_file(
    page: Here,
    heads: Sequence[str],
    texts: Sequence[Sequence[str]],
    form: str,
    *,
    title: str,
    line: str,
) -> bytes:
    rows = [[cell_of(text) for text in row] for row in texts]
    if form == "csv":
        return write_csv(list(heads), rows, stamp=line)
    buffer = BytesIO()
    sheet = TableSheet(
        name=page.t("figure.sheet"),
        columns=tuple(ColumnSpec(head) for head in heads),
        rows=rows,
        title=title,
        stamp=line,
    )
    write_xlsx([sheet], buffer)
    return buffer.getvalue()


def cell_of(text: str) -> Cell:
    """Return a number as a number, anything else as it is read."""
    if not _NUMBER.fullmatch(text):
        return text
    plain = text.replace(",", "").lstrip("+")
    return float(plain) if "." in plain else int(plain)
