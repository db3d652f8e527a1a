"""Finds rows that repeat another row of the same file; the first of them stays.

A rejected row claims nothing: its corrected form further down is no repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from marketplace.base.text import fold_name, mask_name, mask_phone
from marketplace.exchange.faults import RowFault
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.rowchecks import RowKey, row_key
from marketplace.exchange.rows import RowReading

# One number typed with other brackets: what makes the row a repeat is no difference.
_TOLD_ALIKE = frozenset({"decision_no"})


def mark_repeats(kind: ImportKind, rows: Sequence[RowReading]) -> tuple[RowReading, ...]:
    """Return the rows with every repeat marked as a duplicate of the row it repeats."""
    first_seen: dict[RowKey, RowReading] = {}
    marked = [_marked(kind, row, first_seen) for row in rows]
    if kind is not ImportKind.FACTORIES:
        return tuple(marked)
    return tuple(_marked_by_name(marked))


def _marked(
    kind: ImportKind, row: RowReading, first_seen: dict[RowKey, RowReading]
) -> RowReading:
    if row.hint is Outcome.REJECTED:
        return row
    first = first_seen.setdefault(row_key(kind, row.values), row)
    if first is row or (kind is ImportKind.STORES and _is_another_holder(row, first)):
        return row
    return _duplicate(row, first)


def _is_another_holder(row: RowReading, first: RowReading) -> bool:
    """A store that changed hands has a row for each firm, from a day of its own."""
    days = [one.values.get("from_on") for one in (row, first)]
    firms = [
        one.values.get("uscc") or fold_name(str(one.values.get("operator_name") or ""))
        for one in (row, first)
    ]
    return None not in days and days[0] != days[1] and firms[0] != firms[1]


def _marked_by_name(rows: Sequence[RowReading]) -> list[RowReading]:
    """A row without a code that says the name, and no other address, of one firm of the file.

    The firm with a code stays wherever it stands. Of rows without any code the first stays.
    """
    named: dict[str, list[RowReading]] = {}
    for row in rows:
        if row.hint in {None, Outcome.DRAFT}:
            named.setdefault(fold_name(str(row.values.get("name") or "")), []).append(row)
    repeats: dict[int, RowReading] = {}
    for same in named.values():
        coded = [row for row in same if row.hint is None]
        drafts = [row for row in same if row.hint is Outcome.DRAFT]
        if len(coded) == 1:
            repeats |= {row.row: coded[0] for row in drafts if _may_be(row, coded[0])}
        elif not coded and len(drafts) == 2 and _may_be(drafts[1], drafts[0]):
            repeats[drafts[1].row] = drafts[0]
    return [_duplicate(row, repeats[row.row]) if row.row in repeats else row for row in rows]


def _may_be(row: RowReading, other: RowReading) -> bool:
    """Two rows of one name, unless both tell an address and not the same one."""
    places = {fold_name(str(one.values.get("address") or "")) for one in (row, other)}
    return len(places) == 1 or "" in places


def _duplicate(row: RowReading, first: RowReading) -> RowReading:
    differing = [
        f
        for f, v in row.values.items()
        if v is not None and v != first.values.get(f) and f not in _TOLD_ALIKE
    ]
    facts: dict[str, object] = {"first_row": first.row}
    if differing:
        value = _guarded(differing[0], str(row.values[differing[0]]))
        fault = RowFault(differing[0], "row_repeats_differently", value, facts)
    else:
        fault = RowFault("", "row_repeats", "", facts)
    return replace(row, hint=Outcome.DUPLICATE, faults=(fault,))


def _guarded(field: str, value: str) -> str:
    """A report is kept and passed on: what belongs to a person is masked in it."""
    if field == "phone":
        return mask_phone(value)
    return mask_name(value) if field == "legal_representative" else value
