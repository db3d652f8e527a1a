"""What intake announces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComplaintReceived:
    """A complaint about a store was taken down, from whomever."""

    store_id: int
    program: str
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class ComplaintTakenBack:
    """A complaint that an import had filed was taken back with it."""

    store_id: int
    program: str
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class NoticeForwarded:
    """The seller was told of complaints in a case and may answer."""

    case_id: int
    number: str
    program: str
    operator_id: int | None
    store_id: int


@dataclass(frozen=True, slots=True)
class SellerAnswered:
    """The seller answered; `counter_notice` where he declared not to infringe."""

    case_id: int
    number: str
    program: str
    district: str | None
    counter_notice: bool


@dataclass(frozen=True, slots=True)
class CounterNoticePassedOn:
    """The complainant was told of a counter-notice; the wait runs."""

    case_id: int
    complaint_number: str
    program: str
    account_id: int | None
    last_day: str


@dataclass(frozen=True, slots=True)
class WaitEnded:
    """The wait is over: maintained after proceedings, or restored without."""

    case_id: int
    number: str
    complaint_number: str
    program: str
    district: str | None
    operator_id: int | None
    account_id: int | None
    restored: bool


@dataclass(frozen=True, slots=True)
class ComplaintAnswered:
    """A complaint was upheld or refused, or an answer was taken back."""

    case_id: int
    number: str
    complaint_number: str
    program: str
    operator_id: int | None
    account_id: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class HearingInvited:
    """A finding was recorded in a case; the owner is to be heard before anybody decides it."""

    case_id: int
    number: str
    program: str
    operator_id: int | None
    last_day: str


@dataclass(frozen=True, slots=True)
class OwnerHeard:
    """The owner made his own statement on a finding."""

    case_id: int
    number: str
    program: str
    district: str | None


@dataclass(frozen=True, slots=True)
class RightDecided:
    """A right was verified or returned."""

    right_id: int
    mark: str
    program: str
    account_id: int | None
    verified: bool


@dataclass(frozen=True, slots=True)
class NoticeMarked:
    """A complaint was marked malicious, or the mark was taken away."""

    complaint_number: str
    program: str
    account_id: int | None
    malicious: bool
