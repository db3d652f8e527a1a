"""The owner's first page, on a phone: how far I am, the one next step, my messages."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.files import receive_file
from marketplace.base.inbox import list_messages
from marketplace.base.words import format_day, format_instant, label, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.session import page_for, reading, run
from marketplace.faces.ui.wording import condition_name
from marketplace.features.enforcement.queries import list_findings, points_of_factory
from marketplace.features.progress.commands import submit_certification
from marketplace.features.progress.queries import get_standing
from marketplace.features.progress.rules import StepState

page = page_for(Role.OWNER)
clock, rulebook, actor = page.app.clock, page.rulebook, page.actor
own = own_factory(page)
with reading(page) as session:
    standing = get_standing(session, actor, rulebook, clock=clock, factory_id=own.factory_id)
    messages = list_messages(session, actor, limit=3)
    points = points_of_factory(session, actor, factory_id=own.factory_id)
    findings = list_findings(session, actor, factory_id=own.factory_id)
kit.head(page.t("page.my_day.hello", name=actor.name), own.name)

step = standing.next
with st.container(key="card_next"):
    if step is None:
        kit.section(page.t("page.my_day.nothing"), page.t("page.my_day.nothing_sub"))
    else:
        rule = rulebook.condition(step.key)
        how = (rule.how_zh if page.lang == "zh" else rule.how_en) if rule else ""
        kit.section(page.t("page.my_day.next", name=condition_name(page, step.key)), how)
        if step.note:
            kit.note(page.t("page.my_day.returned", note=step.note))
        if rule and rule.evidence and not rule.source:
            needed = next((e for e in rule.evidence if e.required), rule.evidence[0])
            given = st.file_uploader(
                needed.name_zh if page.lang == "zh" else needed.name_en,
                type=["jpg", "jpeg", "png", "webp", "pdf"],
                key=f"up_{step.key}",
            )
            if given and st.button(page.t("page.my_day.send"), type="primary", width="stretch"):

                def hand_in(s, given=given, needed=needed, key=step.key):
                    """Keep the file and submit the condition, whole or not at all."""
                    use = receive_file(
                        s, clock=clock, actor=actor, content=given.getvalue(), name=given.name,
                        purpose=needed.key, subject=f"factory:{own.factory_id}",
                        program=own.program, district=own.district,
                        operator_id=own.operator_id, data_dir=page.app.data_dir,
                    )  # fmt: skip
                    return submit_certification(
                        s, rulebook, clock=clock, actor=actor, factory_id=own.factory_id,
                        condition=key, evidence=[(needed.key, use)],
                    )  # fmt: skip

                if run(page, hand_in, done="page.my_day.sent"):
                    st.rerun()

with st.container(key="card_progress"):
    kit.section(
        page.t("page.my_day.progress"),
        page.t("page.dossier.of", done=standing.done, total=standing.total),
    )
    kit.bar(standing.done, standing.total)
    kit.rows(
        [
            (
                condition_name(page, s.key),
                page.t("page.my_day.since", day=format_day(s.since))
                if s.state is StepState.DONE
                else page.t(f"page.factories.holders.{s.holder}")
                + (f" · {format_day(s.due_on)}" if s.due_on else ""),
                kit.badge(
                    page.t(f"step.{s.state.value}"),
                    "good"
                    if s.state is StepState.DONE
                    else "warn"
                    if s.state in {StepState.REVIEW, StepState.WAITING}
                    else "gray",
                ),
            )
            for s in standing.steps
            if not s.milestone
        ]
    )
with st.container(key="card_conduct"):
    kit.section(
        page.t("page.my_day.conduct"), page.t("page.my_day.conduct_sub", points=points.highest)
    )
    if findings:
        kit.rows(
            [
                (
                    f.store_name,
                    f"{format_day(f.found_on)} · {f.statement}",
                    kit.badge(label(f.status, page.lang), "warn"),
                )
                for f in findings[:5]
            ]
        )
    else:
        kit.empty(page.t("page.my_day.no_findings"))
with st.container(key="card_messages"):
    kit.section(page.t("page.my_messages.title"))
    if messages:
        kit.timeline(
            [
                (format_instant(m.at), say(f"message.{m.code}", page.lang, **_named), "")
                for m in messages
                for _named in [
                    {
                        k: condition_name(page, v) if k == "condition" else v
                        for k, v in m.facts.items()
                    }
                ]
            ]
        )
    else:
        kit.empty(page.t("page.my_messages.none"))
