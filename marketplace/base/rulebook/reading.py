"""Reads a program file's text; what cannot be read is refused with the file's name and what to do."""

from __future__ import annotations

import codecs
import re
import tomllib
from pathlib import Path
from typing import Any

from marketplace.base.errors import Fault, Invalid

# A city's rules take some 60 kB; what is far longer is another file, or one made to stall.
LARGEST_BYTES = 1_000_000
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WHERE = re.compile(
    r"^(?P<detail>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|.*)\)$"
)


def text_of(path: Path) -> str:
    """Return the text of a program file: UTF-8, a byte order mark left out, lines ended by LF.

    Raises:
        Invalid: naming the file, where it is not there, no file, too long, empty or in another
            encoding.
    """
    code: str | None = None
    facts: dict[str, object] = {}
    content = b""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        code = "program_missing"
    except IsADirectoryError:
        code = "program_no_file"
    except OSError as error:
        # Windows says of a folder that it may not be read.
        code = "program_no_file" if path.is_dir() else "program_unreadable"
        facts = {"detail": error.strerror or type(error).__name__}
    if code is None and len(content) > LARGEST_BYTES:
        code, facts = "program_too_long", {"most_kb": LARGEST_BYTES // 1000}
    if code is not None:
        raise Invalid([Fault(path.name, code, facts)])
    return _decoded(content, path.name)


def parsed(text: str, name: str) -> dict[str, Any]:
    """Return what a text says as TOML.

    Raises:
        Invalid: with line and column where it is none.
    """
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise Invalid([Fault(name, "program_too_deep")]) from error
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.match(str(error))
        if found is None or found["line"] is None:
            detail = found["detail"] if found else str(error)
            raise Invalid([Fault(name, "program_toml_end", {"detail": detail})]) from error
        raise Invalid([Fault(name, "program_toml", found.groupdict())]) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Invalid([Fault(name, "program_number_too_long")]) from error


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        facts: dict[str, object] = {"encoding": _guess(content), "byte": error.start + 1}
        raise Invalid([Fault(name, "program_not_utf8", facts)]) from error
    if "\x00" in text:  # UTF-16 without a mark decodes, where all of it is ASCII
        raise Invalid([Fault(name, "program_not_utf8", {"encoding": "UTF-16", "byte": 1})])
    if not text.strip():
        raise Invalid([Fault(name, "program_empty")])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guess(content: bytes) -> str:
    if content.startswith(_UTF_16):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "?"
    return "GB18030"
