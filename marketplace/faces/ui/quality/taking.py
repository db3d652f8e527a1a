"""Takes the lists of the data quality page out, one or all; recorded at the moment it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import streamlit as st

from marketplace.base.clock import month_label, today
from marketplace.base.db import write
from marketplace.base.sheets import Cell, ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.base.words import label
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui.material import quality_of
from marketplace.faces.ui.quality.lines import FIELDS, columns_of, fields_listed, number_of
from marketplace.faces.ui.session import Here, later, reading
from marketplace.features.compliance.kinds import QualityKind
from marketplace.features.compliance.marks.quality import QualityLine
from marketplace.features.registry.queries import list_conflicts

ALL = "all"
LISTS = (*(kind.value for kind in QualityKind), FIELDS)
_MIMES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def take_list(page: Here, name: str) -> None:
    """Offer one list as both kinds of file."""
    with st.container(horizontal=True, key=f"take_{name}"):
        for form in _MIMES:
            _button(page, name, form)


def take_all(page: Here) -> None:
    """Offer every list in one workbook, a sheet each."""
    _button(page, ALL, "xlsx")


def file_of(page: Here, name: str, form: str) -> bytes:
    """Return the file of one list, or of all of them; refuses as the lists themselves do."""
    sheets = [_sheet(page, each) for each in (LISTS if name == ALL else (name,))]
    stamp = write(
        page.app.store,
        lambda s: record_export(
            s,
            clock=page.app.clock,
            actor=page.actor,
            program=page.rulebook.program.key,
            kind="data_quality",
            rows=sum(len(sheet.rows) for sheet in sheets),
            wanted={"list": name, "form": form},
        ),
    )
    line = stamp.line(page.lang)
    if form == "csv":
        (sheet,) = sheets
        heads = [column.header for column in sheet.columns]
        return write_csv(heads, sheet.rows, stamp=f"{sheet.title} {line}")  # type: ignore[arg-type]
    buffer = BytesIO()
    write_xlsx(
        [TableSheet(x.name, x.columns, x.rows, title=x.title, stamp=line) for x in sheets],
        buffer,
    )
    return buffer.getvalue()


def _button(page: Here, name: str, form: str) -> None:
    words = "quality.take_all" if name == ALL else f"figure.{form}"
    st.download_button(
        page.t(words),
        data=_maker(page, name, form),
        file_name=f"data-quality-{name.replace('_', '-')}-{today(page.app.clock)}.{form}",
        mime=_MIMES[form],
        key=f"quality_{name}_{form}",
        on_click="ignore",
        icon=":material/download:" if name == ALL else None,
    )


def _maker(page: Here, name: str, form: str) -> Callable[[], bytes]:
    return later(page, lambda now: file_of(now, name, form))


def _sheet(page: Here, name: str) -> TableSheet:
    if name == FIELDS:
        with reading(page) as session:
            fields = list_conflicts(session, page.actor, program=page.rulebook.program.key)
        heads, rows = fields_listed(page, fields)
        return _table(page.t("quality.fields"), page.t("quality.fields_sub"), heads, rows)
    kind = QualityKind(name)
    lines = [x for x in quality_of(page) if x.kind is kind]
    told = page.t(f"quality.sub.{name}", days=page.rulebook.methods.late_report_days)
    columns = ("factory", "store", "first", "last", *columns_of(kind))
    heads = tuple(page.t(f"quality.table.{column}") for column in columns)
    return _table(label(kind, page.lang), told, heads, [_row(kind, x) for x in lines])


def _table(
    name: str, told: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> TableSheet:
    return TableSheet(
        name=name,
        columns=tuple(ColumnSpec(head) for head in heads),
        rows=rows,
        title=f"{name}: {told}",
    )


def _row(kind: QualityKind, x: QualityLine) -> tuple[Cell, ...]:
    """Months stand in two columns and numbers as numbers, so that a sheet can sort them."""
    rest = (number_of(x, column) for column in columns_of(kind))
    return (x.factory_name, x.store_name, month_label(x.first), month_label(x.last), *rest)
