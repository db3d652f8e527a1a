"""A file made to harm is refused with its reason, and hidden data do not survive."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from marketplace.base.errors import Refused
from marketplace.base.media import clean_file
from tests.hostile import PDFS, PICTURES, packed, pdf, picture

PLACE = "HOME-OF-THE-OWNER"


def whereabouts() -> Image.Exif:
    """Exif with a position, a camera's owner and a thumbnail's worth of bytes."""
    exif = Image.Exif()
    exif[0x010E] = PLACE
    exif.get_ifd(0x8825).update({1: "N", 2: (25.0, 26.0, 27.0), 3: "E", 4: (119.0, 0.0, 1.0)})
    return exif


def png_texts() -> PngInfo:
    texts = PngInfo()
    texts.add_text("Location", PLACE)
    texts.add_itxt("XML:com.adobe.xmp", PLACE * 20, zip=True)
    return texts


def refusal(content: bytes, name: str = "a", **limits: int) -> str:
    with pytest.raises(Refused) as refused:
        clean_file(content, name, **limits)
    assert refused.value.facts["file"] == name
    return refused.value.code


@pytest.mark.parametrize("name", [*PICTURES, *PDFS])
def test_a_file_made_to_harm_is_refused_by_name_and_reason(name: str):
    make, code = {**PICTURES, **PDFS}[name]
    assert refusal(make(), name) == code


def test_a_name_cannot_turn_the_sentence_around():
    with pytest.raises(Refused) as refused:
        clean_file(b"", "\u202egnp.exe\x00\n" + "x" * 300)
    assert refused.value.facts["file"] == "gnp.exe" + " " + "x" * 72  # 80 characters


def test_a_picture_or_pdf_that_takes_too_much_is_stopped():
    slow = pdf(b"#41" * 6_000_000)  # names of nothing but escapes: some seconds
    assert refusal(slow, timeout_seconds=1) == "file_stopped"
    # 40 million pixels of three bytes in 100 MB
    wide = picture("JPEG", (8_000, 5_000))
    assert refusal(wide, memory_bytes=100 * 1024**2) == "file_stopped"
    assert clean_file(picture("PNG"), "a.png").media_type == "image/png"


@pytest.mark.parametrize(
    ("form", "how"),
    [
        ("JPEG", {"exif": whereabouts(), "comment": PLACE.encode()}),
        ("PNG", {"exif": whereabouts(), "pnginfo": png_texts()}),
        ("WEBP", {"exif": whereabouts(), "xmp": PLACE.encode()}),
        ("MPO", {"exif": whereabouts(), "save_all": True}),
    ],
)
def test_where_a_picture_was_taken_and_what_was_appended_are_gone(form: str, how: dict):
    dirty = picture(form, **how) + b"PK-APPENDED"
    assert PLACE.encode() in dirty
    kept = clean_file(dirty, "a")
    opened = Image.open(io.BytesIO(kept.content))
    assert not opened.getexif()
    assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "loop",
                                "background", "timestamp", "duration"}  # fmt: skip
    for word in (PLACE.encode(), b"APPENDED", b"Exif\0\0"):
        assert word not in kept.content
    assert (kept.width, kept.height) == (300, 200)


def test_a_picture_taken_upright_stays_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    kept = clean_file(picture("JPEG", exif=exif), "a.jpg")
    assert (kept.width, kept.height) == (200, 300)


def test_a_phones_picture_with_depth_in_it_is_kept_as_a_plain_one():
    kept = clean_file(
        picture("MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))]), "a"
    )
    assert kept.media_type == "image/jpeg"
    assert getattr(Image.open(io.BytesIO(kept.content)), "n_frames", 1) == 1


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_kept(form: str):
    others = [Image.new("RGB", (300, 200), (shade, 0, 0)) for shade in range(20)]
    kept = clean_file(picture(form, save_all=True, append_images=others), "a")
    opened = Image.open(io.BytesIO(kept.content))
    assert (opened.size, getattr(opened, "n_frames", 1)) == ((300, 200), 1)


def test_a_phones_largest_picture_is_kept_at_half_its_size():
    # 6,000 x 5,000 are 30 million pixels, over the 25 million that are kept whole.
    kept = clean_file(picture("JPEG", (6_000, 5_000)), "a.jpg")
    assert (kept.width, kept.height) == (3_000, 2_500)
    whole = clean_file(picture("JPEG", (6_000, 4_000), quality=30), "a.jpg")
    assert (whole.width, whole.height) == (6_000, 4_000)


def test_gray_of_sixteen_bits_keeps_its_shades():
    out = io.BytesIO()
    Image.frombytes("I;16", (2, 1), (128 * 256).to_bytes(2, "little") + b"\xff\xff").save(
        out, "PNG"
    )
    opened = Image.open(io.BytesIO(clean_file(out.getvalue(), "a.png").content))
    assert [opened.getpixel((x, 0)) for x in (0, 1)] == [(128, 128, 128), (255, 255, 255)]


def test_a_plain_pdf_that_opens_at_a_page_is_taken_as_it_is():
    whole = pdf(b"<< /OpenAction [3 0 R /Fit] >>")
    assert clean_file(whole, "a.pdf").content == whole
    assert clean_file(packed(b"<< /Type /Catalog >>"), "a").media_type == "application/pdf"


def test_the_position_of_a_photo_inside_a_pdf_is_blanked_and_nothing_moves():
    photo = picture("JPEG", exif=whereabouts())
    whole = pdf(b"4 0 obj << /Filter /DCTDecode >>\nstream\n" + photo + b"\nendstream endobj")
    assert PLACE.encode() in whole
    kept = clean_file(whole, "scan.pdf").content
    assert PLACE.encode() not in kept
    assert len(kept) == len(whole)
    inside = kept[kept.index(b"\xff\xd8") : kept.index(b"\nendstream")]
    assert Image.open(io.BytesIO(inside)).convert("RGB").size == (300, 200)


def test_what_a_stranger_sends_holds_up_nobody_else():
    slow = pdf(b"#41" * 6_000_000)
    with ThreadPoolExecutor(3) as strangers:
        sent = [
            strangers.submit(refusal, slow, of_stranger=True, timeout_seconds=1)
            for _ in range(3)
        ]
        assert clean_file(picture("PNG"), "a.png").media_type == "image/png"
        assert not all(one.done() for one in sent)
        assert [one.result() for one in sent] == ["file_stopped"] * 3
