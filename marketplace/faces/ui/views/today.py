"""The office's first page: what waits for me, what ends soon, how far everybody is."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.words import format_day, format_instant
from marketplace.desk.factories import FactoryFilter, list_factories
from marketplace.desk.todo import TaskKind, list_ending, list_todo
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import page_for, reading
from marketplace.faces.ui.wording import condition_name, task_title
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import count_products

page = page_for(Role.OFFICER, Role.REVIEWER)
clock, rulebook = page.app.clock, page.rulebook
with reading(page) as session:
    tasks = list_todo(session, page.actor, rulebook, clock=clock)
    ending = list_ending(session, page.actor, rulebook, clock=clock)
    everybody = list_factories(
        session, page.actor, rulebook, clock=clock, wanted=FactoryFilter(), page_rows=None
    )
    verified = count_products(
        session, page.actor, program=rulebook.program.key, status=Moderation.VERIFIED
    )

day = today(clock)
overdue = sum(1 for task in tasks if task.due_on < day)
due_today = sum(1 for task in tasks if task.due_on == day)
kit.head(
    page.t("page.today.title"),
    page.t(
        "page.today.question",
        day=format_day(day),
        count=len(tasks),
        due=due_today,
        late=overdue,
    ),
)

enrolled = everybody.facets.statuses.get("enrolled", 0)
figures = (
    (
        "factories",
        str(everybody.total),
        page.t("page.today.kpi.enrolled", count=enrolled),
        "factories",
    ),
    ("products", str(verified), page.t("page.today.kpi.products_sub"), "factories"),
    ("ending", str(len(ending)), page.t("page.today.kpi.ending_sub"), "factories"),
    ("tasks", str(len(tasks)), page.t("page.today.kpi.tasks_sub", late=overdue), "decide"),
)
for column, (name, figure, sub, target) in zip(st.columns(4), figures, strict=True):
    with column, st.container(key=f"go_{name}"):
        kit.kpi(
            page.t(f"page.today.kpi.{name}"), figure, page.t(f"page.today.unit.{name}"), sub
        )
        st.page_link(f"views/{target}.py", label=page.t(f"page.today.go.{name}"))

left, right = st.columns([5, 3])
with left, st.container(key="card_todo", height="stretch"):
    kit.section(page.t("page.today.todo"), page.t("page.today.todo_sub"))
    kinds = [kind for kind in TaskKind if any(task.kind is kind for task in tasks)]
    chosen = st.pills(
        page.t("page.today.kind"),
        kinds,
        format_func=lambda kind: (
            page.t(f"enum.TaskKind.{kind.value}")
            + f" {sum(1 for task in tasks if task.kind is kind)}"
        ),
        label_visibility="collapsed",
    )
    shown = [task for task in tasks if chosen in {None, task.kind}]
    if not shown:
        kit.empty(page.t("page.today.nothing"))
    for task in shown[:8]:
        days = (task.due_on - day).days
        tone = "bad" if days < 0 else "warn" if days <= 2 else "gray"
        word = page.t(
            "page.today.late"
            if days < 0
            else "page.today.due_today"
            if days == 0
            else "page.today.due_in",
            days=abs(days),
        )
        with st.container(
            horizontal=True,
            vertical_alignment="center",
            key=f"todo_{task.kind}_{task.entity_id}",
        ):
            with st.container(width="stretch"):
                kit.rows([(task_title(page, task), task.about, kit.badge(word, tone))])
            st.page_link(
                "views/decide.py",
                label=page.t("page.today.handle"),
                query_params={"kind": task.kind.value, "id": str(task.entity_id)},
            )
    if len(shown) > 8:
        st.page_link("views/decide.py", label=page.t("page.today.rest", count=len(shown) - 8))
with right, st.container(key="card_ending", height="stretch"):
    kit.section(page.t("page.today.ending"))
    if ending:
        kit.timeline(
            [
                (
                    format_day(row.valid_until),
                    condition_name(page, row.condition),
                    page.t(
                        "page.today.ends_in",
                        name=row.factory_name,
                        days=(row.valid_until - day).days,
                    ),
                )
                for row in ending[:6]
            ]
        )
    else:
        kit.empty(page.t("page.today.nothing_ends"))

with st.container(key="card_stages"):
    kit.section(page.t("page.today.stages"), page.t("page.today.stages_sub", n=everybody.total))
    order = [stage.key for stage in rulebook.stages]
    reached = [
        sum(everybody.facets.stages.get(key, 0) for key in order[i:]) for i in range(len(order))
    ]
    names = [s.name_zh if page.lang == "zh" else s.name_en for s in rulebook.stages]
    kit.table(
        [page.t("page.today.stage"), page.t("page.today.reached"), page.t("page.today.share")],
        [
            [name, str(count), f"{count}/{everybody.total}"]
            for name, count in zip(names, reached, strict=True)
        ],
        frozenset({1, 2}),
    )
    st.caption(page.t("page.today.source", at=format_instant(clock.now())))
