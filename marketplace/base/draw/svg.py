"""Builds SVG with everything escaped; colors are CSS variables with the light value behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from marketplace.base.draw.tokens import LIGHT, Token

_FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif"


def escape_text(text: str) -> str:
    """Return text safe in element content and attributes."""
    return escape(text, quote=True)


def element(name: str, content: str = "", **attributes: object) -> str:
    """Return one element; `_` in attribute names becomes `-`, values are escaped."""
    parts = [
        f'{key.rstrip("_").replace("_", "-")}="{escape_text(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    ]
    opened = " ".join((name, *parts))
    return f"<{opened}>{content}</{name}>" if content else f"<{opened}/>"


@dataclass(slots=True)
class Drawing:
    """A drawing in units of its own box; `concrete` writes plain light colors, for files."""

    width: int
    height: int
    concrete: bool = False
    parts: list[str] = field(default_factory=list)

    def color(self, token: Token) -> str:
        """Return the paint of a token."""
        plain = LIGHT[token]
        return plain if self.concrete else f"var(--z-{token.value},{plain})"

    def line(
        self, x1: float, y1: float, x2: float, y2: float, token: Token, *, width: float = 1,
        dash: str | None = None,
    ) -> None:  # fmt: skip
        """Add a straight line."""
        self.parts.append(
            element(
                "line",
                x1=x1,
                y1=y1,
                x2=x2,
                y2=y2,
                stroke_width=width,
                stroke_dasharray=dash,
                style=f"stroke:{self.color(token)}",
            )
        )

    def box(
        self, x: float, y: float, width: float, height: float, token: Token, *,
        opacity: float = 1,
    ) -> None:  # fmt: skip
        """Add a filled rectangle."""
        self.parts.append(
            element(
                "rect",
                x=x,
                y=y,
                width=max(width, 0),
                height=max(height, 0),
                fill_opacity=opacity,
                style=f"fill:{self.color(token)}",
            )
        )

    def area(
        self, points: Sequence[tuple[float, float]], token: Token, *, opacity: float = 1
    ) -> None:
        """Add a filled polygon."""
        self.parts.append(
            element(
                "polygon",
                points=_joined(points),
                fill_opacity=opacity,
                style=f"fill:{self.color(token)}",
            )
        )

    def curve(
        self, points: Sequence[tuple[float, float]], token: Token, *, width: float = 1.6,
        dash: str | None = None,
    ) -> None:  # fmt: skip
        """Add an open line through points."""
        self.parts.append(
            element(
                "polyline",
                points=_joined(points),
                stroke_width=width,
                stroke_dasharray=dash,
                style=f"fill:none;stroke:{self.color(token)}",
            )
        )

    def dot(self, x: float, y: float, token: Token, *, r: float = 4) -> None:
        """Add a circle."""
        self.parts.append(element("circle", cx=x, cy=y, r=r, style=f"fill:{self.color(token)}"))

    def ring(self, x: float, y: float, token: Token, *, r: float = 4) -> None:
        """Add an open circle."""
        style = f"fill:{self.color(Token.PAPER)};stroke:{self.color(token)}"
        self.parts.append(element("circle", cx=x, cy=y, r=r, stroke_width=1.5, style=style))

    def told(self, since: int, words: str, *, link: str = "") -> None:
        """Give what was added since a place in `parts` a name on hover, and a link."""
        content = element("title", escape_text(words)) + "".join(self.parts[since:])
        held = element("a", content, href=link) if link else element("g", content)
        self.parts[since:] = [held]

    def square(self, x: float, y: float, token: Token, *, r: float = 3.6) -> None:
        """Add a square mark."""
        self.box(x - r, y - r, 2 * r, 2 * r, token)

    def diamond(self, x: float, y: float, token: Token, *, r: float = 6) -> None:
        """Add a diamond mark."""
        points = f"{x},{y - r} {x + r},{y} {x},{y + r} {x - r},{y}"
        self.parts.append(element("polygon", points=points, style=f"fill:{self.color(token)}"))

    def text(
        self, x: float, y: float, words: str, token: Token = Token.INK, *, size: int = 12,
        anchor: str = "start", bold: bool = False,
    ) -> None:  # fmt: skip
        """Add a line of text; it keeps a halo so that it stays readable on lines."""
        style = (
            f"fill:{self.color(token)};paint-order:stroke;"
            f"stroke:{self.color(Token.PAPER)};stroke-width:3px"
        )
        self.parts.append(
            element(
                "text",
                escape_text(words),
                x=x,
                y=y,
                font_size=size,
                text_anchor=anchor,
                font_weight=650 if bold else None,
                style=style,
            )
        )

    def render(self) -> str:
        """Return the drawing on one line."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
            f' font-family="{escape_text(_FONT)}">'
        )
        return head + "".join(self.parts) + "</svg>"


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_plain(float(x))},{_plain(float(y))}" for x, y in points)


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
