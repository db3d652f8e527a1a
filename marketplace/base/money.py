"""Money is a whole number of fen; only display turns it into yuan."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation

MAX_FEN = 10**14


def parse_yuan(text: str) -> int:
    """Return the fen of an amount in yuan such as `299`, `¥299.50` or `1,299.00`.

    Raises:
        ValueError: when it is not an amount, has parts of a fen, or is out of range.
    """
    told = unicodedata.normalize("NFKC", text)  # a Chinese keyboard types ２９９．５０
    cleaned = told.strip().lstrip("¥").replace(",", "").removesuffix("元").strip()
    if "_" in cleaned or not cleaned:
        msg = "not an amount"
        raise ValueError(msg)
    try:
        fen = Decimal(cleaned) * 100
    except InvalidOperation as error:
        msg = "not an amount"
        raise ValueError(msg) from error
    if not fen.is_finite() or fen != fen.to_integral_value() or abs(fen) > MAX_FEN:
        msg = "not a whole number of fen"
        raise ValueError(msg)
    return int(fen)


def format_yuan(fen: int) -> str:
    """Return `¥1,299` or `¥1,299.50`."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}" + (f".{rest:02d}" if rest else "")


def format_amount(fen: int) -> str:
    """Return `¥1,299.00`: an amount of an account or a decision, always to the fen."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}¥{yuan:,}.{rest:02d}"


def split_fen(total_fen: int, parts: int) -> list[int]:
    """Return `parts` amounts that differ by at most one fen and add up to the total."""
    share, rest = divmod(total_fen, parts)
    return [share + 1 if i < rest else share for i in range(parts)]
