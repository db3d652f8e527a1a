"""What a before/after figure says in words: title by rule, what may and may not be said, how computed."""

from __future__ import annotations

import math

from marketplace.base.words import Lang, format_rate_per_thousand, format_ratio, label, say
from marketplace.features.compliance.rules import Comparison, Side, Title
from marketplace.features.compliance.rules.effort import Measured
from marketplace.features.compliance.rules.leaving import WorstCase
from marketplace.features.compliance.rules.shrinkage import Anyway
from marketplace.features.compliance.rules.sides import FEW_FINDINGS
from marketplace.features.compliance.studies import MonthPoint, Study


def facts_of(c: Comparison) -> dict[str, str]:
    """Return rates and n of both sides as texts."""
    return {
        "before": _rate(c.before),
        "after": _rate(c.after),
        "f_before": format_rate_per_thousand(c.before.findings, c.before.exposure),
        "f_after": format_rate_per_thousand(c.after.findings, c.after.exposure),
        "count_after": f"{c.after.findings:,}",
        "n_before": f"{c.before.exposure:,}",
        "n_after": f"{c.after.exposure:,}",
    }


def title_of(c: Comparison, lang: Lang) -> str:
    """Return the title the rule gives; on findings where there are few."""
    basis = "findings" if c.after.on_findings else "listings"
    return say(f"chart.title.{_told_as(c)}.{basis}", lang, what=fell_in(c, lang), **facts_of(c))


def _told_as(c: Comparison) -> str:
    """Return which sentences tell a title: much looking that found nothing is not little data."""
    bare = c.title is Title.TOO_LITTLE and c.nothing_found
    return "nothing_found" if bare else c.title.value


def fell_in(c: Comparison, lang: Lang) -> str:
    """Return the measures of looking that fell, in words."""
    return say("app.comma", lang).join(label(measure, lang) for measure in c.effort.fell_in)


def reading(study: Study, lang: Lang) -> tuple[str, ...]:
    """Return how to read the drawing, beginning with what is known of the time before."""
    said = [
        say(f"chart.read.{'aligned' if study.aligned else 'calendar'}", lang, few=FEW_FINDINGS)
    ]
    if not study.aligned:
        said.insert(0, say(f"chart.state.{study.comparison.state.value}", lang))
    ends = _ends(study)
    if study.aligned and ends and ends[1].operators < ends[0].operators:
        first, last = ends
        said.append(
            say(
                "chart.read.n_falls",
                lang,
                first=f"{first.month:+d}",
                last=f"{last.month:+d}",
                n_first=first.operators,
                n_last=last.operators,
            )
        )
    return tuple(said)


def can_say(study: Study, lang: Lang) -> tuple[str, ...]:
    """Return what the numbers carry."""
    c = study.comparison
    said = [say(f"compliance.can.{_told_as(c)}", lang)]
    for name, side in (("before", c.before), ("after", c.after)):
        if side.exposure:
            said.append(_side_sentence(name, side, lang))
    said += outside(study, lang)
    if c.before.exposure and c.after.exposure and c.ratio_interval is not None:
        basis = "findings" if c.before.on_findings else "listings"
        low, high = c.ratio_interval
        said.append(
            say(
                f"compliance.ratio.{'undefined' if c.ratio is None else basis}",
                lang,
                ratio="" if c.ratio is None else format_ratio(c.ratio),
                low=format_ratio(low),
                high=format_ratio(high),
            )
        )
        if c.ratio_without_lead is not None:
            low, high = c.ratio_without_lead
            told = {"low": format_ratio(low), "high": format_ratio(high)}
            basis = "findings" if c.lead_on_findings else "listings"
            said.append(say(f"compliance.without_lead.{basis}", lang, **told))
    said += effort(study, lang)
    return tuple(said)


def outside(study: Study, lang: Lang) -> list[str]:
    """Return what was found in months it cannot have been looked at in: beside, never in a rate."""
    before, after = study.comparison.before.outside, study.comparison.after.outside
    if not (before.findings or after.findings):
        return []
    told = {
        "before": f"{before.findings:,}",
        "before_listings": f"{before.listings:,}",
        "after": f"{after.findings:,}",
        "after_listings": f"{after.listings:,}",
    }
    return [say("compliance.outside", lang, **told)]


def effort(study: Study, lang: Lang) -> list[str]:
    """Return how hard it was looked: per store, per operator or factory, and in all."""
    c = study.comparison
    if not (c.before.exposure and c.after.exposure):
        return []
    lines = {line.measure: line for line in c.effort.lines}
    store, firm = lines[Measured.CHECKED_PER_STORE], lines[Measured.CHECKED_PER_OPERATOR]
    said = [
        say(
            f"chart.effort.{'counted' if study.aligned else 'store'}",
            lang,
            store_before=_mean(store.before),
            store_after=_mean(store.after),
            per_before=_mean(firm.before),
            per_after=_mean(firm.after),
            before=f"{c.before.exposure:,}",
            after=f"{c.after.exposure:,}",
        ),
        say("chart.effort.fell", lang, what=fell_in(c, lang))
        if c.effort_fell
        else say("chart.effort.kept", lang),
    ]
    ends = _ends(study)
    if study.aligned and ends and ends[1].exposure < ends[0].exposure * 0.9:
        said.append(_shrinking(ends, lang))
    looks = {"before": 0, "zero": 0, "after": 0}
    for month, n in study.inspections.items():
        away = month - (study.zero or 0)
        looks["zero" if away == 0 else "before" if away < 0 else "after"] += n
    if any(looks.values()):
        said.append(say("chart.effort.inspections", lang, **looks))
    return said


