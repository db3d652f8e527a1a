"""What somebody asks to be imported, and how the columns of a known source are proposed again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import PurePath

from marketplace.base.errors import Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.sheets import read_book_guarded
from marketplace.base.text import normalize
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.reading import Reading, read_book_rows
from marketplace.exchange.regions import region_table
from marketplace.features.enforcement.kinds import Origin

# A serial number in front and a date anywhere say which sending it is, not who sent it.
_SERIAL = re.compile(r"^\d{1,3}[_\-.、 ]+")
_DATE = re.compile(r"[_\-（(]?(?:19|20)\d{2}[-年._]?(?:\d{1,2}[-月._]?)?(?:\d{1,2}日?)?[）)]?")


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """One file to take in.

    `overrides` are a person's choices, canonical field → heading or column letter. `source`
    names who the values come from; it decides what is a correction and what a disagreement.
    `sheet` names the sheet to read where a workbook has several such tables. `origin` is where
    complaints come from whose rows do not say it.
    """

    kind: ImportKind
    content: bytes
    filename: str
    source: str = ""
    source_on: date | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    confirms_stores: bool = False
    sheet: str = ""
    origin: Origin | None = None

    @property
    def named_source(self) -> str:
        """The source as given, or as the file's name tells it."""
        return (normalize(self.source) or source_of(self.filename))[:200]

    @property
    def digest(self) -> str:
        """SHA-256 of the file as it came."""
        return sha256(self.content).hexdigest()


def source_of(filename: str) -> str:
    """Return the source a file's name tells: `1_工信局_名单2024.xlsx` → `工信局_名单`."""
    stem = normalize(PurePath(filename).stem)
    plain = _DATE.sub("", _SERIAL.sub("", stem)).strip(" _-")
    return plain or stem or "file"


def sheet_names(content: bytes, filename: str) -> tuple[str, ...]:
    """Return the visible sheets of a workbook; none of a CSV, or of what is no table at all."""
    try:
        book = read_book_guarded(content, filename)
    except Refused:
        return ()
    return tuple(sheet.name for sheet in book.sheets if sheet.name)


def read_request(
    request: ImportRequest, rulebook: Rulebook, saved: Mapping[str, str] | None = None
) -> Reading:
    """Read a file with the columns proposed for it.

    A person's choices win; then what was saved for the source, where the file still has such a
    column; then the proposal.

    Raises:
        Refused: when the file cannot be read as a whole.
        Invalid: for a choice that fits no field or column.
    """
    book = read_book_guarded(request.content, request.filename)
    regions = region_table(rulebook)
    kind, name = request.kind, request.filename
    chosen = dict(request.overrides)
    reading = read_book_rows(
        kind, book, name, regions=regions, overrides=chosen, sheet=request.sheet
    )
    kept = _still_there(reading, saved or {}, chosen)
    if not kept:
        return reading
    return read_book_rows(
        kind, book, name, regions=regions, overrides={**kept, **chosen}, sheet=request.sheet
    )


def _still_there(
    reading: Reading, saved: Mapping[str, str], chosen: Mapping[str, str]
) -> dict[str, str]:
    """Saved columns that this file has, that nobody chose otherwise, and that say more."""
    proposed = reading.mapping.as_overrides()
    taken = set(chosen.values())
    return {
        name: heading
        for name, heading in saved.items()
        if heading in reading.headings
        and reading.headings.count(heading) == 1
        and name not in chosen
        and heading not in taken
        and proposed.get(name) != heading
    }
