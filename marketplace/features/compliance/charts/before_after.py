"""The figure before and after time zero: of one factory on the calendar, of the program aligned.

Before in warm gray squares, after in pine circles; effort always beneath on the same months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.base.clock import month_label
from marketplace.base.draw import Token
from marketplace.base.words import Lang, format_rate_per_thousand, say
from marketplace.features.compliance.charts import sentences
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import (
    Axis,
    Band,
    Bar,
    Caption,
    Curve,
    Guide,
    Mark,
    Scene,
    Shade,
    Shape,
    Strip,
    Tick,
    blank,
    rounded_up,
    thirds,
)
from marketplace.features.compliance.rules import Side, rate_interval, scaled_rate_interval
from marketplace.features.compliance.rules.sides import FEW_FINDINGS
from marketplace.features.compliance.studies import MonthPoint, Study

LEAD = 3  # months before time zero that are also taken apart, domain §3a
_HEADS = (
    "month", "side", "checked", "findings", "listings", "rate", "low", "high", "operators",
    "inspections", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """Single marks beside a factory's rate, by month; they enter no rate.

    `offenses` are (month, which one), `earlier` are (month, what it was in words).
    """

    offenses: tuple[tuple[int, int], ...] = ()
    earlier: tuple[tuple[int | None, str], ...] = ()


def figure_of(
    study: Study,
    lang: Lang,
    *,
    as_of: str,
    key: str = "compliance-program",
    beside: Beside | None = None,
    rule: str = "",
) -> Figure:
    """Return the figure of a study in one language; `rule` names the rule version."""
    c = study.comparison
    facts = sentences.facts_of(c)
    title = sentences.title_of(c, lang)
    kind = "aligned" if study.aligned else "calendar"
    months = _Months.of(study)
    return Figure(
        key=key,
        title=title,
        subtitle=say(f"compliance.subtitle.{kind}", lang, operators=c.operators),
        scene=_scene(study, beside or Beside(), months, lang),
        alt=f"{title} {say('compliance.alt', lang, **facts)}",
        reading=sentences.reading(study, lang),
        can_say=sentences.can_say(study, lang),
        cannot_say=sentences.cannot_say(study, lang),
        computed=sentences.computed(study, lang, rule=rule),
        heads=tuple(_head(name, lang) for name in _HEADS),
        rows=tuple(_row(study, months, month, lang) for month in months.shown),
        numeric=frozenset(range(2, 10)),
        source=sentences.source(study, lang, as_of=as_of),
    )


def _head(name: str, lang: Lang) -> str:
    mine = name in {"low", "high", "inspections", "note"}
    return say(f"{'chart' if mine else 'compliance'}.table.{name}", lang)


@dataclass(frozen=True, slots=True)
class _Months:
    """The months of a study by number, those without a report included."""

    points: Mapping[int, MonthPoint]
    shown: tuple[int, ...]

    @classmethod
    def of(cls, study: Study) -> _Months:
        points = {p.month: p for p in study.points}
        return cls(points, tuple(sorted({*points, *study.gaps})))


def _side(study: Study, month: int) -> str:
    if study.zero is None:
        return "none"
    if month == study.zero:
        return "zero"
    if month > study.zero:
        return "after"
    return "lead" if month >= study.zero - LEAD else "before"


def _row(study: Study, months: _Months, month: int, lang: Lang) -> tuple[str, ...]:
    side = say(f"chart.side.{_side(study, month)}", lang)
    name = f"{month:+d}" if study.aligned and month else month_label(month)
    if study.aligned and month == 0:
        name = "0"
    point = months.points.get(month)
    inspected = str(study.inspections.get(month, 0))
    if point is None:
        gap = say("chart.gap", lang)
        return (name, side, "—", "—", "—", "—", "—", "—", "—", inspected, gap)
    span = _month_interval(point, study.dispersion)
    return (
        name,
        side,
        f"{point.exposure:,}",
        str(point.findings),
        str(point.listings),
        format_rate_per_thousand(point.listings, point.exposure),
        *(f"{end * 1000:.1f}" if end is not None else "—" for end in span or (None, None)),
        str(point.operators),
        inspected,
        _on_findings(point, lang),
    )


def _on_findings(point: MonthPoint, lang: Lang) -> str:
    """Say the exact interval of a month too thin for one on listings; findings are another scale."""
    span = rate_interval(point.findings, point.exposure)
    if span is None or point.findings >= FEW_FINDINGS:
        return ""
    low, high = (f"{end * 1000:.1f}" for end in span)
    return say("chart.on_findings", lang, low=low, high=high)


def _month_interval(point: MonthPoint, dispersion: float) -> tuple[float, float] | None:
    if point.findings < FEW_FINDINGS:
        return None
    return scaled_rate_interval(point.listings, point.exposure, dispersion)


def _scene(study: Study, beside: Beside, months: _Months, lang: Lang) -> Scene:
    if not study.points:
        return blank(say("compliance.no_data", lang))
    rates = [p.listings * 1000 / p.exposure for p in study.points if p.exposure]
    spans = [_month_interval(p, study.dispersion) for p in study.points]
    tops = [span[1] * 1000 for span in spans if span] if study.aligned else []
    tops += [s.interval[1] * 1000 for s in _sides(study) if s.interval and not s.on_findings]
    top = rounded_up(max([*rates, *tops, 1.0]))
    zero = study.zero
    first, last = months.shown[0], months.shown[-1]
    inside = zero is not None and first <= zero <= last
    shades: tuple[Shade, ...] = ()
    if inside and zero is not None:
        shades = (Shade(zero - LEAD - 0.5, zero + 0.5, say("chart.lead", lang)),)
    return Scene(
        x=Axis(
            first - 0.5,
            last + 0.5,
            _ticks(study, months),
            title=say("chart.aligned_axis", lang) if study.aligned else "",
        ),
        y=Axis(0, top, thirds(top), title="" if inside else say("chart.rate_axis", lang)),
        bands=_bands(study, months, top),
        curves=_curves(study, months),
        marks=tuple(_mark(study, p, lang) for p in study.points if p.exposure),
        guides=(Guide(zero, say("compliance.zero", lang)),) if inside and zero else (
            (Guide(0, say("compliance.zero", lang)),) if study.aligned else ()
        ),
        shades=shades,
        strips=_strips(study, beside, months, lang),
        captions=_captions(study, lang),
    )  # fmt: skip


def _ticks(study: Study, months: _Months) -> tuple[Tick, ...]:
    first, last = months.shown[0], months.shown[-1]
    every = 3 if study.aligned else max(1, round((last - first + 1) / 9))
    start = first + (-first) % every if study.aligned else first
    found = []
    for month in range(start, last + 1, every):
        if study.aligned:
            point = months.points.get(month)
            label = f"{month:+d}" if month else "0"
            found.append(Tick(month, label, f"n={point.operators if point else 0}"))
        else:
            found.append(Tick(month, month_label(month)))
    return tuple(found)


def _sides(study: Study) -> tuple[Side, Side]:
    return study.comparison.before, study.comparison.after


def _spans(study: Study, months: _Months) -> list[tuple[Side, str, Token, list[int]]]:
    """Give each side with exposure and its months."""
    zero = study.zero
    if zero is None:
        return []
    before, after = _sides(study)
    early = [m for m in months.shown if m < zero]
    late = [m for m in months.shown if m > zero]
    sides = ((before, "before", Token.BEFORE, early), (after, "after", Token.AFTER, late))
    return [s for s in sides if s[0].exposure and s[3]]


def _bands(study: Study, months: _Months, top: float) -> tuple[Band, ...]:
    if not study.aligned:
        return tuple(
            Band(
                (ms[0] - 0.5, ms[-1] + 0.5),
                (side.interval[0] * 1000,) * 2,
                (min(side.interval[1] * 1000, top),) * 2,
                token,
            )
            for side, _name, token, ms in _spans(study, months)
            if side.interval and not side.on_findings
        )
    found = []
    for _, _name, token, ms in _spans(study, months):
        run: list[tuple[int, float, float]] = []
        for month in [*ms, None]:
            point = months.points.get(month) if month is not None else None
            span = _month_interval(point, study.dispersion) if point else None
            if month is not None and span:
                run.append((month, span[0] * 1000, min(span[1] * 1000, top)))
            elif len(run) > 1:
                xs, low, high = zip(*run, strict=True)
                found.append(Band(tuple(xs), tuple(low), tuple(high), token))
                run = []
            else:
                run = []
    return tuple(found)


def _curves(study: Study, months: _Months) -> tuple[Curve, ...]:
    return tuple(
        Curve((ms[0] - 0.5, ms[-1] + 0.5), (side.rate * 1000,) * 2, token)
        for side, _name, token, ms in _spans(study, months)
        if side.rate is not None
    )


def _mark(study: Study, p: MonthPoint, lang: Lang) -> Mark:
    rate = p.listings * 1000 / p.exposure
    before = study.zero is not None and p.month < study.zero
    name = (f"{p.month:+d}" if p.month else "0") if study.aligned else month_label(p.month)
    told = say(
        "chart.told", lang, month=name, rate=f"{rate:.1f}", listings=p.listings,
        findings=p.findings, n=f"{p.exposure:,}", operators=p.operators,
    )  # fmt: skip
    shape = Shape.RING if p.month == study.zero else Shape.SQUARE if before else Shape.DOT
    token = Token.MUTED if shape is Shape.RING else Token.BEFORE if before else Token.AFTER
    return Mark(p.month, rate, shape, token, told=told)


def _captions(study: Study, lang: Lang) -> tuple[Caption, ...]:
    zero = study.zero
    if zero is None:
        return ()
    sides = zip(_sides(study), ("before", "after"), (Token.BEFORE, Token.AFTER), strict=True)
    return tuple(
        Caption(
            say(
                f"chart.mean.{'findings' if side.on_findings else 'listings'}.{name}",
                lang,
                rate=f"{side.rate * 1000:.1f}",
                n=f"{side.exposure:,}",
                findings=f"{side.findings:,}",
                listings=f"{side.listings:,}",
            ),
            token,
            "start" if name == "before" else "end",
        )
        for side, name, token in sides
        if side.rate is not None
    )


def _strips(study: Study, beside: Beside, months: _Months, lang: Lang) -> tuple[Strip, ...]:
    most = max(p.exposure for p in study.points)
    name = say(
        "chart.strip.checked_gaps" if study.gaps else "chart.strip.checked",
        lang, most=f"{most:,}", gaps=len(study.gaps),
    )  # fmt: skip
    zero = study.zero
    bars = tuple(
        Bar(p.month, p.exposure, Token.AFTER if zero is not None and p.month > zero else Token.BEFORE)
        for p in study.points
    )  # fmt: skip
    gaps = tuple(
        Mark(m, 0, Shape.RING, Token.MUTED, told=say("chart.gap", lang)) for m in study.gaps
    )
    found = [Strip(name, bars, gaps)]
    first, last = months.shown[0], months.shown[-1]
    counted = {m: n for m, n in study.inspections.items() if n and first <= m <= last}
    found.append(_row_of_marks("inspections", counted, Shape.DIAMOND, Token.AMBER, lang,
                               as_bars=study.aligned))  # fmt: skip
    if not study.aligned:
        found.append(_offense_strip(beside, first, last, lang))
    misses = {m: n for m, n in study.near_misses.items() if n and first <= m <= last}
    if misses or not study.aligned:
        found.append(_row_of_marks("near_misses", misses, Shape.RING, Token.AFTER, lang))
    if beside.earlier:
        found.append(_earlier_strip(beside, first, last, lang))
    return tuple(found)


def _row_of_marks(
    name: str, counted: Mapping[int, int], shape: Shape, token: Token, lang: Lang, *,
    as_bars: bool = False,
) -> Strip:  # fmt: skip
    words = say(f"chart.strip.{name}", lang, count=sum(counted.values()))
    if as_bars:
        return Strip(words, bars=tuple(Bar(m, n, token) for m, n in sorted(counted.items())))
    marks = tuple(Mark(m, 0, shape, token, told=str(n)) for m, n in sorted(counted.items()))
    return Strip(words, marks=marks)


def _offense_strip(beside: Beside, first: int, last: int, lang: Lang) -> Strip:
    shown = [(m, n) for m, n in beside.offenses if first <= m <= last]
    marks = tuple(
        Mark(m, 0, Shape.DIAMOND, Token.SEAL, told=str(n), label=str(n)) for m, n in shown
    )
    return Strip(say("chart.strip.offenses", lang, count=len(beside.offenses)), marks=marks)


def _earlier_strip(beside: Beside, first: int, last: int, lang: Lang) -> Strip:
    """Records older than the axis stand at its left end, with their words on hover."""
    marks = tuple(
        Mark(min(max(m, first), last), 0, Shape.SQUARE, Token.BEFORE, told=words)
        for m, words in beside.earlier
        if m is not None
    )
    return Strip(say("chart.strip.earlier", lang, count=len(beside.earlier)), marks=marks)
