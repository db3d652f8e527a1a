"""What is drawn: measured values against their limits, the share card, the seal."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from marketplace.faces.web.measured import bar_svg, value_words
from marketplace.faces.web.seals import program_seal_svg
from marketplace.faces.web.share_card import share_card_jpeg
from marketplace.faces.web.viewmodels import ShareCardView, TestKind, TestRow

HOSTILE = "</text><script>alert(1)</script>&\"'"


def test_a_not_detected_value_is_a_dashed_box_and_never_a_zero() -> None:
    row = TestRow("游离甲醛", "GB/T 2912.1", TestKind.NOT_DETECTED, "mg/kg", 75, high=16)
    # the axis ends at 75 * 1.2 = 90, so the box is 16 / 90 = 17.78 % wide
    assert '<rect class="bar-undetected" x="0.00%" y="9.0" width="17.78%"' in bar_svg(row, "zh")
    assert "bar-mean" not in bar_svg(row, "zh")
    assert value_words(row, "zh") == "未检出（< 16 mg/kg）"


def test_a_test_that_does_not_apply_has_no_bar_and_no_pass() -> None:
    row = TestRow("整鞋耐折", "GB/T 3903.1", TestKind.NOT_APPLICABLE, note="厚 27 mm")
    assert bar_svg(row, "zh") == ""
    assert value_words(row, "zh") == "未测"


def test_the_limit_stands_at_its_place_on_an_axis_from_zero() -> None:
    row = TestRow("剥离", "GB/T 3903.3", TestKind.AT_LEAST, "N/cm", 40, 53, 58, 63)
    bar = bar_svg(row, "zh")
    # the axis ends at 40 * 2.25 = 90: limit 44.44 %, allowed from there on, mean 64.44 %
    assert '<rect class="bar-allowed" x="44.44%" y="11.0" width="55.56%"' in bar
    assert '<circle class="bar-mean" cx="64.44%"' in bar


def shoe() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (80, 52), "#208040").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("content", [shoe(), b"", b"no picture at all"])
@pytest.mark.parametrize("name", ["晨雾", HOSTILE * 3])
def test_the_share_card_is_one_picture_whatever_it_is_given(name: str, content: bytes) -> None:
    view = ShareCardView(
        public_name="莆田原创",
        seal_words="莆田原创",
        brand=HOSTILE,
        name=name,
        category="跑步鞋",
        price_fen=39900,
        valid_until=date(2027, 2, 21),
        picture=content,
    )
    with Image.open(BytesIO(share_card_jpeg(view, "zh"))) as card:
        assert card.size == (1200, 630)
        ground, shoe_at, seal = (
            card.getpixel(xy) for xy in ((20, 610), (800, 400), (1054, 56))
        )
    assert min(ground) > 240  # paper at the left
    assert seal[0] > 130  # cinnabar at the right above
    assert seal[1] < 70
    green = shoe_at[1] > shoe_at[0] + 40
    assert green is (content == shoe())


@pytest.mark.parametrize(
    ("words", "glyphs"), [("莆", 1), ("银艺", 2), ("银艺坊", 3), ("莆田原创", 4)]
)
def test_a_seal_shows_every_character_of_its_words(words: str, glyphs: int) -> None:
    root = ET.fromstring(program_seal_svg(words))
    texts = [node.text for node in root.iter() if node.tag.endswith("text")]
    assert len(texts) == glyphs
    assert "".join(text or "" for text in texts) == words
