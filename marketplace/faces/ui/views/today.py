"""The office's first page: what waits for me, what ends soon, how far everybody is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.words import format_day, format_instant, has_key
from marketplace.desk.deeds import DAYS, OwnDeeds, list_own_deeds
from marketplace.desk.factories import FactoryFilter, FactoryPage, list_factories
from marketplace.desk.todo import Expiring, Task, TaskKind, list_ending, list_todo
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import show_place
from marketplace.faces.ui.office.due import due_badge
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.faces.ui.wording import condition_name, task_title
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.queries import count_products
from marketplace.features.progress.kinds import EnrollmentStatus

_TASKS, _ENDING = 8, 7
# Accepted and not left: what the Friday page and the quarterly report count too.
_ENTERED = (EnrollmentStatus.ENROLLED, EnrollmentStatus.PAUSED, EnrollmentStatus.GRADUATED)


def show(page: Here) -> None:
    """Show the whole page."""
    clock, rulebook, actor = page.app.clock, page.rulebook, page.actor
    with reading(page) as session:
        tasks = list_todo(session, actor, rulebook, clock=clock)
        ending = list_ending(session, actor, rulebook, clock=clock)
        everybody = list_factories(
            session, actor, rulebook, wanted=FactoryFilter(), page_rows=0
        )
        done = list_own_deeds(session, actor, clock=clock)
        verified = count_products(
            session, actor, program=rulebook.program.key, status=Moderation.VERIFIED
        )
    day = today(clock)
    late = sum(1 for task in tasks if task.due_on < day)
    question = page.t(
        "page.today.question",
        day=format_day(day),
        count=len(tasks),
        due=sum(1 for task in tasks if task.due_on == day),
        late=late,
    )
    with look.head(page.t("page.today.title"), question):
        if actor.role is Role.OFFICER:
            _start(page)
    statuses = everybody.facets.statuses
    entered = sum(statuses.get(status, 0) for status in _ENTERED)
    active = statuses.get(EnrollmentStatus.ENROLLED, 0)
    told = {
        "factories": (
            everybody.total,
            page.t("page.today.kpi.enrolled", count=entered, active=active),
        ),
        "ready": (
            everybody.facets.stages.get(rulebook.stages[-1].key, 0),
            page.t("today.ready_sub", count=verified),
        ),
        "ending": (len(ending), page.t("page.today.kpi.ending_sub")),
        "tasks": (len(tasks), page.t("page.today.kpi.tasks_sub", late=late)),
    }
    figures(page, told)
    left, right = st.columns([5, 3], gap="medium")
    with left, st.container(key="card_todo", height="stretch"):
        todo(page, tasks, day)
    with right, st.container(key="card_ending", height="stretch"):
        ends(page, ending, day)
    with st.container(key="card_stages"):
        stages(page, everybody)
    with st.container(key="card_deeds"):
        deeds(page, done)


def _start(page: Here) -> None:
    """Show the ways to bring firms in; one of them is the page's primary action."""
    if st.button(page.t("page.import_file.title"), icon=":material/upload_file:"):
        st.switch_page("views/import_file.py")
    if st.button(page.t("officer.list.register"), icon=":material/add:", type="primary"):
        st.switch_page("views/register.py")


def figures(page: Here, told: dict[str, tuple[int, str]]) -> None:
    """Show four figures, each leading to its rows."""
    targets = {
        "factories": ("factories", {}),
        "ready": ("factories", {"stage": page.rulebook.stages[-1].key}),
        "ending": ("today", {"ends": "all"}),
        "tasks": ("decide", {}),
    }
    for column, (name, (count, sub)) in zip(st.columns(4), told.items(), strict=True):
        view, query = targets[name]
        with column, st.container(key=f"go_{name}", height="stretch"):
            kit.kpi(
                page.t("today.ready") if name == "ready" else page.t(f"page.today.kpi.{name}"),
                str(count),
                page.t(
                    "page.today.unit.factories"
                    if name == "ready"
                    else f"page.today.unit.{name}"
                ),
                sub,
            )
            st.page_link(
                f"views/{view}.py",
                label=page.t("page.today.go.tasks" if name == "tasks" else "today.go"),
                query_params=query,
            )


