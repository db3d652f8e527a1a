"""One thing that waits for somebody; what every work list of the desk is made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.features.registry.tables import Factory

# An account nobody has: what waits for whoever holds a role, whatever he did himself.
ANYBODY = 0


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
    BRAND_CHANGE = "brand_change"


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


def first_factories(session: Session, operator_ids: Collection[int]) -> dict[int, int]:
    """Return operator → its first factory: where the dossier of the whole firm is opened."""
    rows = session.execute(
        sa.select(col(Factory.operator_id), sa.func.min(col(Factory.id)))
        .where(col(Factory.operator_id).in_(sorted(operator_ids)))
        .group_by(col(Factory.operator_id))
    )
    return {int(operator_id): int(factory_id) for operator_id, factory_id in rows}
