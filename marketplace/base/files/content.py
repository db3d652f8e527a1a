"""Tells what a file is by its content and takes hidden data out of pictures.

A picture is decoded and encoded anew, so that position data, thumbnails and anything appended to
it are gone. The name a file came with decides nothing.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from marketplace.base.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
_FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file ready to be stored."""

    content: bytes
    media_type: str
    width: int | None
    height: int | None


def clean_file(content: bytes) -> Cleaned:
    """Return what to store of an uploaded file.

    Raises:
        Refused: empty, too large, of an unknown kind, damaged, or too many pixels.
    """
    if not content:
        raise Refused("file_empty")
    if len(content) > MAX_BYTES:
        raise Refused("file_too_large", limit_mb=MAX_BYTES // 2**20)
    if content[:5] == b"%PDF-":
        return _clean_pdf(content)
    return _clean_picture(content)


def _clean_pdf(content: bytes) -> Cleaned:
    if b"%%EOF" not in content[-2048:]:
        raise Refused("file_damaged")
    lowered = content.lower()
    if b"/javascript" in lowered or b"/launch" in lowered or b"/embeddedfile" in lowered:
        raise Refused("pdf_active")
    return Cleaned(content, "application/pdf", None, None)


def _clean_picture(content: bytes) -> Cleaned:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=list(_FORMATS))
            if picture.width * picture.height > MAX_PIXELS:
                raise Refused("picture_too_many_pixels", limit=MAX_PIXELS)
            kind = str(picture.format)
            upright = ImageOps.exif_transpose(picture)
            upright.load()
    except UnidentifiedImageError as error:
        raise Refused("file_kind_unknown") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise Refused("file_damaged") from error
    out = io.BytesIO()
    mode = "RGB" if kind == "JPEG" else ("RGBA" if "A" in upright.getbands() else "RGB")
    bare = Image.new(mode, upright.size)
    bare.paste(upright.convert(mode))
    if kind == "PNG":
        bare.save(out, "PNG", optimize=False)
    else:
        bare.save(out, kind, quality=90)
    return Cleaned(out.getvalue(), _FORMATS[kind], bare.width, bare.height)
