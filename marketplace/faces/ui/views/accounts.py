"""The administrator's accounts: who may sign in, and switching one off at once."""

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.access.commands import disable_account
from marketplace.base.access.queries import list_accounts
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import page_for, reading

page = page_for(Role.ADMIN)
kit.head(page.t("page.accounts.title"), page.t("page.accounts.question"))
with reading(page) as session:
    accounts = list_accounts(session, page.actor)
kit.table(
    [
        page.t("page.accounts.login"),
        page.t("field.name"),
        page.t("page.accounts.role"),
        page.t("page.dossier.state"),
    ],
    [[a.login, a.name, label(a.role, page.lang), label(a.status, page.lang)] for a in accounts],
    frozenset(),
)
with st.form("disable"):
    chosen = st.selectbox(
        page.t("page.accounts.disable"), accounts, format_func=lambda a: f"{a.login} · {a.name}"
    )
    reason = st.text_input(page.t("app.reason"))
    sent = st.form_submit_button(page.t("page.accounts.disable_go"))

if sent and did(
    page,
    lambda s: disable_account(
        s,
        clock=page.app.clock,
        actor=page.actor,
        account_id=chosen.account_id,
        reason=reason,
    ),
    done="page.decide.done",
):
    st.rerun()
