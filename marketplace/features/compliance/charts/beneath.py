"""What stands beneath a figure before and after, on the same months: effort, marks of their own.

None of it enters the rate above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.base.draw import Token
from marketplace.base.words import Lang, say
from marketplace.features.compliance.charts.scene import Bar, Mark, Shape, Strip
from marketplace.features.compliance.studies import Study


@dataclass(frozen=True, slots=True)
class Beside:
    """Single marks beside a factory's rate, by month; they enter no rate.

    `offenses` are (month, which one), `earlier` are (month, what it was in words).
    """

    offenses: tuple[tuple[int, int], ...] = ()
    earlier: tuple[tuple[int | None, str], ...] = ()


def strips_of(
    study: Study, beside: Beside, span: tuple[int, int], lang: Lang
) -> tuple[Strip, ...]:
    """Return the rows under a figure of the months from first to last, effort first."""
    most = max(p.exposure for p in study.points)
    name = say(
        "chart.strip.checked_gaps" if study.gaps else "chart.strip.checked",
        lang, most=f"{most:,}", gaps=len(study.gaps),
    )  # fmt: skip
    zero = study.zero
    bars = tuple(
        Bar(p.month, p.exposure, Token.AFTER if zero is not None and p.month > zero else Token.BEFORE)
        for p in study.points
    )  # fmt: skip
    gaps = tuple(
        Mark(m, 0, Shape.RING, Token.MUTED, told=say("chart.gap", lang)) for m in study.gaps
    )
    found = [Strip(name, bars, gaps)]
    first, last = span
    counted = {m: n for m, n in study.inspections.items() if n and first <= m <= last}
    found.append(_row_of_marks("inspections", counted, Shape.DIAMOND, Token.AMBER, lang,
                               as_bars=study.aligned))  # fmt: skip
    if not study.aligned:
        found.append(_offense_strip(beside, first, last, lang))
    misses = {m: n for m, n in study.near_misses.items() if n and first <= m <= last}
    if misses or not study.aligned:
        found.append(_row_of_marks("near_misses", misses, Shape.RING, Token.AFTER, lang))
    if beside.earlier:
        found.append(_earlier_strip(beside, first, last, lang))
    return tuple(found)


def _row_of_marks(
    name: str, counted: Mapping[int, int], shape: Shape, token: Token, lang: Lang, *,
    as_bars: bool = False,
) -> Strip:  # fmt: skip
    words = say(f"chart.strip.{name}", lang, count=sum(counted.values()))
    if as_bars:
        return Strip(words, bars=tuple(Bar(m, n, token) for m, n in sorted(counted.items())))
    marks = tuple(Mark(m, 0, shape, token, told=str(n)) for m, n in sorted(counted.items()))
    return Strip(words, marks=marks)


def _offense_strip(beside: Beside, first: int, last: int, lang: Lang) -> Strip:
    shown = [(m, n) for m, n in beside.offenses if first <= m <= last]
    marks = tuple(
        Mark(m, 0, Shape.DIAMOND, Token.SEAL, told=str(n), label=str(n)) for m, n in shown
    )
    return Strip(say("chart.strip.offenses", lang, count=len(beside.offenses)), marks=marks)


def _earlier_strip(beside: Beside, first: int, last: int, lang: Lang) -> Strip:
    """Records older than the axis stand at its left end, with their words on hover."""
    marks = tuple(
        Mark(min(max(m, first), last), 0, Shape.SQUARE, Token.BEFORE, told=words)
        for m, words in beside.earlier
        if m is not None
    )
    return Strip(say("chart.strip.earlier", lang, count=len(beside.earlier)), marks=marks)
