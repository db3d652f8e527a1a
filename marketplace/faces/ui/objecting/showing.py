"""Open windows as cards, objections that wait, objections that were decided."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.words import format_day, format_instant, label
from marketplace.desk.todo import TaskKind
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.session import Here
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.kinds import WindowStatus
from marketplace.features.promotion.queries import ObjectionRow, WindowRow

_ACROSS, _MOST = 3, 12


def windows(page: Here, rows: Sequence[WindowRow]) -> None:
    """Show the products whose window is open, the soonest ending first."""
    kit.section(page.t("objection.open"), page.t("objection.open_sub", count=len(rows)))
    if not rows:
        kit.empty(page.t("objection.open_none"))
        return
    size = max(1, -(-len(rows) // _MOST))
    number = st.pagination(size, key="objections_pg") if size > 1 else 1
    shown = rows[(number - 1) * _MOST : number * _MOST]
    for start in range(0, len(shown), _ACROSS):
        for column, row in zip(
            st.columns(_ACROSS), shown[start : start + _ACROSS], strict=False
        ):
            with column:
                _window(page, row)


def _window(page: Here, row: WindowRow) -> None:
    zh = page.lang == "zh"
    brand = row.brand_zh if zh else row.brand_en or row.brand_zh
    name = row.name_zh if zh else row.name_en or row.name_zh
    left = (row.ends_on - today(page.app.clock)).days
    word = page.t("objection.ends", day=format_day(row.ends_on), days=left)
    kit.product_card(row.picture, brand, name, row.code, kit.badge(word, "calm"))
    key = f"object_{row.product_id}"
    look.open_button(page.t("objection.record"), key)
    if look.is_asked(key):
        title = page.t("objection.record_title", product=f"{brand} {name}")
        look.dialog(page, title, partial(_record, page, row), wide=True)


def _record(page: Here, row: WindowRow) -> None:
    kit.note(page.t("objection.record_means"))
    form = DeskForm(page, f"objection_{row.product_id}")
    form.begun_note()
    objector = form.text(
        "objector", page.t("objection.objector"), longest=120,
        hint=page.t("objection.objector_help"),
    )  # fmt: skip
    note = form.text(
        "note", page.t("objection.grounds"), tall=True, longest=500,
        placeholder=page.t("objection.grounds_hint"),
    )  # fmt: skip
    if form.did(
        page.t("objection.record"),
        lambda s: promotion.record_objection(
            s, clock=page.app.clock, actor=page.actor, product_id=row.product_id,
            note=note, objector=objector,
        ),
        done="objection.recorded",
    ):  # fmt: skip
        look.finish()


def waiting(page: Here, rows: Sequence[ObjectionRow]) -> None:
    """Show objections that wait; each opens where it is decided."""
    kit.section(page.t("objection.waiting"), page.t("objection.waiting_sub", count=len(rows)))
    if not rows:
        kit.empty(page.t("objection.waiting_none"))
    for row in rows:
        with st.container(key=f"q_objection_{row.product_id}"):
            told = page.t(
                "objection.by_right_holder",
                who=row.objector or name_of(page, row.objected_by),
                at=format_instant(row.objected_at),
            )
            kit.markup(
                f'<div class="z-q"><b>{escape(f"{row.brand_name} {row.name_zh}")}</b>'
                f'<span></span><span class="muted">{escape(told)}<br>{escape(row.note)}</span>'
                "</div>"
            )
            st.page_link(
                "views/decide.py",
                label=page.t("objection.go"),
                query_params={"kind": TaskKind.OBJECTION.value, "id": str(row.product_id)},
            )


def decided(page: Here, rows: Sequence[ObjectionRow]) -> None:
    """Show what was decided, with the reason."""
    kit.section(page.t("objection.decided"))
    if not rows:
        kit.empty(page.t("objection.decided_none"))
        return
    kit.rows([_decided(page, row) for row in rows])


def _decided(page: Here, row: ObjectionRow) -> tuple[str, str, str]:
    upheld = row.status is WindowStatus.UPHELD
    word = label(row.status, page.lang) if upheld else page.t("objection.dismissed")
    told = page.t(
        "objection.decided_by",
        who=name_of(page, row.decided_by),
        at=format_instant(row.decided_at),
        why=row.decision_note or "",
    )
    return (
        f"{row.brand_name} {row.name_zh}",
        told,
        kit.badge(word, "warn" if upheld else "good"),
    )
