"""Drawings as escaped inline SVG, in the tokens of the one theme."""

from marketplace.base.draw.svg import Drawing, element, escape_text
from marketplace.base.draw.tokens import LIGHT, Token

__all__ = ["LIGHT", "Drawing", "Token", "element", "escape_text"]
