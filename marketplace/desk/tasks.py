"""One thing that waits for somebody; what every work list of the desk is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class TaskKind(StrEnum):
    """What kind of thing waits."""

    ENROLLMENT = "enrollment"
    CERTIFICATION = "certification"
    CHANGE_REQUEST = "change_request"
    PRODUCT = "product"
    FINDING = "finding"
    CONFLICT = "conflict"
    REPORT = "report"
    OBJECTION = "objection"
    LINK_REVIEW = "link_review"
    CREDIT_DISPUTE = "credit_dispute"
    REFERRAL = "referral"
    REFERRAL_LATE = "referral_late"
    CASE = "case"
    RIGHT = "right"
    PUBLIC_COMPLAINT = "public_complaint"
    PLAN = "plan"
    PLAN_LATE = "plan_late"
    COURSE = "course"
    APPEAL = "appeal"
    TRADEMARK = "trademark"
    HOLD = "hold"
    SAMPLE = "sample"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits: what, of whom, until when, and where it is done."""

    kind: TaskKind
    entity_id: int
    title: str
    about: str
    factory_id: int | None
    due_on: date
    facts: dict[str, str | int]
