"""Loads the locale files and looks sentences up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

_HERE = Path(__file__).parent


def say(key: str, lang: Lang, **facts: object) -> str:
    """Return the sentence of `key`, its `{placeholders}` filled from `facts`.

    `{count:pair|pairs}` is the first word where the count is one, else the second.

    Raises:
        KeyError: when the key or a placeholder's fact is missing; a hole in a sentence is a bug.
    """
    sentence = _table(lang)[key]
    if "{" not in sentence:
        return sentence
    if "|" in sentence:
        facts = {name: _Choosing(value) for name, value in facts.items()}
    return sentence.format_map(facts)


class _Choosing:
    """A fact that can also choose between two words: by a number, written out or not."""

    def __init__(self, value: object) -> None:
        """Keep the fact itself."""
        self.value = value

    def __format__(self, spec: str) -> str:
        """Return the word for one or for many, or the fact itself."""
        if "|" not in spec:
            return format(self.value, spec)
        one, many = spec.split("|")
        return one if str(self.value) == "1" else many


def label(member: StrEnum, lang: Lang) -> str:
    """Return the word for an enum member; its key is `enum.<ClassName>.<value>`."""
    return say(f"enum.{type(member).__name__}.{member.value}", lang)


def has_key(key: str) -> bool:
    """Tell whether both languages have `key`."""
    return all(key in _table(lang) for lang in LANGUAGES)


def keys(lang: Lang) -> Mapping[str, str]:
    """Return all keys with their sentences."""
    return _table(lang)


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
