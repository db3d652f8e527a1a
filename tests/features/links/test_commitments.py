"""A phone is kept as a keyed commitment; a picture by what it shows."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from marketplace.base.keys import load_or_make_keys
from marketplace.features.links.commitments import commitment_of, masked
from marketplace.features.links.kinds import LinkReason
from marketplace.features.links.pictures import picture_hash


@pytest.fixture
def keys(tmp_path):
    return load_or_make_keys(tmp_path)


def test_one_phone_written_three_ways_is_one_commitment(keys):
    ways = ("138 0000 1234", "+86-13800001234", "１３８００００１２３４")
    assert len({commitment_of(keys, LinkReason.PHONE, w) for w in ways}) == 1


def test_a_commitment_says_nothing_without_the_key(keys, tmp_path):
    other = load_or_make_keys(tmp_path / "other")
    one = commitment_of(keys, LinkReason.PHONE, "13800001234")
    assert "1234" not in masked(LinkReason.PHONE, "13800001234")[:-4]
    assert one != commitment_of(other, LinkReason.PHONE, "13800001234")
    assert one != commitment_of(keys, LinkReason.PAYEE, "13800001234")


@pytest.mark.parametrize(
    ("reason", "value", "shown"),
    [
        (LinkReason.PHONE, "13800001234", "138****1234"),
        (LinkReason.PAYEE, "6222020000001234", "****1234"),
        (LinkReason.PERSON, "陈志强", "陈××"),
        (LinkReason.ADDRESS, "莆田市荔城区1号", "莆田市荔城区1号"),
    ],
)
def test_what_is_shown_is_enough_to_talk_about_and_not_to_use(reason, value, shown):
    assert masked(reason, value) == shown


def drawn(shift: int, size: int = 300, *, form: str = "PNG") -> bytes:
    image = Image.new("RGB", (size, size), (240, 236, 228))
    pen = ImageDraw.Draw(image)
    scale = size / 300
    pen.ellipse([v * scale for v in (40 + shift, 60, 160 + shift, 240)], fill=(30, 80, 90))
    pen.rectangle([v * scale for v in (150, 30 + shift, 280, 120 + shift)], fill=(160, 40, 40))
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def test_a_resized_and_resaved_picture_is_recognized_and_another_is_not():
    one = picture_hash(drawn(0))
    small = picture_hash(drawn(0, 170, form="JPEG"))
    other = picture_hash(drawn(90))
    assert (one ^ small).bit_count() <= 6
    assert (one ^ other).bit_count() > 6


def test_a_plain_surface_and_no_picture_have_no_hash():
    out = io.BytesIO()
    Image.new("RGB", (50, 50), (120, 120, 120)).save(out, "PNG")
    assert picture_hash(out.getvalue()) is None
    assert picture_hash(b"no picture") is None
