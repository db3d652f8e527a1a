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
from marketplace.features.compliance.charts.beneath import Beside, strips_of
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import (
    Axis,
    Band,
    Caption,
    Curve,
    Guide,
    Mark,
    Scene,
    Shade,
    Shape,
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
    kind = ("aligned" if study.aligned else "calendar") + _basis(study)
    months = _Months.of(study)
    return Figure(
        key=key,
        title=title,
        subtitle=say(f"compliance.subtitle.{kind}", lang, operators=c.operators),
        scene=_scene(study, beside or Beside(), months, lang),
        alt=f"{title} {say(f'compliance.alt{_basis(study)}', lang, **facts)}",
        reading=sentences.reading(study, lang),
        can_say=sentences.can_say(study, lang),
        cannot_say=sentences.cannot_say(study, lang),
        computed=sentences.computed(study, lang, rule=rule),
        heads=tuple(
            _head(name + (_basis(study) if name == "rate" else ""), lang) for name in _HEADS
        ),
        rows=tuple(
            _row(study, months, month, lang)
            for month in sorted({*months.shown, *study.outside})
        ),
        numeric=frozenset(range(2, 10)),
        source=sentences.source(study, lang, as_of=as_of),
    )


def _basis(study: Study) -> str:
    """Return how words end where so little was found that the figure is on findings."""
    return "_findings" if _is_on_findings(study) else ""


def _is_on_findings(study: Study) -> bool:
    return study.comparison.after.on_findings


def _rate(study: Study, p: MonthPoint) -> float:
    """Return a month's rate per 1,000 on the figure's scale."""
    count = p.findings if _is_on_findings(study) else p.listings
    return count * 1000 / p.exposure


def _side_rate(side: Side) -> float:
    """Return a side's rate per 1,000 on the scale of its interval."""
    return (side.findings if side.on_findings else side.listings) * 1000 / side.exposure


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
        gap = _noted(study, months, month, say("chart.gap", lang), lang)
        return (name, side, "—", "—", "—", "—", "—", "—", "—", inspected, gap)
    few = _is_on_findings(study)
    span = (
        rate_interval(point.findings, point.exposure)
        if few
        else _month_interval(point, study.dispersion)
    )
    return (
        name,
        side,
        f"{point.exposure:,}",
        str(point.findings),
        str(point.listings),
        format_rate_per_thousand(point.findings if few else point.listings, point.exposure),
        *(f"{end * 1000:.1f}" if end is not None else "—" for end in span or (None, None)),
        str(point.operators),
        inspected,
        _noted(study, months, month, "" if few else _on_findings(point, lang), lang),
    )


def _noted(study: Study, months: _Months, month: int, note: str, lang: Lang) -> str:
    """Return a month's note with what was found outside its rate, and that nothing was checked."""
    point, beside = months.points.get(month), study.outside.get(month)
    told = [note] if note else []
    if point is not None and not point.exposure:
        told.append(say("chart.unseen", lang))
    if beside is not None:
        facts = {"findings": f"{beside.findings:,}", "listings": f"{beside.listings:,}"}
        told.append(say("chart.outside", lang, **facts))
    return say("chart.note_and", lang).join(told)


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
    few = _is_on_findings(study)
    rates = [_rate(study, p) for p in study.points if p.exposure]
    spans = [] if few else [_month_interval(p, study.dispersion) for p in study.points]
    tops = [span[1] * 1000 for span in spans if span] if study.aligned else []
    tops += [s.interval[1] * 1000 for s in _sides(study) if s.interval]
    top = rounded_up(max([*rates, *tops, 1.0]))
    zero = study.zero
    first, last = months.shown[0], months.shown[-1]
    inside = zero is not None and first <= zero <= last
    shades: tuple[Shade, ...] = ()
    if inside and zero is not None:
        # Where nothing was observed before, only the month of enrollment is set apart.
        name = say("chart.lead", lang) if first < zero else ""
        shades = (Shade(max(zero - LEAD, first) - 0.5, zero + 0.5, name),)
    return Scene(
        x=Axis(
            first - 0.5,
            last + 0.5,
            _ticks(study, months),
            title=say("chart.aligned_axis", lang) if study.aligned else "",
        ),
        y=Axis(0, top, thirds(top), title=say(f"chart.rate_axis{_basis(study)}", lang)),
        bands=_bands(study, months, top),
        curves=_curves(study, months),
        marks=tuple(_mark(study, p, lang) for p in study.points if p.exposure),
        guides=(Guide(zero, say("compliance.zero", lang)),) if inside and zero else (
            (Guide(0, say("compliance.zero", lang)),) if study.aligned else ()
        ),
        shades=shades,
        strips=strips_of(study, beside, (first, last), lang),
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
    if not study.aligned or _is_on_findings(study):
        return tuple(
            Band(
                (ms[0] - 0.5, ms[-1] + 0.5),
                (side.interval[0] * 1000,) * 2,
                (min(side.interval[1] * 1000, top),) * 2,
                token,
            )
            for side, _name, token, ms in _spans(study, months)
            if side.interval
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
        Curve((ms[0] - 0.5, ms[-1] + 0.5), (_side_rate(side),) * 2, token)
        for side, _name, token, ms in _spans(study, months)
    )


def _mark(study: Study, p: MonthPoint, lang: Lang) -> Mark:
    rate = _rate(study, p)
    before = study.zero is not None and p.month < study.zero
    name = (f"{p.month:+d}" if p.month else "0") if study.aligned else month_label(p.month)
    told = say(
        f"chart.told{_basis(study)}", lang, month=name, rate=f"{rate:.1f}", listings=p.listings,
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
                rate=f"{_side_rate(side):.1f}",
                n=f"{side.exposure:,}",
                findings=f"{side.findings:,}",
            ),
            token,
            "start" if name == "before" else "end",
        )
        for side, name, token in sides
        if side.exposure
    )
