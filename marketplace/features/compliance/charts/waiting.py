"""Waiting times by Kaplan-Meier: the share still waiting, and the median where half have ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from marketplace.base.draw import Token
from marketplace.base.words import label
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import (
    Axis,
    Band,
    Curve,
    Guide,
    Scene,
    Tick,
    rounded_up,
)
from marketplace.features.compliance.charts.telling import (
    Frame,
    Table,
    Told,
    framed,
    refused,
)
from marketplace.features.compliance.kinds import WaitKind
from marketplace.features.compliance.rules.waiting import WaitingTime, WaitStep

_HEADS = ("days", "waiting", "band", "at_risk")


def waiting_figure(kind: WaitKind, found: WaitingTime, frame: Frame) -> Figure:
    """Return the figure of one kind of wait; refused where too few have ended."""
    key, name = f"methods-waiting-{kind.value.replace('_', '-')}", label(kind, frame.lang)
    if found.refused is not None:
        plain = refused(key, "waiting", frame, found.refused)
        return replace(plain, title=frame.t("methods.waiting.title.refused", name=name))
    median = found.median_days
    title = (
        frame.t(
            f"methods.waiting.title.{_ends_as(kind)}_open",
            name=name,
            ended=found.ended,
            n=found.n,
        )
        if median is None
        else frame.t(f"methods.waiting.title.{_ends_as(kind)}", name=name, days=_days(median))
    )
    told = Told(
        title=title,
        subtitle=frame.t("methods.waiting.subtitle"),
        alt=f"{title} {frame.t('methods.waiting.reading')}",
        reading=(frame.t("methods.waiting.reading"),),
        can_say=(
            frame.t(
                "methods.waiting.can",
                ended=found.ended,
                n=found.n,
                open=found.n - found.ended,
            ),
            _span(found, frame),
        ),
        cannot_say=(frame.t("methods.waiting.cannot"),),
        computed=(frame.t("methods.waiting.formula"),),
    )
    rows = tuple(
        (_days(s.days), f"{s.waiting:.0%}", _ends(s), str(s.at_risk)) for s in found.steps
    )
    heads = tuple(frame.t(f"methods.waiting.table.{name}") for name in _HEADS)
    table = Table(heads, rows, frozenset(range(len(_HEADS))))
    return framed(key, frame, told, _scene(found, frame), table)


def _ends_as(kind: WaitKind) -> str:
    """Return how a wait ends: an answer of the office, or a product that was verified."""
    return "reached" if kind is WaitKind.FIRST_PRODUCT else "median"


def _scene(found: WaitingTime, frame: Frame) -> Scene:
    most = rounded_up(max([s.days for s in found.steps] + [1.0]))
    # The curve goes on, flat, as far as anybody was still watched: an end at the last answer
    # would hide those who wait.
    watched = min(max(found.lasted), most)
    xs, ys, left = [0.0], [100.0], 100.0
    for s in found.steps:
        xs += [s.days, s.days]
        ys += [left, s.waiting * 100]
        left = s.waiting * 100
    if left > 0:
        xs, ys = [*xs, watched], [*ys, left]
    median = found.median_days
    guides: tuple[Guide, ...] = ()
    if median is not None:
        guides = (Guide(median, frame.t("methods.waiting.median", days=_days(median))),)
    parts = int(min(most, 4 if most % 4 == 0 else 5))  # whole days
    spots = [most * n / parts for n in range(parts + 1)]
    ticks = tuple(Tick(day, f"{day:,g}", f"n={found.at_risk(day)}") for day in spots)
    return Scene(
        x=Axis(0, most, ticks, title=frame.t("methods.waiting.axis")),
        y=Axis(
            0,
            100,
            tuple(Tick(v, f"{v:g}%") for v in (0, 50, 100)),
            title=frame.t("methods.waiting.share_axis"),
        ),
        bands=_bands(found.steps, watched),
        curves=(Curve(tuple(xs), tuple(ys), Token.AFTER),),
        guides=guides,
    )


def _bands(steps: Sequence[WaitStep], watched: float) -> tuple[Band, ...]:
    """Return the band as steps: each holds until the next answer, the last while anybody waits."""
    xs: list[float] = []
    low: list[float] = []
    high: list[float] = []
    until = [s.days for s in steps[1:]] + [max(watched, steps[-1].days)]
    for s, end in zip(steps, until, strict=True):
        if s.lower is None or s.upper is None:
            continue
        xs += [s.days, end]
        low += [s.lower * 100] * 2
        high += [s.upper * 100] * 2
    return (Band(tuple(xs), tuple(low), tuple(high), Token.AFTER),) if xs else ()


def _ends(step: WaitStep) -> str:
    if step.lower is None or step.upper is None:
        return "—"
    return f"{step.lower:.0%}–{step.upper:.0%}"


def _span(found: WaitingTime, frame: Frame) -> str:
    low, high = found.lower_days or 0, found.upper_days or 0
    return frame.t(f"methods.waiting.span_{found.ends.value}", low=_days(low), high=_days(high))


def _days(days: float) -> str:
    """Return days to a tenth, rounded up: within fewer of them half had not ended."""
    return f"{math.ceil(days * 10 - 1e-9) / 10:g}"
