"""The verb that replays a file of store events under a program's rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marketplace.faces.cli.language import lang, tell
from marketplace.faces.cli.options import Program


def replay_points(
    *,
    program: Program,
    source: Annotated[
        Path,
        typer.Option(
            "--in", metavar="EVENTS.csv", exists=True, dir_okay=False, help=tell("points.in")
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="LEDGER.csv", dir_okay=False, help=tell("points.out")),
    ],
) -> None:
    """Write what each event does to its store's points; needs no database."""
    from marketplace.base.errors import NotFound
    from marketplace.base.rulebook import load_all
    from marketplace.base.settings import settings
    from marketplace.exchange.points_file import replay_file, write_ledger

    rulebooks = load_all(settings().programs_dir)
    if program not in rulebooks:
        known = ", ".join(sorted(rulebooks))
        raise NotFound("no_such_program", program=program, known=known)
    rows = replay_file(rulebooks[program], source.read_bytes(), lang())
    out.write_bytes(write_ledger(rows))
    refused = sum(row.measure == "refused" for row in rows)
    typer.echo(tell("points.done", rows=len(rows), refused=refused, path=out))
