"""Reads program files; a broken one is refused with all its faults at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from marketplace.base.errors import Fault, Invalid
from marketplace.base.rulebook.checks import Found, find_faults
from marketplace.base.rulebook.checks import Path as Place
from marketplace.base.rulebook.faults import found_of, told
from marketplace.base.rulebook.model import Figure, Rulebook
from marketplace.base.rulebook.reading import parsed, text_of

# Whole numbers that name an order or a code rather than state a rule need no source.
_PLAIN = ("version", "offense", "nice_class")
# What the model knows of a file and no file says of itself.
_OWN = ("sha256", "text", "figures")


def load_all(folder: Path) -> dict[str, Rulebook]:
    """Return key → rulebook for every program file of a folder, by file name.

    Raises:
        Invalid: with the faults of all files together.
    """
    found: dict[str, Rulebook] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            rulebook = load_rulebook(path)
        except Invalid as error:
            faults.extend(error.faults)
            continue
        if rulebook.program.key in found:
            faults.append(
                Fault(
                    f"{path.name}: program.key", "program_twice", {"key": rulebook.program.key}
                )
            )
        found[rulebook.program.key] = rulebook
    if not found and not faults:
        faults.append(Fault(str(folder.name), "program_none"))
    if faults:
        raise Invalid(faults)
    return found


def load_rulebook(path: Path) -> Rulebook:
    """Return the rules of one file.

    Raises:
        Invalid: with every fault, each placed as `file: key`, in the order of the file.
    """
    return parse_rulebook(text_of(path), path.name)


def parse_rulebook(text: str, name: str) -> Rulebook:
    """Return the rules of a program file's text; `name` places its faults.

    Raises:
        Invalid: with every fault, each placed as `file: key`, in the order of the file.
    """
    return _parsed_once(text, name)


def parse_kept(text: str, program: str) -> Rulebook:
    """Return the rules of a text that was in force, as they were taken then.

    What was decided by it stays readable, also where a file that says so is refused today.

    Raises:
        Invalid: where the text gives no rules at all.
    """
    raw = parsed(text, program)
    figures: dict[Place, Figure] = {}
    found: list[Found] = []
    plain = _unwrap(raw, (), figures, found)
    try:
        return Rulebook.model_validate(_with_own(plain, text, figures), strict=False)
    except ValidationError as error:
        found.extend(found_of(e) for e in error.errors())
    raise Invalid(told(found, raw, text, program))


@lru_cache(maxsize=8)  # rules are frozen, and a text that was refused is read anew
def _parsed_once(text: str, name: str) -> Rulebook:
    raw = parsed(text, name)
    try:
        rulebook, found = _read(raw, text)
    except RecursionError as error:
        raise Invalid([Fault(name, "program_too_deep")]) from error
    if rulebook is None or found:
        raise Invalid(told(found, raw, text, name))
    return rulebook


def _read(raw: Mapping[str, Any], text: str) -> tuple[Rulebook | None, list[Found]]:
    figures: dict[Place, Figure] = {}
    of_figures: list[Found] = [((name,), "key_unknown", {}) for name in _OWN if name in raw]
    theirs = {name: value for name, value in raw.items() if name not in _OWN}
    plain = _unwrap(theirs, (), figures, of_figures)
    try:
        rulebook = Rulebook.model_validate(_with_own(plain, text, figures))
    except ValidationError as error:
        of_kinds = [found_of(e) for e in error.errors()]
    else:
        return rulebook, [*of_figures, *find_faults(plain)]
    for path, code, _facts in of_kinds:
        _take_out(plain, path, is_unknown=code == "key_unknown")
    return None, [
        *of_kinds, *_beside(of_figures, of_kinds), *find_faults(plain)
    ]  # fmt: skip


def _with_own(
    plain: Mapping[str, Any], text: str, figures: Mapping[Place, Figure]
) -> dict[str, Any]:
    return {
        **plain,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "text": text,
        "figures": {".".join(map(str, path)): figure for path, figure in figures.items()},
    }


def _take_out(plain: Any, path: Place, *, is_unknown: bool) -> None:
    """Let None stand for what is of a wrong kind or missing, and nothing for an unknown key."""
    here = plain
    for step in path[:-1]:
        here = _part(here, step)
    last = path[-1]
    if isinstance(here, dict) and is_unknown:
        here.pop(last, None)
    elif isinstance(here, dict) or _part(here, last) is not None:
        here[last] = None


def _part(node: Any, step: str | int) -> Any:
    if isinstance(node, list):
        return node[step] if isinstance(step, int) and step < len(node) else None
    return node.get(step) if isinstance(node, dict) else None


def _beside(of_figures: Iterable[Found], of_kinds: Iterable[Found]) -> list[Found]:
    """Leave out what says of a figure again what its place was told already."""
    known = {path for path, _, _ in of_kinds}
    return [
        found
        for found in of_figures
        if not (found[1] == "figure_without_source" and found[0] in known)
        and not (found[0][-1] == "value" and found[0][:-1] in known)
    ]


def _unwrap(node: Any, path: Place, figures: dict[Place, Figure], found: list[Found]) -> Any:
    """Take `{value, unit, source}` tables apart; a bare number where a rule stands is a fault."""
    if isinstance(node, Mapping):
        if "value" in node and path:
            return _figure(node, path, figures, found)
        return {
            key: _unwrap(value, (*path, key), figures, found) for key, value in node.items()
        }
    if isinstance(node, list):
        return [_unwrap(v, (*path, i), figures, found) for i, v in enumerate(node)]
    is_number = isinstance(node, int | float) and not isinstance(node, bool)
    if is_number and path[-1] not in _PLAIN:
        found.append((path, "figure_without_source", {}))
    return node


def _figure(
    node: Mapping[str, Any], path: Place, figures: dict[Place, Figure], found: list[Found]
) -> Any:
    try:
        figures[path] = Figure.model_validate(dict(node))
    except ValidationError as error:
        for details in error.errors():
            if details["loc"][0] == "value":  # one for each kind it could have been
                found.append(((*path, "value"), "figure_value", {}))
            else:
                found.append(((*path, *details["loc"]), *found_of(details)[1:]))
    # A list is taken out of the file: what is done to it here must not change what was read.
    return list(node["value"]) if isinstance(node["value"], list) else node["value"]
