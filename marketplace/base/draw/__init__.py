"""Drawings as escaped inline SVG, in the tokens of the one theme."""

from marketplace.base.draw.svg import Drawing, element, escape_text
from marketplace.base.draw.tokens import DARK, LIGHT, Token

__all__ = ["DARK", "LIGHT", "Drawing", "Token", "element", "escape_text"]
