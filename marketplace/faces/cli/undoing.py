"""The verbs that list imports and take one back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketplace.faces.cli.failing import ExitCode
from marketplace.faces.cli.language import lang, tell
from marketplace.faces.cli.options import (
    As,
    DataDir,
    Program,
    find_program,
    find_user,
    open_installation,
    use_progress,
)

if TYPE_CHECKING:
    from marketplace.exchange.importing import UndoResult

_MOST_TOLD = 20
MOST = 2**31 - 1  # the largest number either database gives a row


def list_imports(
    *,
    program: Program,
    user: As,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=MOST, help=tell("imports.limit"))
    ] = 20,
    data_dir: DataDir = None,
) -> None:
    """List the imports, the newest first: number, when, kind, status, source, counts, file."""
    app = open_installation(data_dir)
    actor = find_user(app, user)
    find_program(app, program)
    from marketplace.base.db import read
    from marketplace.base.words import format_instant, label
    from marketplace.exchange.kinds import ImportKind, Outcome
    from marketplace.features.registry.queries import list_import_batches

    with read(app.store) as session:
        rows = list_import_batches(session, actor, program=program, limit=limit)
    if not rows:
        typer.echo(tell("imports.none"))
    for row in rows:
        counts = " ".join(
            f"{label(Outcome(name), lang())} {count}"
            for name, count in row.counts.items()
            if count
        )
        typer.echo(
            tell(
                "imports.line",
                number=row.number,
                at=format_instant(row.imported_at),
                kind=label(ImportKind(row.kind), lang()),
                status=label(row.status, lang()),
                source=row.source,
                counts=counts,
                file=row.file_name,
            )
        )


def undo_import(
    number: Annotated[
        int, typer.Argument(metavar="NUMBER", min=1, max=MOST, help=tell("undo.number"))
    ],
    *,
    user: As,
    reason: Annotated[str, typer.Option("--reason", help=tell("undo.reason"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tell("undo.dry_run"))] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="OUT.csv", dir_okay=False, help=tell("undo.report")),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Take an import back; ends with 1 when something of it had to stay."""
    app = open_installation(data_dir)
    actor = find_user(app, user)
    from marketplace.exchange.importing import undo_import as take_back

    with use_progress(tell("undo.running")) as told:
        result = take_back(
            app.store,
            batch_id=number,
            clock=app.clock,
            actor=actor,
            reason=reason,
            dry_run=dry_run,
            progress=told,
        )
    if report is not None:
        from marketplace.exchange.report import write_undo_csv

        report.write_bytes(write_undo_csv(result.lines, lang()))
    _tell(result, dry_run=dry_run, reported=report is not None)


def _tell(result: UndoResult, *, dry_run: bool, reported: bool) -> None:
    from marketplace.base.words import label
    from marketplace.exchange.kinds import Undone
    from marketplace.exchange.report import undo_reason

    left = [line for line in result.lines if line.outcome is not Undone.TAKEN_BACK]
    if not reported:
        for line in left[:_MOST_TOLD]:
            told = tell("undo.kept", row=line.row, reason=undo_reason(line, lang()))
            print(told, file=sys.stderr)
        if len(left) > _MOST_TOLD:
            print(tell("import.more", count=len(left) - _MOST_TOLD), file=sys.stderr)
    counted = [
        f"{label(Undone(name), lang())} {count}"
        for name, count in result.counts.items()
        if count
    ]
    typer.echo(
        tell("undo.counts", counts="　".join(counted)) if counted else tell("undo.nothing")
    )
    typer.echo(tell("undo.tried") if dry_run else tell("undo.done", number=result.batch_id))
    if left:
        raise typer.Exit(ExitCode.REFUSED)
