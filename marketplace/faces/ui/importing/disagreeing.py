"""Sources that disagree, field by field: choose one, say why, and choose again if it was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Role
from marketplace.base.access.queries import names_of
from marketplace.base.audit import EntryRow, list_entries
from marketplace.base.errors import Refused
from marketplace.base.text import normalize
from marketplace.base.words import format_day, format_instant
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import LEAST_REASON
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import field_name, plain_value, source_name
from marketplace.features.registry import commands as registry
from marketplace.features.registry.kinds import ValueStatus
from marketplace.features.registry.queries import (
    ConflictRow,
    SettledRow,
    list_conflicts,
    list_settled_conflicts,
)

_PAGE = 8
_RECENT = 10


def show_disagreements(page: Here) -> None:
    """Show every open disagreement as a card, then what was chosen lately."""
    program = page.rulebook.program.key
    with reading(page) as session:
        rows = list_conflicts(session, page.actor, program=program)
        settled = list_settled_conflicts(session, page.actor, program=program, limit=_RECENT)
        entries = list_entries(
            session, action="registry.settle_conflict", program=program, limit=200
        )
        people = {e.actor_id for e in entries if e.actor_id}
        names = names_of(session, people)
    groups = _grouped(rows)
    if not groups:
        look.empty(page.t("imports.conflicts_none"), page.t("imports.conflicts_none_hint"))
    else:
        st.caption(page.t("imports.conflicts_say", count=len(groups)))
        pages = max(1, -(-len(groups) // _PAGE))
        number = st.pagination(pages, key=f"conflicts_pg_{len(groups)}") if pages > 1 else 1
        for group in groups[(number - 1) * _PAGE : number * _PAGE]:
            _card(page, group)
    if settled:
        _recent(page, settled, {int(e.facts.get("value_id", 0)): e for e in entries}, names)


def _grouped(rows: Sequence[ConflictRow]) -> list[list[ConflictRow]]:
    """One group a factory and field; several sources may disagree about the same."""
    ordered = sorted(rows, key=lambda r: (r.factory_name, r.factory_id, r.field, r.value_id))
    return [list(g) for _, g in groupby(ordered, key=lambda r: (r.factory_id, r.field))]


def _card(page: Here, group: Sequence[ConflictRow]) -> None:
    first = group[0]
    with st.container(key=f"card_conflict_{first.value_id}"):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            kit.section(f"{first.factory_name} · {field_name(page, first.field)}")
            _values(page, group)
            st.page_link(
                "views/dossier.py",
                label=page.t("officer.list.open"),
                icon=":material/folder_open:",
                query_params={"id": str(first.factory_id)},
            )
        if page.actor.role is Role.OFFICER:
            with right:
                _choose(page, group)


def _values(page: Here, group: Sequence[ConflictRow]) -> None:
    first = group[0]
    current = [
        page.t("imports.now"),
        plain_value(first.current),
        source_name(page, first.current_source),
        _day(page, first.current_on, first.current_at),
    ]
    others = [
        [
            page.t("imports.other"),
            plain_value(row.value),
            source_name(page, row.source),
            _day(page, row.source_on, row.recorded_at),
        ]
        for row in group
    ]
    heads = ["", page.t("imports.value"), page.t("imports.source"), page.t("imports.on")]
    kit.table(heads, [current, *others], frozenset())


def _choose(page: Here, group: Sequence[ConflictRow]) -> None:
    keep = 0

    def told(value_id: int) -> str:
        row = next((r for r in group if r.value_id == value_id), None)
        if row is None:
            return page.t("imports.keep_value", value=plain_value(group[0].current))
        return page.t(
            "imports.take_value",
            value=plain_value(row.value),
            source=source_name(page, row.source),
        )

    form = DeskForm(page, f"conflict_{group[0].value_id}")
    chosen = form.choice(
        "chosen", page.t("imports.choose"), [str(keep), *(str(r.value_id) for r in group)],
        lambda value_id: told(int(value_id)), radio=True,
    )  # fmt: skip
    reason = form.text(
        "reason",
        page.t("imports.reason"),
        placeholder=page.t("imports.reason_hint"),
        longest=500,
    )

    def settle(session: Session) -> None:
        if chosen is None or len(normalize(reason)) < LEAST_REASON:
            raise Refused("choose_and_say_why")
        _settle(session, page, group, int(chosen), normalize(reason))

    if form.did(page.t("imports.choose_go"), settle, primary=False):
        st.session_state["toast"] = page.t("imports.settled")
        st.rerun()


def _settle(
    session: Session, page: Here, group: Sequence[ConflictRow], chosen: int, reason: str
) -> None:
    """Settle every source's value of the field in one unit; the chosen one last."""
    for row in sorted(group, key=lambda r: r.value_id == chosen):
        registry.settle_conflict(
            session,
            clock=page.app.clock,
            actor=page.actor,
            value_id=row.value_id,
            take=row.value_id == chosen,
            reason=reason,
        )


def _recent(
    page: Here,
    settled: Sequence[SettledRow],
    entries: dict[int, EntryRow],
    names: dict[int, str],
) -> None:
    with st.container(key="card_settled"):
        kit.section(page.t("imports.recent"))
        for row in settled:
            entry = entries.get(row.value_id)
            key = "took" if entry is not None and entry.facts.get("taken") else "kept"
            said = page.t(
                f"imports.{key}",
                value=plain_value(row.value),
                source=source_name(page, row.source),
            )
            by = (
                page.t(
                    "imports.chosen_by",
                    who=names.get(entry.actor_id or 0, "—"),
                    at=format_instant(entry.at),
                    reason=entry.reason or "—",
                )
                if entry is not None
                else ""
            )
            with st.container(horizontal=True, vertical_alignment="center"):
                with st.container(width="stretch"):
                    title = f"{row.factory_name} · {field_name(page, row.field)}"
                    kit.rows([(title, f"{said} · {by}", "")])
                if page.actor.role is Role.OFFICER and row.status is ValueStatus.DISMISSED:
                    look.open_button(page.t("imports.undo_choice"), f"reopen_{row.value_id}")
            if look.is_asked(f"reopen_{row.value_id}"):
                look.dialog(
                    page, page.t("imports.undo_choice"), partial(_reopen, page, row.value_id)
                )


def _reopen(page: Here, value_id: int) -> None:
    form = DeskForm(page, f"reopen_{value_id}")
    form.begun_note()
    reason = form.text("reason", page.t("imports.undo_choice_reason"), longest=500)
    if form.did(
        page.t("imports.undo_choice"),
        lambda s: registry.reopen_conflict(
            s,
            clock=page.app.clock,
            actor=page.actor,
            value_id=value_id,
            reason=normalize(reason),
        ),
    ):
        st.session_state["toast"] = page.t("imports.reopened")
        look.finish()


def _day(page: Here, day: object, recorded: object) -> str:
    """The day the source speaks of, else when it was recorded."""
    if day is not None:
        return format_day(day)  # type: ignore[arg-type]
    if recorded is None:
        return "—"
    return page.t("imports.recorded", at=format_instant(recorded))  # type: ignore[arg-type]