def _samples(study: Study, lang: Lang) -> str:
    """Listings are drawn of enrolled firms only: a number of looks never stands against a before."""
    [line] = (x for x in study.comparison.effort.lines if x.measure is Measured.SAMPLES)
    if line.after is None:
        return say("chart.effort.samples", lang)
    return say("sampling.beside", lang, after=f"{line.after:.2f}")


def cannot_say(study: Study, lang: Lang) -> tuple[str, ...]:
    """Return what the figure does not show, leavers by reason and their worst case last."""
    c = study.comparison
    said = [say("compliance.cannot.cause", lang)]
    if c.title in {Title.FELL, Title.FELL_WITH_LESS_EFFORT}:
        said.append(_regression(study, lang))
    if c.title in {Title.LEVEL_ONLY, Title.TOO_LITTLE}:
        said.append(say(f"compliance.cannot.{_told_as(c)}", lang))
    said.append(say("compliance.cannot.elsewhere", lang))
    said.append(_samples(study, lang))
    if c.leavers:
        told = say("app.comma", lang).join(
            f"{say(f'enum.EnrollmentStatus.{why}', lang)} {n}" for why, n in c.leavers
        )
        said.append(say("chart.leavers.told", lang, told=told))
    elif study.aligned:
        said.append(say("chart.leavers.none", lang))
    if study.worst is not None:
        said.append(_worst(study.worst, c.after, lang))
    return tuple(said)


def _worst(worst: WorstCase, after: Side, lang: Lang) -> str:
    """Say the worst case of leavers; under few findings infringing listings are a bare count."""
    few = after.on_findings
    return say(
        f"chart.leavers.worst{'_count' if few else ''}",
        lang,
        count=worst.leavers,
        added=f"{worst.added:,}",
        rate=f"{worst.rate * 1000:.1f}",
        listings=f"{math.ceil(worst.listings - 1e-9):,}",
        now=f"{after.listings:,}" if few else _rate(after),
    )


def computed(study: Study, lang: Lang, *, rule: str) -> tuple[str, ...]:
    """Return formula, sides, interval, n, title rule and rule version."""
    c = study.comparison
    few = c.before.on_findings or c.after.on_findings
    interval = (
        say("chart.computed.interval_findings", lang, few=FEW_FINDINGS)
        if few
        else say(
            "chart.computed.interval_listings",
            lang,
            few=FEW_FINDINGS,
            dispersion=f"{study.dispersion:.2f}",
        )
    )
    n = say(
        "chart.computed.n", lang, before=f"{c.before.exposure:,}", after=f"{c.after.exposure:,}"
    )
    return (
        say(f"chart.computed.formula{'_findings' if few else ''}", lang),
        say("chart.computed.sides", lang),
        interval,
        n,
        say("chart.computed.title", lang),
        *([rule] if rule else []),
    )


def source(study: Study, lang: Lang, *, as_of: str) -> str:
    """Return where the numbers come from, how much is covered, and what was overturned."""
    covered, expected = study.comparison.coverage
    beside = study.comparison.outside
    told = say(
        "compliance.source",
        lang,
        sources=say("app.comma", lang).join(study.sources) or "—",
        as_of=as_of,
        covered=f"{covered:,}",
        expected=f"{expected:,}",
        overturned=study.comparison.overturned,
    )
    if not beside.findings:
        return told
    return told + say(
        "compliance.source_outside",
        lang,
        findings=f"{beside.findings:,}",
        listings=f"{beside.listings:,}",
    )


def source_alone(study: Study, lang: Lang, *, as_of: str) -> str:
    """Return where numbers come from that are of other months or firms than the study's own."""
    told = say("app.comma", lang).join(study.sources) or "—"
    return say("compliance.source_alone", lang, sources=told, as_of=as_of)


def _regression(study: Study, lang: Lang) -> str:
    """Say how much of a fall was to be expected anyway, where that can be estimated."""
    expected = study.expected
    if expected is None or expected.share_expected is None:
        return say("compliance.cannot.regression", lang)
    return say(
        f"chart.expected.{Anyway.of(expected.share_expected).value}",
        lang,
        n=expected.units,
        raw=f"{expected.raw_before * 1000:.1f}",
        expected=f"{expected.expected_after * 1000:.1f}",
        after=f"{expected.after * 1000:.1f}",
        share=f"{expected.share_expected:.0%}",
    )


def _shrinking(ends: tuple[MonthPoint, MonthPoint], lang: Lang) -> str:
    first, last = ends
    return say(
        "chart.effort.total_fell_with_operators",
        lang,
        first=f"{first.month:+d}",
        last=f"{last.month:+d}",
        n_first=f"{first.exposure:,}",
        n_last=f"{last.exposure:,}",
        ops_first=first.operators,
        ops_last=last.operators,
        per_first=_per(first.exposure, first.operators),
        per_last=_per(last.exposure, last.operators),
    )


def _ends(study: Study) -> tuple[MonthPoint, MonthPoint] | None:
    """Return the first and the last month after time zero."""
    later = [p for p in study.points if p.month > (study.zero or 0)]
    return (later[0], later[-1]) if study.zero is not None and len(later) > 1 else None


def _side_sentence(name: str, side: Side, lang: Lang) -> str:
    low, high = side.interval or (None, None)
    span = "—" if low is None or high is None else f"{low * 1000:.1f}–{high * 1000:.1f}"
    return say(
        f"compliance.side.{name}_{'findings' if side.on_findings else 'listings'}",
        lang,
        listings=f"{side.listings:,}",
        findings=f"{side.findings:,}",
        checked=f"{side.exposure:,}",
        rate=_rate(side),
        span=span,
    )


def _rate(side: Side) -> str:
    return format_rate_per_thousand(side.listings, side.exposure)


def _mean(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _per(count: int, of: int) -> str:
    return f"{count / of:.1f}" if of else "—"
