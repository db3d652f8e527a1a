"""Verbs for those who work on the product: its tests, its checks, its migrations."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from marketplace.base.settings import ROOT
from marketplace.faces.cli.failing import ExitCode
from marketplace.faces.cli.language import tell
from marketplace.faces.cli.options import DataDir, holds_the_demo, use_data_dir

WORKERS = "2"  # measured: two cores are what a small machine and the CI have
BROWSERS = "3"  # measured: alone, one browser keeps a core busy two thirds of the time

_JOURNEYS = "tests/journeys"
_BY_GROUP = ("--dist", "loadgroup", "--no-loadscope-reorder")  # groups: see their conftest

_CHECKS = (
    ("ruff", ("check", "--output-format", "concise", ".")),
    ("ruff", ("format", "--check", "--quiet", ".")),
    ("mypy", ()),
)

dev = typer.Typer(no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help=tell("option.slug"))]
Deploy = Annotated[bool, typer.Option("--deploy", help=tell("option.deploy"))]
First = Annotated[bool, typer.Option("--first", help=tell("option.first"))]


def test(context: typer.Context) -> None:
    """Run pytest on two workers, then the browser's journeys on three; what follows goes to pytest.

    The journeys run apart: a browser leaves its event loop behind. Each file of them that
    changes something stays with one worker, since its journeys share an installation. A path
    among the arguments runs just that.
    """
    _require_tools("pytest")
    given = list(context.args)
    told = any(_sets_workers(argument) for argument in given)
    spread, browsers = ([], []) if told else (["-n", WORKERS], ["-n", BROWSERS])
    if any(not argument.startswith("-") for argument in given):
        raise typer.Exit(_run("pytest", *spread, *given))
    with tempfile.TemporaryDirectory() as folder:
        shared = f"--shared-demo={folder}"
        first = _run("pytest", *spread, shared, f"--ignore={_JOURNEYS}", *given)
        second = _run("pytest", *browsers, shared, *_BY_GROUP, _JOURNEYS, *given)
    raise typer.Exit(first or second)


def check(*, deploy: Deploy = False, data_dir: DataDir = None) -> None:
    """Run the linter, the formatter, the type checker and the import contracts.

    With `--deploy` nothing of that: what must change before others may reach this installation.
    """
    if deploy:
        _check_deployment(data_dir)
        return
    _require_tools("ruff", "mypy", "importlinter")
    failed = []
    for module, arguments in _CHECKS:
        name = " ".join((module, *arguments[:1]))
        typer.echo(tell("check.running", name=name))
        if _run(module, *arguments):
            failed.append(name)
    typer.echo(tell("check.running", name="import-linter"))
    if lint_imports():
        failed.append("import-linter")
    if failed:
        typer.echo(tell("check.failed", names=", ".join(failed)))
        raise typer.Exit(ExitCode.REFUSED)
    typer.echo(tell("check.clean"))


def _check_deployment(folder: Path | None) -> None:
    use_data_dir(folder)
    from marketplace.base.settings import settings
    from marketplace.upkeep.deploy import find_dangers

    config = ROOT / ".streamlit" / "config.toml"
    dangers = find_dangers(settings(), config, demo=holds_the_demo(folder))
    for danger in dangers:
        typer.echo(
            tell(
                f"deploy.{danger.code}",
                setting=danger.setting,
                found=danger.found,
                wanted=danger.wanted,
            )
        )
    if dangers:
        raise typer.Exit(ExitCode.REFUSED)
    typer.echo(tell("deploy.clean"))


def lint_imports() -> int:
    """Return the exit code of the import contracts in `pyproject.toml`."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.call([sys.executable, "-c", code, "--no-cache"], cwd=ROOT)  # noqa: S603


@dev.command("make-migration", help=tell("developer.make_migration"))
def write_migration(slug: Slug, *, first: First = False) -> None:
    """Write the next migration by comparing the tables with a scratch database."""
    from marketplace.base.db import open_store
    from marketplace.base.db.migrate import (
        MIGRATIONS,
        make_migration,
        migrate,
        newest_revision,
    )
    from marketplace.base.keys import load_or_make_keys

    if first:
        for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"):
            path.unlink()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(keys=load_or_make_keys(folder), path=folder / "scratch.sqlite3")
        try:
            if newest_revision() is not None:
                migrate(store)
            typer.echo(str(make_migration(store, slug=slug)))
        finally:
            store.dispose()


def _sets_workers(argument: str) -> bool:
    return argument.startswith(("-n", "--numprocesses", "-p no:xdist"))


def _run(module: str, *arguments: str) -> int:
    return subprocess.call([sys.executable, "-m", module, *arguments], cwd=ROOT)  # noqa: S603


def _require_tools(*modules: str) -> None:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        typer.echo(tell("tools_missing", names=", ".join(missing)), err=True)
        raise typer.Exit(ExitCode.ENVIRONMENT)
