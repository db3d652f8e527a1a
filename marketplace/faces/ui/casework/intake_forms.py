"""The officer's ways in: a complaint taken in, a case opened, a report from the public taken up."""

from __future__ import annotations

import streamlit as st

from marketplace.base.clock import today
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.stores import store_field
from marketplace.faces.ui.session import Here, run
from marketplace.features.complaints import commands
from marketplace.features.complaints.commands.intake import COMPLAINED, LOOKED
from marketplace.features.enforcement.kinds import Origin


def dialogs(page: Here) -> None:
    """Open the dialog that was asked for."""
    if look.is_asked("take_in"):
        look.dialog(page, page.t("complaints.take_in"), lambda: _take_in(page), wide=True)
    if look.is_asked("open_case"):
        look.dialog(page, page.t("complaints.open_case"), lambda: _open(page), wide=True)


def _take_in(page: Here) -> None:
    kit.note(page.t("complaints.take_in_means"))
    with st.form("take_in", border=False):
        store_id = store_field(page, "in_store")
        item = st.text_input(page.t("field.item"), help=page.t("complaints.item_help"))
        origins = [o for o in Origin if o in COMPLAINED]
        origin = st.radio(
            page.t("field.origin"),
            origins,
            index=1,
            horizontal=True,
            format_func=lambda o: label(o, page.lang),
        )
        brand = st.text_input(page.t("complaints.brand"), help=page.t("complaints.brand_help"))
        text = st.text_area(page.t("complaints.what"), max_chars=2000, height=110)
        received = st.date_input(
            page.t("field.received_on"), today(page.app.clock), format="YYYY-MM-DD"
        )
        sent = st.form_submit_button(page.t("complaints.take_in_go"), type="primary")
    if not sent:
        return
    result = run(
        page,
        lambda s: commands.receive_complaint(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            store_id=store_id or 0,
            origin=origin,
            item=item,
            text=text,
            brand=brand,
            received_on=received,
        ),
    )
    if result is not None:
        st.session_state["toast"] = page.t(f"complaints.took.{result[1]}")
        look.finish()


def _open(page: Here) -> None:
    kit.note(page.t("complaints.open_means"))
    with st.form("open_case", border=False):
        store_id = store_field(page, "open_store")
        item = st.text_input(page.t("field.item"), help=page.t("complaints.item_help"))
        origin = st.radio(
            page.t("field.origin"),
            [o for o in Origin if o in LOOKED],
            horizontal=True,
            format_func=lambda o: label(o, page.lang),
        )
        statement = st.text_area(page.t("complaints.seen_what"), max_chars=1000, height=110)
        sent = st.form_submit_button(page.t("complaints.open_go"), type="primary")
    if not sent:
        return
    case_id = run(
        page,
        lambda s: commands.open_case(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            store_id=store_id or 0,
            origin=origin,
            item=item,
            statement=statement,
        ),
        done="complaints.opened",
    )
    if case_id is not None:
        look.finish()
