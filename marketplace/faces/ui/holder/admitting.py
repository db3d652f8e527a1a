"""An account for a right holder, made with the firm it complains for."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Role
from marketplace.base.access.commands import MIN_PASSWORD, create_account
from marketplace.faces.ui import kit
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here
from marketplace.features.complaints.commands import register_right_holder


def make_holder(page: Here, proposed: str) -> bool:
    """Show the form; True when the account and its right holder were made, both or neither."""
    program = page.rulebook.program.key
    with (
        st.container(key="card_holder"),
        st.expander(page.t("accounts.holder")),
        st.form("holder", border=False),
    ):
        kit.note(page.t("accounts.holder_means"))
        firm = st.text_input(page.t("accounts.holder_firm"), max_chars=200)
        contact = st.text_input(page.t("accounts.holder_contact"), max_chars=200)
        login = st.text_input(page.t("page.accounts.login"), max_chars=80, key="holder_login")
        name = st.text_input(page.t("accounts.person"), max_chars=80, key="holder_name")
        password = st.text_input(
            page.t("accounts.password"), value=proposed, key="holder_password",
            help=page.t("accounts.password_help", least=MIN_PASSWORD),
        )  # fmt: skip
        sent = st.form_submit_button(page.t("accounts.make"), type="primary")

    def make(session: Session) -> int:
        account = create_account(
            session, clock=page.app.clock, actor=page.actor, login=login, name=name,
            role=Role.RIGHT_HOLDER, password=password, programs=[(program, None)],
        )  # fmt: skip
        return register_right_holder(
            session, clock=page.app.clock, actor=page.actor, program=program, name=firm,
            contact=contact, account_id=account,
        )  # fmt: skip

    return bool(sent and did(page, make, done="accounts.made"))
