"""The verb that makes summaries anew from the raw facts, or compares them."""

from __future__ import annotations

from typing import Annotated

import typer

from marketplace.base.words.locales import say
from marketplace.faces.cli.language import lang
from marketplace.faces.cli.options import DataDir, open_installation, use_progress


def rebuild(
    *,
    check: Annotated[
        bool, typer.Option("--check", help=say("upkeep.rebuild.check", lang()))
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Make every summary anew; with `--check` compare and end with 1 where one differs."""
    app = open_installation(data_dir)
    from marketplace.upkeep import rebuilding

    programs = len(app.house.rulebooks)
    if not check:
        with use_progress(say("upkeep.rebuild.running", lang())) as told:
            operators = rebuilding.rebuild(app, progress=told)
        typer.echo(say("upkeep.rebuild.done", lang(), programs=programs, operators=operators))
        return
    with use_progress(say("upkeep.rebuild.checking", lang())):
        found = rebuilding.find_differences(app)
    if not found:
        operators = rebuilding.count_operators(app)
        typer.echo(say("upkeep.rebuild.same", lang(), programs=programs, operators=operators))
        return
    for d in found:
        line = say(
            "upkeep.rebuild.drift", lang(),
            program=d.program, table=d.table, row=d.row, columns=", ".join(d.columns),
        )  # fmt: skip
        typer.echo(line, err=True)
    typer.echo(say("upkeep.rebuild.found", lang(), count=len(found)), err=True)
    raise typer.Exit(1)
