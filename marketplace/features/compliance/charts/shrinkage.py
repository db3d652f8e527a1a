"""Raw rates before entry beside their estimates, and how much of the fall was to be expected."""

from __future__ import annotations

import math

from marketplace.base.draw import Token
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.naming import (
    Names,
    link_of,
    listed,
    name_of,
    rows_told,
)
from marketplace.features.compliance.charts.scene import (
    Axis,
    Curve,
    Mark,
    Scale,
    Scene,
    Shape,
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
    refused,
)
from marketplace.features.compliance.rules.refusal import Refusal, Why
from marketplace.features.compliance.rules.regression import Regression
from marketplace.features.compliance.rules.shrinkage import (
    Anyway,
    ExpectedFall,
    Prior,
    Shrunken,
)

KEY = "methods-shrinkage"
_HEADS = ("factory", "checked", "findings", "raw", "estimate", "low", "high", "weight")


def shrinkage_figure(found: Regression, names: Names, frame: Frame) -> Figure:
    """Return the figure of all estimates, in order of how much was checked."""
    if found.prior is None:
        why = found.refused or Refusal(Why.NOTHING_FOUND, 1, 0)
        return refused(KEY, "shrinkage", frame, why)
    ordered = sorted(found.estimates, key=lambda s: (s.exposure, s.key))
    rows = listed(ordered, names)
    title = expected_words(found.expected, frame)
    told = Told(
        title=title,
        subtitle=frame.t("methods.shrinkage.subtitle"),
        alt=f"{title} {frame.t('methods.shrinkage.reading')}",
        reading=(frame.t("methods.shrinkage.reading"), frame.t("methods.funnel.click")),
        can_say=(
            frame.t("methods.shrinkage.said", title=title),
            *_beyond(found.expected, frame),
        ),
        cannot_say=(
            frame.t("methods.shrinkage.cannot"),
            *([frame.t("methods.shrinkage.alike")] if math.isinf(found.prior.shape) else []),
            *rows_told(ordered, names, frame),
        ),
        computed=(
            frame.t("methods.shrinkage.formula"),
            _prior(found.prior, frame),
        ),
    )
    table = Table(
        tuple(frame.t(f"methods.shrinkage.table.{name}") for name in _HEADS),
        tuple(_row(s, names) for s in rows),
        frozenset(range(1, 8)),
        tuple(link_of(s.key, names) for s in rows),
    )
    return framed(KEY, frame, told, _scene(ordered, found.prior, names, frame), table)


def expected_words(expected: ExpectedFall | None, frame: Frame) -> str:
    """Return the sentence on how much of a fall would have come anyway."""
    if expected is None:
        return frame.t("methods.shrinkage.expected.unknown")
    facts = {
        "raw": per_thousand(expected.raw_before),
        "expected": per_thousand(expected.expected_after),
        "after": per_thousand(expected.after),
    }
    if expected.share_expected is None:
        return frame.t("methods.shrinkage.expected.no_fall", **facts)
    share = f"{expected.share_expected:.0%}"
    told = Anyway.of(expected.share_expected).value
    return frame.t(f"methods.shrinkage.expected.{told}", share=share, **facts)


def _beyond(expected: ExpectedFall | None, frame: Frame) -> list[str]:
    if expected is None or expected.ratio_beyond is None:
        return []
    return [
        frame.t(
            "methods.shrinkage.beyond", ratio=f"{expected.ratio_beyond:.2f}", n=expected.units
        )
    ]


def _prior(prior: Prior, frame: Frame) -> str:
    mean = per_thousand(prior.mean)
    return frame.t(
        "methods.shrinkage.prior", mean=mean, spread=f"{prior.spread:.0%}", n=prior.units
    )


def _scene(ordered: list[Shrunken], prior: Prior, names: Names, frame: Frame) -> Scene:
    top = rounded_up(max(max(s.raw or 0, s.estimate) * 1000 for s in ordered))
    least, most = ordered[0].exposure, ordered[-1].exposure
    ticks = [t for t in (30, 100, 300, 1_000, 3_000, 10_000, 30_000) if least <= t <= most]
    mean = prior.mean * 1000
    marks, pulls = [], []
    for s in ordered:
        if s.raw is None:
            continue
        told = frame.t(
            "methods.shrinkage.one",
            name=name_of(s.key, names, frame),
            raw=per_thousand(s.raw),
            estimate=per_thousand(s.estimate),
            n=f"{s.exposure:,.0f}",
        )
        link = link_of(s.key, names)
        pulls.append(Curve((s.exposure,) * 2, (s.raw * 1000, s.estimate * 1000), Token.LINE))
        marks.append(
            Mark(s.exposure, s.raw * 1000, Shape.SQUARE, Token.BEFORE, told=told, link=link)
        )
        marks.append(
            Mark(s.exposure, s.estimate * 1000, Shape.DOT, Token.AFTER, told=told, link=link)
        )
    return Scene(
        x=Axis(least * 0.8, most * 1.04, tuple(Tick(t, f"{t:,}") for t in ticks),
               title=frame.t("methods.shrinkage.axis"), scale=Scale.SQRT),
        y=Axis(0, top, thirds(top), title=frame.t("methods.funnel.rate_axis")),
        curves=(
            *pulls,
            Curve((least, most), (mean, mean), Token.INK, dashed=True,
                  label=frame.t("methods.funnel.mean")),
        ),
        marks=tuple(marks),
        right_room=96,
    )  # fmt: skip


def _row(s: Shrunken, names: Names) -> tuple[str, ...]:
    return (
        names[s.key].name,
        f"{s.exposure:,.0f}",
        str(s.count),
        per_thousand(s.raw),
        per_thousand(s.estimate),
        # An interval without width is none: the fit cannot tell the firms from one another.
        *(per_thousand(end if s.interval[0] < s.interval[1] else None) for end in s.interval),
        f"{s.weight:.0%}",
    )
