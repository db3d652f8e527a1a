"""Loads the locale files and looks sentences up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

_HERE = Path(__file__).parent
_COUNTED = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")


def say(key: str, lang: Lang, /, **facts: object) -> str:
    """Return the sentence of `key`, its `{placeholders}` filled from `facts`.

    `{count:day|days}` is the word before the bar where the fact is one, else the word after it.

    Raises:
        KeyError: when the key or a placeholder's fact is missing; a hole in a sentence is a bug.
    """
    sentence = _table(lang)[key]
    if "{" not in sentence:
        return sentence
    if "|" in sentence:
        sentence = _COUNTED.sub(lambda found: _counted(found, facts), sentence)
    return sentence.format_map(facts)


def label(member: StrEnum, lang: Lang) -> str:
    """Return the word for an enum member; its key is `enum.<ClassName>.<value>`."""
    return say(f"enum.{type(member).__name__}.{member.value}", lang)


def has_key(key: str) -> bool:
    """Tell whether both languages have `key`."""
    return all(key in _table(lang) for lang in LANGUAGES)


def keys(lang: Lang) -> Mapping[str, str]:
    """Return all keys with their sentences."""
    return _table(lang)


def _counted(found: re.Match[str], facts: Mapping[str, object]) -> str:
    name, one, many = found.groups()
    return one if str(facts[name]) == "1" else many


@cache
def _table(lang: Lang) -> dict[str, str]:
    table: dict[str, str] = {}
    for path in sorted((_HERE / lang).glob("*.toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        area = () if path.stem.startswith("enum") else (path.stem,)
        for key, sentence in _flatten(content, area):
            if key in table:
                msg = f"{lang}: {key} is said twice, again in {path.name}"
                raise ValueError(msg)
            table[key] = sentence
    return table


def _flatten(node: Mapping[str, object], path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, (*path, name))
        else:
            yield ".".join((*path, name)), str(value)
