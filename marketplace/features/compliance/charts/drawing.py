"""Draws a scene as SVG: for a page, for a column of one, narrow for a phone, concrete for a file."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from marketplace.base.draw import Drawing, Token
from marketplace.features.compliance.charts.scene import Curve, Mark, Scene, Shape, Strip, Tick

WIDE, COLUMN, NARROW = 820, 560, 350
_PLOT = {WIDE: 216, COLUMN: 200, NARROW: 190}
_TOP, _LEFT = 40, 46
_BAR_ROOM, _MARK_ROOM, _NAME_ROOM = 32, 16, 22
_SMALL, _LINE = 11, 13


def draw(scene: Scene, *, width: int = WIDE, concrete: bool = False) -> str:
    """Return the scene as one SVG element."""
    frame = _Frame.of(scene, width)
    d = Drawing(width, frame.height, concrete=concrete)
    if scene.empty:
        d.text(width / 2, frame.height / 2, scene.empty, Token.MUTED, anchor="middle")
        return d.render()
    _ground(scene, d, frame)
    for band in scene.bands:
        up = [(frame.x(x), frame.y(y)) for x, y in zip(band.xs, band.high, strict=True)]
        down = [(frame.x(x), frame.y(y)) for x, y in zip(band.xs, band.low, strict=True)]
        d.area([*up, *reversed(down)], band.token, opacity=0.18)
    ends: list[tuple[float, float, Curve]] = []
    for curve in scene.curves:
        points = [(frame.x(x), frame.y(y)) for x, y in zip(curve.xs, curve.ys, strict=True)]
        if points:
            d.curve(
                points, curve.token, width=1.4 if curve.dashed else 2,
                dash="5 4" if curve.dashed else None,
            )  # fmt: skip
            if curve.label:
                ends.append((*points[-1], curve))
    for mark in scene.marks:
        _mark(d, mark, frame.x(mark.x), frame.y(mark.y), wide=width > NARROW)
    _name_curves(ends, d)  # over the marks: a name that dots cover is not read
    _guides(scene, d, frame)
    _axis(scene.x.ticks, scene.x.title, d, frame)
    _strips(scene.strips, d, frame)
    return d.render()


def _name_curves(ends: Iterable[tuple[float, float, Curve]], d: Drawing) -> None:
    """Name curves at their ends, one over the other: beside them, or above them on a phone."""
    free = float("inf")
    for x, y, curve in sorted(ends, key=lambda end: -end[1]):
        if d.width > NARROW:
            free = min(y + 4, free)
            d.text(x + 6, free, curve.label, curve.token, size=_SMALL)
            free -= _SMALL + 2
            continue
        free = min(y - 5, free)
        d.text(x, free, curve.label, curve.token, anchor="end", size=_SMALL)
        free -= _SMALL + 1


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things lie in one drawing."""

    left: float
    right: float
    top: float
    base: float
    height: int
    strips_at: float
    x: Callable[[float], float]
    y: Callable[[float], float]

    @classmethod
    def of(cls, scene: Scene, width: int) -> _Frame:
        left = float(_LEFT)
        right = float(width - (scene.right_room if width > NARROW else 12))
        stacked = _is_stacked(scene, right - left)
        top = float(_TOP + (30 if stacked else 14 if scene.captions else 0))
        base = top + _PLOT.get(width, 216)
        rows = 2 if any(t.below for t in scene.x.ticks) else 1
        strips_at = base + 18 + 15 * rows + 14 * len(titled := _wrapped(scene.x.title, right))
        strips_at += 2 if titled else 0
        height = strips_at + sum(_room(s, right - left) for s in scene.strips) + 4

        def x(value: float) -> float:
            return left + (right - left) * scene.x.share(value)

        def y(value: float) -> float:
            share = min(max(scene.y.share(value), 0.0), 1.0)
            return base - (base - top) * share

        return cls(left, right, top, base, int(height), strips_at, x, y)


def _room(strip: Strip, width: float) -> float:
    more = _LINE * (len(_wrapped(strip.name, width)) - 1)
    return _NAME_ROOM + more + (_BAR_ROOM if strip.bars else _MARK_ROOM)


def _ground(scene: Scene, d: Drawing, frame: _Frame) -> None:
    for shade in scene.shades:
        x1, x2 = max(frame.x(shade.x1), frame.left), min(frame.x(shade.x2), frame.right)
        d.box(x1, frame.top, x2 - x1, frame.base - frame.top, Token.LINE, opacity=0.55)
    for tick in scene.y.ticks:
        y = frame.y(tick.at)
        ink = tick.at == scene.y.zero or (scene.y.zero is None and tick.at == 0)
        d.line(frame.left, y, frame.right, y, Token.INK if ink else Token.LINE)
        d.text(frame.left - 6, y + 4, tick.label, Token.MUTED, anchor="end")
    ends = {"start": (frame.left, "start"), "end": (frame.right, "end")}
    stacked = _is_stacked(scene, frame.right - frame.left)
    for n, caption in enumerate(scene.captions):
        x, anchor = ends["start" if stacked else caption.side]
        d.text(x, 14 + (15 * n if stacked else 0), caption.words, caption.token, anchor=anchor,
               bold=True)  # fmt: skip
    if scene.y.title:
        d.text(frame.left, _title_at(scene, frame), scene.y.title, Token.MUTED, size=_SMALL)


def _is_stacked(scene: Scene, room: float) -> bool:
    """Whether the headings of both sides are too long to stand side by side."""
    if len(scene.captions) < 2:
        return False
    return sum(_wide(caption.words) for caption in scene.captions) * 12 * 1.06 + 24 > room


