"""What a figure shows, in the units of its data; drawn as SVG and as a zoomable view from the same values.

Nothing here knows pixels, colors or sentences: words arrive finished, colors are named by meaning.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from marketplace.base.draw import Token

Anchor = Literal["start", "middle", "end"]


class Shape(StrEnum):
    """How a mark is drawn; shape and place tell it apart, never color alone."""

    DOT = "dot"
    SQUARE = "square"
    DIAMOND = "diamond"
    RING = "ring"


class Scale(StrEnum):
    """How an axis spreads its values."""

    LINEAR = "linear"
    SQRT = "sqrt"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on an axis; `below` is the second line, mostly n."""

    at: float
    label: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: both ends, ticks, the scale and the words for what it measures."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    title: str = ""
    scale: Scale = Scale.LINEAR
    zero: float | None = None  # where the ink line stands: no change, nothing found

    def share(self, value: float) -> float:
        """Return where a value lies between the ends, 0 to 1 when inside."""
        turn = _TURNS[self.scale]
        low, high = turn(self.low), turn(self.high)
        return (turn(value) - low) / (high - low) if high > low else 0.5


@dataclass(frozen=True, slots=True)
class Mark:
    """One value: `told` is said on hover, `link` leads to its rows, `label` stands beside it."""

    x: float
    y: float
    shape: Shape
    token: Token
    told: str = ""
    label: str = ""
    link: str = ""
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Band:
    """An interval around values: between `low` and `high` over `xs`."""

    xs: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    token: Token


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through values; dashed when it is not an observation."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    token: Token
    dashed: bool = False
    label: str = ""  # stands at its last point


@dataclass(frozen=True, slots=True)
class Guide:
    """An upright line: what happened there."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Shade:
    """Months that are looked at apart."""

    x1: float
    x2: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a strip."""

    x: float
    value: float
    token: Token


@dataclass(frozen=True, slots=True)
class Strip:
    """A row under the plot on the same x: effort as bars, or single marks; `name` says what and n."""

    name: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()  # y is ignored


@dataclass(frozen=True, slots=True)
class Caption:
    """A heading over one side of the plot."""

    words: str
    token: Token
    side: Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole figure; without x values it says `empty` instead."""

    x: Axis
    y: Axis
    bands: tuple[Band, ...] = ()
    curves: tuple[Curve, ...] = ()
    marks: tuple[Mark, ...] = ()
    guides: tuple[Guide, ...] = ()
    shades: tuple[Shade, ...] = ()
    strips: tuple[Strip, ...] = ()
    captions: tuple[Caption, ...] = ()
    empty: str = ""
    right_room: int = 12  # units kept free for labels at the right end of the wide drawing


def blank(words: str) -> Scene:
    """Return a scene that says why there is nothing to draw."""
    axis = Axis(0, 1, ())
    return Scene(axis, axis, empty=words)


def rounded_up(value: float) -> float:
    """Return the next end of an axis that reads well."""
    if value <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(value))
    return next(float(s * power) for s in (1, 2, 2.5, 5, 10) if value <= s * power * 1.0001)


def thirds(high: float, unit: str = "") -> tuple[Tick, ...]:
    """Return ticks at nothing, half and the end."""
    return tuple(Tick(v, f"{v:g}{unit}") for v in (0, high / 2, high))


_TURNS: dict[Scale, Callable[[float], float]] = {
    Scale.LINEAR: float,
    Scale.SQRT: lambda value: math.sqrt(max(value, 0.0)),
    Scale.LOG: lambda value: math.log(max(value, 1e-9)),
}
