"""Turns what went wrong into sentences and into exit codes that scripts can trust."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer

from marketplace.base.errors import Invalid, MarketplaceError, NotAllowed, Unavailable
from marketplace.base.words.locales import Lang, has_key, say
from marketplace.faces.cli.language import lang, tell


class ExitCode(IntEnum):
    """What the number a verb ends with means."""

    DONE = 0
    REFUSED = 1  # a rule forbids it, or faults were found
    USAGE = 2  # typer's own number for a wrong command line
    NOT_ALLOWED = 3
    ENVIRONMENT = 4  # no database, no disk, no tool


@contextmanager
def told_as_sentences() -> Iterator[None]:
    """Print a refusal as sentences and end with its exit code; faults of the program pass."""
    try:
        yield
    except MarketplaceError as error:
        _print(*sentences_of(error, lang()))
        sys.exit(exit_code_of(error))
    except OSError as error:
        _print(tell("environment", trouble=error))
        sys.exit(ExitCode.ENVIRONMENT)
    except Exception as error:
        if not _is_lost_database(error):
            raise
        _print(tell("no_database", trouble=str(error).splitlines()[0]))
        sys.exit(ExitCode.ENVIRONMENT)


def exit_code_of(error: MarketplaceError) -> ExitCode:
    """Return 3 where somebody may not, 4 where nothing can be kept, 1 for every other refusal."""
    if isinstance(error, Unavailable):
        return ExitCode.ENVIRONMENT
    return ExitCode.NOT_ALLOWED if isinstance(error, NotAllowed) else ExitCode.REFUSED


def sentences_of(error: MarketplaceError, language: Lang) -> list[str]:
    """Return what an error says; each fault of an input with its place."""
    if isinstance(error, Invalid):
        return [
            f"{fault.place}: {_sentence(fault.code, language, fault.facts)}"
            for fault in error.faults
        ]
    return [_sentence(error.code, language, error.facts)]


def _sentence(code: str, language: Lang, facts: object) -> str:
    known = dict(facts) if isinstance(facts, dict) else {}
    key = f"error.{code}"
    return (
        say(key, language, **known)
        if has_key(key)
        else say("cli.wordless", language, code=code)
    )


def _print(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)  # as UTF-8 where the locale knows ASCII alone


def _is_lost_database(error: Exception) -> bool:
    if "sqlalchemy" not in sys.modules:
        return False
    from sqlalchemy.exc import OperationalError

    return isinstance(error, OperationalError)
