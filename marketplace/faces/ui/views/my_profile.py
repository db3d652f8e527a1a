"""What is on file about the owner: profile, conduct, the past; and what he may say of it."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_count, format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.mine import own_factory
from marketplace.faces.ui.mine.conduct import conduct
from marketplace.faces.ui.mine.entry import people, phones
from marketplace.faces.ui.mine.leaving import leaving
from marketplace.faces.ui.mine.past import disclosure, earlier
from marketplace.faces.ui.mine.selling import affiliates, stores
from marketplace.faces.ui.mine.shell import begin
from marketplace.faces.ui.scoring import card as scoring
from marketplace.faces.ui.session import Here, page_for, reading, run
from marketplace.faces.ui.wording import district_name, field_name
from marketplace.features.registry.commands import (
    submit_change_request,
    withdraw_change_request,
)
from marketplace.features.registry.kinds import ChangeStatus
from marketplace.features.registry.queries import FactoryProfile, list_change_requests
from marketplace.features.registry.rules import OWNER_FIELDS

_PLACES = {"my_measures": "gavel", "my_cases": "feedback", "my_brands": "sell"}
_WHOLE = {"capacity_pairs_per_year", "staff"}


def on_file(page: Here, own: FactoryProfile) -> None:
    """Show what is kept; a phone stays masked even here: somebody may look over a shoulder."""
    with st.container(key="card_file"):
        kit.section(own.name, page.t("mine.profile.sub"))
        told = {
            "uscc": own.uscc,
            "legal_representative": own.legal_representative,
            "phone": own.phone_masked,
            "district": district_name(page, own.district),
            "address": own.address,
            "capacity_pairs_per_year": _counted(
                page, "own.pairs_a_year", own.capacity_pairs_per_year
            ),
            "staff": _counted(page, "own.people", own.staff),
            "note": own.note,
        }
        kit.facts(
            [
                (field_name(page, name), "—" if value in {None, ""} else str(value))
                for name, value in told.items()
            ]
        )


def _counted(page: Here, key: str, count: int | None) -> str:
    return page.t(key, count=format_count(count)) if count is not None else "—"


def change(page: Here, own: FactoryProfile) -> None:
    """Take a change request; nothing changes until an officer has agreed."""
    with reading(page) as session:
        requests = list_change_requests(session, page.actor, factory_id=own.factory_id)
    with st.container(key="card_change"):
        kit.section(page.t("mine.profile.change"), page.t("mine.profile.change_sub"))
        kit.rows(
            [
                (
                    page.t("app.comma").join(field_name(page, f) for f in r.changes),
                    " · ".join(
                        part
                        for part in (
                            format_instant(r.submitted_at),
                            page.t("mine.profile.due", day=format_day(r.due_on))
                            if r.status is ChangeStatus.SUBMITTED
                            else "",
                            r.reason or "",
                        )
                        if part
                    ),
                    kit.badge(label(r.status, page.lang), _tone(r.status)),
                )
                for r in sorted(requests, key=lambda r: r.submitted_at, reverse=True)[:5]
            ]
        )
        waiting = next((r for r in requests if r.status is ChangeStatus.SUBMITTED), None)
        if waiting is not None:
            if st.button(page.t("mine.profile.withdraw"), width="stretch"):
                run(
                    page,
                    lambda s: withdraw_change_request(
                        s,
                        clock=page.app.clock,
                        actor=page.actor,
                        request_id=waiting.request_id,
                    ),
                    done="mine.profile.withdrawn",
                )
                st.rerun()
            return
        _ask(page, own)


def _ask(page: Here, own: FactoryProfile) -> None:
    form = KeptForm(page, f"profile_{own.factory_id}")
    with st.expander(page.t("mine.profile.ask"), expanded=form.is_begun):
        form.begun_note()
        given: dict[str, str | int | None] = {}
        for name in OWNER_FIELDS:
            now = None if name == "phone" else getattr(own, name)
            word = field_name(page, name)
            if name in _WHOLE:
                given[name] = form.number(name, word, value=now)
            else:
                given[name] = form.text(
                    name, word, value=now or "",
                    placeholder=(own.phone_masked or "") if name == "phone" else None,
                )  # fmt: skip
        # An untouched phone field is empty because the number is not shown: it asks for nothing.
        values = {
            name: value if isinstance(value, int) else str(value or "").strip() or None
            for name, value in given.items()
            if not (name == "phone" and not value)
        }
        request = form.send(
            page.t("mine.profile.send"),
            lambda s: (
                submit_change_request(
                    s,
                    page.rulebook,
                    clock=page.app.clock,
                    actor=page.actor,
                    factory_id=own.factory_id,
                    values=values,
                )
                or 0
            ),
            primary=False,
        )
    if request is not None:
        st.session_state["toast"] = page.t("mine.profile.sent" if request else "mine.unchanged")
        st.rerun()


def _tone(status: ChangeStatus) -> str:
    return {ChangeStatus.SUBMITTED: "warn", ChangeStatus.APPROVED: "good"}.get(status, "gray")


def places(page: Here) -> None:
    """Lead to the pages that have no tab of their own on a phone."""
    with st.container(key="card_places"):
        kit.section(page.t("entry.places"))
        for name in ("my_measures", "my_cases", "my_brands"):
            st.page_link(
                f"views/{name}.py",
                label=page.t(f"page.{name}.title"),
                icon=f":material/{_PLACES[name]}:",
            )


here = page_for(Role.OWNER)
begin(here)
mine = own_factory(here)
kit.head(here.t("page.my_profile.title"), here.t("mine.profile.question"))
places(here)
on_file(here, mine)
change(here, mine)
stores(here, mine)
affiliates(here, mine)
conduct(here, mine)
with st.container(key="card_score"):
    scoring.show(here, mine.operator_id)
earlier(here, mine)
disclosure(here, mine)
people(here, mine)
phones(here)
leaving(here, mine)
capacity = "head" if mine.operator_id in here.actor.head_of else "agent"
st.caption(f"{here.actor.name} · {here.t(f'own.capacity_{capacity}')}")
with st.container(horizontal=True):
    other = "en" if here.lang == "zh" else "zh"
    st.link_button(here.t("app.other_language"), f"/auth/language/{other}")
    st.link_button(here.t("app.sign_out"), "/auth/logout")
