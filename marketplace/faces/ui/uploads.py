"""Files on their way from a field of a page to a command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.files import Cleaned, clean_file
from marketplace.faces.ui.kit import error_box
from marketplace.faces.ui.session import Here


class Upload(Protocol):
    """What a file widget gives."""

    @property
    def name(self) -> str:
        """The file's name."""

    def getvalue(self) -> bytes:
        """The file's content."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was checked and cleaned, and waits for its command."""

    name: str
    content: Cleaned


def take(page: Here, *given: Upload) -> tuple[Taken, ...] | None:
    """Check and clean files before the command holds the database; show what is refused.

    Parsing takes its time, and as long as a unit of work is open every other writer waits.
    Returns None when one is refused: then none is kept.
    """
    try:
        return take_all(given)
    except Invalid as error:
        error_box(error, page.lang)
        return None


def take_all(given: Iterable[Upload]) -> tuple[Taken, ...]:
    """Return every file cleaned.

    Raises:
        Invalid: names each file that cannot be taken.
    """
    taken: list[Taken] = []
    faults: list[Fault] = []
    for one in given:
        try:
            taken.append(Taken(one.name, clean_file(one.getvalue(), one.name)))
        except Refused as error:
            faults.append(Fault("", error.code, error.facts))
    if faults:
        raise Invalid(faults)
    return tuple(taken)
