"""The verb that takes a department's file in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketplace.faces.cli.language import lang, tell
from marketplace.faces.cli.options import (
    As,
    DataDir,
    Program,
    find_program,
    find_user,
    open_installation,
    require_writable,
    use_progress,
)

if TYPE_CHECKING:
    from marketplace.exchange.columns import ColumnMapping
    from marketplace.exchange.importing import ImportResult
    from marketplace.exchange.reading import Reading
    from marketplace.features.enforcement.kinds import Origin

_MOST_TOLD = 20
_ORIGINS = "proactive_model|right_holder|consumer|inspection|appraisal"
_KINDS = "factories|earlier-records|exposure|stores|products|complaints"


def import_file(
    kind: Annotated[str, typer.Argument(metavar=_KINDS, help=tell("import.kind"))],
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help=tell("import.file")),
    ],
    *,
    program: Program,
    user: As,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help=tell("import.map")),
    ] = None,
    source: Annotated[str, typer.Option("--source", help=tell("import.source"))] = "",
    source_on: Annotated[
        datetime | None,
        typer.Option("--source-date", formats=["%Y-%m-%d"], help=tell("import.source_date")),
    ] = None,
    confirm_stores: Annotated[
        bool, typer.Option("--confirm-stores", help=tell("import.confirm_stores"))
    ] = False,
    sheet: Annotated[
        str, typer.Option("--sheet", metavar="NAME", help=tell("import.sheet"))
    ] = "",
    origin: Annotated[
        str, typer.Option("--origin", metavar=_ORIGINS, help=tell("import.origin"))
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tell("import.dry_run"))] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="OUT.csv", dir_okay=False, help=tell("import.report")),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Import a file; the report has one line a data row and one more a further fault."""
    from marketplace.exchange.kinds import ImportKind

    if kind not in {known.value for known in ImportKind}:
        raise typer.BadParameter(tell("import.kind_unknown", kind=kind, known=_KINDS))
    chosen = _chosen(map_ or [])
    if report is not None:
        require_writable(report)
    app = open_installation(data_dir)
    actor, rulebook = find_user(app, user), find_program(app, program)
    from marketplace.exchange.importing import ImportRequest, run_import

    request = ImportRequest(
        kind=ImportKind(kind),
        content=file.read_bytes(),
        filename=file.name,
        source=source,
        source_on=source_on.date() if source_on else None,
        overrides=chosen,
        confirms_stores=confirm_stores,
        sheet=sheet,
        origin=_origin(kind, origin),
    )
    with use_progress(tell("import.running")) as told:
        result = run_import(
            app.store,
            rulebook,
            request,
            clock=app.clock,
            actor=actor,
            dry_run=dry_run,
            progress=told,
        )
    if report is not None:
        _write_report(report, result)
    _tell_outcome(result, report)


def _origin(kind: str, given: str) -> Origin | None:
    from marketplace.exchange.kinds import ImportKind
    from marketplace.features.enforcement.kinds import Origin

    if not given:
        return None
    if kind != ImportKind.COMPLAINTS or given not in {known.value for known in Origin}:
        raise typer.BadParameter(tell("import.origin_unknown", given=given, known=_ORIGINS))
    return Origin(given)


def _chosen(pairs: list[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field.strip():
            raise typer.BadParameter(tell("import.map_form", given=pair))
        chosen[field.strip()] = column.strip()
    return chosen


def _write_report(target: Path, result: ImportResult) -> None:
    from marketplace.exchange.report import write_report_csv

    target.write_bytes(write_report_csv(result.lines, lang()))


def _heading_found(row: int, sheet: str) -> str:
    if sheet:
        return tell("import.read", header=row, sheet=sheet)
    return tell("import.read_plain", header=row)  # a CSV has no sheet


def _tell_outcome(result: ImportResult, report: Path | None) -> None:
    from marketplace.base.words import label
    from marketplace.exchange.kinds import Outcome
    from marketplace.exchange.likelier import likelier_kind

    reading = result.reading
    typer.echo(_heading_found(reading.header_row, reading.sheet_name))
    if (rather := likelier_kind(reading.kind, reading.headings)) is not None:
        typer.echo(
            tell("import.likelier", kind=rather.value, chosen=reading.kind.value), err=True
        )
    for other in reading.other_sheets:
        typer.echo(tell("import.other_sheet", sheet=other))
    _tell_columns(reading.mapping)
    for skipped in reading.skipped:
        reason = label(skipped.reason, lang())
        typer.echo(tell("import.skipped", row=skipped.row, reason=reason, text=skipped.text))
    _tell_notes(reading)
    for one in result.likely:
        typer.echo(tell("import.likely", row=one.row, name=one.name, known=one.known_name))
    counted = [
        f"{label(Outcome(name), lang())} {count}"
        for name, count in result.counts.items()
        if count
    ]
    typer.echo(tell("import.counts", counts="　".join(counted) or "0"))
    rejected = result.counts.get(Outcome.REJECTED.value, 0)
    if report is None and rejected:
        said = [line for line in result.lines if line.outcome is Outcome.REJECTED]
        for line in said[:_MOST_TOLD]:
            text = f"{line.row}  {line.column}  {line.value}  {line.reason(lang())}"
            typer.echo(text, err=True)
        if len(said) > _MOST_TOLD:
            typer.echo(tell("import.more", count=len(said) - _MOST_TOLD), err=True)
    if report is not None:
        typer.echo(tell("import.report_at", path=report))
    typer.echo(
        tell("import.tried")
        if result.batch_id is None
        else tell("import.done", number=result.batch_id, source=result.source)
    )


def _tell_notes(reading: Reading) -> None:
    """Say what no heading tells, and from where it was taken or that it was left out."""
    period = reading.period
    if period is not None and period.fault is None:
        typer.echo(tell("import.period_for_all", field=period.field, text=period.stated.text))
    if (years := reading.years) is not None:
        typer.echo(tell("import.year_beside", year=years.header, month=years.month_header))
    for field, unit in reading.format_units:
        typer.echo(tell("import.unit_by_format", field=field, unit=unit))
    for field in reading.unsaid_units:
        typer.echo(tell("import.unit_unsaid", field=field))
    if reading.hidden:
        typer.echo(tell("import.hidden", count=len(reading.hidden), first=reading.hidden[0]))


def _tell_columns(mapping: ColumnMapping) -> None:
    from marketplace.base.sheets import column_letter

    for use in mapping.columns:
        typer.echo(f"  {use.field} = {use.letter}  {use.header}")
    if mapping.unmapped:
        unread = "　".join(f"{column_letter(i)} {text}" for i, text in mapping.unmapped)
        typer.echo(tell("import.unread", columns=unread))
