"""Wires the verbs; a new verb is one line here, one function and one `verb.<name>` text.

Verb modules import typer and words only; everything heavy is imported inside the function, so
that `--help` and a second start stay fast.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from marketplace.faces.cli import (
    developing,
    exporting,
    importing,
    keeping,
    measuring,
    points,
    programs,
    rebuilding,
    serving,
    statistics,
    undoing,
)
from marketplace.faces.cli.failing import told_as_sentences
from marketplace.faces.cli.language import lang, tell, without_lang

_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}

Language = Annotated[str, typer.Option("--lang", metavar="zh|en", help=tell("option.lang"))]


def build() -> typer.Typer:
    """Return the command line with every verb."""
    cli = typer.Typer(
        help=tell("about"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    cli.callback()(_common)
    cli.command("demo", help=tell("verb.demo"))(serving.demo)
    cli.command("serve", help=tell("verb.serve"))(serving.serve)
    cli.command("create-admin", help=tell("verb.create-admin"))(serving.create_admin)
    cli.command("worker", help=tell("verb.worker"))(serving.worker)
    cli.command("programs", help=tell("verb.programs"))(programs.read_programs)
    cli.command("import", help=tell("verb.import"))(importing.import_file)
    cli.command("imports", help=tell("verb.imports"))(undoing.list_imports)
    cli.command("undo-import", help=tell("verb.undo-import"))(undoing.undo_import)
    cli.command("export", help=tell("verb.export"))(exporting.export_file)
    cli.command("migrate", help=tell("verb.migrate"))(keeping.migrate)
    cli.command("backup", help=tell("verb.backup"))(keeping.backup)
    cli.command("restore", help=tell("verb.restore"))(keeping.restore)
    cli.command("rebuild", help=tell("verb.rebuild"))(rebuilding.rebuild)
    cli.command("bench", help=tell("verb.bench"))(measuring.bench)
    cli.command("replay-points", help=tell("verb.replay-points"))(points.replay_points)
    cli.command("rates", help=tell("verb.rates"))(statistics.rates)
    cli.command("its", help=tell("verb.its"))(statistics.its)
    cli.command("test", help=tell("verb.test"), context_settings=_PASS_ON)(developing.test)
    cli.command("check", help=tell("verb.check"))(developing.check)
    cli.add_typer(keeping.audit, name="audit", help=tell("verb.audit"))
    cli.add_typer(developing.dev, name="dev", help=tell("developer.dev"), hidden=True)
    return cli


def main() -> None:
    """Run the verb the command line names."""
    with told_as_sentences():
        build()(without_lang(sys.argv[1:]), prog_name="manage.py")


def _common(language: Language = lang()) -> None:
    """Show `--lang` in the help; it is read, wherever it stands, before anything is wired."""
    del language
