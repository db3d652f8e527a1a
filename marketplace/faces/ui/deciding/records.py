"""The register's own questions: an owner's change request, sources that disagree, a report read."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Scope, may
from marketplace.base.words import format_day, format_instant, label
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.contacts import contact_card
from marketplace.faces.ui.deciding.frame import After, Choice, decide, handed_in, side_by_side
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import field_name, plain_value, source_name
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.queries import get_report
from marketplace.features.registry import commands as registry
from marketplace.features.registry.queries import (
    list_change_requests,
    list_conflicts,
    list_declared_holdings,
)


def show_change(page: Here, task: Task, after: After) -> None:
    """Show what the owner asks to change, before and after."""
    with reading(page) as session:
        rows = list_change_requests(session, page.actor, factory_id=task.factory_id)
    row = next((r for r in rows if r.request_id == task.entity_id), None)
    if row is None:
        kit.empty(page.t("officer.decide.gone"))
        return
    handed_in(page, row.submitted_by, row.submitted_at)
    side_by_side(
        page,
        [[field_name(page, f), _told(b), _told(a)] for f, (b, a) in row.changes.items()],
    )
    decide(
        page,
        task,
        (
            Choice("approve", page.t("page.decide.approved"), needs_reason=False),
            Choice("return", page.t("page.decide.returned")),
        ),
        lambda s, name, reason: registry.decide_change_request(
            s,
            clock=page.app.clock,
            actor=page.actor,
            request_id=task.entity_id,
            approve=name == "approve",
            reason=reason,
        ),
        after,
    )


def _told(value: object) -> str:
    return plain_value(None if value is None else str(value))


def show_conflict(page: Here, task: Task, after: After) -> None:
    """Show two sources' values side by side; one is chosen, the other is kept too."""
    with reading(page) as session:
        rows = list_conflicts(session, page.actor, program=page.rulebook.program.key)
    row = next((r for r in rows if r.value_id == task.entity_id), None)
    if row is None:
        kit.empty(page.t("officer.decide.gone"))
        return
    day = (
        page.t("officer.decide.since", day=format_day(row.source_on))
        if row.source_on
        else page.t("officer.decide.no_day")
    )
    kit.table(
        [
            page.t("page.dossier.field"),
            page.t("page.decide.ours"),
            page.t("page.decide.theirs"),
        ],
        [
            [field_name(page, row.field), plain_value(row.current), plain_value(row.value)],
            [
                page.t("app.source_word"),
                source_name(page, row.current_source),
                f"{source_name(page, row.source)} · {day}",
            ],
        ],
        frozenset(),
    )
    st.caption(page.t("officer.decide.conflict_say"))
    decide(
        page,
        task,
        (
            Choice("keep", page.t("page.decide.keep")),
            Choice("take", page.t("page.decide.take")),
        ),
        lambda s, name, reason: registry.settle_conflict(
            s,
            clock=page.app.clock,
            actor=page.actor,
            value_id=row.value_id,
            take=name == "take",
            reason=reason,
        ),
        after,
    )


def show_store(page: Here, task: Task, after: After) -> None:
    """Show a declared store: whose it is said to be, since when, on what basis."""
    with reading(page) as session:
        rows = list_declared_holdings(session, page.actor, program=page.rulebook.program.key)
    row = next((r for r in rows if r.holding_id == task.entity_id), None)
    if row is None:
        kit.empty(page.t("officer.decide.gone"))
        return
    kit.facts(
        [
            (page.t("field.store"), row.store_name),
            (page.t("field.platform"), f"{row.platform} · {row.store_no}"),
            (page.t("page.dossier.since"), format_day(row.from_on)),
            (page.t("sale.basis"), row.basis),
        ]
    )
    kit.note(page.t("sale.confirm_means"))

    def work(session: Session, name: str, reason: str) -> None:
        if name == "confirm":
            registry.confirm_holding(
                session, clock=page.app.clock, actor=page.actor, holding_id=row.holding_id
            )
        else:
            registry.reject_holding(
                session, clock=page.app.clock, actor=page.actor, holding_id=row.holding_id,
                reason=reason,
            )  # fmt: skip

    decide(
        page,
        task,
        (
            Choice("confirm", page.t("officer.dossier.confirm"), needs_reason=False),
            Choice("reject", page.t("officer.dossier.reject")),
        ),
        work,
        after,
    )


def show_report(page: Here, task: Task, after: After) -> None:
    """Show a report from the public; reading it is all that is decided here."""
    with reading(page) as session:
        row = get_report(session, page.actor, report_id=task.entity_id)
    kit.facts(
        [
            (page.t("officer.decide.report_product"), row.product_code or "—"),
            (
                page.t("officer.decide.report_topic"),
                label(row.topic, page.lang) if row.topic else "—",
            ),
            (page.t("field.statement"), row.text),
            (page.t("complaints.public_contact"), row.contact_masked or "—"),
            (page.t("page.dossier.day"), format_instant(row.at)),
        ]
    )
    scope = Scope(program=page.rulebook.program.key)
    if row.contact_masked and may(page.actor, "enforcement.unmask_report_contact", scope):
        contact_card(
            page, f"report_{row.report_id}",
            lambda s, reason: enforcement.unmask_report_contact(
                s, clock=page.app.clock, actor=page.actor, report_id=row.report_id,
                reason=reason,
            ),
        )  # fmt: skip
    kit.note(page.t("officer.decide.report_how"))
    pressed = st.button(page.t("page.decide.seen"), type="primary", key="report_seen")
    if pressed and did(
        page,
        lambda s: enforcement.mark_report_seen(
            s, clock=page.app.clock, actor=page.actor, report_id=row.report_id
        ),
    ):
        after()
