"""What was handed in and nobody has worked on yet: each can be taken back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from marketplace.base.words import format_day, format_instant
from marketplace.desk.own import Undoable, UndoableDeed, list_undoable
from marketplace.faces.ui import kit
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import condition_name
from marketplace.features.catalog.commands import withdraw_brand_change
from marketplace.features.progress.commands import withdraw_application, withdraw_certification
from marketplace.features.registry.commands import withdraw_change_request
from marketplace.features.registry.queries import FactoryProfile

_SHOWN = 5


def recent(page: Here, own: FactoryProfile) -> None:
    """Show what may be taken back, each with its button; nothing at all when there is none."""
    with reading(page) as session:
        deeds = list_undoable(session, page.actor, page.rulebook, factory_id=own.factory_id)
    if not deeds:
        return
    with st.container(key="card_recent"):
        kit.section(page.t("own.recent"), page.t("own.recent_sub"))
        for deed in deeds[:_SHOWN]:
            is_brand = deed.kind is Undoable.BRAND_CHANGE
            told = deed.key if is_brand else condition_name(page, deed.key)
            name = page.t(f"own.undo_{deed.kind.value}", name=told)
            due = page.t("own.until", day=format_day(deed.due_on)) if deed.due_on else ""
            kit.rows([(name, f"{format_instant(deed.at)} · {due}", "")])
            pressed = st.button(
                page.t("own.undo_named", name=name),
                key=f"undo_{deed.kind.value}_{deed.entity_id}",
                width="stretch",
            )
            if pressed and did(page, _undo(page, deed), done="own.undone"):
                st.rerun()


def _undo(page: Here, deed: UndoableDeed) -> Callable[[Session], object]:
    clock, actor, number = page.app.clock, page.actor, deed.entity_id
    match deed.kind:
        case Undoable.CERTIFICATION:
            return lambda s: withdraw_certification(
                s, clock=clock, actor=actor, certification_id=number
            )
        case Undoable.APPLICATION:
            return lambda s: withdraw_application(
                s, clock=clock, actor=actor, enrollment_id=number
            )
        case Undoable.CHANGE_REQUEST:
            return lambda s: withdraw_change_request(
                s, clock=clock, actor=actor, request_id=number
            )
        case Undoable.BRAND_CHANGE:
            return lambda s: withdraw_brand_change(
                s, clock=clock, actor=actor, change_id=number
            )
