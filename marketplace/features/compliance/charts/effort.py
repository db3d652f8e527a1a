"""Effort beside violations: each measure of looking, before and after; what has no data says so."""

from __future__ import annotations

from marketplace.base.draw import Token
from marketplace.base.words import label
from marketplace.features.compliance.charts import sentences
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import (
    Axis,
    Mark,
    Scene,
    Shape,
    Tick,
    blank,
)
from marketplace.features.compliance.charts.telling import (
    Frame,
    Table,
    Told,
    framed,
    ratio_axis,
)
from marketplace.features.compliance.rules.comparison import EFFORT_KEPT
from marketplace.features.compliance.rules.effort import LOOKING, EffortLine, Measured
from marketplace.features.compliance.studies import Study

KEY = "compliance-effort"
_HEADS = ("measure", "before", "after", "ratio", "said")


def effort_figure(study: Study, frame: Frame) -> Figure:
    """Return the measures of looking of a study; near misses and reversals stand with them."""
    c = study.comparison
    both = bool(c.before.exposure and c.after.exposure)
    if not both:
        title = frame.t("effort.title.none")
    elif c.effort_fell:
        title = frame.t("effort.title.fell", what=sentences.fell_in(c, frame.lang))
    else:
        title = frame.t("effort.title.kept")
    missing = [label(x.measure, frame.lang) for x in c.effort.lines if _empty(x)]
    told = Told(
        title=title,
        subtitle=frame.t("effort.subtitle"),
        alt=f"{title} {frame.t('effort.reading')}",
        reading=(frame.t("effort.reading"),),
        can_say=tuple(sentences.effort(study, frame.lang)) or (title,),
        cannot_say=(
            frame.t("effort.cannot"),
            *(
                [frame.t("effort.missing", what=frame.t("app.comma").join(missing))]
                if missing
                else []
            ),
            frame.t("effort.near_misses", count=sum(study.near_misses.values())),
        ),
        computed=(frame.t("effort.formula", kept=f"{EFFORT_KEPT:.0%}"),),
    )
    table = Table(
        tuple(frame.t(f"effort.table.{name}") for name in _HEADS),
        tuple(_row(x, frame) for x in c.effort.lines),
        frozenset({1, 2, 3}),
    )
    return framed(KEY, frame, told, _scene(study, frame), table)


def _empty(x: EffortLine) -> bool:
    return x.before is None and x.after is None


def _scene(study: Study, frame: Frame) -> Scene:
    lines = study.comparison.effort.lines
    drawn = [(n, x) for n, x in enumerate(lines) if x.ratio]
    if not drawn:
        return blank(frame.t("effort.title.none"))
    marks = []
    for n, x in drawn:
        fell = x.fell and x.measure in LOOKING
        ratio = x.ratio or 1.0
        marks.append(
            Mark(
                n,
                ratio,
                Shape.DIAMOND if fell else Shape.DOT,
                Token.AMBER if fell else Token.AFTER,
                told=" ".join(_row(x, frame)),
                label=f"{ratio:.2f}",
                anchor="middle",  # above: beside it the line of no change would run through
            )
        )
    ratios = [(x.ratio or 1.0,) * 2 for _n, x in drawn]
    ticks = tuple(
        Tick(
            n,
            frame.t(f"effort.short.{x.measure.value}"),
            ""
            if x.ratio
            else frame.t("effort.short.empty" if _empty(x) else "effort.short.side"),
        )
        for n, x in enumerate(lines)
    )
    return Scene(
        x=Axis(-0.5, len(lines) - 0.5, ticks),
        y=ratio_axis(ratios, frame.t("methods.ratio_axis")),
        marks=tuple(marks),
        right_room=30,
    )


def _row(x: EffortLine, frame: Frame) -> tuple[str, ...]:
    name = label(x.measure, frame.lang)
    if _empty(x):
        said = "effort.said.empty"
    elif x.measure not in LOOKING:
        said = "effort.said.others"
    elif x.fell is None or not x.before:
        said = "effort.said.one_side"
    else:
        said = "effort.said.fell" if x.fell else "effort.said.kept"
    return (
        name[:1].upper() + name[1:],  # in sentences it stands in the middle
        _amount(x.measure, x.before),
        _amount(x.measure, x.after),
        "—" if x.ratio is None else f"{x.ratio:.2f}",
        frame.t(said),
    )


def _amount(measure: Measured, value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.1%}" if measure is Measured.SHARE_CHECKED else f"{value:.2f}"