def todo(page: Here, tasks: Sequence[Task], day: date) -> None:
    """Show what waits, soonest due first; the whole line opens it."""
    kit.section(page.t("page.today.todo"), page.t("page.today.todo_sub"))
    kinds = [kind for kind in TaskKind if any(task.kind is kind for task in tasks)]
    chosen = st.pills(
        page.t("page.today.kind"),
        kinds,
        format_func=lambda kind: plain(
            f"{page.t(f'enum.TaskKind.{kind.value}')} {sum(t.kind is kind for t in tasks)}"
        ),
        label_visibility="collapsed",
        wrap=True,
    )
    shown = [task for task in tasks if chosen in {None, task.kind}]
    if not shown:
        look.empty(page.t("officer.decide.nothing"), page.t("officer.decide.nothing_hint"))
    for task in shown[:_TASKS]:
        title = task_title(page, task)
        about = "" if task.about in title else task.about
        with st.container(key=f"q_{task.kind.value}_{task.entity_id}"):
            kit.markup(
                f'<div class="z-q"><b>{escape(title)}</b>{due_badge(page, task.due_on, day)}'
                f'<span class="muted">{escape(about)}</span></div>'
            )
            st.page_link(
                "views/decide.py",
                label=f"{page.t('page.today.handle')} {title}",
                query_params={"kind": task.kind.value, "id": str(task.entity_id)},
            )
    if len(shown) > _TASKS:
        st.page_link(
            "views/decide.py", label=page.t("page.today.rest", count=len(shown) - _TASKS)
        )


def ends(page: Here, ending: Sequence[Expiring], day: date) -> None:
    """Show what ends within a month; each line opens its dossier."""
    kit.section(page.t("page.today.ending"))
    if not ending:
        kit.empty(page.t("page.today.nothing_ends"))
    everything = st.query_params.get("ends") == "all"
    if everything:
        show_place("ends", "all")
    for row in ending if everything else ending[:_ENDING]:
        days = (row.valid_until - day).days
        when = page.t("officer.today.ends", day=format_day(row.valid_until), days=days)
        name = condition_name(page, row.condition)
        with st.container(key=f"q_end_{row.factory_id}_{row.condition}"):
            kit.markup(
                f'<div class="z-q"><b>{escape(name)}</b>'
                f'<span class="muted">{escape(when)}</span>'
                f'<span class="muted" style="grid-column:1/-1">{escape(row.factory_name)}</span>'
                "</div>"
            )
            st.page_link(
                "views/dossier.py",
                label=f"{page.t('officer.today.open')} {row.factory_name}",
                query_params={"id": str(row.factory_id)},
            )

    if len(ending) > _ENDING and not everything:
        st.page_link(
            "views/today.py",
            label=page.t("page.today.rest", count=len(ending) - _ENDING),
            query_params={"ends": "all"},
        )


def deeds(page: Here, done: OwnDeeds) -> None:
    """Show what I did lately: what was decided stays in sight."""
    shown, total = len(done.latest), done.total
    sub = "today.deeds_sub" if shown == total else "today.deeds_sub_many"
    kit.section(page.t("today.deeds"), page.t(sub, count=total, days=DAYS))
    if not done.latest:
        kit.empty(page.t("today.deeds_none"))
        return
    show = "today.deeds_show" if shown == total else "today.deeds_show_latest"
    with st.expander(page.t(show, count=shown)):
        kit.timeline(
            [
                (
                    format_instant(deed.at),
                    page.t(f"action.{deed.action}")
                    if has_key(f"action.{deed.action}")
                    else deed.action,
                    deed.reason or "",
                )
                for deed in done.latest
            ]
        )


def stages(page: Here, everybody: FactoryPage) -> None:
    """Show how many factories reached each stage, with how many there are in all."""
    total = everybody.total
    kit.section(page.t("page.today.stages"), page.t("page.today.stages_sub", n=total))
    order = [stage.key for stage in page.rulebook.stages]
    reached = [
        sum(everybody.facets.stages.get(key, 0) for key in order[i:]) for i in range(len(order))
    ]
    names = [s.name_zh if page.lang == "zh" else s.name_en for s in page.rulebook.stages]
    lines = "".join(
        f'<li><span>{escape(name)}</span><span class="bar"><i style="width:{_share(n, total)}%">'
        f'</i></span><span class="num">{n} / {total}</span></li>'
        for name, n in zip(names, reached, strict=True)
    )
    kit.markup(f'<ul class="z-stages">{lines}</ul>')
    at = format_instant(page.app.clock.now())
    st.caption(page.t("page.today.source", at=at))


def _share(part: int, total: int) -> int:
    return round(100 * part / total) if total else 0


show(page_for(Role.OFFICER, Role.REVIEWER))
