"""The interrupted time series: observed months, the fitted line, and the line without entry."""

from __future__ import annotations

from marketplace.base.clock import month_label
from marketplace.base.draw import Token
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import (
    Axis,
    Bar,
    Curve,
    Mark,
    Scene,
    Shape,
    Strip,
    Tick,
    rounded_up,
    thirds,
)
from marketplace.features.compliance.charts.telling import (
    Frame,
    Table,
    Told,
    framed,
    per_thousand,
    ratio_words,
    refused,
)
from marketplace.features.compliance.methods import Series
from marketplace.features.compliance.rules import Title
from marketplace.features.compliance.rules.refusal import Refusal, Why
from marketplace.features.compliance.rules.timeseries import Interrupted

KEY = "methods-series"
_HEADS = ("month", "checked", "listings", "observed", "share", "fitted", "without")


def series_figure(
    found: Series, frame: Frame, *, effort_fell: bool, model: str, harmonics: int
) -> Figure:
    """Return the series; `model` is the impact model that the program file stated beforehand."""
    if found.fitted is None:
        n = len(found.months)
        why = found.refused or Refusal(Why.NOT_ESTIMABLE, n, n)
        return refused(KEY, "series", frame, why, _table(found, frame))
    fitted = found.fitted
    step = fitted.step
    words = ratio_words(step.rr, (step.lower, step.upper))
    told = title_of(fitted, effort_fell=effort_fell)
    title = frame.t(f"methods.series.title.{told}", ratio=words)
    estimate = frame.t(f"methods.series.can.{told}", ratio=words)
    p = fitted.p_autocorrelation
    tested = (
        frame.t("methods.series.untested")
        if p is None
        else frame.t(
            f"methods.series.{'found' if fitted.is_autocorrelated else 'clean'}",
            p="< 0.01" if p < 0.005 else f"= {p:.2f}",
            lags=fitted.lags,
        )
    )
    return framed(
        KEY,
        frame,
        Told(
            title=title,
            subtitle=frame.t("methods.series.subtitle"),
            alt=f"{title} {frame.t('methods.series.reading')}",
            reading=(frame.t("methods.series.reading"),),
            # An interval that is too narrow carries nothing: neither is it said under what can be.
            can_say=(tested,) if fitted.is_autocorrelated else (estimate, tested),
            cannot_say=(
                *((estimate,) if fitted.is_autocorrelated else ()),
                frame.t("methods.series.cannot"),
            ),
            computed=(
                frame.t("methods.series.formula"),
                frame.t("methods.series.model", model=model),
                frame.t(
                    "methods.series.n",
                    n=step.n,
                    harmonics=harmonics,
                    dispersion=f"{step.dispersion:.2f}",
                ),
            ),
        ),
        _scene(found, fitted, frame),
        _table(found, frame),
    )


def title_of(fitted: Interrupted, *, effort_fell: bool) -> str:
    """Return what may be claimed; nothing where neighboring months resemble each other."""
    if fitted.is_autocorrelated:
        return "autocorrelated"
    if fitted.step.upper < 1:
        return (Title.FELL_WITH_LESS_EFFORT if effort_fell else Title.FELL).value
    return (Title.ROSE if fitted.step.lower > 1 else Title.NO_CLEAR_CHANGE).value


def _scene(found: Series, fitted: Interrupted, frame: Frame) -> Scene:
    top = rounded_up(
        max(
            [x.observed * 1000 for x in fitted.lines]
            + [x.counterfactual * 1000 for x in fitted.lines]
        )
    )
    xs = tuple(x.time for x in fitted.lines)
    without = [(x.time, x.counterfactual * 1000) for x in fitted.lines if _after(found, x.time)]
    first, last = found.months[0].month, found.months[-1].month
    marks = tuple(
        Mark(
            m.month,
            m.listings * 1000 / m.exposure,
            Shape.SQUARE if m.share < 0.5 else Shape.DOT,
            Token.BEFORE if m.share < 0.5 else Token.AFTER,
            told=frame.t(
                "methods.series.one",
                month=month_label(m.month),
                rate=per_thousand(m.listings / m.exposure),
                n=f"{m.exposure:,}",
                share=f"{m.share:.0%}",
            ),
        )
        for m in found.months
    )
    return Scene(
        x=Axis(
            first - 0.5,
            last + 0.5,
            tuple(Tick(m, month_label(m)) for m in range(first + (-first) % 6, last + 1, 6)),
        ),
        y=Axis(0, top, thirds(top), title=frame.t("methods.rate_axis")),
        curves=(
            Curve(xs, tuple(x.fitted * 1000 for x in fitted.lines), Token.AFTER,
                  label=frame.t("methods.series.fitted")),
            Curve(tuple(x for x, _y in without), tuple(y for _x, y in without), Token.INK,
                  dashed=True, label=frame.t("methods.series.without")),
        ),
        marks=marks,
        strips=(
            Strip(
                frame.t(
                    "methods.series.share", most=f"{max(m.share for m in found.months):.0%}"
                ),
                tuple(Bar(m.month, m.share, Token.AFTER) for m in found.months),
            ),
        ),
        right_room=96,
    )  # fmt: skip


def _after(found: Series, time: float) -> bool:
    return any(m.month == time and m.share > 0 for m in found.months)


def _table(found: Series, frame: Frame) -> Table:
    lines = {x.time: x for x in found.fitted.lines} if found.fitted else {}
    rows = []
    for m in found.months:
        line = lines.get(m.month)
        rows.append(
            (
                month_label(m.month),
                f"{m.exposure:,}",
                str(m.listings),
                per_thousand(m.listings / m.exposure),
                f"{m.share:.0%}",
                per_thousand(line.fitted if line else None),
                per_thousand(line.counterfactual if line else None),
            )
        )
    heads = tuple(frame.t(f"methods.series.table.{name}") for name in _HEADS)
    return Table(heads, tuple(rows), frozenset(range(1, 7)))
