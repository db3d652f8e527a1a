"""A file made to harm is refused before it is unpacked, and hidden data do not survive."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from marketplace.base.errors import Refused
from marketplace.base.media import clean_file


def picture(form: str, size: tuple[int, int] = (300, 200), **how: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(out, form, **how)
    return out.getvalue()


def png_declaring(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head declares the size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + picture("PNG")[33:]


def pdf(body: bytes) -> bytes:
    return b"%PDF-1.7\n" + body + b"\n%%EOF\n"


def packed(names: bytes) -> bytes:
    stream = zlib.compress(names)
    head = b"1 0 obj << /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        stream
    )
    return pdf(head + stream + b"\nendstream endobj")


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        clean_file(content)
    return refused.value.code


@pytest.mark.parametrize("size", [(65_000, 65_000), (10_000, 8_000), (4_001, 4_000)])
def test_a_picture_that_declares_too_much_is_refused_by_its_head(size):
    assert refusal(png_declaring(*size)) == "picture_too_many_pixels"


def test_a_phones_largest_picture_is_kept_at_half_its_size():
    kept = clean_file(picture("JPEG", (6_000, 4_000)))  # 24 million pixels, over 16 million
    assert (kept.width, kept.height) == (3_000, 2_000)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_cut_short_is_refused(form):
    whole = picture(form)
    assert refusal(whole[: len(whole) // 2]) in {"file_damaged", "file_kind_unknown"}


def test_a_picture_of_endless_scans_is_refused():
    assert refusal(picture("JPEG")[:-2] + b"\xff\xda" * 100) == "file_damaged"


def test_where_a_picture_was_taken_and_what_was_appended_are_gone():
    exif = Image.Exif()
    exif[0x010E] = "HOME-OF-THE-OWNER"
    exif.get_ifd(0x8825)[1] = "N"
    kept = clean_file(picture("JPEG", exif=exif) + b"PK-APPENDED").content
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"HOME-OF" not in kept
    assert b"APPENDED" not in kept


@pytest.mark.parametrize("content", [b"MZ\x90", b"<svg/>", b"GIF89a" + b"\0" * 40, b"PK\3\4"])
def test_another_kind_is_refused_by_its_content(content):
    assert refusal(content) == "file_kind_unknown"


@pytest.mark.parametrize(
    "name", [b"/JavaScript", b"/J#61vaScript", b"/Launch", b"/EmbeddedFiles"]
)
def test_a_pdf_that_acts_is_refused_plain_escaped_and_packed(name):
    assert refusal(pdf(b"<< " + name + b" >>")) == "pdf_active"
    assert refusal(packed(b"<< " + name + b" >>")) == "pdf_active"


def test_a_pdf_that_unpacks_without_end_or_not_at_all_is_refused():
    assert refusal(packed(b" " * (32 * 1024 * 1024 + 1))) == "pdf_unreadable"
    assert refusal(packed(b"x").replace(b"stream\nx", b"stream\n?", 1)) == "pdf_unreadable"


def test_a_plain_pdf_that_opens_at_a_page_is_taken():
    whole = pdf(b"<< /OpenAction [3 0 R /Fit] >>")
    assert clean_file(whole).content == whole
    assert clean_file(packed(b"<< /Type /Catalog >>")).media_type == "application/pdf"
