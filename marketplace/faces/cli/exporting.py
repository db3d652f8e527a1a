"""The verb that takes the register out as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marketplace.faces.cli.language import lang, tell
from marketplace.faces.cli.options import (
    As,
    DataDir,
    Program,
    find_program,
    find_user,
    open_installation,
)

_KINDS = "factories|earlier-records|exposure|stores|products"


def export_file(
    kind: Annotated[str, typer.Argument(metavar=_KINDS, help=tell("export.kind"))],
    file: Annotated[
        Path,
        typer.Argument(metavar="OUT.xlsx|OUT.csv", dir_okay=False, help=tell("export.file")),
    ],
    *,
    program: Program,
    user: As,
    district: Annotated[
        list[str] | None, typer.Option("--district", help=tell("export.district"))
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write everything of a kind the user may see; the export is recorded first."""
    from marketplace.exchange.exporting import FileForm
    from marketplace.exchange.kinds import ImportKind

    if kind not in {known.value for known in ImportKind}:
        raise typer.BadParameter(tell("import.kind_unknown", kind=kind, known=_KINDS))
    form = file.suffix.lower().lstrip(".")
    if form not in {known.value for known in FileForm}:
        raise typer.BadParameter(tell("export.form_unknown", name=file.name))
    app = open_installation(data_dir)
    actor, rulebook = find_user(app, user), find_program(app, program)
    from marketplace.base.db import read, write
    from marketplace.exchange.exporting import (
        ExportFilter,
        export_table,
        record_export,
        write_export,
    )

    wanted = ExportFilter(districts=tuple(district or ()))
    with read(app.store) as session:
        table = export_table(session, actor, rulebook, kind=ImportKind(kind), wanted=wanted)
    stamp = write(
        app.store,
        lambda s: record_export(
            s,
            clock=app.clock,
            actor=actor,
            program=program,
            kind=kind,
            rows=len(table.rows),
            wanted=wanted.told(),
        ),
    )
    file.write_bytes(write_export(table, stamp, FileForm(form), lang()))
    typer.echo(tell("export.done", rows=len(table.rows), path=file, number=stamp.number))
