"""The owner's first page, on a phone: the one next step, how far I am, what was said of me."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.inbox import MessageRow, list_messages
from marketplace.base.words import format_day, format_instant, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.mine.handing_in import hand_in, hand_in_commitment
from marketplace.faces.ui.mine.shell import begin, path
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.faces.ui.wording import condition_name
from marketplace.features.progress.queries import Standing, get_standing
from marketplace.features.progress.rules import Step, StepState
from marketplace.features.registry.queries import FactoryProfile

_STATES = {
    StepState.DONE: "done",
    StepState.REVIEW: "wait",
    StepState.WAITING: "wait",
}


def next_step(page: Here, own: FactoryProfile, standing: Standing) -> None:
    """Show the one thing to do now, with what it takes to do it here."""
    step = standing.next
    with st.container(key="card_next"):
        if step is None:
            kit.section(page.t("page.my_day.nothing"), page.t("page.my_day.nothing_sub"))
            return
        rule = page.rulebook.condition(step.key)
        how = (rule.how_zh if page.lang == "zh" else rule.how_en) if rule else ""
        kit.markup(f'<p style="color:var(--z-pine)"><b>{page.t("mine.your_turn")}</b></p>')
        kit.section(condition_name(page, step.key), how)
        if step.note:
            kit.note(page.t("page.my_day.returned", note=step.note))
        if rule is None:
            return
        if rule.source == "progress.enrolled":
            hand_in_commitment(page, own)
        elif rule.source is None and rule.evidence:
            hand_in(page, own, rule)
        elif str(rule.source).startswith("catalog."):
            st.page_link("views/my_products.py", label=page.t("mine.to_products"))


def under(page: Here, step: Step) -> str:
    """Say of a step when it was done, or who has it and until when."""
    if step.state is StepState.DONE:
        return page.t("page.my_day.since", day=format_day(step.since))
    holder = page.t(f"page.factories.holders.{step.holder}")
    return f"{holder} · {format_day(step.due_on)}" if step.due_on else holder


def progress(page: Here, standing: Standing) -> None:
    """Show the way: done, now, waiting for whom, next."""
    with st.container(key="card_progress"):
        kit.section(
            page.t("page.my_day.progress"),
            page.t("page.dossier.of", done=standing.done, total=standing.total),
        )
        now = standing.next.key if standing.next else None
        path(
            [
                (
                    condition_name(page, s.key),
                    "now" if s.key == now else _STATES.get(s.state, "next"),
                    under(page, s),
                    page.t(f"step.{s.state.value}"),
                )
                for s in standing.steps
                if not s.milestone
            ]
        )


def news(page: Here, messages: list[MessageRow]) -> None:
    """Show the latest messages."""
    with st.container(key="card_messages"):
        kit.section(page.t("page.my_messages.title"))
        if not messages:
            kit.empty(page.t("page.my_messages.none"))
            return
        kit.timeline(
            [
                (
                    format_instant(m.at),
                    say(
                        f"message.{m.code}",
                        page.lang,
                        **{
                            k: condition_name(page, v) if k == "condition" else v
                            for k, v in m.facts.items()
                        },
                    ),
                    "",
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
    latest = list_messages(reading_session, here.actor, limit=3)
kit.head(here.t("page.my_day.hello", name=here.actor.name), mine.name)
next_step(here, mine, where)
progress(here, where)
news(here, latest)
st.page_link(
    "views/my_measures.py", label=here.t("page.my_measures.title"), icon=":material/gavel:"
)