def _title_at(scene: Scene, frame: _Frame) -> float:
    """Return the height of the upright axis' title: a line higher where a guide is named beside it."""
    end = frame.left + _wide(scene.y.title) * _SMALL + 6
    meets = any(frame.x(g.x) - _wide(g.label) / 2 * _SMALL < end for g in scene.guides)
    return frame.top - (26 if meets else 10)


def _guides(scene: Scene, d: Drawing, frame: _Frame) -> None:
    for guide in scene.guides:
        x = frame.x(guide.x)
        d.line(x, frame.top - 8, x, frame.base, Token.INK, dash="4 3")
        half = _wide(guide.label) / 2 * _SMALL
        at = min(max(x, frame.left + half), frame.right - half)
        d.text(at, frame.top - 12, guide.label, Token.INK, anchor="middle", size=_SMALL)
    for shade in scene.shades:
        if shade.label:
            x = frame.x(shade.x1)
            d.text(x - 4, frame.top + 11, shade.label, Token.MUTED, anchor="end", size=_SMALL)


def _axis(ticks: Sequence[Tick], title: str, d: Drawing, frame: _Frame) -> None:
    last = -1e9
    for tick in _thinned(ticks, frame):
        x = frame.x(tick.at)
        half = _half(tick)
        if x - half < last + 6:
            continue
        last = x + half
        d.text(x, frame.base + 17, tick.label, Token.MUTED, anchor="middle", size=_SMALL)
        if tick.below:
            d.text(x, frame.base + 32, tick.below, Token.MUTED, anchor="middle", size=_SMALL)
    lines = _wrapped(title, frame.right)
    for n, line in enumerate(lines):
        y = frame.strips_at - 8 - 14 * (len(lines) - 1 - n)
        d.text(frame.right, y, line, Token.MUTED, anchor="end", size=_SMALL)


def _wrapped(title: str, room: float) -> list[str]:
    """Return a title in as few lines as fit: an axis without its unit would be read wrongly."""
    lines: list[str] = []
    for word in re.findall(r"[^\s；，]+[\s；，]*", title):
        if lines and _wide((lines[-1] + word).strip()) * _SMALL < room:
            lines[-1] += word
        else:
            lines.append(word)
    return [line.strip() for line in lines]


def _half(tick: Tick) -> float:
    return max(_wide(tick.label), _wide(tick.below)) * _SMALL / 2


def _thinned(ticks: Sequence[Tick], frame: _Frame) -> Sequence[Tick]:
    """Return every second, third … tick where evenly spaced ones are too close, 0 among them.

    Dropping only those that collide would leave gaps that mean nothing.
    """
    at = [frame.x(tick.at) for tick in ticks]
    gaps = [b - a for a, b in itertools.pairwise(at)]
    if not gaps or max(gaps) - min(gaps) > 1:
        return ticks
    room = max(_half(a) + _half(b) for a, b in itertools.pairwise(ticks)) + 6
    step = max(1, math.ceil(room / gaps[0]))
    first = next((n for n, tick in enumerate(ticks) if tick.at == 0), 0) % step
    return ticks[first::step]


def _strips(strips: Iterable[Strip], d: Drawing, frame: _Frame) -> None:
    at = frame.strips_at
    for strip in strips:
        room = frame.right - frame.left
        for n, line in enumerate(_wrapped(strip.name, room)):
            d.text(frame.left, at + 15 + _LINE * n, line, Token.MUTED, size=_SMALL)
        foot = at + _room(strip, room) - 2
        if strip.bars:
            most = max((bar.value for bar in strip.bars), default=0) or 1
            xs = sorted({bar.x for bar in strip.bars})
            gap = min((b - a for a, b in itertools.pairwise(xs)), default=1)
            width = max((frame.x(xs[0] + gap) - frame.x(xs[0])) * 0.62, 1.4)
            for bar in strip.bars:
                high = (_BAR_ROOM - 4) * bar.value / most
                d.box(
                    frame.x(bar.x) - width / 2,
                    foot - high,
                    width,
                    high,
                    bar.token,
                    opacity=0.55,
                )
        for mark in strip.marks:
            _mark(d, mark, frame.x(mark.x), foot - 6, wide=d.width > NARROW)
        if strip.marks and not strip.bars:
            d.line(frame.left, foot - 6, frame.right, foot - 6, Token.LINE, width=0.5)
        at += _room(strip, room)


def _mark(d: Drawing, mark: Mark, x: float, y: float, *, wide: bool) -> None:
    since = len(d.parts)
    match mark.shape:
        case Shape.DOT:
            d.dot(x, y, mark.token, r=3.6)
        case Shape.SQUARE:
            d.square(x, y, mark.token, r=3.4)
        case Shape.DIAMOND:
            d.diamond(x, y, mark.token, r=5.5)
        case Shape.RING:
            d.ring(x, y, mark.token, r=3.8)
    if mark.told or mark.link:
        d.told(since, mark.told, link=mark.link)
    if mark.label and wide:
        step = {"start": 9, "middle": 0, "end": -9}[mark.anchor]
        rise = -9 if mark.anchor == "middle" else 4
        d.text(x + step, y + rise, mark.label, mark.token if mark.token is Token.SEAL else Token.INK,
               anchor=mark.anchor, size=_SMALL)  # fmt: skip


def _wide(words: str) -> float:
    """Return the width of a line in ems."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in words)
