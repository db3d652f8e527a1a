"""What the public complaint pages show; plain text, nothing of a case but its step and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from marketplace.base.errors import Fault
from marketplace.faces.web.viewmodels_catalog import SiteView


@dataclass(frozen=True, slots=True)
class ComplainView:
    """The complaint form; with `receipt` set it is the page that says thank you."""

    site: SiteView
    action: str
    form_token: str
    answer_days: int
    values: Mapping[str, str] = field(default_factory=dict)  # shop, item, brand, text, contact
    faults: tuple[Fault, ...] = ()
    receipt: str | None = None
    due_on: date | None = None
    token: str = ""  # of this one form: pressed twice it is one complaint
    most_files: int = 0
    file_max_mb: int = 0
    files_kept: int = 0
    files_lost: bool = False  # files came with what is shown again; no browser keeps them


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of the way a complaint goes: its words, and `done`, `now` or `next`."""

    word: str
    state: str


@dataclass(frozen=True, slots=True)
class ComplaintStatusView:
    """The answer to a receipt code; without `steps` the page asks for one."""

    site: SiteView
    asked: str = ""
    refusal: str | None = None
    outcome: str | None = None
    steps: tuple[StepShown, ...] = ()
    sent_at: datetime | None = None
    due_on: date | None = None
    answered_at: datetime | None = None
    reason: str | None = None
    next_step: str | None = None
