"""Every number that the pages show, one row each, as the app computed it.

The notebook computes them again from the other tables and compares; this module decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from marketplace.base.clock import month_label
from marketplace.exchange.analysis.schema import Line, Value
from marketplace.features.compliance import methods
from marketplace.features.compliance.kinds import WaitKind
from marketplace.features.compliance.methods import Material
from marketplace.features.compliance.rules.comparison import Side
from marketplace.features.compliance.rules.effort import origin_mix
from marketplace.features.compliance.rules.funnel import limits_at
from marketplace.features.compliance.rules.intervals import Interval
from marketplace.features.compliance.rules.refusal import Refusal
from marketplace.features.compliance.rules.shrinkage import ExpectedFall
from marketplace.features.compliance.rules.waiting import Wait, waiting_time
from marketplace.features.enforcement.kinds import FindingStatus, Origin

Row = tuple[str, str, str, Value]
Alias = Callable[[str, int], str]


def published_lines(
    m: Material,
    waits: Mapping[WaitKind, Sequence[Wait]],
    origins: Sequence[tuple[Origin, FindingStatus]],
    alias: Alias,
) -> list[Line]:
    """Return figure, item, measure and the number or the word shown; in the pages' order."""
    rows = [
        *_overview(m),
        *_effort(m),
        *_event(m),
        *_cohorts(m),
        *_group_time(m),
        *_series(m),
        *_funnel(m, alias),
        *_shrinkage(m, alias),
        *_waiting(m, waits),
        *_origins(m, origins),
    ]
    return [
        {
            "figure": figure,
            "item": item or None,
            "measure": measure,
            "number": None if isinstance(value, str) else value,
            "text": value if isinstance(value, str) else None,
        }
        for figure, item, measure, value in rows
    ]


def _span(figure: str, item: str, found: Interval | None, name: str = "") -> Iterator[Row]:
    low, high = found or (None, None)
    yield figure, item, f"{name}lower", low
    yield figure, item, f"{name}upper", high


def _refused(figure: str, refused: Refusal) -> Iterator[Row]:
    yield figure, "", "refused", str(refused.why)
    yield figure, "", "needed", refused.needed
    yield figure, "", "found", refused.found


def _side(figure: str, item: str, side: Side) -> Iterator[Row]:
    for name in ("months", "exposure", "findings", "listings", "rate"):
        yield figure, item, name, getattr(side, name)
    yield figure, item, "on_findings", int(side.on_findings)
    yield from _span(figure, item, side.interval)


def _overview(m: Material) -> Iterator[Row]:
    figure, found = "before_after", m.study.comparison
    yield from _side(figure, "before", found.before)
    yield from _side(figure, "after", found.after)
    yield figure, "", "ratio", found.ratio
    yield from _span(figure, "", found.ratio_interval, "ratio_")
    yield from _span(figure, "", found.ratio_without_lead, "ratio_without_lead_")
    yield figure, "", "dispersion", m.study.dispersion
    yield figure, "", "operators", found.operators
    yield figure, "", "overturned", found.overturned
    yield figure, "", "covered", found.coverage[0]
    yield figure, "", "expected", found.coverage[1]
    for reason, count in found.leavers:
        yield figure, reason, "leavers", count
    yield figure, "", "state", str(found.state)
    yield figure, "", "title", str(found.title)
    worst = m.study.worst
    if worst is not None:
        for name in ("leavers", "listings", "exposure", "added", "rate"):
            yield figure, "worst_case", name, getattr(worst, name)
    yield from _expected(figure, m.study.expected)


def _expected(figure: str, found: ExpectedFall | None) -> Iterator[Row]:
    if found is None:
        return
    for name in (
        "raw_before", "expected_after", "after", "ratio_observed", "ratio_expected",
        "ratio_beyond", "share_expected", "units",
    ):  # fmt: skip
        yield figure, "expected_fall", name, getattr(found, name)


def _effort(m: Material) -> Iterator[Row]:
    for line in m.study.comparison.effort.lines:
        yield "effort", str(line.measure), "before", line.before
        yield "effort", str(line.measure), "after", line.after


def _event(m: Material) -> Iterator[Row]:
    figure, found = "event_study", methods.event_study(m)
    yield figure, "", "operators", found.operators
    if found.refused:
        yield from _refused(figure, found.refused)
    for month in found.months:
        item = str(month.offset)
        for name in ("operators", "exposure", "findings", "listings", "rate"):
            yield figure, item, name, getattr(month, name)
        yield figure, item, "on_findings", int(month.on_findings)
        yield from _span(figure, item, month.interval)
        # The strips under the figure: what stands beside the rate of the month.
        yield figure, item, "inspections", m.study.inspections.get(month.offset, 0)
        yield figure, item, "near_misses", m.study.near_misses.get(month.offset, 0)
    if found.worst is not None:
        for name in ("leavers", "filled_months", "supposed_findings", "ratio"):
            yield figure, "worst_case", name, getattr(found.worst, name)
        yield from _span(figure, "worst_case", found.worst.interval)


