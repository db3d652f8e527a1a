"""The verb that measures this installation's code on a database it builds for the purpose."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketplace.base.settings import ROOT
from marketplace.base.words.locales import say
from marketplace.faces.cli.language import lang, tell
from marketplace.faces.cli.options import DataDir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.assembly import App
    from marketplace.upkeep.bench import Figure

_PAGE_TURNS = 9


def told(key: str, **facts: object) -> str:
    """Return a sentence of the area `upkeep` about measuring."""
    return say(f"upkeep.bench.{key}", lang(), **facts)


def bench(
    *,
    factories: Annotated[
        int, typer.Option("--factories", min=10, max=100_000, help=tell("bench.factories"))
    ] = 1_000,
    events: Annotated[
        int, typer.Option("--events", min=0, max=5_000_000, help=told("events"))
    ] = 0,
    products: Annotated[
        int, typer.Option("--products", min=0, max=2_000_000, help=told("products"))
    ] = 0,
    statistics: Annotated[bool, typer.Option("--statistics", help=told("statistics"))] = False,
    quick: Annotated[bool, typer.Option("--quick", help=told("quick"))] = False,
    pages: Annotated[bool, typer.Option("--pages/--no-pages", help=told("pages"))] = True,
    browser: Annotated[
        Path | None,
        typer.Option("--browser", metavar="CHROMIUM", exists=True, help=told("browser")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT.csv", help=tell("bench.out"))
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Build a database of a stated size and print each figure against its floor and goal."""
    if statistics:
        _simulate(out, quick=quick)
        return
    import tempfile
    from itertools import chain

    from marketplace.assembly import open_app
    from marketplace.base.db.migrate import migrate
    from marketplace.base.settings import settings
    from marketplace.upkeep.bench import (
        GOAL_EVENTS,
        GOAL_FACTORIES,
        build_scaled,
        measure_all,
        measure_imports,
    )

    if data_dir is not None:
        data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_dir) as folder:
        # Its own database always: a bench must never fill one that people use.
        chosen = settings().model_copy(update={"data_dir": Path(folder), "database_url": None})
        app = open_app(chosen)
        migrate(app.store)
        counts = build_scaled(app, factories=factories, events=events, products=products)
        rows = ", ".join(f"{table} {count}" for table, count in counts.items())
        typer.echo(tell("bench.built", rows=rows))
        if factories < GOAL_FACTORIES or counts["finding"] < GOAL_EVENTS:
            goal = {"factories": f"{GOAL_FACTORIES:,}", "events": f"{GOAL_EVENTS:,}"}
            typer.echo(tell("bench.smaller", **goal))
        heads = ("figure", "ours_ms", "floor_ms", "ratio", "goal", "reached")
        lines: list[tuple[str, ...]] = [heads]
        typer.echo("  ".join(f"{head:>14}" for head in heads))
        timed = _time_pages(app, browser) if pages else ()
        # Imports last: the database grows by them.
        for figure in chain(measure_all(app), timed, measure_imports(app)):
            line = (
                figure.name,
                f"{figure.ours_ms:.2f}",
                f"{figure.floor_ms:.2f}",
                f"{figure.ratio:.4f}",
                f"{figure.goal:g}",
                "yes" if figure.is_reached else "no",
            )
            lines.append(line)
            typer.echo("  ".join(f"{cell:>14}" for cell in line))
        app.store.dispose()
    _keep(out, lines)


def _time_pages(app: App, browser: Path | None) -> Iterator[Figure]:
    """Yield the overview against an empty page, timed by a process that serves both."""
    import json
    import os
    import subprocess
    import sys

    from marketplace.faces.web.middleware import cookie_name
    from marketplace.upkeep.bench import Figure, sign_in_officer

    asked = {
        "page": "overview",
        "cookie": f"{cookie_name(app)}={sign_in_officer(app)}",
        "turns": _PAGE_TURNS,
        "browser": None if browser is None else str(browser),
    }
    found = subprocess.run(
        [sys.executable, "-m", "marketplace.faces.ui.stopwatch"],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if k != "MARKETPLACE_DATABASE_URL"},
            "MARKETPLACE_DATA_DIR": str(app.settings.data_dir.resolve()),
        },
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for line in found.stdout.splitlines():
        told = json.loads(line)
        yield Figure(
            f"overview_{told['name']}", told["ours_ms"], told["floor_ms"], told["goal"]
        )


def _simulate(out: Path | None, *, quick: bool) -> None:
    """Print every simulation study; end with 1 where one misses its goal."""
    from marketplace.upkeep.bench.simulation import SEED, run_studies

    typer.echo(told("seed", seed=SEED))
    heads = ("study", "goal", "measured", "error", "reached")
    lines: list[tuple[str, ...]] = [heads]
    typer.echo(f"{heads[0]:<28}" + "".join(f"{head:>14}" for head in heads[1:]))
    missed = 0
    for study in run_studies(quick=quick):
        reached = "yes" if study.is_reached else "no"
        missed += not study.is_reached
        shown = "-" if study.told == "-" else reached
        line = (
            study.name, study.told, f"{study.measured:.3f}", f"{study.error:.3f}", shown
        )  # fmt: skip
        lines.append(line)
        typer.echo(f"{line[0]:<28}" + "".join(f"{cell:>14}" for cell in line[1:]))
    _keep(out, lines)
    if missed:
        raise typer.Exit(1)


def _keep(out: Path | None, lines: list[tuple[str, ...]]) -> None:
    import csv

    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
