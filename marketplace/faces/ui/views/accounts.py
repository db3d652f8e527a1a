"""The administrator's accounts: who may sign in, making one, switching one off at once."""

from __future__ import annotations

import secrets

import streamlit as st

from marketplace.base.access import AccountStatus, Capacity, Role
from marketplace.base.access.commands import (
    MIN_PASSWORD,
    change_role,
    create_account,
    disable_account,
    set_password,
)
from marketplace.base.access.enabling import enable_account
from marketplace.base.access.queries import AccountRow, list_accounts
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.holder.admitting import make_holder
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import picked
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.registry.queries import find_operator

_STAFF = (Role.OFFICER, Role.REVIEWER, Role.MARKETER, Role.AUDITOR, Role.ADMIN)
_WITHOUT_PROGRAM = {Role.ADMIN, Role.OWNER}


def everybody(page: Here, accounts: list[AccountRow]) -> None:
    """Show every account, or those looked for: who, what, whether in use."""
    anything = {"": page.t("page.factories.any")}
    with st.container(key="card_accounts"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            asked = st.text_input(
                page.t("accounts.find"), key="q", bind="query-params", width=280,
                placeholder=page.t("accounts.find_hint"),
            )  # fmt: skip
            roles = {a.role.value: label(a.role, page.lang) for a in accounts}
            role = picked(page.t("page.accounts.role"), "role", anything | roles)
            states = {s.value: label(s, page.lang) for s in AccountStatus}
            state = picked(page.t("page.dossier.state"), "state", anything | states)
        word = (asked or "").strip().casefold()
        accounts = [
            a
            for a in accounts
            if word in f"{a.login} {a.name}".casefold()
            and role in {"", a.role.value}
            and state in {"", a.status.value}
        ]
        kit.strong(page.t("accounts.count", count=len(accounts)))
        if not accounts:
            look.empty(page.t("accounts.none"), page.t("accounts.none_hint"))
            return
        kit.table(
            [
                page.t("page.accounts.login"),
                page.t("field.name"),
                page.t("page.accounts.role"),
                page.t("page.dossier.state"),
            ],
            [
                [a.login, a.name, label(a.role, page.lang), label(a.status, page.lang)]
                for a in accounts
            ],
            frozenset(),
        )


def proposed() -> str:
    """Return a password to propose; the same one until it was used, or it would change unseen."""
    return str(st.session_state.setdefault("proposed_password", secrets.token_urlsafe(15)))


def make_staff(page: Here) -> None:
    """Make an account for somebody of the office; the password is told to him and changed."""
    program = page.rulebook.program.key
    with (
        st.container(key="card_staff"),
        st.expander(page.t("accounts.staff")),
        st.form("staff", border=False),
    ):
        login = st.text_input(page.t("page.accounts.login"), max_chars=80)
        name = st.text_input(page.t("accounts.person"), max_chars=80)
        role = st.selectbox(
            page.t("page.accounts.role"), _STAFF, format_func=lambda r: label(r, page.lang)
        )
        districts = st.multiselect(
            page.t("accounts.districts"),
            [r.code for r in page.rulebook.regions],
            format_func=lambda code: _region(page, code),
            help=page.t("accounts.districts_help"),
        )
        password = st.text_input(
            page.t("accounts.password"),
            value=proposed(),
            help=page.t("accounts.password_help", least=MIN_PASSWORD),
        )
        sent = st.form_submit_button(page.t("accounts.make"), type="primary")
    if not sent:
        return
    places: list[tuple[str, str | None]] = [(program, code) for code in districts]
    places = places or [(program, None)]
    if did(
        page,
        lambda s: create_account(
            s,
            clock=page.app.clock,
            actor=page.actor,
            login=login,
            name=name,
            role=role,
            password=password,
            programs=[] if role in _WITHOUT_PROGRAM else places,
        ),
        done="accounts.made",
    ):
        st.session_state.pop("proposed_password", None)
        st.rerun()


def make_owner(page: Here) -> None:
    """Make an account for somebody of a firm; an officer hands him the link in person."""
    program = page.rulebook.program.key
    with (
        st.container(key="card_owner"),
        st.expander(page.t("accounts.owner")),
        st.form("owner", border=False),
    ):
        kit.note(page.t("accounts.owner_means"))
        code = st.text_input(page.t("field.uscc"), max_chars=18)
        login = st.text_input(page.t("page.accounts.login"), max_chars=80, key="owner_login")
        name = st.text_input(page.t("accounts.person"), max_chars=80, key="owner_name")
        capacity: Capacity | None = st.radio(
            page.t("accounts.capacity"),
            list(Capacity),
            format_func=lambda c: plain(page.t(f"accounts.capacities.{c.value}")),
            horizontal=True,
        )
        sent = st.form_submit_button(page.t("accounts.make"), type="primary")
    if not sent:
        return
    with reading(page) as session:
        firm = find_operator(session, page.actor, program=program, uscc=code)
    if firm is None:
        kit.note(page.t("accounts.no_firm"), "bad")
        return
    if did(
        page,
        lambda s: create_account(
            s,
            clock=page.app.clock,
            actor=page.actor,
            login=login,
            name=name,
            role=Role.OWNER,
            programs=[(program, None)],
            operators=[(firm[0], capacity or Capacity.HEAD)],
        ),
        done="accounts.made",
    ):
        st.rerun()


def change(page: Here, accounts: list[AccountRow]) -> None:
    """Disable, give another role, set a password; each ends what is open at once."""
    others = [a for a in accounts if a.account_id != page.actor.account_id]
    with st.container(key="card_change"), st.expander(page.t("accounts.change")):
        chosen = st.selectbox(
            page.t("accounts.whose"),
            others,
            index=None,
            format_func=lambda a: _told(page, a),
        )
        if chosen is None:
            return
        if chosen.status is AccountStatus.DISABLED:
            enable_one(page, chosen)
            return
        kit.note(page.t("accounts.at_once"))
        disable_one(page, chosen)
        if chosen.role not in {Role.OWNER, Role.RIGHT_HOLDER}:
            give_role(page, chosen)
        if chosen.role is not Role.OWNER:
            give_password(page, chosen)


def disable_one(page: Here, chosen: AccountRow) -> None:
    """Switch an account off, with a reason."""
    form = DeskForm(page, f"disable_{chosen.account_id}")
    reason = form.text("reason", page.t("app.reason"))
    if form.did(
        page.t("page.accounts.disable_go"),
        lambda s: disable_account(
            s,
            clock=page.app.clock,
            actor=page.actor,
            account_id=chosen.account_id,
            reason=reason,
        ),
        done="page.decide.done",
        primary=False,
    ):
        st.rerun()


def enable_one(page: Here, chosen: AccountRow) -> None:
    """Let a disabled account in again, with a reason."""
    kit.note(page.t("accounts.enable_means"))
    form = DeskForm(page, f"enable_{chosen.account_id}")
    reason = form.text("reason", page.t("app.reason"))
    if form.did(
        page.t("accounts.enable"),
        lambda s: enable_account(
            s,
            clock=page.app.clock,
            actor=page.actor,
            account_id=chosen.account_id,
            reason=reason,
        ),
        done="accounts.enabled",
    ):
        st.rerun()


def give_role(page: Here, chosen: AccountRow) -> None:
    """Give an account another role of the office."""
    with st.form("role", border=False):
        role = st.selectbox(
            page.t("page.accounts.role"),
            _STAFF,
            index=_STAFF.index(chosen.role) if chosen.role in _STAFF else 0,
            format_func=lambda r: label(r, page.lang),
        )
        sent = st.form_submit_button(page.t("accounts.give_role"))
    if sent and did(
        page,
        lambda s: change_role(
            s,
            clock=page.app.clock,
            actor=page.actor,
            account_id=chosen.account_id,
            role=role,
        ),
        done="page.decide.done",
    ):
        st.rerun()


def give_password(page: Here, chosen: AccountRow) -> None:
    """Set a new password for somebody who lost his."""
    with st.form("password", border=False):
        password = st.text_input(
            page.t("accounts.password"),
            value=proposed(),
            help=page.t("accounts.password_help", least=MIN_PASSWORD),
        )
        sent = st.form_submit_button(page.t("accounts.give_password"))
    if sent and did(
        page,
        lambda s: set_password(
            s,
            clock=page.app.clock,
            actor=page.actor,
            account_id=chosen.account_id,
            password=password,
        ),
        done="page.decide.done",
    ):
        st.session_state.pop("proposed_password", None)
        st.rerun()


def _told(page: Here, a: AccountRow) -> str:
    state = "" if a.status is AccountStatus.ACTIVE else f" · {label(a.status, page.lang)}"
    return f"{a.login} · {a.name}{state}"


def _region(page: Here, code: str) -> str:
    region = page.rulebook.region(code)
    if region is None:
        return code
    return region.name_zh if page.lang == "zh" else region.name_en


here = page_for(Role.ADMIN)
look.head(here.t("page.accounts.title"), here.t("page.accounts.question"))
with reading(here) as reading_session:
    known = list_accounts(reading_session, here.actor)
make_staff(here)
make_owner(here)
if make_holder(here, proposed()):
    st.session_state.pop("proposed_password", None)
    st.rerun()
change(here, known)
everybody(here, known)
