"""The verb that takes the register out as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marketplace.faces.cli.language import lang, tell
from marketplace.faces.cli.options import (
    As,
    DataDir,
    find_user,
    only_program,
    open_installation,
)

_KINDS = "factories|earlier-records|exposure|stores|products|complaints"
_ANALYSIS = "analysis"


def export_file(
    kind: Annotated[
        str, typer.Argument(metavar=f"{_KINDS}|{_ANALYSIS}", help=tell("export.kind"))
    ],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="OUT.xlsx|OUT.csv", dir_okay=False, help=tell("export.file")),
    ] = None,
    *,
    user: As,
    program: Annotated[
        str, typer.Option("--program", metavar="NAME", help=tell("export.program"))
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", file_okay=False, help=tell("export.out")),
    ] = None,
    district: Annotated[
        list[str] | None, typer.Option("--district", help=tell("export.district"))
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Write everything of a kind the user may see; the export is recorded first."""
    if kind == _ANALYSIS:
        if file is not None or district or out is None:
            raise typer.BadParameter(tell("export.analysis_takes"))
        _export_analysis(out, program=program, user=user, data_dir=data_dir)
        return
    if file is None or out is not None:
        raise typer.BadParameter(tell("export.table_takes", kind=kind))
    _export_table(kind, file, program, user, district or [], data_dir)


def _export_table(
    kind: str, file: Path, program: str, user: str, district: list[str], data_dir: Path | None
) -> None:
    from marketplace.exchange.exporting import FileForm
    from marketplace.exchange.kinds import ImportKind

    if kind not in {known.value for known in ImportKind}:
        known = f"{_KINDS}|{_ANALYSIS}"
        raise typer.BadParameter(tell("import.kind_unknown", kind=kind, known=known))
    form = file.suffix.lower().lstrip(".")
    if form not in {known.value for known in FileForm}:
        raise typer.BadParameter(tell("export.form_unknown", name=file.name))
    app = open_installation(data_dir)
    actor, rulebook = find_user(app, user), only_program(app, program)
    from marketplace.base.db import read, write
    from marketplace.exchange.exporting import (
        ExportFilter,
        export_table,
        record_export,
        write_export,
    )

    wanted = ExportFilter(districts=tuple(district))
    with read(app.store) as session:
        table = export_table(session, actor, rulebook, kind=ImportKind(kind), wanted=wanted)
    stamp = write(
        app.store,
        lambda s: record_export(
            s,
            clock=app.clock,
            actor=actor,
            program=rulebook.program.key,
            kind=kind,
            rows=len(table.rows),
            wanted=wanted.told(),
        ),
    )
    file.write_bytes(write_export(table, stamp, FileForm(form), lang()))
    typer.echo(tell("export.done", rows=len(table.rows), path=file, number=stamp.number))


def _export_analysis(out: Path, *, program: str, user: str, data_dir: Path | None) -> None:
    app = open_installation(data_dir)
    actor, rulebook = find_user(app, user), only_program(app, program)
    from marketplace.base.db import read, write
    from marketplace.exchange.analysis import (
        gather_analysis,
        pack_analysis,
        require_empty,
        write_package,
    )
    from marketplace.exchange.exporting import record_export

    require_empty(out)  # before anything is recorded as taken
    with read(app.store) as session:
        analysis = gather_analysis(session, actor, rulebook, clock=app.clock)
    stamp = write(
        app.store,
        lambda s: record_export(
            s,
            clock=app.clock,
            actor=actor,
            program=rulebook.program.key,
            kind=_ANALYSIS,
            rows=analysis.count,
        ),
    )
    write_package(pack_analysis(analysis, stamp), out)
    typer.echo(tell("export.done", rows=analysis.count, path=out, number=stamp.number))
