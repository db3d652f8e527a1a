"""Verbs that look after one installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marketplace.faces.cli.language import lang, tell
from marketplace.faces.cli.options import (
    As,
    DataDir,
    find_user,
    migrate_installation,
    open_installation,
    use_data_dir,
    use_progress,
)

audit = typer.Typer(help=tell("verb.audit"), no_args_is_help=True)


def migrate(*, data_dir: DataDir = None) -> None:
    """Bring the database to the newest schema."""
    done = migrate_installation(data_dir)
    typer.echo(tell("migrate.done" if done else "migrate.nothing"))


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="OUT.zip", dir_okay=False, help=tell("backup.file"))
    ],
    *,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help=tell("backup.without_keys"))
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Write everything into one file while people work, and read it back."""
    app = open_installation(data_dir)
    from marketplace.upkeep.archive import make_backup

    with use_progress(tell("backup.running")) as told:
        made = make_backup(app, file, with_keys=not without_keys, progress=told)
    typer.echo(
        tell(
            "backup.done",
            path=made.path,
            tables=made.tables,
            rows=made.rows,
            files=made.files,
            megabytes=f"{made.size / 1_000_000:.1f}",
        )
    )
    typer.echo(tell("backup.has_keys" if made.has_keys else "backup.no_keys"))


def restore(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="BACKUP.zip", exists=True, dir_okay=False, help=tell("restore.file")
        ),
    ],
    *,
    data_dir: DataDir = None,
) -> None:
    """Fill an empty installation from a backup; the audit chain must verify afterwards."""
    use_data_dir(data_dir)
    from marketplace.base.settings import settings
    from marketplace.upkeep.archive import (
        check_archive,
        is_never_used,
        restore_backup,
        restore_keys,
    )

    check_archive(file)
    kept = restore_keys(file, settings().data_dir, is_never_used=is_never_used(settings()))
    if kept is not None:
        typer.echo(tell("restore.keys_aside", file=kept))
    app = open_installation(data_dir, may_be_new=True)
    with use_progress(tell("restore.running")) as told:
        manifest = restore_backup(app, file, progress=told)
    typer.echo(
        tell("restore.done", as_of=manifest.made_at.isoformat(), entries=manifest.audit_entries)
    )


@audit.command("verify", help=tell("audit.verify"))
def verify_audit(*, data_dir: DataDir = None) -> None:
    """Verify the whole chain against its anchors; exit 1 and name the first bad entry."""
    app = open_installation(data_dir)
    from marketplace.base.audit import ANCHORS_FILE, lacking_anchors, verify
    from marketplace.base.words import say

    path = app.data_dir / ANCHORS_FILE
    report = verify(app.store, path)
    if report.is_intact:
        typer.echo(tell("audit.intact", entries=report.entries, anchors=report.anchors))
        if lacking := lacking_anchors(report, path):
            typer.echo(say(f"audit.{lacking}", lang()))
        return
    typer.echo(tell("audit.broken", seq=report.first_bad_seq), err=True)
    raise typer.Exit(1)


@audit.command("anchor", help=tell("audit.anchor"))
def make_audit_anchor(*, data_dir: DataDir = None) -> None:
    """Sign the present state of the chain into the anchors file and print its digest."""
    app = open_installation(data_dir)
    from marketplace.base.audit import ANCHORS_FILE, make_anchor, printed_digest

    anchor = make_anchor(app.store, clock=app.clock, path=app.data_dir / ANCHORS_FILE)
    typer.echo(printed_digest(anchor))


@audit.command("erase-person", help=tell("erasing.verb"))
def erase_person(
    who: Annotated[str, typer.Argument(metavar="WHO", help=tell("erasing.who"))],
    *,
    user: As,
    reason: Annotated[str, typer.Option("--reason", help=tell("erasing.reason"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tell("erasing.dry_run"))] = False,
    data_dir: DataDir = None,
) -> None:
    """Erase a person's details where they stand; the trail keeps that it was done."""
    app = open_installation(data_dir)
    actor = find_user(app, user)
    from marketplace.upkeep.erasing import erase

    erased = erase(app, actor=actor, who=who, reason=reason, dry_run=dry_run)
    for kind, count in erased.items():
        if count:
            typer.echo(tell(f"erasing.{kind}", count=count))
    typer.echo(tell("erasing.tried" if dry_run else "erasing.done"))
