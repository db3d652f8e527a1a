"""The one next step of an owner: what, until when, why, and the way to do it right here."""

from __future__ import annotations

from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.access.queries import names_of
from marketplace.base.clock import today
from marketplace.base.words import format_day, label
from marketplace.desk.own import OwnKind, OwnTask
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import hearing
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.mine.handing_in import hand_in, hand_in_commitment
from marketplace.faces.ui.office.due import due_badge
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import condition_name
from marketplace.features.enforcement.commands import hear_owner
from marketplace.features.enforcement.queries import get_finding
from marketplace.features.registry.queries import FactoryProfile

_PLAIN = {OwnKind.CONDITION, OwnKind.MILESTONE}


def name_of(task: OwnTask) -> str:
    """Return what an address calls a task."""
    named = task.kind in {OwnKind.STATEMENT, OwnKind.PLAN, OwnKind.PRODUCT}
    return f"{task.kind.value}.{task.entity_id if named else task.key}"


def title_of(page: Here, task: OwnTask) -> str:
    """Return what there is to do, in one line."""
    if task.kind in _PLAIN:
        return condition_name(page, task.key)
    return page.t(f"own.{task.kind.value}", name=condition_name(page, task.key))


def show(page: Here, own: FactoryProfile, task: OwnTask | None) -> None:
    """Show the card of the next step with what it takes to do it here."""
    with st.container(key="card_next"):
        if task is None:
            kit.section(page.t("page.my_day.nothing"), page.t("page.my_day.nothing_sub"))
            return
        day = today(page.app.clock)
        badge = due_badge(page, task.due_on, day) if task.due_on else ""
        kit.markup(
            f'<p class="z-turn">{escape(page.t("mine.your_turn"))}</p>'
            f'<h2 class="z-next">{escape(title_of(page, task))}</h2>{badge}'
        )
        if task.note:
            kit.note(page.t("own.office_said", note=task.note))
        if task.kind is OwnKind.STATEMENT:
            _statement(page, task)
        elif task.kind is OwnKind.PLAN:
            kit.markup(f'<p class="muted">{escape(page.t("own.plan_how"))}</p>')
            st.page_link("views/my_measures.py", label=page.t("own.plan_go"), width="stretch")
        elif task.kind is OwnKind.PRODUCT:
            st.page_link(
                "views/my_product.py",
                label=page.t("own.go"),
                query_params={"id": str(task.entity_id)},
                width="stretch",
            )
        else:
            _condition(page, own, task)


def _condition(page: Here, own: FactoryProfile, task: OwnTask) -> None:
    rule = page.rulebook.condition(task.key)
    if rule is None:
        return
    if task.kind is OwnKind.RENEWAL and task.due_on:
        kit.markup(
            f'<p class="muted">{escape(page.t("own.renewal_how", day=format_day(task.due_on)))}</p>'
        )
    how = rule.how_zh if page.lang == "zh" else rule.how_en
    if how:
        kit.markup(f'<p class="muted">{escape(how)}</p>')
    if rule.source == "progress.enrolled":
        hand_in_commitment(page, own)
    elif rule.handed_in_by == "office":
        arranged(page, own)
    elif rule.source is None and rule.evidence:
        hand_in(page, own, rule)
    elif str(rule.source).startswith("catalog."):
        st.page_link("views/my_products.py", label=page.t("mine.to_products"), width="stretch")


def arranged(page: Here, own: FactoryProfile) -> None:
    """Say that the office arranges it, and who that is."""
    with reading(page) as session:
        names = names_of(session, {own.officer_id} if own.officer_id else set())
    kit.note(page.t("own.office_arranges", officer=next(iter(names.values()), "")))


def _statement(page: Here, task: OwnTask) -> None:
    """Take his side of a finding; one with a case is answered there, beside its documents."""
    finding_id = task.entity_id or 0
    with reading(page) as session:
        f = get_finding(session, page.actor, finding_id=finding_id)
    told = page.t("own.found_on", day=format_day(f.found_on), listings=f.listings)
    kit.markup(
        f'<p class="muted">{escape(page.t("own.statement_how"))}</p>'
        f"<p>{escape(f.statement)}<br><span class='muted'>{kit.told(told)} · "
        f"{escape(label(f.origin, page.lang))}</span></p>"
    )
    if (case := hearing.case_about(page, finding_id)) is not None:
        hearing.go(page, case)
        return
    form = KeptForm(page, f"statement_{finding_id}")
    text = form.text(
        "text", page.t("own.say_heading"), tall=True, longest=2000,
        placeholder=page.t("own.say_placeholder"),
    )  # fmt: skip
    form.begun_note()

    def said(session: Session) -> bool:
        hear_owner(
            session,
            clock=page.app.clock,
            actor=page.actor,
            finding_id=finding_id,
            statement=text,
        )
        return True

    if form.send(page.t("own.say_send"), said, done="own.say_sent"):
        st.rerun()
