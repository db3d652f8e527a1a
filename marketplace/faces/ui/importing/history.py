"""The imports there were: a list, and one of them with its rows, its report and its undo."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.access.queries import names_of
from marketplace.base.words import format_instant, label
from marketplace.exchange.importing.reaching import rows_in_reach
from marketplace.exchange.kinds import ImportKind, Outcome, Undone
from marketplace.exchange.outcomes import ReportLine, line_from, undo_told
from marketplace.exchange.report import write_report_csv
from marketplace.faces.ui import kit
from marketplace.faces.ui.importing import taking_back
from marketplace.faces.ui.importing.showing import TONES, field_of
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading
from marketplace.features.registry.kinds import ImportStatus
from marketplace.features.registry.queries import (
    BatchRow,
    ImportedRow,
    ImportReport,
    get_import_batch,
    list_import_batches,
    list_import_rows,
)

_STATUS_TONES = {
    ImportStatus.RUNNING: "warn",
    ImportStatus.FINISHED: "good",
    ImportStatus.UNDOING: "warn",
    ImportStatus.UNDONE: "gray",
}


def show_batches(page: Here) -> None:
    """Show every import, the newest first; its number opens it."""
    with reading(page) as session:
        rows = list_import_batches(session, page.actor, program=page.rulebook.program.key)
        names = names_of(session, {r.imported_by for r in rows if r.imported_by})
    if not rows:
        look.empty(page.t("imports.none"), page.t("imports.none_hint"))
        return
    for row in rows:
        who = names.get(row.imported_by or 0, "—")
        with st.container(
            key=f"z_row_batch_{row.number}", horizontal=True, vertical_alignment="center"
        ):
            with st.container(width="stretch"):
                kit.rows(
                    [
                        (
                            _title(page, row),
                            f"{format_instant(row.imported_at)} · {who} · {counted(page, row)}",
                            status_badge(page, row),
                        )
                    ]
                )
            st.button(
                page.t("imports.open", number=row.number),
                key=f"open_batch_{row.number}",
                on_click=_open,
                args=(row.number,),
            )


def show_batch(page: Here, number: int) -> None:
    """Show one import: what it was, what needs a look, its report, and the way back."""
    with reading(page) as session:
        batch = get_import_batch(session, page.actor, batch_id=number)
        report = list_import_rows(
            session, page.actor, clock=page.app.clock, batch_id=number, in_reach=rows_in_reach
        )
        people = {i for i in (batch.imported_by, batch.undone_by) if i}
        names = names_of(session, people)
    rows = report.rows
    st.button(
        page.t("imports.back"), type="tertiary", icon=":material/arrow_back:", on_click=_open
    )
    with st.container(key="card_batch"):
        kit.section(page.t("imports.batch", number=number))
        kit.markup(f"<p>{status_badge(page, batch)}</p>")
        _state(page, batch, names, len(rows) + report.elsewhere)
        kit.facts(
            [
                (page.t("imports.kind"), label(ImportKind(batch.kind), page.lang)),
                (page.t("imports.source"), batch.source),
                (page.t("imports.at"), format_instant(batch.imported_at)),
                (page.t("imports.who"), names.get(batch.imported_by or 0, "—")),
                (page.t("imports.file"), batch.file_name),
                (page.t("imports.sha"), batch.file_sha256),
            ]
        )
        badges = [
            kit.badge(f"{label(Outcome(name), page.lang)} {count}", TONES[Outcome(name)])
            for name, count in batch.counts.items()
            if count
        ]
        kit.markup(f'<p class="z-wrap">{" ".join(badges)}</p>')
        if report.elsewhere:
            kit.note(page.t("imports.elsewhere", shown=len(rows), count=report.elsewhere))
        _actions(page, batch, rows)
    if batch.status in {ImportStatus.UNDONE, ImportStatus.UNDOING}:
        _undone(page, report)
    _to_look_at(page, batch, report)


def _title(page: Here, row: BatchRow) -> str:
    return f"{row.number} · {label(ImportKind(row.kind), page.lang)} · {row.source}"


def counted(page: Here, batch: BatchRow) -> str:
    """Return how many rows had each outcome, in words."""
    return (
        page.t("app.comma").join(
            f"{label(Outcome(name), page.lang)} {count}"
            for name, count in batch.counts.items()
            if count
        )
        or "—"
    )


def status_badge(page: Here, batch: BatchRow) -> str:
    """Return where an import stands as a badge."""
    return kit.badge(label(batch.status, page.lang), _STATUS_TONES[batch.status])


def _open(number: int | None = None) -> None:
    if number is None:
        st.query_params.pop("batch", None)
    else:
        st.query_params["batch"] = str(number)


def _state(page: Here, batch: BatchRow, names: dict[int, str], done: int) -> None:
    held = batch.held_until is not None and batch.held_until > page.app.clock.now()
    if held:
        kit.note(page.t("imports.held", done=batch.done, total=batch.total), "warn")
    elif batch.status is ImportStatus.RUNNING:
        kit.note(page.t("imports.cut_short", done=done), "warn")
    elif batch.status is ImportStatus.UNDOING:
        kit.note(page.t("imports.undo_cut_short"), "warn")
    elif batch.undone_at is not None:
        kit.note(
            page.t(
                "imports.undone_by",
                who=names.get(batch.undone_by or 0, "—"),
                at=format_instant(batch.undone_at),
                reason=batch.undo_reason,
            )
        )


def _actions(page: Here, batch: BatchRow, rows: Sequence[ImportedRow]) -> None:
    with st.container(horizontal=True):
        st.download_button(
            page.t("imports.report"),
            data=lambda: write_report_csv(
                [line_from(line) for row in rows for line in row.lines], page.lang
            ),
            file_name=page.t("imports.report_name", number=batch.number),
            mime="text/csv",
            on_click="ignore",
        )
        if page.actor.role is Role.OFFICER and batch.status is not ImportStatus.UNDONE:
            look.open_button(page.t("imports.undo"), "undo_batch")
    if look.is_asked("undo_batch") and batch.status is not ImportStatus.UNDONE:
        title = page.t("imports.undo_title", number=batch.number)
        look.dialog(page, title, lambda: taking_back.ask_reason(page, batch.number), wide=True)


def _undone(page: Here, report: ImportReport) -> None:
    lines = [undo_told(row.row, row.undo) for row in report.rows if row.undo]
    left = [line for line in lines if line.outcome is not Undone.TAKEN_BACK]
    with st.container(key="card_undone"):
        kit.section(page.t("imports.undone_rows"))
        if not left:
            kit.note(page.t("imports.undone_own" if report.elsewhere else "imports.undone_all"))
            return
        taking_back.undo_table(page, left)


def _to_look_at(page: Here, batch: BatchRow, report: ImportReport) -> None:
    lines = [line_from(line) for row in report.rows for line in row.lines if line["code"]]
    with st.container(key="card_rows"):
        kit.section(page.t("imports.rows"))
        if not lines:
            kit.note(page.t("imports.rows_own" if report.elsewhere else "imports.rows_none"))
            return
        kit.table(
            [page.t(f"imports.{name}") for name in ("row", "outcome", "field", "why")],
            [
                _line(page, ImportKind(batch.kind), line)
                for line in lines[: taking_back.SHOWN_ROWS]
            ],
            frozenset({0}),
            wide=frozenset({1}),
        )
        if len(lines) > taking_back.SHOWN_ROWS:
            st.caption(page.t("imports.more", shown=taking_back.SHOWN_ROWS))


def _line(page: Here, kind: ImportKind, line: ReportLine) -> list[str]:
    return [
        str(line.row),
        label(line.outcome, page.lang),
        field_of(page, kind, line.column),
        page.t(
            "importing.reason_and_fix", reason=line.reason(page.lang), fix=line.fix(page.lang)
        ),
    ]
