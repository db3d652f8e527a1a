"""Decides about a whole row what no single cell tells: what is missing, where it lies, draft or not.

Pure. It must not look at the database: whether a firm is known is decided at the commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.base.text import fold_name
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.fields import FIELDS
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.periods import Period
from marketplace.exchange.regions import RegionCheck
from marketplace.features.history.rules import fold_reference

# Assumption: ten times what one person makes in a year of the best lines; it only points out.
_MOST_PAIRS_A_PERSON = 100_000

RowKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What the row-wide rules add: values worked out, faults, and a draft where it is one."""

    values: Mapping[str, Value]
    faults: tuple[RowFault, ...]
    hint: Outcome | None = None


def judge_row(
    kind: ImportKind, values: Mapping[str, Value], blocked: frozenset[str], regions: RegionCheck
) -> RowVerdict:
    """Judge the read values of a row; `blocked` are fields that already have a blocking fault."""
    missing = tuple(
        RowFault(spec.name, "row_value_missing")
        for spec in FIELDS[kind]
        if spec.is_required and values.get(spec.name) is None and spec.name not in blocked
    )
    verdict = RowVerdict(values, ())
    if kind is ImportKind.FACTORIES:
        verdict = _judge_factory(values, blocked, regions)
    elif kind is ImportKind.EARLIER_RECORDS:
        verdict = RowVerdict(values, _earlier_faults(values, blocked))
    elif kind is ImportKind.EXPOSURE:
        verdict = RowVerdict(values, _exposure_faults(values, blocked))
    return RowVerdict(verdict.values, (*missing, *verdict.faults), verdict.hint)


def row_key(kind: ImportKind, values: Mapping[str, Value]) -> RowKey:
    """Return what tells two rows of a file apart; equal keys are repeats."""
    subject = _text(values, "uscc")
    match kind:
        case ImportKind.FACTORIES:
            draft = ("name", _fold(values, "name"), _fold(values, "address"))
            return ("uscc", subject) if subject else draft
        case ImportKind.EARLIER_RECORDS:
            number = fold_reference(_text(values, "decision_no"))
            facts = ("decided_on", "cause", "quantity_pairs", "value_fen")
            told = (number,) if number else tuple(_text(values, fact) for fact in facts)
            return (subject or _fold(values, "name"), *told)
        case ImportKind.EXPOSURE:
            return tuple(_text(values, f) for f in ("platform", "store_no", "month"))
        case ImportKind.STORES:
            return tuple(_text(values, f) for f in ("platform", "store_no"))
        case ImportKind.PRODUCTS:
            firm = subject or _fold(values, "factory_name")
            model = _fold(values, "model_no") or _fold(values, "name")
            item = (_text(values, "platform"), _text(values, "item_id"))
            return (firm, _fold(values, "brand"), model, *item)
        case ImportKind.COMPLAINTS:
            number = _text(values, "number")
            place = ("platform", "store_no", "store_name", "item_id", "url")
            said = ("origin", "brand", "text")
            return (number,) if number else tuple(_fold(values, f) for f in (*place, *said))


def _judge_factory(
    values: Mapping[str, Value], blocked: frozenset[str], regions: RegionCheck
) -> RowVerdict:
    uscc = _text(values, "uscc") or None
    if uscc is None and "uscc" in blocked:
        return RowVerdict(values, ())  # the code is wrong; where it points says nothing
    given = _text(values, "district") or None
    place = regions(
        uscc=uscc,
        address=_text(values, "address") or None,
        district=given,
        country=_text(values, "country") or None,
    )
    if place.inside is False:
        told = {
            "row_outside_country": _text(values, "country"),
            "row_outside_district": given or "",
            "row_outside_uscc": (uscc or "")[2:8],
        }.get(place.code, _text(values, "address"))
        fault = RowFault("district", place.code, told, {"place": told})
        return RowVerdict(values, (fault,))
    placed = {**values, "district": place.district}
    odd = _odd_capacity(values)
    if uscc is None:
        note = RowFault("uscc", "row_uscc_missing", blocking=False)
        return RowVerdict(placed, (note, *odd), Outcome.DRAFT)
    return RowVerdict(placed, odd)


def _odd_capacity(values: Mapping[str, Value]) -> tuple[RowFault, ...]:
    """Point out what looks like a slip of the unit; the number itself was read for certain."""
    pairs, staff = values.get("capacity_pairs_per_year"), values.get("staff")
    if not isinstance(pairs, int) or not isinstance(staff, int) or staff <= 0:
        return ()
    if pairs <= _MOST_PAIRS_A_PERSON * staff:
        return ()
    facts = {"pairs": pairs, "staff": staff}
    name = "capacity_pairs_per_year"
    return (RowFault(name, "row_capacity_odd", str(pairs), facts, blocking=False),)


def _earlier_faults(
    values: Mapping[str, Value], blocked: frozenset[str]
) -> tuple[RowFault, ...]:
    if (
        not _text(values, "uscc")
        and not _text(values, "name")
        and not {"uscc", "name"} & blocked
    ):
        return (RowFault("name", "row_subject_missing"),)
    told = ("decision_no", "decided_on", "quantity_pairs", "value_fen")
    if all(values.get(field) is None for field in told) and not set(told) & blocked:
        return (RowFault("decision_no", "row_record_empty"),)
    return ()


def _exposure_faults(
    values: Mapping[str, Value], blocked: frozenset[str]
) -> tuple[RowFault, ...]:
    counts = ("listed", "checked", "sold", "infringing", "proactive", "complaints")
    if all(values.get(field) is None for field in counts) and not set(counts) & blocked:
        return (RowFault("listed", "row_quantity_missing"),)
    total, parts = (
        values.get("infringing"),
        [values.get(f) for f in ("proactive", "complaints")],
    )
    if isinstance(total, int) and all(isinstance(part, int) for part in parts):
        found = sum(part for part in parts if isinstance(part, int))
        if found != total:
            facts = {"total": total, "parts": found}
            return (RowFault("infringing", "row_counts_disagree", str(total), facts),)
    return _found_beyond_checked(values)


def _found_beyond_checked(values: Mapping[str, Value]) -> tuple[RowFault, ...]:
    """Say at once what the figures will: such a month's findings enter no rate."""
    checked, total = values.get("checked"), values.get("infringing")
    if total is None:
        parts = [values.get(f) for f in ("proactive", "complaints")]
        total = sum(part for part in parts if isinstance(part, int))
    if not isinstance(checked, int) or not isinstance(total, int) or total <= checked:
        return ()
    facts = {"total": total, "checked": checked}
    return (RowFault("infringing", "row_found_beyond", str(total), facts, blocking=False),)


def _text(values: Mapping[str, Value], field: str) -> str:
    match values.get(field):
        case None:
            return ""
        case Period() as period:
            return f"{period.from_on}/{period.until_on}"
        case value:
            return str(value)


def _fold(values: Mapping[str, Value], field: str) -> str:
    return fold_name(_text(values, field))
