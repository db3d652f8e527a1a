"""The funnel: who lies outside the limits of chance; a point leads to its dossier, nobody is ranked."""

from __future__ import annotations

from collections.abc import Sequence

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
    refusal,
)
from marketplace.features.compliance.rules.funnel import (
    Flag,
    Funnel,
    FunnelPoint,
    LimitsAt,
    in_order,
)

KEY = "methods-funnel"
_HEADS = ("factory", "checked", "findings", "expected", "rate", "flag")
_LOOK = {
    Flag.WITHIN: (Shape.DOT, Token.AFTER),
    Flag.HIGH_95: (Shape.DOT, Token.AFTER),
    Flag.LOW_95: (Shape.DOT, Token.AFTER),
    Flag.HIGH_998: (Shape.DIAMOND, Token.SEAL),
    Flag.LOW_998: (Shape.DIAMOND, Token.AFTER),
    Flag.TOO_SMALL: (Shape.RING, Token.MUTED),
}


def funnel_figure(
    found: Funnel,
    names: Names,
    frame: Frame,
    *,
    months: int,
    min_checked: int,
    by_rate: bool = False,
) -> Figure:
    """Return the funnel; `by_rate` orders the table by rate, those under the minimum last."""
    points = in_order(found, by_rate=by_rate, min_exposure=min_checked)
    rows = listed(points, names)
    small = sum(p.exposure < min_checked for p in found.points)
    table = Table(
        tuple(frame.t(f"methods.funnel.table.{name}") for name in _HEADS),
        tuple(_row(p, names, frame) for p in rows),
        frozenset(range(1, 5)),
        tuple(link_of(p.key, names) for p in rows),
    )
    high = sum(p.flag is Flag.HIGH_998 for p in found.points)
    low = sum(p.flag is Flag.LOW_998 for p in found.points)
    if found.refused is not None:
        title = frame.t("methods.funnel.title.refused", count=len(found.points))
        can = [refusal(found.refused, frame)]
    else:
        seen = len(found.points) - small
        title = frame.t(
            f"methods.funnel.title.{'some' if high else 'low' if low else 'none'}",
            high=high,
            low=low,
            seen=seen,
        )
        can = [frame.t("methods.funnel.can", high=high, low=low, seen=seen,
                         chance=f"{seen * 0.001:.1f}")]  # fmt: skip
    told = Told(
        title=title,
        subtitle=frame.t("methods.funnel.subtitle", months=months),
        alt=f"{title} {frame.t('methods.funnel.reading')}",
        reading=(frame.t("methods.funnel.reading"), frame.t("methods.funnel.click")),
        can_say=tuple(can),
        cannot_say=(
            frame.t("methods.funnel.cannot"),
            frame.t("methods.funnel.small", count=small, needed=f"{min_checked:,}"),
            *rows_told(points, names, frame),
        ),
        computed=(
            frame.t("methods.funnel.formula"),
            frame.t(
                "methods.funnel.spread",
                phi=f"{found.phi:.2f}",
                target=per_thousand(found.target),
            ),
        ),
    )
    return framed(KEY, frame, told, _scene(found, names, frame), table)


def _scene(found: Funnel, names: Names, frame: Frame) -> Scene:
    top = rounded_up(max([p.rate * 1000 for p in found.points] + [1.0]))
    most = max((p.exposure for p in found.points), default=1)
    least = min((p.exposure for p in found.points), default=0)
    wide = rounded_up(most)
    ticks = [t for t in (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000) if least <= t <= wide]
    target = (found.target or 0) * 1000
    return Scene(
        x=Axis(least * 0.8, most * 1.04, tuple(Tick(t, f"{t:,}") for t in ticks),
               title=frame.t("methods.funnel.axis"), scale=Scale.SQRT),
        y=Axis(0, top, thirds(top), title=frame.t("methods.funnel.rate_axis")),
        curves=(
            Curve((least, most), (target, target), Token.INK, label=frame.t("methods.funnel.mean")),
            *_limits(found.curves, top, frame),
        ),
        marks=tuple(_mark(p, names, frame, middle=most / 2) for p in found.points),
        right_room=96,
    )  # fmt: skip


def _limits(curves: Sequence[LimitsAt], top: float, frame: Frame) -> list[Curve]:
    drawn = []
    for name, dashed, label in (
        ("low_95", False, ""),
        ("high_95", False, "95%"),
        ("low_998", True, ""),
        ("high_998", True, "99.8%"),
    ):
        spots = [
            (c.exposure, getattr(c, name) * 1000)
            for c in curves
            if getattr(c, name) * 1000 <= top
        ]
        if spots:
            drawn.append(
                Curve(
                    tuple(x for x, _y in spots),
                    tuple(y for _x, y in spots),
                    Token.MUTED,
                    dashed=dashed,
                    label=label,
                )
            )
    return drawn


def _mark(p: FunnelPoint, names: Names, frame: Frame, *, middle: float) -> Mark:
    """Return a point; one beyond the outer limits is named beside it, on the roomier side."""
    shape, token = _LOOK[p.flag]
    told = frame.t(
        "methods.funnel.one",
        name=name_of(p.key, names, frame),
        findings=p.count,
        n=f"{p.exposure:,.0f}",
        expected=f"{p.expected:.1f}",
        flag=frame.t(f"methods.funnel.flag.{p.flag.value}"),
    )
    outside = p.flag in {Flag.HIGH_998, Flag.LOW_998}
    return Mark(
        p.exposure, p.rate * 1000, shape, token,
        told=told,
        label=f"{name_of(p.key, names, frame)} {per_thousand(p.rate)}" if outside else "",
        link=link_of(p.key, names),
        anchor="start" if p.exposure < middle else "end",
    )  # fmt: skip


def _row(p: FunnelPoint, names: Names, frame: Frame) -> tuple[str, ...]:
    return (
        name_of(p.key, names, frame),
        f"{p.exposure:,.0f}",
        str(p.count),
        f"{p.expected:.1f}",
        "—" if p.flag is Flag.TOO_SMALL else per_thousand(p.rate),
        frame.t(f"methods.funnel.flag.{p.flag.value}"),
    )
