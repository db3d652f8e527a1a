"""The office registers a factory; without a USCC it becomes a draft that waits for its code."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import page_for, run
from marketplace.features.registry.commands import record_factory

page = page_for(Role.OFFICER)
kit.head(page.t("page.register.title"), page.t("page.register.question"))
with st.form("register"), st.container(key="card_register"):
    name = st.text_input(page.t("field.name"), max_chars=200)
    uscc = st.text_input(
        page.t("field.uscc"), help=page.t("page.register.uscc_help"), max_chars=18
    )
    address = st.text_input(page.t("field.address"), max_chars=300)
    left, right = st.columns(2)
    with left:
        head = st.text_input(page.t("field.legal_representative"), max_chars=80)
        capacity = st.number_input(
            page.t("page.register.capacity"), min_value=0, value=None, step=10000
        )
    with right:
        phone = st.text_input(page.t("field.phone"), max_chars=40)
        staff = st.number_input(page.t("field.staff"), min_value=0, value=None, step=1)
    sent = st.form_submit_button(page.t("page.register.save"), type="primary")
if sent:
    values = {
        "name": name,
        "uscc": uscc.strip().upper() or None,
        "address": address or None,
        "legal_representative": head or None,
        "phone": phone or None,
        "capacity_pairs_per_year": None if capacity is None else int(capacity),
        "staff": None if staff is None else int(staff),
    }
    found = run(
        page,
        lambda s: record_factory(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            values=values,
            source=page.actor.login,
        ),
    )
    if found is not None:
        kit.note(page.t(f"page.register.{found.outcome.value}", name=name), "good")
        st.page_link(
            "views/dossier.py",
            label=page.t("page.register.open"),
            query_params={"id": str(found.factory_id)},
        )
