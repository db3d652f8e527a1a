"""Takes a quarterly report out: all its tables as one workbook, each figure as SVG, the text.

Every file carries the stamp of who took it and when; it holds what the page shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import streamlit as st

from marketplace.base.db import write
from marketplace.base.sheets import ColumnSpec, TableSheet, write_xlsx
from marketplace.desk.issues import Number
from marketplace.desk.quarter.content import Drawn, QuarterContent, plain_svg
from marketplace.desk.quarter.wording import leaves_of
from marketplace.exchange.exporting import ExportStamp, record_export
from marketplace.faces.ui.figures import cell_of
from marketplace.faces.ui.session import Here, later

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_button(
    page: Here,
    content: QuarterContent,
    changed: Sequence[tuple[Number, Number]],
    *,
    name: str = "",
) -> None:
    """Offer all tables of a report as one workbook."""
    st.download_button(
        page.t("quarter.xlsx"),
        data=later(page, lambda now: workbook_of(now, content, changed, name=name)),
        file_name=f"{_name(content)}.xlsx",
        mime=_XLSX,
        key="quarter_xlsx",
        on_click="ignore",
        icon=":material/table_view:",
    )


def svg_button(page: Here, content: QuarterContent, number: int, figure: Drawn) -> None:
    """Offer one figure as a drawing in plain colors."""
    st.download_button(
        page.t("quarter.svg", number=number),
        data=_svg(page, content, figure),
        file_name=f"{_name(content)}-{figure.key}.svg",
        mime="image/svg+xml",
        key=f"quarter_svg_{figure.key}",
        on_click="ignore",
    )


def workbook_of(
    page: Here,
    content: QuarterContent,
    changed: Sequence[tuple[Number, Number]],
    *,
    name: str = "",
) -> bytes:
    """Record the export and return the workbook; numbers go out as numbers."""
    leaves = leaves_of(content, page.lang, name=name, changed=changed)
    stamp = _stamp(page, content, "xlsx", sum(len(leaf.rows) for leaf in leaves))
    line = f"{name} {content.reports[page.lang].source} {stamp.line(page.lang)}".strip()
    sheets = [
        TableSheet(
            name=leaf.name,
            columns=tuple(ColumnSpec(head) for head in leaf.heads),
            rows=[[cell_of(text) for text in row] for row in leaf.rows],
            title=leaf.title,
            stamp=line,
        )
        for leaf in leaves
    ]
    buffer = BytesIO()
    write_xlsx(sheets, buffer)
    return buffer.getvalue()


def _svg(page: Here, content: QuarterContent, figure: Drawn) -> Callable[[], bytes]:
    def make(page: Here) -> bytes:
        _stamp(page, content, f"svg {figure.key}", len(figure.rows))
        return plain_svg(figure.svg).encode()

    return later(page, make)


def _stamp(page: Here, content: QuarterContent, form: str, rows: int) -> ExportStamp:
    return write(
        page.app.store,
        lambda s: record_export(
            s,
            clock=page.app.clock,
            actor=page.actor,
            program=page.rulebook.program.key,
            kind="quarter",
            rows=rows,
            wanted={"quarter": content.quarter, "district": content.district, "form": form},
        ),
    )


def _name(content: QuarterContent) -> str:
    place = f"-{content.district}" if content.district else ""
    return f"quarter-{content.quarter}{place}"
