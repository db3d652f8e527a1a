"""Pictures as wide as they are shown: a phone does not load what a camera made.

Only a few widths are made, so that nobody can ask for endless ones, and the latest are kept in
memory. On disk they would outlive the file they were made of.
"""

from __future__ import annotations

from collections import OrderedDict
from io import BytesIO
from threading import Lock

from PIL import Image

WIDTHS = (480, 960, 1440)
_MOST_KEPT_BYTES = 32 * 2**20
_KINDS = ("JPEG", "PNG", "WEBP")


def width_of(asked: str | None) -> int | None:
    """Return the width asked for; None for any other than the ones that are made."""
    return int(asked) if asked in {str(width) for width in WIDTHS} else None


def narrowed(content: bytes, width: int) -> bytes | None:
    """Return a picture brought to a width as WebP; None where that saves nothing."""
    try:
        with Image.open(BytesIO(content), formats=_KINDS) as opened:
            if opened.width <= width:
                return None
            height = max(1, round(opened.height * width / opened.width))
            opened.draft("RGB", (width, height))  # a JPEG is decoded no larger than needed
            mode = "RGBA" if opened.has_transparency_data else "RGB"
            small = opened.convert(mode).resize((width, height), Image.Resampling.LANCZOS)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    buffer = BytesIO()
    small.save(buffer, "WEBP", quality=80, method=2)
    made = buffer.getvalue()
    return made if len(made) < len(content) else None


class Renditions:
    """The renditions asked for last, up to some bytes; one is made at a time."""

    def __init__(self, most_bytes: int = _MOST_KEPT_BYTES) -> None:
        """Start empty."""
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._bytes, self._most, self._turn = 0, most_bytes, Lock()

    def of(self, name: str, content: bytes, width: int) -> bytes | None:
        """Return a picture at a width; `name` stands for its content. None: the content itself."""
        key = (name, width)
        with self._turn:
            if key not in self._kept:
                made = narrowed(content, width)
                self._kept[key] = made or b""
                self._bytes += len(made or b"")
            self._kept.move_to_end(key)
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= len(self._kept.popitem(last=False)[1])
            return self._kept[key] or None
