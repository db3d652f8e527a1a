"""The origin mix: what was found by looking and what was complained of, and how much of it stood."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.base.draw import Token
from marketplace.base.words import label
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import (
    Axis,
    Curve,
    Mark,
    Scene,
    Shape,
    Tick,
    blank,
)
from marketplace.features.compliance.charts.telling import Frame, Table, Told, framed
from marketplace.features.compliance.rules.effort import OriginLine
from marketplace.features.enforcement.kinds import Origin

KEY = "compliance-origins"
PROACTIVE = frozenset({Origin.PROACTIVE_MODEL, Origin.INSPECTION, Origin.APPRAISAL})
_HEADS = (
    "origin",
    "found",
    "share",
    "decided",
    "upheld",
    "precision",
    "overturned",
    "reversal",
)


def origins_figure(lines: Sequence[OriginLine], frame: Frame) -> Figure:
    """Return the figure of all origins, the most frequent first."""
    total = sum(x.found for x in lines)
    own = sum(x.found for x in lines if Origin(x.origin) in PROACTIVE)
    title = (
        frame.t(
            "effort.origins.title",
            share=f"{own / total:.1%}",
            own=f"{own:,}",
            total=f"{total:,}",
        )
        if total
        else frame.t("effort.origins.none")
    )
    told = Told(
        title=title,
        subtitle=frame.t("effort.origins.subtitle"),
        alt=f"{title} {frame.t('effort.origins.reading')}",
        reading=(frame.t("effort.origins.reading"),),
        can_say=tuple(_sentence(x, frame) for x in lines) or (title,),
        cannot_say=(frame.t("effort.origins.cannot"),),
        computed=(frame.t("effort.origins.formula"),),
    )
    table = Table(
        tuple(frame.t(f"effort.origins.table.{name}") for name in _HEADS),
        tuple(_row(x, frame) for x in lines),
        frozenset(range(1, 8)),
    )
    scene = _scene(lines, frame) if total else blank(title)
    return framed(KEY, frame, told, scene, table)


def _scene(lines: Sequence[OriginLine], frame: Frame) -> Scene:
    curves, marks = [], []
    for n, x in enumerate(lines):
        for at, value, span, shape, token, said in (
            (n - 0.12, x.precision, x.precision_interval, Shape.DOT, Token.AFTER, "stood"),
            (
                n + 0.12,
                x.reversal_rate,
                x.reversal_interval,
                Shape.SQUARE,
                Token.BEFORE,
                "fell",
            ),
        ):
            if value is None or span is None:
                continue
            curves.append(Curve((at, at), (span[0] * 100, span[1] * 100), token))
            marks.append(
                Mark(
                    at,
                    value * 100,
                    shape,
                    token,
                    told=_sentence(x, frame),
                    label=frame.t(f"effort.origins.{said}", share=f"{value:.0%}"),
                    anchor="end" if said == "stood" else "start",
                )
            )
    ticks = tuple(
        Tick(n, label(Origin(x.origin), frame.lang), f"n={x.found:,}")
        for n, x in enumerate(lines)
    )
    return Scene(
        x=Axis(-0.5, len(lines) - 0.5, ticks),
        y=Axis(
            0,
            100,
            tuple(Tick(v, f"{v}%") for v in (0, 50, 100)),
            title=frame.t("effort.origins.axis"),
        ),
        curves=tuple(curves),
        marks=tuple(marks),
        right_room=30,
    )


def _sentence(x: OriginLine, frame: Frame) -> str:
    return frame.t(
        "effort.origins.one",
        origin=label(Origin(x.origin), frame.lang),
        found=f"{x.found:,}",
        decided=f"{x.decided:,}",
        upheld=f"{x.upheld:,}",
        precision=_share(x.precision, x.precision_interval),
        overturned=f"{x.overturned:,}",
        reversal=_share(x.reversal_rate, x.reversal_interval),
    )


def _row(x: OriginLine, frame: Frame) -> tuple[str, ...]:
    return (
        label(Origin(x.origin), frame.lang),
        f"{x.found:,}",
        f"{x.share:.1%}" if x.share >= 0.0005 or not x.found else "< 0.1%",
        f"{x.decided:,}",
        f"{x.upheld:,}",
        _share(x.precision, x.precision_interval),
        f"{x.overturned:,}",
        _share(x.reversal_rate, x.reversal_interval),
    )


def _share(value: float | None, span: tuple[float, float] | None) -> str:
    if value is None or span is None:
        return "—"
    return f"{value:.0%} ({span[0]:.0%}–{span[1]:.0%})"
