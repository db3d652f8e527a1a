"""Sums of conduct by operator, month and cohort, kept beside the facts they are made of."""

from marketplace.features.compliance.summary.checking import (
    Drift,
    check,
    check_years,
    operator_batches,
    rebuild_sums,
)
from marketplace.features.compliance.summary.keeping import (
    AT_ONCE,
    is_summary_due,
    refresh,
    refresh_due,
    refresh_later,
    require_sums,
)
from marketplace.features.compliance.summary.reading import (
    KeptTotals,
    OffsetSums,
    read_dispersion,
    read_totals,
    read_units,
)
from marketplace.features.compliance.summary.years import (
    is_year_due,
    refresh_due_years,
    refresh_years,
)

__all__ = [
    "AT_ONCE",
    "Drift",
    "KeptTotals",
    "OffsetSums",
    "check",
    "check_years",
    "is_summary_due",
    "is_year_due",
    "operator_batches",
    "read_dispersion",
    "read_totals",
    "read_units",
    "rebuild_sums",
    "refresh",
    "refresh_due",
    "refresh_due_years",
    "refresh_later",
    "refresh_years",
    "require_sums",
]
