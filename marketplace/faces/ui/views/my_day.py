"""The owner's first page, on a phone: the one next step, who has the rest, how far I am."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.inbox import MessageRow, list_messages
from marketplace.base.words import format_day, format_instant
from marketplace.desk.own import OwnTask, list_own_tasks
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import hearing
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.mine.next_step import name_of, show, title_of
from marketplace.faces.ui.mine.pressing import pressing
from marketplace.faces.ui.mine.shell import begin, path
from marketplace.faces.ui.mine.stopped import stopped
from marketplace.faces.ui.mine.telling import in_words
from marketplace.faces.ui.mine.undoing import recent
from marketplace.faces.ui.office.address import show_place
from marketplace.faces.ui.office.due import due_badge
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.faces.ui.wording import condition_name
from marketplace.features.catalog.queries import ProductRow, list_products
from marketplace.features.progress.queries import Standing, get_standing
from marketplace.features.progress.rules import Step, StepState

_STATES = {StepState.DONE: "done", StepState.REVIEW: "wait", StepState.WAITING: "wait"}
_FOLDED = 3  # so many steps done in a row are told in one line


def others(page: Here, tasks: Sequence[OwnTask]) -> None:
    """Show what else can be done; a tap opens it as the next step above."""
    if not tasks:
        return
    day = today(page.app.clock)
    with st.container(key="card_others"):
        kit.section(page.t("own.others", count=len(tasks)), page.t("own.others_sub"))
        for task in tasks:
            with st.container(key=f"go_own_{name_of(task).replace('.', '_')}"):
                badge = due_badge(page, task.due_on, day) if task.due_on else ""
                told = page.t(f"enum.OwnKind.{task.kind.value}")
                kit.markup(
                    f"<p><b>{escape(title_of(page, task))}</b> {badge}<br>"
                    f'<span class="muted">{escape(told)}</span></p>'
                )
                st.page_link(
                    "views/my_day.py",
                    label=page.t("own.take"),
                    query_params={"do": name_of(task)},
                )


def waits(page: Here, standing: Standing) -> None:
    """Show what others have now: who, and until when."""
    away = {StepState.REVIEW, StepState.WAITING}
    held = [s for s in standing.steps if s.state in away or s.renewal is StepState.REVIEW]
    if not held:
        return
    with st.container(key="card_waits"):
        kit.section(page.t("own.waits"), page.t("own.waits_sub"))
        kit.rows([(condition_name(page, s.key), held_by(page, s), "") for s in held])


def held_by(page: Here, step: Step) -> str:
    """Say who has a step and until when."""
    holder = page.t(f"page.factories.holders.{step.holder}")
    if step.holder == "officer":
        holder = page.t("enum.Role.officer")
    due = (
        page.t("own.until", day=format_day(step.due_on))
        if step.due_on
        else page.t("own.until_none")
    )
    return page.t("own.waits_for", holder=holder, due=due)


def under(page: Here, step: Step) -> str:
    """Say of a step when it was done and until when it holds, or who has it and until when."""
    if step.state is StepState.DONE:
        told = page.t("page.my_day.since", day=format_day(step.since))
        if step.renewal is not None and step.valid_until:
            return f"{told} · {page.t('own.ends_soon', day=format_day(step.valid_until))}"
        if step.valid_until:
            return f"{told} · {page.t('own.holds_until', day=format_day(step.valid_until))}"
        return told
    if step.state in _STATES:
        return held_by(page, step)
    if step.missing:
        names = page.t("app.comma").join(condition_name(page, key) for key in step.missing)
        return page.t("officer.dossier.needs", names=names)
    return page.t(f"step.{step.state.value}")


def progress(page: Here, standing: Standing, current: str | None) -> None:
    """Show the way: done ones folded, then now, waiting for whom, next."""
    conditions = [s for s in standing.steps if not s.milestone]
    with st.container(key="card_progress"):
        kit.section(
            page.t("page.my_day.progress"),
            page.t("page.dossier.of", done=standing.done, total=standing.total),
        )
        kit.bar(standing.done, standing.total)
        calm = [s for s in conditions if s.state is StepState.DONE and s.renewal is None]
        folded = calm if len(calm) >= _FOLDED else []
        lines = []
        if folded:
            names = page.t("app.comma").join(condition_name(page, s.key) for s in folded)
            lines.append((names, "done", page.t("step.done"), page.t("step.done")))
        lines += [_line(page, s, current) for s in conditions if s not in folded]
        path(lines)
        if folded:
            with st.expander(page.t("page.my_day.progress_all")):
                path([_line(page, s, current) for s in folded])
    milestones = [s for s in standing.steps if s.milestone]
    if milestones:
        with st.container(key="card_milestones"):
            done = sum(s.state is StepState.DONE for s in milestones)
            sub = page.t("own.milestones_sub", done=done, total=len(milestones))
            kit.section(page.t("own.milestones"), sub)
            path([_line(page, s, current) for s in milestones])


def _line(page: Here, step: Step, current: str | None) -> tuple[str, str, str, str]:
    state = _STATES.get(step.state, "next")
    if step.key == current or step.renewal in {StepState.OPEN, StepState.RETURNED}:
        state = "now"
    spoken = page.t(f"step.{step.state.value}")
    return condition_name(page, step.key), state, under(page, step), spoken


def products(page: Here, rows: Sequence[ProductRow]) -> None:
    """Show how many products there are and how many are valid; the card leads to them."""
    with st.container(key="go_products"):
        live = sum(p.live for p in rows)
        told = page.t("own.see_products_sub", live=live, count=len(rows))
        kit.section(page.t("own.see_products"), told)
        # Before a product has its code, nobody is served its pictures under this address.
        pictures = [p.picture for p in rows if p.picture and p.code][:3]
        shown = "".join(
            f'<img src="/pictures/{escape(x)}?w=480" alt="" loading="lazy">' for x in pictures
        )
        if shown:
            kit.markup(f'<p class="z-shoes">{shown}</p>')
        st.page_link("views/my_products.py", label=page.t("own.all_products"))


def news(page: Here, messages: Sequence[MessageRow]) -> None:
    """Show the latest messages; new ones are marked."""
    with st.container(key="card_messages"):
        kit.section(page.t("page.my_messages.title"))
        if not messages:
            kit.empty(page.t("page.my_messages.none"))
            return
        kit.timeline(
            [
                (
                    format_instant(m.at),
                    in_words(page, m),
                    "" if m.read else page.t("page.my_messages.new"),
                )
                for m in messages
            ]
        )
        st.page_link("views/my_messages.py", label=page.t("mine.all_messages"))


here = page_for(Role.OWNER)
begin(here)
mine = own_factory(here)
with reading(here) as reading_session:
    where = get_standing(
        reading_session,
        here.actor,
        here.rulebook,
        clock=here.app.clock,
        factory_id=mine.factory_id,
    )
    own_tasks = list_own_tasks(
        reading_session,
        here.actor,
        here.rulebook,
        clock=here.app.clock,
        factory_id=mine.factory_id,
    )
    latest = list_messages(reading_session, here.actor, limit=3)
    shoes = list_products(
        reading_session,
        here.actor,
        clock=here.app.clock,
        operator_id=mine.operator_id,
        limit=200,
    )
asked = st.query_params.get("do")
chosen = next((t for t in own_tasks if name_of(t) == asked), next(iter(own_tasks), None))
if asked and chosen and name_of(chosen) == asked:
    show_place("do", asked)  # else the next press, a photo sent up too, finds another step open
kit.head(
    here.t("page.my_day.hello", name=here.actor.name),
    mine.name,
    tab=here.t("page.my_day.title"),
)
stopped(here, mine)
pressing(here, mine)
hearing.waiting(here)
show(here, mine, chosen)
others(here, [t for t in own_tasks if t is not chosen])
waits(here, where)
recent(here, mine)
progress(here, where, chosen.key if chosen else None)
products(here, shoes)
news(here, latest)
st.page_link(
    "views/my_measures.py", label=here.t("page.my_measures.title"), icon=":material/gavel:"
)
