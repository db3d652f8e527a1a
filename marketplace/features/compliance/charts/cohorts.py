"""Cohorts by entry date: one ratio with its interval a cohort, and the small ones only counted."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.base.clock import month_label
from marketplace.base.draw import Token
from marketplace.base.words import say
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import Axis, Curve, Mark, Scene, Shape, Tick
from marketplace.features.compliance.charts.telling import (
    Frame,
    Table,
    Told,
    framed,
    per_thousand,
    ratio_axis,
    ratio_words,
    refusal,
    refused,
)
from marketplace.features.compliance.rules import Comparison, Side, Title
from marketplace.features.compliance.rules.cohorts import Cohort
from marketplace.features.compliance.rules.comparison import MIN_MONTHS
from marketplace.features.compliance.rules.refusal import Refusal, Why

KEY = "methods-cohorts"
_HEADS = ("cohort", "operators", "n_before", "n_after", "before", "after", "ratio", "said")


def cohort_figure(found: Sequence[Cohort], frame: Frame, *, min_operators: int) -> Figure:
    """Return the figure of all cohorts, earliest at the left."""
    table = Table(
        tuple(frame.t(f"methods.cohorts.table.{name}") for name in _HEADS),
        tuple(_row(c, frame) for c in found),
        frozenset(range(1, 7)),
    )
    drawn = [c for c in found if c.refused is None and c.comparison.ratio_interval]
    if not drawn:
        return refused(KEY, "cohorts", frame, _why_none(found, min_operators), table)
    fell = sum(c.comparison.title is Title.FELL for c in drawn)
    title = frame.t("methods.cohorts.title", fell=fell, drawn=len(drawn))
    small = [c for c in found if c.refused is not None]
    told = Told(
        title=title,
        subtitle=frame.t("methods.cohorts.subtitle"),
        alt=f"{title} {frame.t('methods.cohorts.reading')}",
        reading=(frame.t("methods.cohorts.reading"),),
        can_say=tuple(_sentence(c, frame) for c in drawn),
        cannot_say=(
            frame.t("methods.cohorts.cannot"),
            *(
                [frame.t("methods.cohorts.small", count=len(small), needed=min_operators)]
                if small
                else []
            ),
        ),
        computed=(frame.t("methods.cohorts.formula"), say("chart.computed.title", frame.lang)),
    )
    return framed(KEY, frame, told, _scene(found, frame), table)


def _why_none(found: Sequence[Cohort], min_operators: int) -> Refusal:
    """Return why no cohort has a ratio: too small, not watched on both sides, or nothing found."""
    large = [c.comparison for c in found if c.refused is None]
    if not large:
        most = max((c.comparison.operators for c in found), default=0)
        return Refusal(Why.FEW_OPERATORS, min_operators, most)
    months = max(min(c.before.months, c.after.months) for c in large)
    if months < MIN_MONTHS:
        return Refusal(Why.FEW_MONTHS, MIN_MONTHS, months)
    return Refusal(Why.NOTHING_FOUND, 1, 0)


def _scene(found: Sequence[Cohort], frame: Frame) -> Scene:
    spans = [
        c.comparison.ratio_interval
        for c in found
        if c.refused is None and c.comparison.ratio_interval
    ]
    y = ratio_axis(spans, frame.t("methods.ratio_axis"))
    curves, marks = [], []
    for n, c in enumerate(found):
        span, ratio = c.comparison.ratio_interval, c.comparison.ratio
        if c.refused is not None or span is None:
            continue
        low, high = max(span[0], y.low), min(span[1], y.high)
        curves.append(Curve((n, n), (min(low, y.high), high), Token.AFTER))
        if ratio is None:  # nothing found before: the line alone, open upward
            continue
        marks.append(
            Mark(
                n, ratio, Shape.DOT, Token.AFTER, told=_sentence(c, frame), label=f"{ratio:.2f}"
            )
        )
    return Scene(
        x=Axis(
            -0.5,
            len(found) - 0.5,
            tuple(
                Tick(n, month_label(c.start), f"n={c.comparison.operators}")
                for n, c in enumerate(found)
            ),
            title=frame.t("methods.cohorts.axis"),
        ),
        y=y,
        curves=tuple(curves),
        marks=tuple(marks),
        right_room=40,
    )


def _name(c: Cohort) -> str:
    return f"{month_label(c.start)} – {month_label(c.end)}"


def _sentence(c: Cohort, frame: Frame) -> str:
    found = c.comparison
    return frame.t(
        "methods.cohorts.one",
        name=_name(c),
        operators=found.operators,
        ratio=ratio_words(found.ratio, found.ratio_interval),
        basis=frame.t(f"methods.cohorts.basis.{_basis(found)}"),
        said=frame.t(f"methods.said.{found.title.value}"),
    )


def _row(c: Cohort, frame: Frame) -> tuple[str, ...]:
    found = c.comparison
    head = (_name(c), str(found.operators), f"{found.before.exposure:,}")
    rest = (f"{found.after.exposure:,}",)
    if c.refused is not None:
        return (*head, *rest, "—", "—", "—", refusal(c.refused, frame))
    return (
        *head,
        *rest,
        _rate(found.before, frame),
        _rate(found.after, frame),
        ratio_words(found.ratio, found.ratio_interval),
        frame.t(f"methods.said.{found.title.value}"),
    )


def _basis(found: Comparison) -> str:
    return "findings" if found.after.on_findings else "listings"


def _rate(side: Side, frame: Frame) -> str:
    """Return a side's rate on what its ratio is on: a rate of listings would say something else."""
    if not side.on_findings or not side.exposure:
        return per_thousand(side.rate)
    rate = per_thousand(side.findings / side.exposure)
    return frame.t("methods.cohorts.rate_findings", rate=rate)
