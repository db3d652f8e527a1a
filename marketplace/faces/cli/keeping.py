"""Verbs that look after one installation."""

from __future__ import annotations

import typer

from marketplace.faces.cli.language import tell
from marketplace.faces.cli.options import DataDir, migrate_installation, open_installation

audit = typer.Typer(help=tell("verb.audit"), no_args_is_help=True)


def migrate(*, data_dir: DataDir = None) -> None:
    """Bring the database to the newest schema."""
    done = migrate_installation(data_dir)
    typer.echo(tell("migrate.done" if done else "migrate.nothing"))


@audit.command("verify", help=tell("audit.verify"))
def verify_audit(*, data_dir: DataDir = None) -> None:
    """Verify the whole chain against its anchors; exit 1 and name the first bad entry."""
    app = open_installation(data_dir)
    from marketplace.base.audit import verify

    report = verify(app.store, app.data_dir / "anchors.jsonl")
    if report.is_intact:
        typer.echo(tell("audit.intact", entries=report.entries, anchors=report.anchors))
        return
    typer.echo(tell("audit.broken", seq=report.first_bad_seq), err=True)
    raise typer.Exit(1)


@audit.command("anchor", help=tell("audit.anchor"))
def make_audit_anchor(*, data_dir: DataDir = None) -> None:
    """Sign the present state of the chain into the anchors file and print its digest."""
    app = open_installation(data_dir)
    from marketplace.base.audit import make_anchor, printed_digest

    anchor = make_anchor(app.store, clock=app.clock, path=app.data_dir / "anchors.jsonl")
    typer.echo(printed_digest(anchor))
