"""Decodes a picture and encodes it anew, so that only its pixels are left.

Position data, thumbnails, comments and anything appended to it are gone, and a picture made to
be two kinds of file is one. Its declared size is judged before a pixel is decoded.
"""

from __future__ import annotations

import io
import struct
import warnings

from PIL import Image, ImageOps

from marketplace.base.errors import Refused

MAX_PIXELS = 60_000_000  # what a phone's largest camera makes
KEPT_PIXELS = 25_000_000  # a larger picture is kept at half its width and height
# Pillow calls a JPEG that holds further pictures (depth, gain map) MPO; the first is the photo.
_KINDS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
_SAVED_WITH: dict[str, dict[str, int]] = {
    "JPEG": {"quality": 90}, "PNG": {}, "WEBP": {"quality": 90, "method": 2},
}  # fmt: skip
_OPENED_AS = ("JPEG", "PNG", "WEBP")
_DAMAGED = (  # what Pillow raises of broken content; a file it cannot identify is an OSError
    OSError, ValueError, TypeError, SyntaxError, EOFError, LookupError, OverflowError,
    ZeroDivisionError, struct.error,
)  # fmt: skip


def clean_picture(content: bytes, file: str) -> tuple[bytes, str, int, int]:
    """Return (content, media type, width, height) of a picture made anew.

    Raises:
        Refused: damaged, or too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=_OPENED_AS)
            kind = _KINDS[str(picture.format)]
            bare = _bare(picture, file)
            out = io.BytesIO()
            bare.save(out, kind, **_SAVED_WITH[kind])
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(file) from error
    except _DAMAGED as error:
        raise Refused("file_damaged", file=file) from error
    return out.getvalue(), Image.MIME[kind], bare.width, bare.height


def _bare(picture: Image.Image, file: str) -> Image.Image:
    """Return the upright pixels alone, of the first picture in the file."""
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise _too_many_pixels(file)
    if pixels > KEPT_PIXELS:  # a JPEG is then decoded at half size at once
        picture.draft("RGB", ((picture.width + 1) // 2, (picture.height + 1) // 2))
    ImageOps.exif_transpose(picture, in_place=True)
    picture.load()
    shown = _shown(picture)
    if shown.width * shown.height > KEPT_PIXELS:
        shown = shown.reduce(2)
    bare = Image.new(shown.mode, shown.size)
    bare.paste(shown)
    return bare


def _shown(picture: Image.Image) -> Image.Image:
    """Return it as RGB or RGBA; gray of 16 bits is brought to 8, which a conversion would cut."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    is_clear = picture.format != "JPEG" and picture.has_transparency_data
    mode = "RGBA" if is_clear else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _too_many_pixels(file: str) -> Refused:
    return Refused("picture_too_many_pixels", file=file, limit=MAX_PIXELS // 1_000_000)
