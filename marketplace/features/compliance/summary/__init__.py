"""Sums of conduct by operator, month and cohort, kept beside the facts they are made of."""

from marketplace.features.compliance.summary.checking import (
    Drift,
    check,
    operator_batches,
    rebuild_sums,
)
from marketplace.features.compliance.summary.keeping import (
    AT_ONCE,
    is_summary_due,
    refresh,
    refresh_due,
    refresh_later,
)
from marketplace.features.compliance.summary.reading import (
    KeptTotals,
    OffsetSums,
    read_dispersion,
    read_totals,
    read_units,
)

__all__ = [
    "AT_ONCE",
    "Drift",
    "KeptTotals",
    "OffsetSums",
    "check",
    "is_summary_due",
    "operator_batches",
    "read_dispersion",
    "read_totals",
    "read_units",
    "rebuild_sums",
    "refresh",
    "refresh_due",
    "refresh_later",
]
