"""Draws a study: before in warm gray squares, after in pine circles, effort always beneath.

Words arrive from the locale files; the drawing holds months, numbers and short labels only.
"""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.base.clock import month_label
from marketplace.base.draw import Drawing, Token
from marketplace.base.words import Lang, format_rate_per_thousand, say
from marketplace.features.compliance.rules import Side, Title
from marketplace.features.compliance.studies import MonthPoint, Study


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure ready to be shown: title by rule, drawings, words and the table under it."""

    title: str
    subtitle: str
    svg_wide: str
    svg_narrow: str
    svg_file: str
    alt: str
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str


def figure_of(study: Study, lang: Lang, *, as_of: str) -> Figure:
    """Return the figure of a study in one language."""
    c = study.comparison
    facts = {
        "before": _rate(c.before),
        "after": _rate(c.after),
        "n_before": c.before.exposure,
        "n_after": c.after.exposure,
    }
    title = say(f"compliance.title.{c.title.value}", lang, **facts)
    kind = "aligned" if study.aligned else "calendar"
    covered, expected = c.coverage
    return Figure(
        title=title,
        subtitle=say(f"compliance.subtitle.{kind}", lang, operators=c.operators),
        svg_wide=_draw(study, lang, Drawing(820, 330)).render(),
        svg_narrow=_draw(study, lang, Drawing(350, 300)).render(),
        svg_file=_draw(study, lang, Drawing(820, 330, concrete=True)).render(),
        alt=f"{title} {say('compliance.alt', lang, **facts)}",
        can_say=_can_say(study, lang),
        cannot_say=_cannot_say(study, lang),
        heads=tuple(say(f"compliance.table.{k}", lang) for k in _HEADS),
        rows=tuple(_row(study, p) for p in study.points),
        source=say(
            "compliance.source",
            lang,
            sources=say("app.comma", lang).join(study.sources) or "—",
            as_of=as_of,
            covered=covered,
            expected=expected,
            overturned=c.overturned,
        ),
    )


_HEADS = ("month", "side", "checked", "findings", "listings", "rate", "operators")


def _row(study: Study, p: MonthPoint) -> tuple[str, ...]:
    zero = study.zero
    side = "—" if zero is None or p.month == zero else "−" if p.month < zero else "+"
    return (
        f"{p.month:+d}" if study.aligned else month_label(p.month),
        side,
        f"{p.exposure:,}",
        str(p.findings),
        str(p.listings),
        format_rate_per_thousand(p.listings, p.exposure),
        str(p.operators),
    )


def _can_say(study: Study, lang: Lang) -> tuple[str, ...]:
    c = study.comparison
    said = [say(f"compliance.can.{c.title.value}", lang)]
    for name, side in (("before", c.before), ("after", c.after)):
        if side.exposure:
            said.append(_side_sentence(name, side, lang))
    if c.ratio is not None and c.ratio_interval is not None:
        low, high = c.ratio_interval
        basis = "findings" if c.before.on_findings else "listings"
        said.append(
            say(
                f"compliance.ratio.{basis}",
                lang,
                ratio=f"{c.ratio:.2f}",
                low=f"{low:.2f}",
                high=f"{high:.2f}" if high != float("inf") else "∞",
            )
        )
    if c.ratio_without_lead is not None:
        low, high = c.ratio_without_lead
        said.append(
            say(
                "compliance.without_lead",
                lang,
                low=f"{low:.2f}",
                high=f"{high:.2f}" if high != float("inf") else "∞",
            )
        )
    return tuple(said)


def _side_sentence(name: str, side: Side, lang: Lang) -> str:
    low, high = side.interval or (None, None)
    span = "—" if low is None or high is None else f"{low * 1000:.1f}–{high * 1000:.1f}"
    return say(
        f"compliance.side.{name}_{'findings' if side.on_findings else 'listings'}",
        lang,
        listings=side.listings,
        findings=side.findings,
        checked=f"{side.exposure:,}",
        rate=_rate(side),
        span=span,
    )


def _cannot_say(study: Study, lang: Lang) -> tuple[str, ...]:
    c = study.comparison
    said = [say("compliance.cannot.cause", lang)]
    if c.title in {Title.FELL, Title.FELL_WITH_LESS_EFFORT}:
        said.append(say("compliance.cannot.regression", lang))
    if c.title is Title.LEVEL_ONLY or c.title is Title.TOO_LITTLE:
        said.append(say(f"compliance.cannot.{c.title.value}", lang))
    said.append(say("compliance.cannot.elsewhere", lang))
    if c.leavers:
        told = say("app.comma", lang).join(
            f"{say(f'enum.EnrollmentStatus.{why}', lang)} {n}" for why, n in c.leavers
        )
        said.append(say("compliance.leavers", lang, told=told))
    return tuple(said)


def _rate(side: Side) -> str:
    return format_rate_per_thousand(side.listings, side.exposure)


def _draw(study: Study, lang: Lang, d: Drawing) -> Drawing:
    points = study.points
    if not points:
        d.text(
            d.width / 2,
            d.height / 2,
            say("compliance.no_data", lang),
            Token.MUTED,
            anchor="middle",
        )
        return d
    left, right, top, foot, base = 44, d.width - 12, 34, 70, 40
    plot = d.height - foot - base
    first, last = points[0].month, points[-1].month
    step = (right - left) / max(last - first + 1, 1)

    def x(month: float) -> float:
        return left + (month - first + 0.5) * step

    highest = max((p.listings * 1000 / p.exposure for p in points if p.exposure), default=1.0)
    scale = _nice(max(highest, 1.0))

    def y(rate: float) -> float:
        return plot - (plot - top) * min(rate / scale, 1)

    for n in range(3):
        value = scale * n / 2
        d.line(left, y(value), right, y(value), Token.INK if n == 0 else Token.LINE)
        d.text(left - 6, y(value) + 4, f"{value:g}", Token.MUTED, anchor="end")
    _bands(study, lang, d, x, y)
    _effort(study, lang, d, x, plot)
    for p in points:
        if p.exposure and p.month != study.zero:
            rate = p.listings * 1000 / p.exposure
            if study.zero is not None and p.month < study.zero:
                d.square(x(p.month), y(rate), Token.BEFORE)
            else:
                d.dot(x(p.month), y(rate), Token.AFTER, r=3.6)
    _axis(study, d, x, plot)
    return d


def _bands(study: Study, lang: Lang, d: Drawing, x: object, y: object) -> None:
    assert callable(x) and callable(y)  # noqa: S101, PT018  closures of the same drawing
    zero, points, c = study.zero, study.points, study.comparison
    if zero is None:
        return
    sides = (
        (c.before, points[0].month, zero - 1, Token.BEFORE, "before", "start"),
        (c.after, zero + 1, points[-1].month, Token.AFTER, "after", "end"),
    )
    for side, start, end, token, name, anchor in sides:
        if not side.exposure or end < start or side.rate is None:
            continue
        x1, x2, mean = x(start - 0.5), x(end + 0.5), side.rate * 1000
        if side.interval is not None and not side.on_findings:
            low, high = side.interval
            d.box(
                x1, y(high * 1000), x2 - x1, y(low * 1000) - y(high * 1000), token, opacity=0.18
            )
        d.line(x1, y(mean), x2, y(mean), token, width=2)
        words = say(f"compliance.mean.{name}", lang, rate=f"{mean:.1f}", n=f"{side.exposure:,}")
        d.text(x1 if anchor == "start" else x2, 14, words, token, anchor=anchor, bold=True)
    d.line(x(zero), 20, x(zero), y(0), Token.INK, dash="4 3")
    d.text(x(zero), 30, say("compliance.zero", lang), Token.INK, anchor="middle", size=11)


def _effort(study: Study, lang: Lang, d: Drawing, x: object, plot: float) -> None:
    assert callable(x)  # noqa: S101  a closure of the same drawing
    most = max(p.exposure for p in study.points)
    width = max((x(1) - x(0)) * 0.56, 1.5)
    top = plot + 34
    d.text(
        44, plot + 26, say("compliance.effort", lang, most=f"{most:,}"), Token.MUTED, size=11
    )
    for p in study.points:
        height = 34 * p.exposure / most if most else 0
        after = study.zero is not None and p.month > study.zero
        d.box(
            x(p.month) - width / 2, top + 34 - height, width, height,
            Token.AFTER if after else Token.BEFORE, opacity=0.5,
        )  # fmt: skip
    for month, count in study.inspections.items():
        if study.points[0].month <= month <= study.points[-1].month:
            d.diamond(x(month), plot + 8, Token.AMBER, r=4 if count else 0)


def _axis(study: Study, d: Drawing, x: object, plot: float) -> None:
    assert callable(x)  # noqa: S101  a closure of the same drawing
    first, last = study.points[0].month, study.points[-1].month
    every = max(1, round((last - first + 1) / (8 if d.width > 500 else 3)))
    for month in range(first, last + 1, every):
        words = f"{month:+d}" if study.aligned else month_label(month)
        d.text(x(month), plot + 84, words, Token.MUTED, anchor="middle", size=11)
        if study.aligned:
            seen = next((p.operators for p in study.points if p.month == month), 0)
            d.text(x(month), plot + 100, f"n={seen}", Token.MUTED, anchor="middle", size=11)


def _nice(value: float) -> float:
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000):
        if value <= step:
            return float(step)
    return value