def _cohorts(m: Material) -> Iterator[Row]:
    figure = "cohorts"
    for cohort in methods.cohorts(m):
        item, found = month_label(cohort.start), cohort.comparison
        yield figure, item, "operators", found.operators
        if cohort.refused:
            continue
        for name, side in (("before", found.before), ("after", found.after)):
            yield figure, item, f"{name}_exposure", side.exposure
            yield figure, item, f"{name}_findings", side.findings
            yield figure, item, f"{name}_listings", side.listings
        yield figure, item, "ratio", found.ratio
        yield from _span(figure, item, found.ratio_interval)
        yield figure, item, "title", str(found.title)


def _group_time(m: Material) -> Iterator[Row]:
    figure, found = "group_time", methods.effects(m)
    if found.refused:
        yield from _refused(figure, found.refused)
    named = [(str(e.offset), e) for e in found.effects]
    if found.overall is not None:
        named.append(("after_entry", found.overall))
    for item, effect in named:
        yield figure, item, "ratio", effect.ratio
        yield figure, item, "operators", effect.operators
        yield from _span(figure, item, effect.interval)


def _series(m: Material) -> Iterator[Row]:
    figure, found = "series", methods.series(m)
    if found.refused:
        yield from _refused(figure, found.refused)
    for month in found.months:
        item = month_label(month.month)
        for name in ("exposure", "listings", "share"):
            yield figure, item, name, getattr(month, name)
    if found.fitted is None:
        return
    for name in ("rr", "lower", "upper", "dispersion", "n"):
        yield figure, "", name, getattr(found.fitted.step, name)
    yield figure, "", "p_autocorrelation", found.fitted.p_autocorrelation


def _funnel(m: Material, alias: Alias) -> Iterator[Row]:
    figure, found = "funnel", methods.funnel(m)
    if found.refused:
        yield from _refused(figure, found.refused)
    for name in ("target", "phi", "tau"):
        yield figure, "", name, getattr(found, name)
    for p in sorted(found.points, key=lambda p: alias("operator", p.key)):
        item = alias("operator", p.key)
        for name in ("count", "exposure", "rate"):
            yield figure, item, name, getattr(p, name)
        yield figure, item, "flag", str(p.flag)
        if found.target and not found.refused:
            at = limits_at(p.exposure, found.target, found.phi)
            for name in ("low_95", "high_95", "low_998", "high_998"):
                yield figure, item, name, getattr(at, name)


def _shrinkage(m: Material, alias: Alias) -> Iterator[Row]:
    figure, found = "shrinkage", methods.regression(m)
    if found.refused:
        yield from _refused(figure, found.refused)
    if found.prior is not None:
        yield figure, "", "mean", found.prior.mean
        yield figure, "", "shape", found.prior.shape
        yield figure, "", "operators", found.prior.units
    for s in sorted(found.estimates, key=lambda s: alias("operator", s.key)):
        item = alias("operator", s.key)
        for name in ("raw", "estimate", "weight"):
            yield figure, item, name, getattr(s, name)
        yield from _span(figure, item, s.interval)
    yield from _expected(figure, found.expected)


def _waiting(m: Material, waits: Mapping[WaitKind, Sequence[Wait]]) -> Iterator[Row]:
    level, least = m.rulebook.compliance.interval_level, m.rulebook.methods.min_ended_waits
    for kind, some in waits.items():
        found = waiting_time(some, level=level, min_ended=least)
        for name in ("n", "ended", "median_days", "lower_days", "upper_days"):
            yield "waiting", str(kind), name, getattr(found, name)
        for place, step in enumerate(found.steps, start=1):
            item = f"{kind}:{place}"
            for name in ("days", "waiting", "at_risk"):
                yield "waiting", item, name, getattr(step, name)
            yield "waiting", item, "lower", step.lower
            yield "waiting", item, "upper", step.upper


def _origins(m: Material, found: Sequence[tuple[Origin, FindingStatus]]) -> Iterator[Row]:
    figure, level = "origins", m.rulebook.compliance.interval_level
    pairs = [(origin.value, status.value) for origin, status in found]
    for line in origin_mix(pairs, level=level):
        for name in (
            "found", "decided", "upheld", "overturned", "share", "precision", "reversal_rate",
        ):  # fmt: skip
            yield figure, line.origin, name, getattr(line, name)
        yield from _span(figure, line.origin, line.precision_interval, "precision_")
        yield from _span(figure, line.origin, line.reversal_interval, "reversal_")
