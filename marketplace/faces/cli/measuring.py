"""The verb that measures this installation's code on a database it builds for the purpose."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marketplace.faces.cli.language import tell
from marketplace.faces.cli.options import DataDir


def bench(
    *,
    factories: Annotated[
        int, typer.Option("--factories", min=10, max=100_000, help=tell("bench.factories"))
    ] = 1_000,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.csv", help=tell("bench.out"))
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Build a database of a stated size and print each figure against its floor and goal."""
    import csv
    import tempfile

    from marketplace.assembly import open_app
    from marketplace.base.db.migrate import migrate
    from marketplace.base.settings import settings
    from marketplace.upkeep.bench import build_scaled, measure_all

    with tempfile.TemporaryDirectory(dir=data_dir) as folder:
        # Its own database always: a bench must never fill one that people use.
        chosen = settings().model_copy(update={"data_dir": Path(folder), "database_url": None})
        app = open_app(chosen)
        migrate(app.store)
        counts = build_scaled(app, factories=factories)
        told = ", ".join(f"{table} {count}" for table, count in counts.items())
        typer.echo(tell("bench.built", rows=told))
        heads = ("figure", "ours_ms", "floor_ms", "ratio", "goal", "reached")
        lines = [heads]
        typer.echo("  ".join(f"{head:>14}" for head in heads))
        for figure in measure_all(app):
            line = (
                figure.name,
                f"{figure.ours_ms:.2f}",
                f"{figure.floor_ms:.2f}",
                f"{figure.ratio:.2f}",
                f"{figure.goal:g}",
                "yes" if figure.is_reached else "no",
            )
            lines.append(line)
            typer.echo("  ".join(f"{cell:>14}" for cell in line))
        app.store.dispose()
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
