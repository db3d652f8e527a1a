"""Shows what was read: columns with a choice, outcomes in numbers, rows that need a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

import pandas as pd
import streamlit as st

from marketplace.base.sheets import column_letter
from marketplace.base.words import label
from marketplace.exchange.fields import FIELDS
from marketplace.exchange.importing import ImportResult
from marketplace.exchange.kinds import Basis, ImportKind, Outcome
from marketplace.exchange.likelier import likelier_kind
from marketplace.exchange.outcomes import ReportLine
from marketplace.exchange.reading import Reading
from marketplace.exchange.report import write_errors_xlsx, write_report_csv
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here

TONES = {
    Outcome.INSERTED: "good",
    Outcome.UPDATED: "calm",
    Outcome.UNCHANGED: "gray",
    Outcome.DRAFT: "warn",
    Outcome.DUPLICATE: "gray",
    Outcome.REJECTED: "bad",
}
_SHOWN_ROWS = 500
_TOLD_ROWS = 60


def choose_sheet(page: Here, reading: Reading, mark: str) -> None:
    """Say which sheet was read and let another one be read; nothing where there is only one."""
    if not reading.other_sheets:
        return
    kit.note(
        page.t("importing.other_sheets", sheets=page.t("app.comma").join(reading.other_sheets))
    )
    st.selectbox(
        page.t("importing.which_sheet"),
        [reading.sheet_name, *reading.other_sheets],
        index=None,
        placeholder=reading.sheet_name,
        key=f"import_sheet_{mark}",
    )


def choose_other_sheet(page: Here, names: Sequence[str], mark: str) -> None:
    """Let another sheet be read where one could not be; nothing where there is only one."""
    if len(names) > 1:
        key = f"import_sheet_{mark}"
        st.selectbox(
            page.t("importing.which_sheet"),
            names,
            index=None,
            placeholder=page.t("importing.any_sheet"),
            key=key,
        )


def rather(page: Here, reading: Reading) -> None:
    """Say that the table looks like one of another kind; the file stays when one chooses that."""
    likelier = likelier_kind(reading.kind, reading.headings)
    if likelier is not None:
        names = {"kind": label(likelier, page.lang), "chosen": label(reading.kind, page.lang)}
        kit.note(page.t("importing.likelier", **names), "warn")


def what_was_taken(page: Here, reading: Reading) -> None:
    """Say what no heading tells and was taken from elsewhere: the period, the units of cells."""
    period = reading.period
    if period is not None and period.fault is None:
        field = field_of(page, reading.kind, period.field)
        kit.note(page.t("importing.period_for_all", field=field, text=period.stated.text))
    if (years := reading.years) is not None:
        told = {"year": years.header, "month": years.month_header}
        kit.note(page.t("importing.year_beside", letter=column_letter(years.index), **told))
    if reading.format_units:
        each = [
            page.t(
                "importing.unit_of_field", field=field_of(page, reading.kind, name), unit=unit
            )
            for name, unit in reading.format_units
        ]
        kit.note(page.t("importing.units_by_format", units=page.t("app.comma").join(each)))
    if reading.hidden:
        kit.note(page.t("importing.hidden", count=len(reading.hidden), first=reading.hidden[0]))


def choose_columns(page: Here, reading: Reading, mark: str) -> dict[str, str]:
    """Show which column is read as which field; return a person's own choices."""
    nothing = page.t("importing.no_column")
    headings = [heading for heading in reading.headings if heading]
    chosen: dict[str, str] = {}
    unsure = [
        use
        for use in reading.mapping.columns
        if use.basis in {Basis.SIMILAR, Basis.CONTENTS} or use.field in reading.unsaid_units
    ]
    with st.expander(
        page.t("importing.columns", found=len(reading.mapping.columns), row=reading.header_row),
        expanded=bool(unsure),
    ):
        for field in reading.unsaid_units:
            kit.note(page.t("importing.unit_unsaid", field=field_of(page, reading.kind, field)))
        left, right = st.columns(2)
        for number, spec in enumerate(FIELDS[reading.kind]):
            use = reading.mapping.find(spec.name)
            at_first = use.header if use and use.header in headings else nothing
            told = page.t("importing.basis", basis=label(use.basis, page.lang)) if use else None
            with left if number % 2 == 0 else right:
                picked = st.selectbox(
                    field_of(page, reading.kind, spec.name),
                    [nothing, *headings],
                    index=[nothing, *headings].index(at_first),
                    key=f"column_{mark}_{spec.name}",
                    help=told,
                )
            if picked != at_first:
                chosen[spec.name] = "" if picked == nothing else picked
    return chosen


