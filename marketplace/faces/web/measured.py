"""Draws a measured value against its limit; the axis always starts at 0.

A value that was not detected is a dashed box up to the detection limit, never a zero, and a
test that does not apply has no bar at all, because an empty bar reads as a pass.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from marketplace.base.words import Lang, say
from marketplace.faces.web.viewmodels import TestKind, TestRow

_HEIGHT = 32
_MIDDLE = _HEIGHT / 2


def bar_svg(row: TestRow, lang: Lang) -> Markup:
    """Return the bar of one row, as wide as its box; empty when the test does not apply."""
    if row.kind is TestKind.NOT_APPLICABLE or row.limit is None:
        return Markup("")
    axis = _axis_end(row)
    limit = 100 * row.limit / axis
    parts = [_rect(0, 100, 10, "bar-ground")]
    if row.kind is TestKind.AT_LEAST:
        parts.append(_rect(limit, 100 - limit, 10, "bar-allowed"))
    else:
        parts.append(_rect(0, limit, 10, "bar-allowed"))
    parts += _value_marks(row, axis)
    parts.append(
        f'<line class="bar-limit" x1="{limit:.2f}%" x2="{limit:.2f}%" y1="2" y2="{_HEIGHT - 2}"/>'
    )
    alt = say(
        "showcase.product.bar_alt",
        lang,
        name=row.name,
        value=value_words(row, lang),
        limit=limit_words(row, lang),
    )
    return Markup(  # noqa: S704 - numbers, and one text escaped here
        f'<svg class="bar" width="100%" height="{_HEIGHT}" role="img" aria-label="{escape(alt)}">'
        f"{''.join(parts)}</svg>"
    )


def value_words(row: TestRow, lang: Lang) -> str:
    """Return what was measured, in words."""
    match row.kind:
        case TestKind.NOT_APPLICABLE:
            return say("showcase.product.not_tested", lang)
        case TestKind.NOT_DETECTED:
            limit = _number(row.high)
            return say("showcase.product.not_detected", lang, limit=limit, unit=row.unit)
        case TestKind.AT_MOST | TestKind.AT_LEAST:
            value = _number(row.mean)
            return say("showcase.product.value", lang, value=value, unit=row.unit)


def limit_words(row: TestRow, lang: Lang) -> str:
    """Return the limit in words, or nothing when there is none."""
    if row.kind is TestKind.NOT_APPLICABLE or row.limit is None:
        return ""
    side = "at_least" if row.kind is TestKind.AT_LEAST else "at_most"
    return say(f"showcase.product.limit_{side}", lang, limit=_number(row.limit), unit=row.unit)


def _axis_end(row: TestRow) -> float:
    # A lower limit needs more room on its allowed side than an upper one.
    room = 2.25 if row.kind is TestKind.AT_LEAST else 1.2
    largest = max(value for value in (row.low, row.mean, row.high, 0.0) if value is not None)
    return max((row.limit or 0) * room, largest * 1.15) or 1.0


def _value_marks(row: TestRow, axis: float) -> list[str]:
    if row.kind is TestKind.NOT_DETECTED:
        width = 100 * (row.high or 0) / axis
        return [_rect(0, width, 14, "bar-undetected")]
    marks = []
    if row.low is not None and row.high is not None:
        marks.append(
            _rect(100 * row.low / axis, 100 * (row.high - row.low) / axis, 20, "bar-span")
        )
    if row.mean is not None:
        at = 100 * row.mean / axis
        marks.append(f'<circle class="bar-mean" cx="{at:.2f}%" cy="{_MIDDLE:.0f}" r="8"/>')
    return marks


def _rect(start: float, width: float, height: int, name: str) -> str:
    top = _MIDDLE - height / 2
    return (
        f'<rect class="{name}" x="{start:.2f}%" y="{top:.1f}"'
        f' width="{max(width, 0):.2f}%" height="{height}"/>'
    )


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
