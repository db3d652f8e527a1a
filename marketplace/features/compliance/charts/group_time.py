"""Group-time effects by quarter since entry; what lies before entry is shown as the pre-trend."""

from __future__ import annotations

import math

from marketplace.base.draw import Token
from marketplace.base.words import format_ratio
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import (
    Axis,
    Curve,
    Guide,
    Mark,
    Scene,
    Shade,
    Shape,
    Tick,
)
from marketplace.features.compliance.charts.telling import (
    Frame,
    Table,
    Told,
    framed,
    ratio_axis,
    ratio_words,
    refused,
)
from marketplace.features.compliance.rules import Title
from marketplace.features.compliance.rules.staggered import RelativeEffect, Staggered

KEY = "methods-group-time"
BASE = (-5, -2)  # the quarters before entry that the change is measured from
_HEADS = ("quarter", "side", "operators", "ratio", "low", "high")


def group_time_figure(found: Staggered, frame: Frame, *, effort_fell: bool) -> Figure:
    """Return the effects with the pre-trend; the title claims nothing where the pre-trend does."""
    if found.refused is not None:
        return refused(KEY, "group_time", frame, found.refused)
    told = title_of(found, effort_fell=effort_fell)
    span = found.overall.interval if found.overall else None
    ratio = found.overall.ratio if found.overall else None
    title = frame.t(f"methods.group_time.title.{told}", ratio=ratio_words(ratio, span))
    before = [e for e in found.effects if e.offset < 0]
    can = [frame.t(f"methods.group_time.can.{told}", ratio=ratio_words(ratio, span))]
    key = "none" if not before else "off" if found.apart else "flat"
    can.append(frame.t(f"methods.group_time.pre.{key}", count=len(found.apart), of=len(before)))
    return framed(
        KEY,
        frame,
        Told(
            title=title,
            subtitle=frame.t("methods.group_time.subtitle"),
            alt=f"{title} {frame.t('methods.group_time.reading')}",
            reading=(
                frame.t("methods.group_time.reading"),
                *([frame.t("methods.group_time.open")] if _has_open_end(found) else []),
                *([frame.t("methods.group_time.bare")] if _has_bare(found) else []),
            ),
            can_say=tuple(can),
            cannot_say=(frame.t("methods.group_time.cannot"),),
            computed=(
                frame.t("methods.group_time.formula"),
                frame.t("methods.group_time.interval", draws=found.draws, seed=found.seed),
            ),
        ),
        _scene(found, frame),
        Table(
            tuple(frame.t(f"methods.group_time.table.{name}") for name in _HEADS),
            tuple(_row(e, frame) for e in found.effects),
            frozenset(range(2, 6)),
        ),
    )


def title_of(found: Staggered, *, effort_fell: bool) -> str:
    """Return what the figure may claim: a title by rule, or `pre_trend` where nothing is claimed."""
    if found.apart:
        return "pre_trend"
    span = found.overall.interval if found.overall else None
    if span is None:
        return Title.TOO_LITTLE.value
    if span[1] < 1:
        return (Title.FELL_WITH_LESS_EFFORT if effort_fell else Title.FELL).value
    return (Title.ROSE if span[0] > 1 else Title.NO_CLEAR_CHANGE).value


def _scene(found: Staggered, frame: Frame) -> Scene:
    y = ratio_axis(
        [e.interval for e in found.effects if e.interval],
        frame.t("methods.group_time.ratio_axis"),
    )
    low = min(*(e.offset for e in found.effects), BASE[0])
    high = max(e.offset for e in found.effects)
    curves, marks = [], []
    for e in found.effects:
        token = Token.BEFORE if e.offset < 0 else Token.AFTER
        if e.interval:
            span = (max(e.interval[0], y.low), min(e.interval[1], y.high))
            curves.append(Curve((e.offset, e.offset), span, token))
        shape = Shape.SQUARE if e.offset < 0 else Shape.DOT
        if e.ratio > 0:
            words = ratio_words(e.ratio, e.interval)
            told = frame.t(
                "methods.group_time.one", quarter=f"{e.offset:+d}", ratio=words, n=e.operators
            )
            bare = e.interval is None  # too few operators for one: the point says how few
            marks.append(
                Mark(
                    e.offset, e.ratio, Shape.RING if bare else shape, token,
                    told=told, label=f"n={e.operators}" if bare else "", anchor="middle",
                )
            )  # fmt: skip
    counts = {e.offset: e.operators for e in found.effects}
    return Scene(
        x=Axis(
            min(low, 0) - 0.5,
            max(high, 0) + 0.5,
            tuple(
                Tick(k, f"{k:+d}" if k else "0", f"n={counts[k]}" if k in counts else "")
                for k in range(low, high + 1)
            ),
            title=frame.t("methods.group_time.axis"),
        ),
        y=y,
        curves=tuple(curves),
        marks=tuple(marks),
        guides=(Guide(0, frame.t("methods.entry")),),
        shades=(Shade(BASE[0] - 0.5, BASE[1] + 0.5, frame.t("methods.group_time.base")),),
    )


def _has_open_end(found: Staggered) -> bool:
    """Whether an interval ends at 0 or nowhere, which a logarithmic axis cannot show."""
    return any(
        e.interval is not None and (e.interval[0] <= 0 or math.isinf(e.interval[1]))
        for e in found.effects
    )


def _has_bare(found: Staggered) -> bool:
    return any(e.interval is None for e in found.effects)


def _row(e: RelativeEffect, frame: Frame) -> tuple[str, ...]:
    span = e.interval or (None, None)
    side = "pre" if e.offset < 0 else "after"
    return (
        f"{e.offset:+d}",
        frame.t(f"methods.group_time.side.{side}"),
        str(e.operators),
        format_ratio(e.ratio),
        *("—" if end is None else format_ratio(end) for end in span),
    )
