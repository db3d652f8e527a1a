"""Decides when a figure that is no exact quantity is left out of a row, and when it keeps the row out.

Pure. 约12万双 and 100-120人 are honest answers of a firm: nothing exact is to be had from them, and the
firm must not be lost for them. It must not round, take a middle or keep the words as a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.kinds import ImportKind

# What a row of a kind can do without. Counts of a month are not among them: checked without
# found, or found without checked, would tell another rate.
_CAN_LACK: Mapping[ImportKind, frozenset[str]] = {
    ImportKind.FACTORIES: frozenset({"capacity_pairs_per_year", "staff"}),
    ImportKind.EARLIER_RECORDS: frozenset({"quantity_pairs", "value_fen", "decided_on"}),
    ImportKind.STORES: frozenset({"from_on"}),
    ImportKind.PRODUCTS: frozenset({"price_fen", "stock"}),
}
# Understood, but no quantity of the field; what cannot be read at all stays a reason to refuse.
_LEFT_OUT = {
    "row_number_about": "row_number_about_out",
    "row_number_range": "row_number_range_out",
    "row_number_state": "row_number_state_out",
    "row_date_about": "row_date_about_out",
    "row_number_other_span": "row_number_other_span_out",
}


def leave_out_approximate(
    kind: ImportKind, values: Mapping[str, Value], faults: Sequence[RowFault]
) -> list[RowFault]:
    """Return the faults with those of figures that a row can do without no longer blocking.

    An earlier record without a number is known by its day and quantities: two that lack them
    would be taken for one, so there they still keep the row out.
    """
    fields = _CAN_LACK.get(kind, frozenset[str]())
    if kind is ImportKind.EARLIER_RECORDS and values.get("decision_no") is None:
        return list(faults)
    return [
        replace(fault, code=_LEFT_OUT[fault.code], blocking=False)
        if fault.column in fields and fault.code in _LEFT_OUT
        else fault
        for fault in faults
    ]
