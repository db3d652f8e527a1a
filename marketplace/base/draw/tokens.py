"""The colors drawings use, by role; on pages the style sheet's variable wins over the light value."""

from __future__ import annotations

from enum import StrEnum


class Token(StrEnum):
    """A color by what it means."""

    INK = "ink"
    MUTED = "muted"
    LINE = "line"
    PAPER = "paper"
    BEFORE = "before"
    AFTER = "pine"
    SEAL = "seal"
    AMBER = "amber"


LIGHT = {
    Token.INK: "#1E2A2F",
    Token.MUTED: "#5B6770",
    Token.LINE: "#DDD7C9",
    Token.PAPER: "#FFFFFF",
    Token.BEFORE: "#8C857A",
    Token.AFTER: "#1F5F5B",
    Token.SEAL: "#A61B29",
    Token.AMBER: "#8A5A00",
}

DARK = {
    Token.INK: "#E8E4DA",
    Token.MUTED: "#9AA5AB",
    Token.LINE: "#2C3538",
    Token.PAPER: "#191F22",
    Token.BEFORE: "#8C857A",
    Token.AFTER: "#6FC2B8",
    Token.SEAL: "#F07A82",
    Token.AMBER: "#E2B458",
}
