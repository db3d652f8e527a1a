"""Finds a Chinese typeface for pictures made on the server; none is shipped with the product.

Where a machine has none, pictures are made without words rather than with empty boxes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

# (file, face inside it): in Noto's collections face 2 is Simplified Chinese.
_SANS = (
    ("NotoSansCJK-{weight}.ttc", 2),
    ("SourceHanSansSC-{weight}.otf", 0),
    ("PingFang.ttc", 0),
    ("msyh.ttc", 0),
    ("wqy-microhei.ttc", 0),
    ("wqy-zenhei.ttc", 0),
)
_SERIF = (
    ("NotoSerifCJK-{weight}.ttc", 2),
    ("SourceHanSerifSC-{weight}.otf", 0),
    ("Songti.ttc", 0),
    ("simsun.ttc", 0),
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)


def sans(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont | None:
    """Return a sans face of a size in pixels, or None where the machine has no Chinese one."""
    return _face(_SANS, size, "Bold" if bold else "Regular")


def serif(size: int) -> ImageFont.FreeTypeFont | None:
    """Return a Song face for seals, or a sans where there is no Song face."""
    return _face(_SERIF, size, "Bold") or sans(size, bold=True)


@cache
def _face(
    names: tuple[tuple[str, int], ...], size: int, weight: str
) -> ImageFont.FreeTypeFont | None:
    for name, index in names:
        found = _files().get(name.format(weight=weight).lower())
        if found is not None:
            return ImageFont.truetype(str(found), size, index=index)
    return None


@cache
def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        root = Path(folder)
        if root.is_dir():
            found |= {p.name.lower(): p for p in root.rglob("*.[to]t[cf]")}
    return found
