"""A suspected finding: what was seen, what the owner says, and what upholding would bring."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.words import format_day, format_instant, label
from marketplace.desk.foresight import foresee_decision
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.evidence import show_evidence
from marketplace.faces.ui.deciding.frame import After, Choice, decide
from marketplace.faces.ui.measures.detailing import detail_facts
from marketplace.faces.ui.measures.foretelling import show_consequence
from marketplace.faces.ui.measures.policies import is_offered, show_signals
from marketplace.faces.ui.office import look
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog.queries import get_product
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Intent, MeasureKind
from marketplace.features.enforcement.queries import (
    FindingRow,
    get_finding,
)
from marketplace.features.enforcement.rules import last_hearing_day
from marketplace.features.progress.queries import time_zero


def show(page: Here, task: Task, after: After) -> None:
    """Show the finding; hear the owner first, then uphold or dismiss."""
    with reading(page) as session:
        f = get_finding(session, page.actor, finding_id=task.entity_id)
        named = [
            get_product(session, page.actor, clock=page.app.clock, product_id=product_id)
            for product_id in f.product_ids
        ]
        then = foresee_decision(
            session, page.actor, page.rulebook, clock=page.app.clock, finding_id=f.finding_id
        )
    kit.section(page.t("officer.decide.finding_source"))
    kit.facts(
        [
            (page.t("field.store"), f.store_name),
            (page.t("enum.words.origin"), label(f.origin, page.lang)),
            (page.t("field.listings"), str(f.listings)),
            (page.t("field.found_on"), format_day(f.found_on)),
            (page.t("field.statement"), f.statement),
            *detail_facts(page, f.finding_id),
        ]
    )
    if named:
        names = "、".join(product.name_zh for product in named)
        look.muted(page.t("officer.decide.products_named", names=names))
        show_signals(page, named)
    look.muted(page.t("officer.decide.recorded_by", who=name_of(page, f.recorded_by)))
    show_evidence(page, f)
    if f.heard_at is None:
        _hear(page, task, f, after)
        return
    kit.section(
        page.t("officer.decide.heard"),
        page.t("officer.decide.heard_at", at=format_instant(f.heard_at)),
    )
    look.said(f.hearing or "—")
    show_consequence(page, then, f.store_id)
    kit.note(page.t("page.decide.finding_means"))
    intent, course = _with_it(page, f)
    decide(
        page,
        task,
        (
            Choice("uphold", page.t("page.decide.uphold")),
            Choice("dismiss", page.t("page.decide.dismiss")),
        ),
        lambda s, name, reason: enforcement.decide_finding(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            finding_id=f.finding_id,
            uphold=name == "uphold",
            reason=reason,
            time_zero=time_zero,
            intent=intent,
            course=course if name == "uphold" else None,
        ),
        after,
    )


def _with_it(page: Here, f: FindingRow) -> tuple[Intent | None, str | None]:
    """Ask what goes into the statement beside the points: the intent, a mandatory course."""
    names = {
        c.key: c.name_zh if page.lang == "zh" else c.name_en
        for c in page.rulebook.enforcement.measures.courses
    }
    intent = st.pills(
        page.t("measures.intent"),
        list(Intent),
        format_func=lambda i: plain(label(i, page.lang)),
        key=f"intent_{f.finding_id}",
        help=page.t("measures.intent_help"),
    )
    if not is_offered(page, f.product_ids, MeasureKind.COURSE):
        return intent, None
    course = st.selectbox(
        page.t("measures.course_name"),
        list(names),
        index=None,
        format_func=lambda key: names[key],
        placeholder=page.t("measures.course_none"),
        key=f"course_{f.finding_id}",
    )
    return intent, course


def _hear(page: Here, task: Task, f: FindingRow, after: After) -> None:
    """Write down what the owner said; that he said nothing only once his days are over."""
    until = last_hearing_day(page.rulebook, f.recorded_at)
    is_over = today(page.app.clock) > until
    word = "officer.decide.hear_over" if is_over else "officer.decide.hear_first"
    kit.note(page.t(word, day=format_day(until)))
    spoke = Choice("hear", page.t("page.decide.hear"))
    silent = Choice("silent", page.t("page.decide.silent"))

    def work(session: Session, name: str, said: str) -> None:
        clock, actor, number = page.app.clock, page.actor, task.entity_id
        if name == "silent":
            enforcement.note_silence(
                session, page.rulebook, clock=clock, actor=actor, finding_id=number,
                statement=said,
            )  # fmt: skip
        else:
            enforcement.hear_owner(
                session, clock=clock, actor=actor, finding_id=number, statement=said
            )

    decide(
        page,
        task,
        (spoke, silent) if is_over else (spoke,),
        work,
        after,
        label=page.t("page.decide.owner_said_or_not" if is_over else "page.decide.owner_said"),
    )
