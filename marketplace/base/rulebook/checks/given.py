"""Reading of what a program file gives, where parts of it may be of a wrong kind.

A part that is of a wrong kind stands as None: a check leaves it out and says what it can of the
rest, so that one fault never hides another. What the file leaves out is simply not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str | int, ...]
Given = Mapping[str, Any]
# Where, which rule, and the facts of it.
Found = tuple[Path, str, dict[str, object]]


def at(given: Given, *path: str, default: object = None) -> Any:
    """Return what stands at a path; `default` where the file leaves it out, None where unsound."""
    here: Any = given
    for name in path:
        if not isinstance(here, Mapping):
            return None
        if name not in here:
            return default
        here = here[name]
    return here


def table(given: Given, *path: str) -> Given:
    """Return a table, empty where there is none to read."""
    found = at(given, *path)
    return found if isinstance(found, Mapping) else {}


def entries(given: Given, *path: str) -> Iterator[tuple[Path, Given]]:
    """Give the tables of a list, each with its path."""
    found = at(given, *path)
    for number, entry in enumerate(found if isinstance(found, list) else []):
        if isinstance(entry, Mapping):
            yield (*path, number), entry


def texts(entry: Given, name: str) -> Iterator[tuple[int, str]]:
    """Give the texts of a list, each with its number in it."""
    found = entry.get(name)
    for number, text in enumerate(found if isinstance(found, list) else []):
        if isinstance(text, str):
            yield number, text


def names_of(given: Given, *path: str, field: str = "key") -> list[str] | None:
    """Return what the entries of a list are called; None where one of them cannot be read.

    Whether a name is unknown can only be told where all of them are known.
    """
    found = at(given, *path, default=[])
    if not isinstance(found, list):
        return None
    names = [entry.get(field) if isinstance(entry, Mapping) else None for entry in found]
    return None if None in names else [str(name) for name in names]


def twice(
    given: Given, *path: str, code: str, field: str = "key", fact: str = "key"
) -> Iterator[Found]:
    """Give every entry that is called as one before it."""
    seen: set[object] = set()
    for place, entry in entries(given, *path):
        name = entry.get(field)
        if name is None:
            continue
        if name in seen:
            yield (*place, field), code, {fact: name}
        seen.add(name)


def repeated(names: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Give each text of a list that stands in it before."""
    seen: set[str] = set()
    for number, name in names:
        if name in seen:
            yield number, name
        seen.add(name)
