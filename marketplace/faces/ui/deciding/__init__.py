"""One decision form per kind of waiting thing. What is allowed is decided in the commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from marketplace.desk.todo import Task, TaskKind
from marketplace.faces.ui.deciding import (
    appeal,
    certification,
    enrollment,
    finding,
    measures,
    product,
    records,
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
    TaskKind.REPORT: records.show_report,
    TaskKind.PLAN: measures.show_plan,
    TaskKind.COURSE: measures.show_course,
    TaskKind.APPEAL: appeal.show,
}

__all__ = ["FORMS", "After"]
