"""The picture a chat shows for a product link: 1200 x 630, text at the left, the product large.

Everything is inside the one file, because a chat fetches no second picture.
"""

from __future__ import annotations

from base64 import b64encode

from markupsafe import escape

from marketplace.base.money import format_yuan
from marketplace.base.words import Lang, format_day, say
from marketplace.faces.web.seals import program_seal_svg
from marketplace.faces.web.viewmodels import ShareCardView

_FACE = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif"
_INK, _MUTED, _PINE = "#1E2A2F", "#5B6770", "#1F5F5B"
_GROUND, _MAT = "#FBFAF7", "#EEECE1"


def share_card_svg(view: ShareCardView, lang: Lang = "zh") -> str:
    """Return the share card of a product; no text is smaller than 24 px."""
    picture = b64encode(view.picture).decode("ascii")
    seal = program_seal_svg(view.seal_words, size=104).replace(
        "<svg ", '<svg x="1048" y="48" ', 1
    )
    size, step = _name_size(view.name)
    lines = _lines(view.name, 400 // size if lang == "zh" else 400 * 2 // size)
    name = "".join(
        _text(line, 64, 296 + step * row, size, weight=700) for row, line in enumerate(lines)
    )
    below = 296 + step * (len(lines) - 1)
    price = "" if view.price_fen is None else format_yuan(view.price_fen)
    until = say("showcase.share.until", lang, day=format_day(view.valid_until))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630"'
        f' font-family="{_FACE}"><title>{escape(view.brand)} {escape(view.name)}</title>'
        f'<rect width="1200" height="630" fill="{_GROUND}"/>'
        f'<rect x="448" width="752" height="630" fill="{_MAT}"/>'
        f'<image x="448" y="138" width="752" height="481"'
        f' href="data:{escape(view.picture_type)};base64,{picture}"/>'
        f"{seal}"
        + _text(view.public_name, 64, 96, 26, weight=700)
        + _text(view.brand, 64, 216, 26, color=_MUTED)
        + name
        + _text("" if view.category in view.name else view.category, 64, below + 54, 26)
        + _text(price, 64, below + 140, 44, weight=700)
        + f'<g fill="none" stroke="{_PINE}" stroke-width="2.6"><circle cx="79" cy="549" r="13"/>'
        '<path d="M73 549.5l4.4 4.4 8-8.6"/></g>'
        + _text(until, 106, 558, 24, color=_PINE, weight=700)
        + "</svg>"
    )


def _name_size(name: str) -> tuple[int, int]:
    return (64, 76) if len(name) <= 6 else (46, 58)


def _lines(name: str, width: int) -> list[str]:
    if len(name) <= width:
        return [name]
    cut = name.rfind(" ", 0, width + 1)
    cut = cut if cut > 0 else width
    rest = name[cut:].strip()
    return [name[:cut], rest if len(rest) <= width else rest[: width - 1] + "…"]


def _text(text: str, x: int, y: int, size: int, *, color: str = _INK, weight: int = 400) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{color}">'
        f"{escape(text)}</text>"
    )
