"""What lists and files of cases are made of; plain values, no table leaves the queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from marketplace.features.complaints.kinds import (
    CaseEvent,
    CaseSort,
    CaseStatus,
    CaseStep,
    ComplaintStatus,
    HearingWay,
    NoticeState,
    RefusalCode,
    SellerAnswer,
    Turn,
)
from marketplace.features.enforcement.kinds import FindingStatus, Origin


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed to; empty means all."""

    query: str = ""
    statuses: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    late_only: bool = False
    sort: CaseSort = CaseSort.DUE
    page: int = 1
    size: int | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list; `finding_status` is None without a finding."""

    case_id: int
    number: str
    origin: Origin
    status: CaseStatus
    store_id: int
    store_name: str
    factory_id: int | None
    factory_name: str | None
    operator_id: int | None
    item_no: str
    url: str | None
    statement: str
    officer_id: int | None
    opened_at: datetime
    closed_at: datetime | None
    reason: str | None
    finding_id: int | None
    finding_status: FindingStatus | None
    recorded_by: int | None
    hearing_due_on: date | None
    heard_how: HearingWay | None
    complaints: int
    open_complaints: int
    upheld_complaints: int
    step: CaseStep
    turn: Turn
    due_on: date
    late: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of the lines that match, all open ones that do, and the facets' counts.

    `matching` is how many lines there are on all pages, `total` how many cases are in view at all.
    """

    lines: tuple[CaseLine, ...]
    open_lines: tuple[CaseLine, ...]
    matching: int
    total: int
    statuses: Mapping[str, int]
    origins: Mapping[str, int]
    steps: Mapping[str, int]
    turns: Mapping[str, int]
    officers: Mapping[str, int]
    late: int


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """One complaint; `complainant` is filled for the office only."""

    complaint_id: int
    number: str
    thread_id: int
    case_id: int
    notice_id: int | None
    origin: Origin
    brand: str
    text: str
    received_at: datetime
    due_on: date
    status: ComplaintStatus
    state: NoticeState | None
    seller_due_on: date | None
    seller_answer: SellerAnswer | None
    seller_text: str | None
    seller_answered_at: datetime | None
    forwarded_at: datetime | None
    passed_on_at: datetime | None
    wait_until: datetime | None
    proceedings: str | None
    answered_at: datetime | None
    answered_by: int | None
    refusal: RefusalCode | None
    reason: str | None
    next_step: str | None
    counted: bool
    malicious_at: datetime | None
    malicious_reason: str | None
    right: str | None
    complainant: str | None
    received_by: int | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One thing that happened in a case."""

    kind: CaseEvent
    at: datetime
    by_account: int | None
    complaint: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody of the public is reached, hidden; of a report or of a complaint's own form."""

    masked: str
    report_id: int | None = None
    public_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case whole: its line, complaints oldest first, entries newest first.

    `contacts` has complaint → how its author of the public is reached, where he said so.
    """

    line: CaseLine
    complaints: tuple[ComplaintRow, ...]
    entries: tuple[EntryRow, ...] = field(default_factory=tuple)
    files: tuple[tuple[str, int], ...] = ()
    contacts: Mapping[int, Contact] = field(default_factory=dict)
