"""Where they stand: done, now, next; what is missing, who has it, until when; what waits for me."""

from __future__ import annotations

from html import escape

import streamlit as st

from marketplace.base.access import may
from marketplace.base.clock import today
from marketplace.base.words import format_day
from marketplace.desk.reminders import remind_factories
from marketplace.faces.leaving import left_sentence
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.due import due_badge
from marketplace.faces.ui.session import Here, run
from marketplace.faces.ui.wording import condition_name, task_title
from marketplace.features.progress.rules import Step, StepState
from marketplace.features.registry.kinds import FactoryStatus

_NO_DUE = {StepState.OPEN, StepState.RETURNED, StepState.WAITING}
_TONES = {
    StepState.DONE: "done",
    StepState.REVIEW: "wait",
    StepState.WAITING: "wait",
    StepState.RETURNED: "now",
    StepState.OPEN: "now",
    StepState.BLOCKED: "next",
}


def show_bar(page: Here, d: Dossier) -> None:
    """Show the ladder as a bar and one sentence that says what happens now."""
    conditions = [s for s in d.standing.steps if not s.milestone]
    with st.container(key="card_standing"):
        kit.steps(
            [
                (
                    condition_name(page, s.key),
                    _TONES[s.state],
                    format_day(s.since)
                    if s.state is StepState.DONE
                    else page.t(f"step.{s.state.value}"),
                    page.t(f"step.{s.state.value}"),
                )
                for s in conditions
            ]
        )
        text, tone = sentence(page, d)
        kit.note(text, tone)


def sentence(page: Here, d: Dossier) -> tuple[str, str]:
    """Return the one sentence on where a factory stands now, and its tone."""
    if d.who.status is FactoryStatus.DRAFT:
        return page.t("officer.dossier.now_draft"), ""
    if left := left_sentence(d.enrollment, page.lang):
        return left, ""
    conditions = [s for s in d.standing.steps if not s.milestone]
    by_state = {
        state: next((s for s in conditions if s.state is state), None) for state in StepState
    }
    if step := by_state[StepState.REVIEW]:
        name, due = condition_name(page, step.key), format_day(step.due_on)
        return page.t("page.dossier.in_review", name=name, due=due), ""
    if step := next((s for s in conditions if s.renewal is not None), None):
        name, day = condition_name(page, step.key), format_day(step.valid_until)
        return page.t("dossier.ends_soon", name=name, day=day), ""
    if step := by_state[StepState.RETURNED]:
        name = condition_name(page, step.key)
        return page.t("officer.dossier.now_returned", name=name, note=step.note or "—"), ""
    waiting = by_state[StepState.WAITING]
    if step := by_state[StepState.OPEN] or (None if waiting else d.standing.next):
        return _next(page, step), ""
    if waiting is None:
        return page.t("page.dossier.all_done"), "good"
    until = page.t("officer.dossier.until", day=waiting.due_on) if waiting.due_on else ""
    holder = page.t(f"page.factories.holders.{waiting.holder}")
    name = condition_name(page, waiting.key)
    return page.t("officer.dossier.now_waiting", name=name, holder=holder, until=until), ""


def _next(page: Here, step: Step) -> str:
    rule = page.rulebook.condition(step.key)
    how = (rule.how_zh if page.lang == "zh" else rule.how_en) if rule else ""
    return page.t("officer.dossier.now_open", name=condition_name(page, step.key), how=how)


def show_tasks(page: Here, d: Dossier) -> None:
    """Show what waits for the reader in this dossier; each is decided in place."""
    if not d.tasks:
        return
    day = today(page.app.clock)
    with st.container(key="card_tasks"):
        kit.section(page.t("officer.dossier.waiting", count=len(d.tasks)))
        for place, task in enumerate(d.tasks):
            with st.container(horizontal=True, vertical_alignment="center"):
                with st.container(width="stretch"):
                    kit.markup(
                        f'<div class="z-q"><b>{escape(task_title(page, task))}</b>'
                        f"{due_badge(page, task.due_on, day)}</div>"
                    )
                look.open_button(
                    page.t("officer.dossier.handle"),
                    f"task_{task.kind.value}_{task.entity_id}",
                    kind="secondary" if place else "primary",
                )


def show_missing(page: Here, d: Dossier) -> None:
    """Show what is missing, who has it and until when; of who left only what was not reached."""
    left = left_sentence(d.enrollment, page.lang)
    with st.container(key="card_missing"):
        kit.section(
            page.t("page.dossier.missing"),
            page.t("page.dossier.of", done=d.standing.done, total=d.standing.total),
        )
        kit.bar(d.standing.done, d.standing.total)
        kit.rows(
            [
                (
                    condition_name(page, s.key),
                    "" if left else under(page, s),
                    kit.badge(page.t("dossier.not_reached")) if left else _badge(page, s),
                )
                for s in d.standing.steps
                if s.state is not StepState.DONE or s.renewal is not None
            ]
        )
        if (
            d.standing.next is not None
            and not left
            and may(page.actor, "desk.remind_factories", d.scope)
        ):
            _remind(page, d)


def _badge(page: Here, step: Step) -> str:
    return kit.badge(
        page.t("dossier.renewal" if step.renewal else f"step.{step.state.value}"),
        "warn" if step.renewal or _TONES[step.state] == "wait" else "gray",
    )


def _remind(page: Here, d: Dossier) -> None:
    """Remind the firm of its next step, at most once a day."""
    if not st.button(page.t("officer.list.remind"), icon=":material/send:", width="stretch"):
        return
    told = run(
        page,
        lambda s: remind_factories(
            s, clock=page.app.clock, actor=page.actor, factory_ids=[d.who.factory_id]
        ),
    )
    if told is not None:
        st.session_state["toast"] = page.t(
            "officer.list.reminded",
            sent=told.sent,
            without=told.without_account,
            already=told.today_already,
        )
        st.rerun()


def under(page: Here, step: Step) -> str:
    """Return who has a step, until when, and what it waits for."""
    parts = [page.t(f"page.factories.holders.{step.holder}")]
    if step.due_on:
        parts.append(page.t("officer.dossier.step_due", day=format_day(step.due_on)))
    elif step.renewal is not None and step.valid_until:
        parts.append(page.t("own.ends_soon", day=format_day(step.valid_until)))
    elif step.state in _NO_DUE:
        parts.append(page.t("own.no_due"))
    if step.missing:
        names = page.t("app.comma").join(condition_name(page, key) for key in step.missing)
        parts.append(page.t("officer.dossier.needs", names=names))
    if step.note:
        parts.append(step.note)
    return " · ".join(parts)