def counts(page: Here, numbers: Mapping[str, int]) -> None:
    """Show how many rows have each outcome; zero is not worth a word."""
    parts = [
        kit.badge(f"{label(Outcome(name), page.lang)} {count}", TONES[Outcome(name)])
        for name, count in numbers.items()
        if count
    ]
    kit.markup(f'<p class="z-wrap">{" ".join(parts)}</p>')


def lines_table(page: Here, reading: Reading, lines: Sequence[ReportLine]) -> None:
    """Show the rows that need a look in full sentences, then every row on demand."""
    names = {row.row: _name_of(row.values) for row in reading.rows}
    told = sorted(
        (line for line in lines if line.code),
        key=lambda line: (line.outcome is not Outcome.REJECTED, line.row),
    )
    if told:
        kit.section(page.t("importing.to_look_at"), page.t("importing.to_look_at_sub"))
        kit.table(
            [page.t(f"importing.{n}") for n in ("row", "what", "outcome", "column", "why")],
            [
                [
                    str(line.row),
                    names.get(line.row, ""),
                    label(line.outcome, page.lang),
                    _place(page, reading.kind, line),
                    page.t(
                        "importing.reason_and_fix",
                        reason=line.reason(page.lang),
                        fix=line.fix(page.lang),
                    ),
                ]
                for line in told[:_TOLD_ROWS]
            ],
            frozenset({0}),
            wide=frozenset({1}),
        )
        if len(told) > _TOLD_ROWS:
            st.caption(page.t("importing.more_rows", shown=_TOLD_ROWS, count=len(told)))
    with st.expander(page.t("importing.every_row", count=len(names))):
        frame = pd.DataFrame(
            [
                {
                    page.t("importing.row"): line.row,
                    page.t("importing.what"): names.get(line.row, ""),
                    page.t("importing.outcome"): label(line.outcome, page.lang),
                    page.t("importing.reason"): line.reason(page.lang),
                }
                for line in lines[:_SHOWN_ROWS]
            ]
        )
        height = min(420, 60 + 35 * len(frame))
        st.dataframe(frame, hide_index=True, width="stretch", height=height)
        if len(lines) > _SHOWN_ROWS:
            st.caption(page.t("importing.more_rows", shown=_SHOWN_ROWS, count=len(lines)))


def _place(page: Here, kind: ImportKind, line: ReportLine) -> str:
    """The field and what the file has in it."""
    field = field_of(page, kind, line.column)
    value = line.value if len(line.value) <= 24 else f"{line.value[:24]}…"
    return page.t("importing.place", field=field, value=value) if value else field


def aside(page: Here, result: ImportResult) -> None:
    """Show rows that are no data, and rows that may be a firm already known."""
    if result.likely:
        kit.section(page.t("importing.likely"), page.t("importing.likely_sub"))
        kit.table(
            [page.t(f"importing.{name}") for name in ("row", "in_file", "known", "alike")],
            [
                [
                    str(one.row),
                    one.name,
                    one.known_name,
                    page.t("importing.same_code") if one.same_code else f"{one.score}%",
                ]
                for one in result.likely[:30]
            ],
            frozenset({0}),
        )
    if result.reading.skipped:
        with st.expander(page.t("importing.skipped", count=len(result.reading.skipped))):
            kit.table(
                [page.t(f"importing.{name}") for name in ("row", "reason", "what")],
                [
                    [str(row.row), label(row.reason, page.lang), row.text]
                    for row in result.reading.skipped
                ],
                frozenset({0}),
            )


def downloads(page: Here, result: ImportResult) -> None:
    """Offer the report for scripts and the faulty rows to correct and send again."""
    left, right = st.columns(2)
    left.download_button(
        page.t("importing.report"),
        data=lambda: write_report_csv(result.lines, page.lang),  # when asked: it may be long
        file_name=page.t("importing.report_name"),
        mime="text/csv",
        width="stretch",
        on_click="ignore",
    )
    faulty = {Outcome.REJECTED.value, Outcome.DRAFT.value}
    if sum(result.counts.get(name, 0) for name in faulty):
        right.download_button(
            page.t("importing.errors"),
            data=lambda: _errors(page, result),
            file_name=page.t("importing.errors_name"),
            width="stretch",
            on_click="ignore",
        )


def field_of(page: Here, kind: ImportKind, name: str) -> str:
    """Return a canonical field in words, nothing for a row as a whole."""
    return page.t(f"exchange.field.{kind.value}.{name}") if name else ""


def _name_of(values: Mapping[str, object]) -> str:
    names = (values.get(f) for f in ("name", "store_name", "store_no", "uscc"))
    return str(next((name for name in names if name), ""))


def _errors(page: Here, result: ImportResult) -> bytes:
    buffer = BytesIO()
    write_errors_xlsx(result.reading, result.lines, buffer, lang=page.lang)
    return buffer.getvalue()
