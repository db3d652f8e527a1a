"""Making a collection, changing a draft, taking a published one down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import streamlit as st

from marketplace.base.clock import SHANGHAI, today
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.promoting.telling import title_of
from marketplace.faces.ui.session import Here, run
from marketplace.faces.ui.wording import category_name
from marketplace.features.promotion import commands as promotion
from marketplace.features.promotion.queries import CollectionRow

_OPENS, _CLOSES = time(9, 0), time(21, 0)


def new_button(page: Here, *, kind: str = "primary") -> None:
    """Show the button that makes a collection."""
    look.open_button(
        page.t("officer.market.new"), "new_collection", kind=kind, icon=":material/add:"
    )
    if look.is_asked("new_collection"):
        title = page.t("officer.market.new")
        look.dialog(page, title, partial(_new, page), wide=True)


def _new(page: Here) -> None:
    given, sent = _form(page, None)
    if not sent:
        return
    made = run(
        page,
        lambda s: promotion.create_collection(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, **given
        ),
        done="page.collections.created",
    )
    if made is not None:
        st.session_state["collection"] = made
        look.close()
        st.switch_page("views/picker.py")


def edit_button(page: Here, row: CollectionRow) -> None:
    """Show the button that changes a draft."""
    name = f"edit_c{row.collection_id}"
    look.open_button(page.t("officer.market.edit"), name, icon=":material/edit:")
    if look.is_asked(name):
        look.dialog(page, title_of(page, row), partial(_edit, page, row), wide=True)


def _edit(page: Here, row: CollectionRow) -> None:
    given, sent = _form(page, row)
    if not sent:
        return
    changed = run(
        page,
        lambda s: promotion.edit_collection(
            s, clock=page.app.clock, actor=page.actor, collection_id=row.collection_id, **given
        ),
    )
    if changed is not None:
        st.session_state["toast"] = page.t(
            "officer.market.edited" if changed else "officer.market.unchanged"
        )
        look.finish()


def _form(page: Here, row: CollectionRow | None) -> tuple[Mapping[str, Any], bool]:
    t, day = page.t, today(page.app.clock)
    starts = row.starts_at.astimezone(SHANGHAI) if row else None
    ends = row.ends_at.astimezone(SHANGHAI) if row else None
    with st.form("f_collection", border=False):
        title_zh = st.text_input(
            t("page.collections.title_zh"), row.title_zh if row else "", max_chars=80
        )
        title_en = st.text_input(
            t("page.collections.title_en"), row.title_en if row else "", max_chars=120
        )
        one, two, three, four = st.columns(4)
        start = one.date_input(
            t("page.collections.start"),
            value=starts.date() if starts else day + timedelta(days=7),
            format="YYYY-MM-DD",
        )
        start_time = two.time_input(
            t("officer.market.start_time"), starts.time() if starts else _OPENS
        )
        end = three.date_input(
            t("page.collections.end"),
            value=ends.date() if ends else day + timedelta(days=30),
            format="YYYY-MM-DD",
        )
        end_time = four.time_input(
            t("officer.market.end_time"), ends.time() if ends else _CLOSES
        )
        five, six, _rest = st.columns([1, 1, 2])  # a row of its own: on a phone it comes last
        slots = five.number_input(
            t("page.collections.slots"), 1, 200, row.slot_count if row else 12
        )
        more: dict[str, Any] = {}
        if row is None:
            keys = [c.key for c in page.rulebook.product.categories]
            more["category"] = six.selectbox(
                t("officer.market.category"),
                keys,
                index=None,
                format_func=lambda key: category_name(page, key),
                placeholder=t("officer.market.any_category"),
            )
            more["intro_zh"] = st.text_input(t("officer.market.intro_zh"), max_chars=500)
            more["intro_en"] = st.text_input(t("officer.market.intro_en"), max_chars=1000)
        cap = page.rulebook.featuring.cap_per_group
        st.caption(t("officer.market.cap", cap=cap))
        sent = st.form_submit_button(
            t("officer.ask.save") if row else t("page.collections.create"), type="primary"
        )
    given = {
        "title_zh": title_zh,
        "title_en": title_en,
        "starts_at": datetime.combine(start, start_time, SHANGHAI),
        "ends_at": datetime.combine(end, end_time, SHANGHAI),
        "slot_count": int(slots),
        **more,
    }
    return given, bool(sent)


def withdraw_button(page: Here, row: CollectionRow) -> None:
    """Show the button that takes a published collection down."""
    name = f"withdraw_c{row.collection_id}"
    look.open_button(page.t("officer.market.withdraw"), name)
    if look.is_asked(name):
        title = page.t("officer.market.withdraw")
        look.dialog(page, title, partial(_withdraw, page, row))


def _withdraw(page: Here, row: CollectionRow) -> None:
    kit.note(page.t("officer.market.withdraw_means", title=title_of(page, row)))
    with st.form("f_withdraw", border=False):
        reason = st.text_area(page.t("officer.market.reason"), height=80)
        sent = st.form_submit_button(page.t("officer.market.withdraw"), type="primary")
    if sent and did(
        page,
        lambda s: (
            promotion.withdraw_collection(
                s, clock=page.app.clock, actor=page.actor, collection_id=row.collection_id,
                reason=reason,
            )
        ),
        done="officer.market.withdrawn",
    ):  # fmt: skip
        look.finish()
