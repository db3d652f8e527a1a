"""Decides from the content, never from the name, what kind of file this is and if it is fit.

It must not parse anything: it looks at magic bytes and at the directory of a zip.
"""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum

from marketplace.base.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELLS = 6_000_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_PARTS = 2_000

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OTHER = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"SQLite format 3", "sqlite"),
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")


class Form(StrEnum):
    """The kinds of file that are read."""

    XLSX = "xlsx"
    CSV = "csv"


def sniff(content: bytes, filename: str) -> Form:
    """Return the form of a file that may be parsed.

    Raises:
        Refused: `sheet_…` with `file`, when it is empty, too large, of another kind or a bomb.
    """
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Refused("sheet_empty", file=filename)
    if len(content) > MAX_BYTES:
        raise Refused("sheet_too_large", file=filename, limit=MAX_BYTES // 1024 // 1024)
    if content.startswith(b"PK"):
        _check_zip(content, filename)
        return Form.XLSX
    if content.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused("sheet_encrypted" if encrypted else "sheet_old_xls", file=filename)
    for magic, kind in _OTHER:
        if content.startswith(magic):
            raise Refused("sheet_other_kind", file=filename, kind=kind)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower().startswith(_MARKUP):
        raise Refused("sheet_other_kind", file=filename, kind="html")
    return Form.CSV


def _check_zip(content: bytes, filename: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise Refused("sheet_broken", file=filename) from error
    names = {part.filename.lstrip("/").lower() for part in parts}
    if "xl/workbook.xml" not in names:
        kind = "xlsb" if "xl/workbook.bin" in names else "zip"
        raise Refused("sheet_other_kind", file=filename, kind=kind)
    if any(".." in name.replace("\\", "/").split("/") for name in names):
        raise Refused("sheet_broken", file=filename)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
        limit = MAX_UNPACKED_BYTES // 1024 // 1024
        raise Refused("sheet_bomb", file=filename, limit=limit)
