"""A disputed event of a compliance score: decided by somebody who had no hand in the event."""

from __future__ import annotations

from marketplace.base.errors import NotFound
from marketplace.base.words import format_day, format_instant
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, Choice, decide
from marketplace.faces.ui.office import look
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.session import Here, reading
from marketplace.features.credit import commands as credit
from marketplace.features.credit.queries import get_score, list_disputes
from marketplace.features.credit.rules import Score


def show(page: Here, task: Task, after: After) -> None:
    """Show what is disputed and why, then accept or reject."""
    with reading(page) as session:
        rows = list_disputes(session, page.actor, program=page.rulebook.program.key)
        row = next((r for r in rows if r.dispute_id == task.entity_id), None)
        if row is None:
            raise NotFound("credit_dispute_not_found", dispute_id=task.entity_id)
        scored = get_score(
            session, page.actor, page.rulebook, clock=page.app.clock,
            operator_id=row.operator_id,
        )  # fmt: skip
    rule = page.rulebook.conduct.credit.component(row.component)
    names = (rule.name_zh, rule.name_en) if rule else (row.component, row.component)
    kit.facts(
        [
            (page.t("credit.component"), names[page.lang == "en"]),
            (page.t("credit.event"), event_word(scored, row.event_ref) or "—"),
            (page.t("credit.filed"), format_instant(row.filed_at)),
            (page.t("credit.by"), name_of(page, row.filed_by)),
        ]
    )
    kit.section(page.t("credit.why"))
    look.said(row.statement)
    kit.note(page.t("credit.accept_means"))
    decide(
        page,
        task,
        (
            Choice("accept", page.t("credit.accept")),
            Choice("reject", page.t("credit.reject")),
        ),
        lambda s, name, reason: credit.decide_dispute(
            s,
            clock=page.app.clock,
            actor=page.actor,
            dispute_id=row.dispute_id,
            accept=name == "accept",
            reason=reason,
        ),
        after,
    )


def event_word(scored: Score | None, ref: str) -> str:
    """Return what an event of a score is about and its day; empty when it counts no more."""
    if scored is None:
        return ""
    events = (event for component in scored.components for event in component.events)
    found = next((event for event in events if event.ref == ref), None)
    return "" if found is None else f"{found.about} · {format_day(found.on)}"
