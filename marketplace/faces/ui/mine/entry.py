"""Who can get in for the firm, and on which phones; a lost phone or a left agent is out at once."""

from __future__ import annotations

from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Capacity
from marketplace.base.access.entry import commands
from marketplace.base.access.entry.queries import (
    PersonRow,
    PhoneRow,
    count_other_sign_ins,
    list_own_phones,
    list_people_of_firm,
)
from marketplace.base.clock import civil_day
from marketplace.base.words import format_day, format_instant
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, reading
from marketplace.features.registry.queries import FactoryProfile, scope_of_operator


def people(page: Here, own: FactoryProfile) -> None:
    """Show who acts for the firm; its head ends what an agent may do."""
    with reading(page) as session:
        rows = list_people_of_firm(
            session, page.actor, operator_id=own.operator_id, scope_of=scope_of_operator
        )
    is_head = own.operator_id in page.actor.head_of
    with st.container(key="card_people"):
        kit.section(page.t("entry.title"), page.t("entry.sub"))
        for row in rows:
            _person(page, row)
            if is_head and row.capacity is Capacity.AGENT:
                _end(page, own, row)
        st.caption(page.t("entry.heads"))


def _person(page: Here, row: PersonRow) -> None:
    seen = (
        page.t("entry.seen", at=format_instant(row.last_seen_at))
        if row.last_seen_at
        else page.t("entry.never")
    )
    badge = kit.badge(page.t(f"own.capacity_{row.capacity.value}"), "gray")
    you = (
        kit.badge(page.t("entry.you"), "calm")
        if row.account_id == page.actor.account_id
        else ""
    )
    kit.markup(
        f'<p><b>{escape(row.name)}</b> {badge} {you}<br><span class="muted">{kit.told(seen)}</span></p>'
    )


def _end(page: Here, own: FactoryProfile, row: PersonRow) -> None:
    with st.expander(page.t("entry.end_of", name=row.name)):
        kit.note(page.t("entry.end_means", name=row.name))
        form = KeptForm(page, f"end_{own.operator_id}_{row.account_id}")
        reason = form.text(
            "reason", page.t("entry.end_reason"), longest=200,
            placeholder=page.t("entry.end_reason_sample"),
        )  # fmt: skip

        def work(session: Session) -> bool:
            commands.end_acting(
                session, clock=page.app.clock, actor=page.actor, account_id=row.account_id,
                operator_id=own.operator_id, reason=reason, scope_of=scope_of_operator,
            )  # fmt: skip
            return True

        if form.send(page.t("entry.end_go"), work, done="entry.ended", primary=False):
            st.rerun()


def phones(page: Here) -> None:
    """Show the remembered phones and how many other sign-ins are open; each can be ended."""
    token = str(st.context.cookies.get("device") or "")
    with reading(page) as session:
        rows = list_own_phones(session, page.actor, clock=page.app.clock, device_token=token)
        others = count_other_sign_ins(session, page.actor, clock=page.app.clock)
    with st.container(key="card_phones"):
        kit.section(page.t("entry.phones"), page.t("entry.phones_sub"))
        if not rows:
            st.caption(page.t("entry.phones_none"))
        for row in rows:
            _phone(page, row)
        st.caption(
            page.t("entry.others", count=others) if others else page.t("entry.others_none")
        )
        if others or any(not row.is_here for row in rows):
            _end_others(page, token)


def _phone(page: Here, row: PhoneRow) -> None:
    name = page.t(f"entry.kind_{kind_of(row.user_agent)}")
    here = kit.badge(page.t("entry.phone_here"), "calm") if row.is_here else ""
    told = page.t("entry.phone_since", day=format_day(civil_day(row.since_at)))
    if row.last_used_at:
        told += " · " + page.t("entry.phone_used", at=format_instant(row.last_used_at))
    kit.markup(
        f'<p><b>{escape(name)}</b> {here}<br><span class="muted">{kit.told(told)}</span></p>'
    )
    if row.is_here:
        return
    with st.expander(page.t("entry.forget", name=name)):
        kit.note(page.t("entry.forget_means"))
        if st.button(
            page.t("entry.forget_go"), key=f"forget_{row.phone_id}", width="stretch"
        ) and did(
            page,
            lambda s: commands.forget_phone(
                s, clock=page.app.clock, actor=page.actor, phone_id=row.phone_id
            ),
            done="entry.forgotten",
        ):
            st.rerun()


def _end_others(page: Here, token: str) -> None:
    with st.expander(page.t("entry.end_others")):
        kit.note(page.t("entry.end_others_means"))
        if st.button(page.t("entry.end_others"), key="end_others", width="stretch") and did(
            page,
            lambda s: commands.end_other_sign_ins(
                s, clock=page.app.clock, actor=page.actor, device_token=token
            ),
            done="entry.others_ended",
        ):
            st.rerun()


def kind_of(user_agent: str) -> str:
    """Return what kind of browser a phone is, by the words browsers say of themselves."""
    told = user_agent.lower()
    phone = (
        "iphone"
        if "iphone" in told or "ipad" in told
        else "android"
        if "android" in told or "harmony" in told
        else ""
    )
    if "micromessenger" in told:
        return f"wechat_{phone}" if phone else "wechat"
    if phone:
        return phone
    is_computer = any(word in told for word in ("windows", "macintosh", "x11", "linux"))
    return "computer" if is_computer else "other"
