"""The numbers a figure depends on beside its rows: of the program file, and of the methods."""

from __future__ import annotations

from marketplace.base.clock import month_label
from marketplace.base.rulebook import Rulebook
from marketplace.exchange.analysis.schema import Line
from marketplace.features.compliance.methods import QUARTER
from marketplace.features.compliance.rules.comparison import EFFORT_KEPT, MIN_MONTHS
from marketplace.features.compliance.rules.sides import FEW_FINDINGS
from marketplace.features.compliance.rules.summary import WINDOW

# Defaults of `group_time_effects` and `draw_funnel`; a test holds them to the functions' own.
ANTICIPATION, BASE_PERIODS, WINSOR_SHARE = 1, 4, 0.1


def rule_lines(rulebook: Rulebook, *, last: int) -> list[Line]:
    """Return every number by name; the meaning of each stands in the dictionary."""
    methods, compliance = rulebook.methods, rulebook.compliance
    numbers: dict[str, object] = {
        "last_month": month_label(last),
        "exposure_kind": compliance.exposure_kind,
        "interval_level": compliance.interval_level,
        "window_months": WINDOW,
        "excluded_months_before": compliance.excluded_months_before,
        "few_findings": FEW_FINDINGS,
        "min_months": MIN_MONTHS,
        "effort_kept": EFFORT_KEPT,
        "min_operators": methods.min_operators,
        "min_findings": methods.min_findings,
        "min_controls": methods.min_controls,
        "cohort_months": methods.cohort_months,
        "min_cohort_operators": methods.min_cohort_operators,
        "period_months": QUARTER,
        "anticipation_periods": ANTICIPATION,
        "base_periods": BASE_PERIODS,
        "bootstrap_seed": methods.bootstrap_seed,
        "bootstrap_draws": methods.bootstrap_draws,
        "series_min_months": methods.series_min_months,
        "series_harmonics": methods.series_harmonics,
        "series_lags": methods.series_lags,
        "funnel_months": methods.funnel_months,
        "min_funnel_checked": methods.min_funnel_checked,
        "winsor_share": WINSOR_SHARE,
        "min_ended_waits": methods.min_ended_waits,
    }
    return [{"rule": name, "value": str(value)} for name, value in numbers.items()]
