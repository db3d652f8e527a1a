"""The verb that reads the program files before anybody works by them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from marketplace.base.clock import civil_day
from marketplace.base.words import format_day
from marketplace.faces.cli.failing import ExitCode
from marketplace.faces.cli.language import tell
from marketplace.faces.cli.options import DataDir, open_database, use_data_dir

if TYPE_CHECKING:
    from marketplace.base.rulebook.versions import Reused


def read_programs(*, data_dir: DataDir = None) -> None:
    """Read every program file and say what is wrong with it; changes nothing."""
    use_data_dir(data_dir)
    from marketplace.base.rulebook import load_all
    from marketplace.base.settings import settings

    for rulebook in load_all(settings().programs_dir).values():
        typer.echo(
            tell(
                "programs.sound",
                program=rulebook.program.key,
                version=rulebook.program.version,
                sha256=rulebook.sha256[:12],
            )
        )
    if tell_reused_numbers(data_dir):
        raise typer.Exit(ExitCode.REFUSED)


def tell_reused_numbers(folder: Path | None) -> bool:
    """Say which version numbers stand for other rules in this installation; tell whether any do."""
    use_data_dir(folder)
    from marketplace.base.db import read
    from marketplace.base.rulebook import load_all
    from marketplace.base.rulebook.versions import find_reused_numbers
    from marketplace.base.settings import settings

    if settings().database_url is None and not settings().sqlite_path.exists():
        return False  # looking must not make a database
    rulebooks = load_all(settings().programs_dir).values()
    with open_database(folder) as store, read(store) as session:
        reused = find_reused_numbers(session, rulebooks=rulebooks)
    for one in reused:
        typer.echo(sentence_of(one), err=True)
    return bool(reused)


def sentence_of(one: Reused) -> str:
    """Return what is said of a number that stands for other rules."""
    day = format_day(civil_day(one.kept_from))
    return tell("programs.reused", program=one.program, version=one.number, day=day)
