"""Tells what a file is by its content and returns what may be stored of it.

The name a file came with decides nothing. It runs in the child of `guarded`, never in the server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from marketplace.base.errors import Refused
from marketplace.base.media.pdfs import clean_pdf
from marketplace.base.media.pictures import clean_picture

MAX_BYTES = 20 * 1024 * 1024
KINDS = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
_PDF = b"%PDF-"
# ISO/IEC 23008-12, annex B.4: brands of the file type box of a HEIF picture.
_HEIC = re.compile(rb"....ftyp(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL)
_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file ready to be stored."""

    content: bytes
    media_type: str
    width: int | None
    height: int | None


def check_outside(content: bytes, file: str) -> None:
    """Refuse what the size and the first bytes already tell, without parsing anything."""
    if not content:
        raise Refused("file_empty", file=file)
    if len(content) > MAX_BYTES:
        raise Refused("file_too_large", file=file, limit_mb=MAX_BYTES // 2**20)
    if not content.startswith(_PDF) and not _PICTURE.match(content):
        raise Refused("file_heic" if _HEIC.match(content) else "file_kind_unknown", file=file)


def clean(content: bytes, file: str) -> Cleaned:
    """Return what to store of an uploaded file.

    Raises:
        Refused: empty, too large, of an unknown kind, damaged, active, or too many pixels.
    """
    check_outside(content, file)
    if content.startswith(_PDF):
        return Cleaned(clean_pdf(content, file), "application/pdf", None, None)
    bare, media_type, width, height = clean_picture(content, file)
    if len(bare) > MAX_BYTES:  # noise grows when it is packed anew
        raise Refused("file_too_large", file=file, limit_mb=MAX_BYTES // 2**20)
    return Cleaned(bare, media_type, width, height)
