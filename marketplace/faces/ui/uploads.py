"""Files on their way from a field of a page to a command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from streamlit.runtime.scriptrunner import get_script_run_ctx

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


def take_each(given: Iterable[Upload]) -> tuple[tuple[Taken, ...], tuple[Fault, ...]]:
    """Return the files that can be taken, cleaned, and what is wrong with each of the others."""
    taken: list[Taken] = []
    faults: list[Fault] = []
    for one in given:
        try:
            taken.append(Taken(one.name, clean_file(one.getvalue(), one.name)))
        except Refused as error:
            faults.append(Fault("", error.code, error.facts))
    return tuple(taken), tuple(faults)


def take_all(given: Iterable[Upload]) -> tuple[Taken, ...]:
    """Return every file cleaned.

    Raises:
        Invalid: names each file that cannot be taken.
    """
    taken, faults = take_each(given)
    if faults:
        raise Invalid(faults)
    return taken


def let_go(*given: Upload) -> None:
    """Give back the memory Streamlit holds of files that are kept now.

    It holds a file until its session ends; a field that moved on never asks for it again.
    """
    context = get_script_run_ctx()
    remove = getattr(context and context.uploaded_file_mgr, "remove_file", None)
    if context is None or remove is None:
        return
    for one in given:
        remove(context.session_id, getattr(one, "file_id", ""))
