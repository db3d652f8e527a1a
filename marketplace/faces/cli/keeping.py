"""Verbs that look after one installation."""

from __future__ import annotations

import typer

from marketplace.faces.cli.language import tell
from marketplace.faces.cli.options import DataDir, migrate_installation


def migrate(*, data_dir: DataDir = None) -> None:
    """Bring the database to the newest schema."""
    done = migrate_installation(data_dir)
    typer.echo(tell("migrate.done" if done else "migrate.nothing"))
