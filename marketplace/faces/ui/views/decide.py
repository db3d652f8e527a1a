"""The office decides, one thing at a time: what was handed in, by whom, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.clock import today
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_day
from marketplace.desk.drafts import find_draft
from marketplace.desk.todo import Task, TaskKind, list_todo
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding import FORMS, read
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import show_place
from marketplace.faces.ui.office.due import due_badge
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.faces.ui.wording import task_title

_SHOWN = 12


def show(page: Here) -> None:
    """Show the queue and the one thing that is open."""
    look.head(page.t("page.decide.title"), page.t("page.decide.question"))
    with reading(page) as session:
        tasks = list_todo(session, page.actor, page.rulebook, clock=page.app.clock)
    asked, gone = _asked(tasks)
    if not tasks:
        if gone:
            told_gone(page, gone, None)
        look.empty(page.t("officer.decide.nothing"), page.t("officer.decide.nothing_hint"))
        read.show(page)
        return
    left, right = st.columns([2, 3.4], gap="medium")
    with left, st.container(key="z_queue"):
        shown = _narrowed(page, tasks)
        chosen = None if gone else asked if asked in shown else shown[0]
        _queue(page, shown, chosen)
    with right, st.container(key="card_decide"):
        if chosen is None:
            told_gone(page, gone, shown[0])
        else:
            # Were it not in the address, another thing would stand under the same hand once a
            # colleague has decided this one.
            show_place("kind", chosen.kind.value)
            show_place("id", str(chosen.entity_id))
            _open(page, chosen, shown)
    read.show(page)


def _asked(tasks: Sequence[Task]) -> tuple[Task | None, str]:
    """Return the waiting thing that the address asks for, or the name of one that waits no more."""
    kind, number = st.query_params.get("kind", ""), st.query_params.get("id", "")
    for task in tasks:
        if task.kind.value == kind and str(task.entity_id) == number:
            return task, ""
    return None, f"{kind}_{number}" if kind in set(TaskKind) and number.isdigit() else ""


def told_gone(page: Here, gone: str, following: Task | None) -> None:
    """Say that what was open is decided or with somebody else by now; what was written stays."""
    kit.note(page.t("officer.decide.passed"))
    with reading(page) as session:
        begun = find_draft(session, page.actor, form=f"decide_{gone}")
    if begun.get("reason"):
        look.muted(page.t("officer.decide.passed_reason"))
        st.code(str(begun["reason"]), language=None, wrap_lines=True)
    if following is not None:
        st.button(
            page.t("officer.decide.passed_next"), key="next_waiting", on_click=go_to,
            args=(following,),
        )  # fmt: skip


def _narrowed(page: Here, tasks: Sequence[Task]) -> list[Task]:
    kinds = [k for k in TaskKind if any(t.kind is k for t in tasks)]
    # The last of a kind may be decided meanwhile: then everything is shown again.
    if st.session_state.get("decide_kind", "") not in {None, *kinds}:
        told = st.query_params.get("only", "")
        st.session_state["decide_kind"] = TaskKind(told) if told in set(kinds) else None
    only = st.pills(
        page.t("page.today.kind"),
        kinds,
        format_func=lambda k: plain(
            f"{page.t(f'enum.TaskKind.{k.value}')} {sum(t.kind is k for t in tasks)}"
        ),
        key="decide_kind",
        on_change=_narrow,
        wrap=True,
        label_visibility="collapsed",
    )
    return [t for t in tasks if only in {None, t.kind}] or list(tasks)


def _narrow() -> None:
    """Write the chosen kind into the address, and open its first thing."""
    chosen = st.session_state.get("decide_kind")
    go_to(None)
    if chosen is None:
        st.query_params.pop("only", None)
    else:
        st.query_params["only"] = chosen.value


def _queue(page: Here, shown: Sequence[Task], chosen: Task | None) -> None:
    st.caption(page.t("officer.decide.queue", count=len(shown)))
    day = today(page.app.clock)
    pages = max(1, -(-len(shown) // _SHOWN))
    number = 1
    if pages > 1:
        place = shown.index(chosen) // _SHOWN + 1 if chosen else 1
        number = st.pagination(pages, key=f"decide_pg_{len(shown)}_{place}", default=place)
    for task in shown[(number - 1) * _SHOWN : number * _SHOWN]:
        _waiting(page, task, day, is_open=task is chosen)


def _waiting(page: Here, task: Task, day: date, *, is_open: bool) -> None:
    name = f"{task.kind.value}_{task.entity_id}"
    with st.container(key=f"q_{'on_' if is_open else ''}{name}"):
        about = "" if task.about in task_title(page, task) else escape(task.about)
        kit.markup(
            f'<div class="z-q"><b>{escape(task_title(page, task))}</b>'
            f"{due_badge(page, task.due_on, day)}"
            f'<span class="muted">{about}</span></div>'
        )
        st.button(
            f"{page.t('officer.decide.open')} {task_title(page, task)}",
            key=f"open_{name}",
            type="tertiary",
            on_click=go_to,
            args=(task,),
        )


def go_to(task: Task | None) -> None:
    """Open a waiting thing by its address; None opens whatever is first."""
    wanted = {n: st.query_params[n] for n in ("lang", "only") if n in st.query_params}
    if task is not None:
        wanted |= {"kind": task.kind.value, "id": str(task.entity_id)}
    st.query_params.from_dict(wanted)


def _open(page: Here, task: Task, shown: Sequence[Task]) -> None:
    kit.section(
        task_title(page, task),
        page.t("officer.decide.due", due=format_day(task.due_on)),
    )
    kit.markup(f"<p>{due_badge(page, task.due_on, today(page.app.clock))}</p>")
    # What a whole firm asks for is decided with its dossier at hand, too.
    dossier = task.factory_id or task.facts.get("dossier")
    if dossier:
        st.page_link(
            "views/dossier.py",
            label=task.about,
            icon=":material/folder_open:",
            query_params={"id": str(dossier)},
        )
    place = shown.index(task)
    following = shown[place + 1] if place + 1 < len(shown) else None

    def after() -> None:
        go_to(following)
        word = "next_done" if len(shown) > 1 else "last_done"
        st.session_state["toast"] = page.t(f"officer.decide.{word}")
        st.rerun()

    try:
        FORMS[task.kind](page, task, after)
    except MarketplaceError as error:
        kit.error_box(error, page.lang)


show(page_for(Role.OFFICER, Role.REVIEWER))
