"""Takes a PDF that only shows pages; one that runs, starts, carries or hides something is refused.

A PDF is kept as it came, but for position data of the photos in it. It is searched, not
rendered: names spelled with escapes and names inside packed object streams are found too.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from marketplace.base.errors import Refused

MAX_UNPACKED_BYTES = 32 * 1024 * 1024
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia|ImportData|Rendition)|/XFA\s*[\[\d]",
    re.IGNORECASE,
)
_LOCKED = re.compile(rb"/Encrypt\s*(?:<<|\d+\s+\d+\s+R)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECT_STREAM = re.compile(
    b"/" + b"".join(b"(?:%c|#%02X|#%02x)" % (c, c, c) for c in b"ObjStm")
)  # in the bytes as they are, where offsets hold
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECT_NUMBERS = re.compile(rb"[\x00\s]*\d+[\x00\s]+\d+[\x00\s]")
_POSITION = re.compile(rb"(\xff\xe1(..)Exif\x00\x00)", re.DOTALL)
_END_OF_ZIP = b"PK\x05\x06"
_TAIL_BYTES = 2048
_DICTIONARY_BYTES = 16 * 1024
_CHUNK = 64 * 1024


def clean_pdf(content: bytes, file: str) -> bytes:
    """Return what to store of a PDF.

    Raises:
        Refused: damaged, active, or not to be checked (a password, packed without end).
    """
    tail = content[-_TAIL_BYTES:]
    if b"%%EOF" not in tail or _END_OF_ZIP in tail:
        raise Refused("file_damaged", file=file)
    plain = _names_spelled_out(content)
    if b"/Root" not in plain:
        raise Refused("file_damaged", file=file)
    if _LOCKED.search(plain):
        raise Refused("pdf_unreadable", file=file)
    if _ACTIVE.search(plain) or any(
        _ACTIVE.search(part) for part in _object_streams(content, file)
    ):
        raise Refused("pdf_active", file=file)
    return _without_positions(content)


def _names_spelled_out(content: bytes) -> bytes:
    """Return the bytes with `#4A` of a name written as the letter it stands for."""
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)


def _object_streams(content: bytes, file: str) -> Iterator[bytes]:
    """Yield the unpacked object streams, in which names hide from a plain search.

    Raises:
        Refused: when one cannot be unpacked (a password) or they unpack to too much.
    """
    left, done = MAX_UNPACKED_BYTES, set()
    for named in _OBJECT_STREAM.finditer(content):
        begins = _STREAM.search(content, named.end(), named.end() + _DICTIONARY_BYTES)
        # Such a dictionary holds no strings and no comments, in which a false start could stand.
        if begins is None or re.search(rb"[(%]", content[named.end() : begins.start()]):
            raise Refused("pdf_unreadable", file=file)
        if begins.end() in done or _OBJECT_NUMBERS.match(content, begins.end()):
            continue  # what is not packed was searched with the rest
        done.add(begins.end())
        part = _unpacked(content, begins.end(), left, file)
        if not _OBJECT_NUMBERS.match(part):
            raise Refused("pdf_unreadable", file=file)
        left -= len(part)
        yield _names_spelled_out(part)


def _unpacked(content: bytes, start: int, most: int, file: str) -> bytes:
    """Return what is packed from a place on; only as much as needed is read and made."""
    unpacker, parts, left = zlib.decompressobj(), [], most
    try:
        while not unpacker.eof and start < len(content):
            given = unpacker.unconsumed_tail + content[start : start + _CHUNK]
            start += _CHUNK
            part = unpacker.decompress(given, left + 1)
            left -= len(part)
            if left < 0:
                raise Refused("pdf_unreadable", file=file)
            parts.append(part)
    except zlib.error as error:
        raise Refused("pdf_unreadable", file=file) from error
    return b"".join(parts)


def _without_positions(content: bytes) -> bytes:
    """Return the PDF with the Exif of its photos blanked in place: no offset moves."""
    if not _POSITION.search(content):
        return content
    bare = bytearray(content)
    for found in _POSITION.finditer(content):
        length = int.from_bytes(found[2], "big") - 8  # the length counts itself and `Exif`
        end = min(found.end() + max(length, 0), len(bare))
        bare[found.end() : end] = bytes(end - found.end())
    return bytes(bare)
