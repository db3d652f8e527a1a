"""Reads program files; a broken one is refused with all its faults at once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from marketplace.base.errors import Fault, Invalid
from marketplace.base.rulebook.enforcement import PAUSED, faults_of
from marketplace.base.rulebook.holds import faults_of_holds
from marketplace.base.rulebook.model import Figure, Rulebook

# Whole numbers that name an order or a code rather than state a rule need no source.
_PLAIN = ("version", "offense", "nice_class")
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


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
        Invalid: with every fault, each placed as `file: key`.
    """
    rulebook = parse_rulebook(path.read_text("utf-8"), path.name)
    # Of a file to work by, not of a text kept: decisions judged by it stay readable as they were.
    promised = [
        Fault(
            f"{path.name}: enforcement.appeals.while_open",
            "measure_never_paused",
            {"measure": stated.measure},
        )
        for stated in rulebook.enforcement.appeals.while_open
        if stated.effect == "paused" and stated.measure not in PAUSED
    ]
    if promised:
        raise Invalid(promised)
    return rulebook


def parse_rulebook(text: str, name: str) -> Rulebook:
    """Return the rules of a program file's text; `name` places its faults."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid([Fault(name, "program_toml", {"detail": str(error)})]) from error
    figures: dict[str, Figure] = {}
    faults: list[Fault] = []
    plain = _unwrap(raw, "", figures, faults)
    try:
        rulebook = Rulebook.model_validate(
            {
                **plain,
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
                "text": text,
                "figures": figures,
            }
        )
    except ValidationError as error:
        faults.extend(
            Fault(".".join(str(p) for p in e["loc"]), "program_value", {"detail": e["msg"]})
            for e in error.errors()
        )
    else:
        faults.extend(_cross_checks(rulebook))
        if not faults:
            return rulebook
    raise Invalid([Fault(f"{name}: {f.place}", f.code, f.facts) for f in faults])


def _unwrap(node: Any, path: str, figures: dict[str, Figure], faults: list[Fault]) -> Any:
    """Take `{value, unit, source}` tables apart; a bare number where a rule stands is a fault."""
    if isinstance(node, Mapping):
        if "value" in node:
            return _figure(node, path, figures, faults)
        return {
            key: _unwrap(value, f"{path}.{key}" if path else key, figures, faults)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_unwrap(v, f"{path}.{i}", figures, faults) for i, v in enumerate(node)]
    is_number = isinstance(node, int | float) and not isinstance(node, bool)
    if is_number and path.rsplit(".", 1)[-1] not in _PLAIN:
        faults.append(Fault(path, "figure_without_source"))
    return node


def _figure(
    node: Mapping[str, Any], path: str, figures: dict[str, Figure], faults: list[Fault]
) -> Any:
    try:
        figures[path] = Figure.model_validate(dict(node))
    except ValidationError as error:
        faults.extend(
            Fault(f"{path}.{e['loc'][0]}", "program_value", {"detail": e["msg"]})
            for e in error.errors()
        )
    return node["value"]


# What every figure, formula and file says of itself in words (domain §3a). Another number in a
# program file would change the figure and not its words, so it is refused until words can follow.
STATED = {"interval_level": 0.95, "min_findings_for_listings": 20, "excluded_months_before": 3}


def _stated_faults(rulebook: Rulebook) -> list[Fault]:
    given = {name: getattr(rulebook.compliance, name) for name in STATED}
    return [
        Fault(f"compliance.{name}", "figures_say", {"value": given[name], "stated": stated})
        for name, stated in STATED.items()
        if given[name] != stated
    ]


def _contact_faults(rulebook: Rulebook) -> list[Fault]:
    contact = rulebook.program.contact_en
    if contact is None or (contact.strip() and not _CHINESE.search(contact)):
        return []
    return [Fault("program.contact_en", "contact_not_english", {"value": contact})]


def _cross_checks(rulebook: Rulebook) -> list[Fault]:
    faults = _ladder_faults(rulebook) + _stated_faults(rulebook) + _contact_faults(rulebook)
    codes = [r.code for r in rulebook.regions]
    faults += [
        Fault("regions", "region_twice", {"code": code})
        for code in sorted({c for c in codes if codes.count(c) > 1})
    ]
    if rulebook.program.valid_until <= rulebook.program.valid_from:
        faults.append(Fault("program.valid_until", "ends_before_it_starts"))
    offenses = [s.offense for s in rulebook.points.schedule]
    if offenses != list(range(1, len(offenses) + 1)):
        faults.append(Fault("points.schedule", "schedule_gap"))
    total = sum(s.points for s in rulebook.points.schedule)
    if total < rulebook.points.closure_balance:
        faults.append(
            Fault(
                "points.schedule",
                "schedule_never_closes",
                {"total": total, "closure": rulebook.points.closure_balance},
            )
        )
    longest = rulebook.enforcement.measures.longest_suspension_days
    faults += [
        Fault(
            f"points.schedule.{step.offense}", "suspension_too_long",
            {"days": step.suspension_days, "longest": longest},
        )
        for step in rulebook.points.schedule
        if step.suspension_days > longest
    ]  # fmt: skip
    categories = frozenset(c.key for c in rulebook.product.categories)
    faults += [Fault(*found) for found in faults_of(rulebook.enforcement, categories)]
    faults += [Fault(*found) for found in faults_of_holds(rulebook.holds, rulebook.enforcement)]
    return faults


def _ladder_faults(rulebook: Rulebook) -> list[Fault]:
    faults: list[Fault] = []
    keys = [c.key for c in rulebook.conditions]
    faults += [
        Fault("conditions", "condition_twice", {"key": key})
        for key in sorted({k for k in keys if keys.count(k) > 1})
    ]
    known = set(keys)
    for condition in rulebook.conditions:
        faults += [
            Fault(f"conditions.{condition.key}.needs", "condition_unknown", {"key": need})
            for need in condition.needs
            if need not in known
        ]
    for stage in rulebook.stages:
        faults += [
            Fault(f"stages.{stage.key}.requires", "condition_unknown", {"key": key})
            for key in stage.requires
            if key not in known
        ]
    if not rulebook.stages:
        faults.append(Fault("stages", "stages_none"))
    return faults or _cycle_faults(rulebook)


def _cycle_faults(rulebook: Rulebook) -> list[Fault]:
    left = {c.key: set(c.needs) for c in rulebook.conditions}
    while left:
        ready = [key for key, needs in left.items() if not needs & left.keys()]
        if not ready:
            circle = "、".join(sorted(left))
            return [Fault("conditions", "condition_cycle", {"keys": circle})]
        for key in ready:
            del left[key]
    return []
