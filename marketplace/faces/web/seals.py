"""The seal of a program, drawn from the words of its program file.

The demo program's seal is a drawing of its own (`data/demo-pictures/seal-program.svg`); any
other program gets its words set in a Song face, two by two, so that no code changes.
"""

from __future__ import annotations

from markupsafe import escape

RED = "#A61B29"
PAPER = "#FBFAF7"
_FACE = "'Songti SC','STSong','Noto Serif CJK SC','Source Han Serif SC',SimSun,serif"


def program_seal_svg(words: str, size: int = 48) -> str:
    """Return a square seal with one, two or four characters, read right to left, top down."""
    glyphs = "".join(_glyphs(words))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"'
        f' viewBox="0 0 48 48" role="img" aria-label="{escape(words)}">'
        f'<rect x="1" y="1" width="46" height="46" rx="6" fill="{RED}"/>'
        f'<rect x="4" y="4" width="40" height="40" rx="3.5" fill="none" stroke="{PAPER}"'
        f' stroke-width="1.2" opacity=".85"/>'
        f'<g fill="{PAPER}" font-family="{_FACE}" font-weight="700" text-anchor="middle">'
        f"{glyphs}</g></svg>"
    )


def _glyphs(words: str) -> list[str]:
    if len(words) == 1:
        return [_glyph(words, 24, 33.5, 27)]
    if len(words) <= 3:
        step = 34 / len(words)
        return [
            _glyph(sign, 24, 7 + step * (row + 0.84), step * 1.02)
            for row, sign in enumerate(words)
        ]
    places = ((32.6, 21.6), (32.6, 39.2), (15.4, 21.6), (15.4, 39.2))
    return [_glyph(sign, x, y, 16.6) for sign, (x, y) in zip(words[:4], places, strict=True)]


def _glyph(sign: str, x: float, y: float, size: float) -> str:
    return f'<text x="{x:g}" y="{y:.1f}" font-size="{size:.1f}">{escape(sign)}</text>'
