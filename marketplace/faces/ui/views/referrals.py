"""The office's leads for agencies: who was told, who answered, what came of it, who opened what."""

from __future__ import annotations

from html import escape

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.access.queries import names_of
from marketplace.base.clock import today
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import (
    beside,
    number_asked,
    picked,
    show_place,
    switched,
    way_back,
)
from marketplace.faces.ui.referring import deeds, openers
from marketplace.faces.ui.referring import package as packages
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.referrals.kinds import OutcomeKind, ReferralStatus
from marketplace.features.referrals.queries import (
    ReferralRow,
    count_outcomes,
    get_package,
    get_referral,
    list_referrals,
)

_TONES = {
    ReferralStatus.DRAFT: "warn",
    ReferralStatus.SENT: "calm",
    ReferralStatus.ACKNOWLEDGED: "good",
}


def agency_names(page: Here) -> dict[str, str]:
    """Return key → name of every agency of the program."""
    zh = page.lang == "zh"
    return {
        a.key: a.name_zh if zh else a.name_en for a in page.rulebook.conduct.referrals.agencies
    }


def leads(page: Here) -> None:
    """Show one lead where the address names it, else the list."""
    asked = number_asked("id")
    if asked is not None:
        one(page, asked)
        return
    names = agency_names(page)
    anything = {"": page.t("page.factories.any")}
    states = {s.value: label(s, page.lang) for s in ReferralStatus}
    with st.container(horizontal=True):
        status = picked(page.t("referrals.status"), "status", anything | states)
        agency = picked(page.t("referrals.agency"), "agency", anything | names, width=300)
    with reading(page) as session:
        rows = list_referrals(
            session,
            page.actor,
            clock=page.app.clock,
            program=page.rulebook.program.key,
            statuses=(ReferralStatus(status),) if status else (),
            agency=agency or None,
        )
    kit.strong(page.t("referrals.count", count=len(rows)))
    if not rows:
        look.empty(page.t("referrals.none"), page.t("referrals.none_hint"))
    for row in rows:
        _line(page, row, names)


def _line(page: Here, row: ReferralRow, names: dict[str, str]) -> None:
    with st.container(key=f"q_lead_{row.referral_id}"):
        told = f"{row.number} · {names.get(row.agency, row.agency)} · {row.factory_name}"
        kit.markup(
            f'<div class="z-q"><b>{escape(row.title)}</b><span>{_badge(page, row)}</span>'
            f'<span class="muted">{escape(told)}</span></div>'
        )
        st.page_link(
            "views/referrals.py",
            label=page.t("referrals.open", number=row.number),
            query_params=beside(id=str(row.referral_id)),
        )


def _badge(page: Here, row: ReferralRow) -> str:
    mark = kit.badge(label(row.status, page.lang), _TONES.get(row.status, "gray"))
    if row.is_overdue:
        mark += " " + kit.badge(page.t("referrals.overdue"), "bad")
    return mark


def one(page: Here, referral_id: int) -> None:
    """Show a lead: where it stands, what can be done, its package, what came of it."""
    show_place("id", str(referral_id))
    way_back(page.t("referrals.back"), "id")
    try:
        with reading(page) as session:
            row, told = get_referral(
                session, page.actor, clock=page.app.clock, referral_id=referral_id
            )
            package = get_package(session, page.actor, page.rulebook, referral_id=referral_id)
            people = names_of(session, {n for n in (row.prepared_by, row.signed_by) if n})
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    with st.container(key="card_lead"):
        kit.section(row.title)
        kit.markup(_badge(page, row))
        kit.facts(_facts(page, row, people))
        look.said(row.statement)
        deeds.actions(page, row, package)
    if row.signed_at:
        with st.container(key="card_outcomes"):
            deeds.outcomes(page, row, told)
    with st.container(key="card_package"):
        packages.show(page, row, package)
        if row.status is ReferralStatus.DRAFT and page.actor.role is not Role.AUDITOR:
            deeds.attach(page, row)


def _facts(page: Here, row: ReferralRow, people: dict[int, str]) -> list[tuple[str, str]]:
    def by(who: int | None, at: object) -> str:
        return f"{people.get(who or 0, '—')} {at}"

    found = [
        (page.t("referrals.number"), row.number),
        (page.t("referrals.agency"), agency_names(page).get(row.agency, row.agency)),
        (page.t("referrals.about"), row.factory_name),
        (page.t("referrals.prepared"), by(row.prepared_by, format_instant(row.prepared_at))),
    ]
    if row.signed_at:
        found.append(
            (page.t("referrals.signed"), by(row.signed_by, format_instant(row.signed_at)))
        )
    if row.answered_on:
        told = f"{format_day(row.answered_on)} {row.answer_ref or ''}"
        found.append((page.t("referrals.answered"), told))
    elif row.ack_due_on:
        due = page.t("referrals.answer_by", day=format_day(row.ack_due_on))
        found.append((page.t("referrals.answered"), due))
    if row.answer_note:
        found.append((page.t("referrals.note"), row.answer_note))
    return found


def counts(page: Here) -> None:
    """Show the cohorts; different counts in different columns, no total over them."""
    with reading(page) as session:
        rows = count_outcomes(
            session, page.actor, clock=page.app.clock, program=page.rulebook.program.key
        )
    if not rows:
        look.empty(page.t("referrals.counts_none"), page.t("referrals.counts_none_hint"))
        return
    names = agency_names(page)
    st.caption(page.t("referrals.counts_sub", day=format_day(today(page.app.clock))))
    kit.table(
        [
            *(page.t(f"referrals.{k}") for k in ("quarter", "agency", "leads", "taken_up")),
            *(page.t(f"referrals.{k}") for k in ("not_taken", "late")),
            *(label(kind, page.lang) for kind in OutcomeKind),
            page.t("referrals.followed"),
        ],
        [
            [
                c.quarter,
                names.get(c.agency, c.agency),
                *(str(n) for n in (c.leads, c.acknowledged, c.declined, c.overdue)),
                *(str(c.counts[kind]) for kind in OutcomeKind),
                str(c.followed_days),
            ]
            for c in rows
        ],
        frozenset(range(2, 11)),
        wide=frozenset({1}),
    )


def show(page: Here) -> None:
    """Show the page."""
    look.head(page.t("page.referrals.title"), page.t("page.referrals.question"))
    kit.note(page.t("referrals.protected"))
    views = {v: page.t(f"referrals.views.{v}") for v in ("leads", "stores", "counts")}
    view = switched(page.t("referrals.view"), "view", views, start="leads")
    {"stores": openers.show, "counts": counts}.get(view, leads)(page)


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
