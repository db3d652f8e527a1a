"""Decides what the register takes in: which fields, which values win, what is a change at all.

Pure. It must not decide who is certified; being registered proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.base.errors import Fault
from marketplace.base.identifiers import check_phone, check_uscc, clean_phone, clean_uscc
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import fold_name, normalize, normalize_name

Value = str | int | bool | None

OPERATOR_FIELDS = ("uscc", "legal_representative", "phone")
FACTORY_FIELDS = (
    "name",
    "name_en",
    "address",
    "district",
    "category",
    "capacity_pairs_per_year",
    "staff",
    "above_scale",
    "founded_year",
    "note",
)
OWNER_FIELDS = ("name_en", "address", "phone", "capacity_pairs_per_year", "staff", "note")
PERSONAL_FIELDS = frozenset({"legal_representative", "phone"})

_WHOLE_NUMBERS = {
    "capacity_pairs_per_year": (0, 200_000_000),
    "staff": (0, 200_000),
    "founded_year": (1900, 2100),
}
_MAX_LENGTH = {"name": 200, "name_en": 200, "address": 300, "note": 1000, "phone": 40}


class Resolution(StrEnum):
    """What becomes of a value another source gave."""

    SAME = "same"
    SET = "set"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Checked:
    """Values ready to be kept, and every fault found on the way."""

    values: Mapping[str, Value]
    faults: tuple[Fault, ...]


def check_values(rulebook: Rulebook, values: Mapping[str, Value]) -> Checked:
    """Normalize and check the canonical fields of a factory; all faults at once.

    The district is derived from the USCC or the address when it is not given.
    """
    kept: dict[str, Value] = {}
    faults: list[Fault] = []
    for field, value in values.items():
        clean = _clean(field, value) if isinstance(value, str) else value
        kept[field] = clean
        faults.extend(_faults_of(field, clean))
    if not kept.get("name"):
        faults.append(Fault("name", "name_missing"))
    faults.extend(_check_region(rulebook, kept))
    return Checked(values=kept, faults=tuple(faults))


def check_phones(values: Mapping[str, Value]) -> tuple[Fault, ...]:
    """Return a fault for a phone somebody gives that cannot be one; several may stand in it."""
    told = values.get("phone")
    if not isinstance(told, str) or not told.strip():
        return ()
    parts = [part for part in re.split("[、,，;；/]", told) if part.strip()]
    if any(check_phone(clean_phone(part)) for part in parts):
        return (Fault("phone", "phone_unlikely"),)
    return ()


def resolve(
    *, current: Value, current_source: str | None, new: Value, new_source: str
) -> Resolution:
    """Decide what a source's value does to the current one.

    A source corrects itself; another source never overwrites silently: it opens a conflict that
    a person settles. An empty value says nothing.
    """
    if new is None or same_value(current, new):
        return Resolution.SAME
    if current is None or current_source in {None, new_source}:
        return Resolution.SET
    return Resolution.CONFLICT


def same_value(left: Value, right: Value) -> bool:
    """Tell whether two values say the same; empty text and None do."""
    if left in {None, ""} and right in {None, ""}:
        return True
    if isinstance(left, str) and isinstance(right, str):
        return normalize(left) == normalize(right)
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def changed_fields(before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Value]:
    """Return the fields of `after` that really differ from `before`."""
    return {f: v for f, v in after.items() if not same_value(before.get(f), v)}


def overtaken(
    seen: Mapping[str, Value], now: Mapping[str, Value], wanted: Mapping[str, Value]
) -> tuple[Fault, ...]:
    """Return a fault for each field that somebody changed since it was seen and this would undo.

    `seen` holds only what the writer was shown; who wants what stands there already undoes nothing.
    """
    return tuple(
        Fault(field, "changed_meanwhile", {"now": str(now.get(field) or "—")})
        for field in wanted
        if field in seen
        and not same_value(seen[field], now.get(field))
        and not same_value(wanted[field], now.get(field))
    )


def draft_identity(name: str, address: str | None) -> tuple[str, str]:
    """Return what a firm without USCC is recognized by."""
    return fold_name(name), fold_name(address or "")


def _clean(field: str, text: str) -> str | None:
    match field:
        case "uscc":
            return clean_uscc(text) or None
        case "name":
            return normalize_name(text) or None
    return normalize(text) or None


def _faults_of(field: str, value: Value) -> list[Fault]:
    if value is None:
        return []
    if field == "uscc":
        fault = check_uscc(str(value))
        return [] if fault is None else [Fault("uscc", fault.code, fault.facts)]
    if field in _WHOLE_NUMBERS:
        low, high = _WHOLE_NUMBERS[field]
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not low <= int(value) <= high:
            return [Fault(field, "number_out_of_range", {"low": low, "high": high})]
    longest = _MAX_LENGTH.get(field)
    if longest and isinstance(value, str) and len(value) > longest:
        return [Fault(field, "text_too_long", {"longest": longest})]
    return []


def _check_region(rulebook: Rulebook, kept: dict[str, Value]) -> list[Fault]:
    """Fill `district` where it can be told, refuse a place outside the program.

    A firm that the city itself registered (莆田 350300) is inside without a district of its own.
    """
    given, uscc, address = kept.get("district"), kept.get("uscc"), kept.get("address")
    if given is not None:
        region = rulebook.region(str(given))
        if region is None:
            return [Fault("district", "district_unknown", {"district": given})]
    by_address = rulebook.region_for_address(str(address)) if address else None
    by_uscc = rulebook.region_for_uscc(str(uscc)) if uscc else None
    inside = given is not None or by_address is not None or by_uscc is not None
    if uscc and not inside and check_uscc(str(uscc)) is None:
        if rulebook.has_registered(str(uscc)):
            kept["district"] = None
            return []
        return [Fault("uscc", "region_outside", {"region": str(uscc)[2:8]})]
    if given is None:
        region = by_address or by_uscc
        kept["district"] = region.code if region else None
    return []
