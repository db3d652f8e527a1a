"""The picture a chat shows for a link: 1200 x 630, words at the left, the shoe large, a seal.

A JPEG, because chats draw no vector files; the link's title says the same in words.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from marketplace.base.money import format_yuan
from marketplace.base.words import Lang, format_day, say
from marketplace.faces.web import typefaces
from marketplace.faces.web.viewmodels import ShareCardView

SIZE = (1200, 630)
_INK, _MUTED, _PINE, _RED = "#1E2A2F", "#5B6770", "#1F5F5B", "#A61B29"
_GROUND, _MAT = "#FBFAF7", "#EEECDF"
_LEFT, _SEAM, _WIDTH = 64, 448, 372


def share_card_jpeg(view: ShareCardView, lang: Lang = "zh") -> bytes:
    """Return the share card of a product; no text is smaller than 24 px."""
    card = Image.new("RGB", SIZE, _GROUND)
    draw = ImageDraw.Draw(card)
    draw.rectangle((_SEAM, 0, *SIZE), fill=_MAT)
    shoe = _fitted(view.picture, SIZE[0] - _SEAM, 520)
    if shoe is not None:
        left = _SEAM + (SIZE[0] - _SEAM - shoe.width) // 2
        card.paste(shoe, (left, SIZE[1] - shoe.height - 24))
    _seal(draw, view.seal_words, 1048, 48, 104)
    _words(draw, view, lang)
    buffer = BytesIO()
    card.save(buffer, "JPEG", quality=88, optimize=True)
    return buffer.getvalue()


def _words(draw: ImageDraw.ImageDraw, view: ShareCardView, lang: Lang) -> None:
    if typefaces.sans(24) is None:
        return
    _text(draw, view.public_name, 82, 27, bold=True)
    y = _text(draw, view.brand, 196, 27, color=_MUTED)
    size = 62 if len(view.name) <= 6 else 46
    for line in _lines(draw, view.name, size):
        y = _text(draw, line, y + 12, size, bold=True)
    if view.category and view.category not in view.name:
        y = _text(draw, view.category, y + 16, 27)
    if view.price_fen is not None:
        _text(draw, format_yuan(view.price_fen), max(y + 26, 404), 44, bold=True)
    draw.ellipse((_LEFT + 2, 537, _LEFT + 28, 563), outline=_PINE, width=3)
    draw.line([(73, 550), (77, 555), (86, 545)], fill=_PINE, width=3)
    until = say("showcase.share.until", lang, day=format_day(view.valid_until))
    face = typefaces.sans(24, bold=True)
    draw.text((106, 536), until, fill=_PINE, font=face)


def _text(
    draw: ImageDraw.ImageDraw,
    text: str,
    top: int,
    size: int,
    *,
    color: str = _INK,
    bold: bool = False,
) -> int:
    """Draw a line cut to the column's width; return where it ends below."""
    face = typefaces.sans(size, bold=bold)
    shown = text
    while len(shown) > 1 and draw.textlength(shown, font=face) > _WIDTH:
        shown = shown[:-2] + "…"
    draw.text((_LEFT, top), shown, fill=color, font=face)
    return top + int(size * 1.25)


def _lines(draw: ImageDraw.ImageDraw, name: str, size: int) -> list[str]:
    """Return a name as at most two lines, broken at a space where there is one."""
    face = typefaces.sans(size, bold=True)
    if draw.textlength(name, font=face) <= _WIDTH:
        return [name]
    fits = [n for n in range(1, len(name)) if draw.textlength(name[:n], font=face) <= _WIDTH]
    longest = fits[-1] if fits else 1
    space = name.rfind(" ", 1, longest + 1)
    cut = space if space > 0 else longest
    return [name[:cut], name[cut:].strip()]


def _fitted(content: bytes, width: int, height: int) -> Image.Image | None:
    """Return a picture scaled into a box on the mat; None for one that cannot be read."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            opened.draft("RGB", (2 * width, 2 * height))  # no larger than needed
            shoe = opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    scale = min(width / shoe.width, height / shoe.height)
    return shoe.resize(
        (max(1, round(shoe.width * scale)), max(1, round(shoe.height * scale))),
        Image.Resampling.LANCZOS,
    )


def _seal(draw: ImageDraw.ImageDraw, words: str, x: int, y: int, size: int) -> None:
    """Draw the program's seal: one to four characters, right to left, top down."""
    draw.rounded_rectangle((x, y, x + size, y + size), radius=size // 9, fill=_RED)
    inner = size // 14
    draw.rounded_rectangle(
        (x + inner, y + inner, x + size - inner, y + size - inner),
        radius=size // 14,
        outline=_GROUND,
        width=2,
    )
    glyphs = words[:4]
    face = typefaces.serif(round(size * (0.36 if len(glyphs) > 1 else 0.62)))
    if face is None:
        return
    for glyph, (across, down) in zip(glyphs, _PLACES[len(glyphs)], strict=True):
        center = (x + size * across, y + size * down)
        _glyph(draw, glyph, center, face)


def _glyph(
    draw: ImageDraw.ImageDraw,
    glyph: str,
    center: tuple[float, float],
    face: ImageFont.FreeTypeFont,
) -> None:
    draw.text(center, glyph, fill=_GROUND, font=face, anchor="mm")


_PLACES: dict[int, tuple[tuple[float, float], ...]] = {
    0: (),
    1: ((0.5, 0.5),),
    2: ((0.5, 0.3), (0.5, 0.69)),
    3: ((0.68, 0.3), (0.68, 0.69), (0.32, 0.5)),
    4: ((0.68, 0.3), (0.68, 0.69), (0.32, 0.3), (0.32, 0.69)),
}
