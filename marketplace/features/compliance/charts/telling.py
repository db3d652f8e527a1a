"""What the figures on methods have in common: where they stand, how they refuse, how ratios read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from marketplace.base.words import Lang, format_ratio, say
from marketplace.features.compliance.charts.figure import Figure
from marketplace.features.compliance.charts.scene import Axis, Scale, Scene, Tick, blank
from marketplace.features.compliance.rules.refusal import Refusal

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every figure: language, rule version, source with as-of."""

    lang: Lang
    rule: str
    source: str

    def t(self, key: str, /, **facts: object) -> str:
        """Return a sentence in the language of the figure."""
        return say(key, self.lang, **facts)


@dataclass(frozen=True, slots=True)
class Told:
    """The words of one figure, before it gets its frame."""

    title: str
    subtitle: str
    alt: str
    reading: tuple[str, ...]
    can_say: tuple[str, ...]
    cannot_say: tuple[str, ...]
    computed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The table under a figure; `numeric` columns are set flush right."""

    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    numeric: frozenset[int] = frozenset()
    links: tuple[str, ...] = field(default=())


def framed(key: str, frame: Frame, told: Told, scene: Scene, table: Table) -> Figure:
    """Return the figure of finished parts; the rule version is named last."""
    return Figure(
        key=key,
        title=told.title,
        subtitle=told.subtitle,
        scene=scene,
        alt=told.alt,
        reading=told.reading,
        can_say=told.can_say,
        cannot_say=told.cannot_say,
        computed=(*told.computed, *([frame.rule] if frame.rule else [])),
        heads=table.heads,
        rows=table.rows,
        numeric=table.numeric,
        source=frame.source,
        links=table.links,
    )


def refused(
    key: str, name: str, frame: Frame, why: Refusal, table: Table | None = None
) -> Figure:
    """Return the figure that is not drawn: what was needed, what there was, what it would show."""
    told = refusal(why, frame)
    title = frame.t("methods.too_little")
    return framed(
        key,
        frame,
        Told(
            title=title,
            subtitle=frame.t(f"methods.{name}.subtitle"),
            alt=f"{title} {told}",
            reading=(frame.t(f"methods.{name}.reading"),),
            can_say=(told,),
            cannot_say=(frame.t(f"methods.{name}.cannot"),),
            computed=(frame.t(f"methods.{name}.formula"),),
        ),
        blank(told),
        table or Table(),
    )


def refusal(why: Refusal, frame: Frame) -> str:
    """Return the sentence of a refusal, with the minimum and what there was."""
    return frame.t(f"methods.refused.{why.why.value}", needed=why.needed, found=why.found)


def ratio_words(ratio: float | None, span: Interval | None) -> str:
    """Return a ratio with its interval, a dash where there is none.

    Where nothing was found before there is no ratio, and its interval says how far up it must be.
    """
    if ratio is None:
        return "—" if span is None else f"— ({ends(span)})"
    if span is None:
        return format_ratio(ratio)
    return f"{format_ratio(ratio)} ({ends(span)})"


def ends(span: Interval | None) -> str:
    """Return both ends of an interval of ratios."""
    if span is None:
        return "—"
    return f"{format_ratio(span[0])}–{format_ratio(span[1])}"


def ratio_axis(spans: list[Interval], title: str) -> Axis:
    """Return a logarithmic axis of ratios around 1, wide enough for the intervals drawn."""
    finite = [e for span in spans for e in span if 0 < e < math.inf]
    low = min([0.5, *finite])
    high = max([2.0, *finite])
    marks = (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
    bottom = max([m for m in marks if m <= low], default=marks[0])
    top = min([m for m in marks if m >= high], default=marks[-1])
    ticks = tuple(Tick(m, f"{m:g}") for m in marks if bottom <= m <= top)
    return Axis(bottom, top, ticks, title=title, scale=Scale.LOG, zero=1.0)


def per_thousand(rate: float | None) -> str:
    """Return a rate per unit of exposure as one per 1,000."""
    return "—" if rate is None else f"{rate * 1000:.1f}"
