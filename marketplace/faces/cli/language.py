"""Decides which language the command line speaks: `--lang`, else the locale, else Chinese."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache

from marketplace.base.words.locales import Lang, say


def choose_lang(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """Return the language asked for by `--lang`, by a locale variable, or Chinese."""
    asked = _asked(arguments)
    if asked is None:
        variables = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        asked = next((value for value in variables if value), "")
    return "en" if asked.lower().startswith("en") else "zh"


@cache
def lang() -> Lang:
    """Return the language of this run."""
    return choose_lang(sys.argv[1:], os.environ)


def without_lang(arguments: Sequence[str]) -> list[str]:
    """Return the arguments without `--lang`, which may stand before or after the verb."""
    kept: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--lang":
            next(rest, None)
        elif not argument.startswith("--lang="):
            kept.append(argument)
    return kept


def tell(key: str, /, **facts: object) -> str:
    """Return a sentence of the area `cli` in the language of this run."""
    return say(f"cli.{key}", lang(), **facts)


def _asked(arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
    return None
