"""Words of a drawing never lie on each other, and what is left out is left out evenly."""

from __future__ import annotations

import itertools
import re

from marketplace.base.draw import Token
from marketplace.features.compliance.charts.drawing import NARROW, draw
from marketplace.features.compliance.charts.scene import (
    Axis,
    Bar,
    Curve,
    Guide,
    Scene,
    Shade,
    Strip,
    Tick,
    thirds,
)


def words(svg: str) -> dict[str, tuple[float, float]]:
    """Text → where it stands."""
    found = re.findall(r'<text x="([\d.-]+)" y="([\d.-]+)"[^>]*>([^<]*)</text>', svg)
    return {text: (float(x), float(y)) for x, y, text in found}


def quarters(**more) -> Scene:
    ticks = tuple(Tick(k, f"{k:+d}" if k else "0", "n=102") for k in range(-9, 14))
    return Scene(Axis(-9.5, 13.5, ticks), Axis(0, 10, thirds(10)), **more)


def test_ticks_too_close_are_thinned_evenly_with_the_zero_among_them():
    signed = [int(text) for text in words(draw(quarters())) if re.fullmatch(r"[+-]\d+", text)]
    along = sorted({*signed, 0})
    assert {b - a for a, b in itertools.pairwise(along)} == {2}


def test_names_at_the_ends_of_near_lines_stand_one_over_the_other():
    lines = tuple(
        Curve((0, 13), (y, y), Token.MUTED, label=name)
        for name, y in (("95 %", 5.1), ("99.8 %", 5.2), ("全体", 5.0))
    )
    at = words(draw(quarters(curves=lines, right_room=96)))
    heights = sorted(at[name][1] for name in ("95 %", "99.8 %", "全体"))
    assert all(b - a >= 11 for a, b in itertools.pairwise(heights))
    assert at["99.8 %"][1] < at["95 %"][1] < at["全体"][1]


def test_the_title_of_the_upright_axis_makes_room_for_a_guide_beside_it():
    scene = quarters(guides=(Guide(0, "入库"),))
    long = Scene(scene.x, Axis(0, 10, thirds(10), title="实际 ÷ 推算（1 = 与尚未入库的一样）"),
                 guides=scene.guides)  # fmt: skip
    at = words(draw(long, width=NARROW))
    assert at["入库"][1] - at[long.y.title][1] >= 11


def test_the_title_of_an_axis_too_long_for_a_phone_stands_in_two_lines_and_is_never_left_out():
    ticks = tuple(Tick(k, f"{k:+d}", "n=102") for k in (-24, 0, 24))
    for title in (
        "Months since enrollment; n = operators under observation that month",
        "距入库的月数；n = 当月仍在观察的主体家数；越往右能看到的经营主体就越少一些",
    ):
        scene = Scene(Axis(-25, 25, ticks, title=title), Axis(0, 10, thirds(10)))
        narrow, wide = words(draw(scene, width=NARROW)), words(draw(scene))
        assert title in wide
        lines = [text for text in narrow if text.replace(" ", "") in title.replace(" ", "")]
        lines = [text for text in lines if len(text) > 8]
        assert len(lines) == 2
        assert "".join(lines).replace(" ", "") == title.replace(" ", "")
        first, second = (narrow[text][1] for text in lines)
        assert second - first >= 11
        assert first > max(narrow[tick.below][1] for tick in ticks)


def test_the_name_of_a_row_beneath_too_long_for_a_phone_stands_over_its_bars_in_lines():
    name = (
        "Listings checked n, at most 1,234 a month; no report in 3 months (dashed), "
        "left out on both sides"
    )
    bars = tuple(Bar(k, 5, Token.AFTER) for k in range(-9, 14))
    strips = (Strip(name, bars), Strip("现场核查，共 3 次", bars))
    at = words(draw(quarters(strips=strips), width=NARROW))
    lines = sorted(at[text][1] for text in at if text in name and len(text) > 8)
    assert len(lines) >= 2
    assert all(b - a >= 11 for a, b in itertools.pairwise(lines))
    # All of it stands over the first row's bars, and those over the second row's name.
    tops = [
        float(y)
        for y in re.findall(
            r'<rect x="[^"]*" y="([^"]*)"', draw(quarters(strips=strips), width=NARROW)
        )
    ]
    assert lines[-1] < min(tops)
    assert at["现场核查，共 3 次"][1] > max(tops[:23]) + 20
    assert name in words(draw(quarters(strips=strips)))


def test_a_shade_that_begins_before_the_axis_does_not_cover_its_numbers():
    shaded = draw(quarters(shades=(Shade(-30, -7, "前 3 个月另算"),)))
    (left,) = re.findall(r'<rect x="([\d.]+)"', shaded)
    assert float(left) == 46  # where the axis begins
