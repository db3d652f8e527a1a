"""One decision form per kind of waiting thing. What is allowed is decided in the commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from marketplace.desk.todo import Task, TaskKind
from marketplace.faces.ui.deciding import (
    appeal,
    brand,
    certification,
    disputed,
    enrollment,
    finding,
    held,
    intake,
    linked,
    mark,
    measures,
    objection,
    product,
    records,
    referred,
    sampled,
)
from marketplace.faces.ui.deciding.frame import After
from marketplace.faces.ui.session import Here

FORMS: Mapping[TaskKind, Callable[[Here, Task, After], None]] = {
    TaskKind.ENROLLMENT: enrollment.show,
    TaskKind.CERTIFICATION: certification.show,
    TaskKind.CHANGE_REQUEST: records.show_change,
    TaskKind.PRODUCT: product.show,
    TaskKind.FINDING: finding.show,
    TaskKind.CONFLICT: records.show_conflict,
    TaskKind.REPORT: intake.show_report,
    TaskKind.CASE: intake.show_case,
    TaskKind.RIGHT: intake.show_right,
    TaskKind.PUBLIC_COMPLAINT: intake.show_public,
    TaskKind.OBJECTION: objection.show,
    TaskKind.LINK_REVIEW: linked.show,
    TaskKind.CREDIT_DISPUTE: disputed.show,
    TaskKind.REFERRAL: referred.show,
    TaskKind.REFERRAL_LATE: referred.show,
    TaskKind.PLAN: measures.show_plan,
    TaskKind.PLAN_LATE: measures.show_plan_late,
    TaskKind.COURSE: measures.show_course,
    TaskKind.APPEAL: appeal.show,
    TaskKind.TRADEMARK: mark.show,
    TaskKind.HOLD: held.show,
    TaskKind.SAMPLE: sampled.show,
    TaskKind.STORE: records.show_store,
    TaskKind.BRAND_CHANGE: brand.show,
}

__all__ = ["FORMS", "After"]
