"""The officer's file of complaints: the template, the upload, what became of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from io import BytesIO

import streamlit as st

from marketplace.base.errors import MarketplaceError
from marketplace.base.sheets import ColumnSpec, TableSheet, read_book_guarded, write_xlsx
from marketplace.base.words import say
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, run
from marketplace.features.complaints.commands import RowOutcome, import_complaints
from marketplace.features.complaints.rules.rows import ComplaintLine, parse_complaint_rows

_COLUMNS = ("store", "item", "origin", "text", "brand", "received", "reference")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TONES = {"inserted": "good", "joined": "good", "unchanged": "gray", "rejected": "bad"}
_SHOWN = 50


def show(page: Here) -> None:
    """Show the template and the upload, then the outcome of each row that needs a look."""
    kit.note(page.t("complaints.import_means"))
    st.download_button(
        page.t("complaints.import_template"),
        data=lambda: _template(page),
        file_name="complaints-template.xlsx",
        mime=_XLSX,
        key="import_template",
        on_click="ignore",
    )
    sent = st.file_uploader(
        page.t("complaints.import_upload"), type=["csv", "xlsx"], key="import_complaints"
    )
    if sent is None:
        return
    try:
        book = read_book_guarded(sent.getvalue(), sent.name)
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    lines = parse_complaint_rows(book.sheets[0].rows if book.sheets else ())
    if st.button(
        page.t("complaints.import_go", count=len(lines)),
        type="primary",
        key="import_go",
        disabled=not lines,
    ):
        _take(page, lines)


def _take(page: Here, lines: Sequence[ComplaintLine]) -> None:
    found = run(
        page,
        lambda s: import_complaints(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, lines=lines
        ),
    )
    if found is None:
        return
    counts = Counter(row.outcome for row in found)
    marks = " ".join(
        kit.badge(page.t(f"complaints.import_outcome.{name}", count=counts[name]), tone)
        for name, tone in _TONES.items()
        if counts[name]
    )
    kit.markup(f"<p>{marks}</p>")
    refused = [row for row in found if row.outcome == "rejected"]
    if refused:
        kit.table(
            [page.t("complaints.line.row"), page.t("complaints.line.why")],
            [[str(row.row), _why(page, row)] for row in refused[:_SHOWN]],
            frozenset({0}),
        )
    look.muted(page.t("complaints.import_again"))


def _why(page: Here, row: RowOutcome) -> str:
    return say(f"error.{row.code}", page.lang, **row.facts)


def _template(page: Here) -> bytes:
    buffer = BytesIO()
    sheet = TableSheet(
        name=page.t("page.cases.title"),
        columns=tuple(ColumnSpec(page.t(f"complaints.import_head.{n}")) for n in _COLUMNS),
        rows=[],
    )
    write_xlsx([sheet], buffer)
    return buffer.getvalue()
