"""Reads the rows of a file of complaints: seven columns, in the order of the template.

Pure. It reads; whether a row can be taken is the command's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.base.text import fold_name, normalize
from marketplace.features.enforcement.kinds import Origin

MOST_ROWS = 1000
_ORIGINS = {
    "权利人": Origin.RIGHT_HOLDER,
    "权利人投诉": Origin.RIGHT_HOLDER,
    "right holder": Origin.RIGHT_HOLDER,
    "消费者": Origin.CONSUMER,
    "消费者投诉": Origin.CONSUMER,
    "consumer": Origin.CONSUMER,
    "检查": Origin.INSPECTION,
    "现场核查": Origin.INSPECTION,
    "inspection": Origin.INSPECTION,
}
_HEADS = {"店铺", "店铺编号", "store", "store no", "store number"}


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """One row; `origin` and `received_on` are None where what is written cannot be read."""

    row: int
    store: str
    item: str
    origin: Origin | None
    text: str
    brand: str = ""
    received_on: date | None = None
    is_day_readable: bool = True
    source_ref: str = ""


def parse_complaint_rows(rows: Sequence[Sequence[object]]) -> list[ComplaintLine]:
    """Return the lines of a sheet; a heading and empty rows are left out, row numbers stay."""
    found = []
    for number, cells in enumerate(rows, start=1):
        told = [_text(cell) for cell in cells[:7]] + [""] * 7
        if not any(told) or (number == 1 and told[0].casefold() in _HEADS):
            continue
        day = _day(cells[5] if len(cells) > 5 else None)
        found.append(
            ComplaintLine(
                row=number,
                store=told[0],
                item=told[1],
                origin=_ORIGINS.get(told[2].casefold()),
                text=told[3],
                brand=told[4],
                received_on=day,
                is_day_readable=day is not None or not told[5],
                source_ref=told[6],
            )
        )
    return found


def store_key(written: str) -> str:
    """Return a store's number or name for comparison."""
    return fold_name(written)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return normalize(str(cell))


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    plain = _text(cell).replace("/", "-").replace(".", "-")
    parts = plain.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
