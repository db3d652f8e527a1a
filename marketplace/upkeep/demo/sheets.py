"""Draws the design sheets of the demo from its pictures; run once, the sheets are shipped.

A sheet is what a firm hands in as its design basis: outlines, measures, a title block. Drawn from
the picture, so that side by side the two can be compared, and never the picture itself. Drawing
sixty takes longer than the whole demo may take to load: `python -m marketplace.upkeep.demo.sheets`
draws them anew into `data/demo-pictures`.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from marketplace.base.settings import ROOT
from marketplace.upkeep.demo.names import SHOES

PICTURES = ROOT / "data" / "demo-pictures"
SUFFIX = "-sheet.webp"
SIZE = (960, 720)
_PAPER, _INK, _FAINT = (252, 252, 249), (34, 58, 82), (202, 211, 219)
_AT = (80, 70)
_LENGTH_MM = {"kid": 204, "bball": 302, "hike": 300}


def draw_sheet(picture: Image.Image, *, number: int, kind: str) -> Image.Image:
    """Return the sheet of a picture; `kind` is a key of `SHOES`. It names no brand: firms share it."""
    sheet = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(sheet)
    lines = _outlines(picture)
    ink = Image.new("RGB", lines.size, _INK)
    sheet.paste(ink, _AT, ImageOps.invert(lines))
    pen.rectangle([20, 20, SIZE[0] - 20, SIZE[1] - 20], outline=_INK, width=2)
    left, top, right, bottom = (side + _AT[n % 2] for n, side in enumerate(_box_of(picture)))
    _measure(pen, left, right, bottom + 46, f"{_LENGTH_MM.get(kind, 288)} mm")
    _height(pen, left - 30, top, bottom)
    _title_block(pen, number, kind)
    return sheet


def _outlines(picture: Image.Image) -> Image.Image:
    gray = ImageOps.grayscale(picture).filter(ImageFilter.GaussianBlur(1.1))
    edges = gray.filter(ImageFilter.FIND_EDGES).crop(
        (2, 2, picture.width - 2, picture.height - 2)
    )
    return ImageOps.invert(edges.point(lambda v: 0 if v < 7 else min(255, (v - 7) * 8)))


def _box_of(picture: Image.Image) -> tuple[int, int, int, int]:
    """Return where the shoe stands: what differs from the ground, its shadow aside."""
    rgb = picture.convert("RGB")
    ground = Image.new("RGB", rgb.size, rgb.getpixel((4, 4)))
    far = ImageChops.difference(rgb, ground).convert("L").point(lambda v: 255 if v > 48 else 0)
    return far.filter(ImageFilter.MedianFilter(5)).getbbox() or (0, 0, *rgb.size)


def _measure(pen: ImageDraw.ImageDraw, left: int, right: int, y: int, word: str) -> None:
    pen.line([(left, y), (right, y)], fill=_INK)
    for x, way in ((left, 1), (right, -1)):
        pen.line([(x, y - 30), (x, y + 6)], fill=_FAINT)
        pen.polygon([(x, y), (x + 10 * way, y - 4), (x + 10 * way, y + 4)], fill=_INK)
    pen.text(((left + right) // 2, y + 6), word, fill=_INK, font=_font(18), anchor="ma")


def _height(pen: ImageDraw.ImageDraw, x: int, top: int, bottom: int) -> None:
    pen.line([(x, top), (x, bottom)], fill=_INK)
    for y, way in ((top, 1), (bottom, -1)):
        pen.polygon([(x, y), (x - 4, y + 10 * way), (x + 4, y + 10 * way)], fill=_INK)


def _title_block(pen: ImageDraw.ImageDraw, number: int, kind: str) -> None:
    x, y = SIZE[0] - 340, SIZE[1] - 110
    pen.rectangle([x, y, SIZE[0] - 20, SIZE[1] - 20], outline=_INK, width=2, fill=_PAPER)
    pen.line([(x, y + 45), (SIZE[0] - 20, y + 45)], fill=_INK)
    pen.text((x + 14, y + 11), f"SHEET {kind.upper()}-{number:02d}", fill=_INK, font=_font(22))
    size = 33 if kind == "kid" else 42
    word = f"{SHOES[kind][1]} · EUR {size}"
    pen.text((x + 14, y + 57), word, fill=_INK, font=_font(16))
    pen.text((40, SIZE[1] - 52), "DEMO SHEET, FICTIONAL", fill=_INK, font=_font(14))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def draw_all(folder: Path = PICTURES) -> int:
    """Draw the sheet of every shipped picture; return how many."""
    pictures = [path for path in sorted(folder.glob("*-*.webp")) if is_picture(path)]
    for number, path in enumerate(pictures, start=1):
        with Image.open(path) as picture:
            kind = path.stem.split("-")[1]
            sheet = draw_sheet(picture.convert("RGB"), number=number, kind=kind)
        sheet.save(path.with_name(f"{path.stem}{SUFFIX}"), quality=50, method=6)
    return len(pictures)


def is_picture(path: Path) -> bool:
    """Tell a drawn shoe from a sheet and from a seal."""
    parts = path.stem.split("-")
    return len(parts) == 2 and parts[1] in SHOES


if __name__ == "__main__":
    draw_all()
