"""Forms on the firm itself: its data, relations, phone, sign-in, officer, enrollment."""

from __future__ import annotations

import base64
from io import BytesIO

import segno
import streamlit as st

from marketplace.base.access import Capacity, may
from marketplace.base.access.commands import LINK_LIFE, create_owner_account, issue_sign_in_link
from marketplace.base.access.entry.commands import end_acting
from marketplace.base.access.entry.queries import list_people_of_firm
from marketplace.base.access.queries import names_of, officers_of
from marketplace.base.clock import today
from marketplace.base.identifiers import clean_uscc
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.dossier.uploads import keep_upload
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, reading, run
from marketplace.faces.ui.uploads import Taken, take
from marketplace.features.progress.commands import apply_enrollment, change_enrollment
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.registry import commands as registry
from marketplace.features.registry.queries import scope_of_operator


def contract(page: Here, d: Dossier) -> None:
    """Record a stretch of contract manufacturing."""
    t = page.t
    form = DeskForm(page, f"contract_{d.who.factory_id}")
    form.begun_note()
    years = {"min_value": 1949, "max_value": 2100}
    left, right = st.columns(2)
    with left:
        first = form.number("first", t("officer.ask.from_year"), value=2010, **years)
        pairs = form.number("pairs", t("officer.ask.pairs"), step=10_000, max_value=200_000_000)
    with right:
        last = form.number("last", t("officer.ask.until_year"), **years)
        note = form.text("note", t("officer.ask.note"))
    kind = form.text(
        "kind", t("officer.ask.work_kind"), placeholder=t("officer.ask.work_kind_hint"),
        longest=120,
    )  # fmt: skip
    if form.did(
        t("officer.ask.save"),
        lambda s: registry.record_contract_work(
            s, clock=page.app.clock, actor=page.actor, factory_id=d.who.factory_id,
            from_year=first or 0, until_year=last, kind=kind, pairs_per_year=pairs, note=note,
        ),
        done="officer.ask.saved",
    ):  # fmt: skip
        look.finish()


def affiliate(page: Here, d: Dossier) -> None:
    """Declare an affiliate; firms of one group count together in collections."""
    t = page.t
    form = DeskForm(page, f"affiliate_{d.who.operator_id}")
    form.begun_note()
    name = form.text("name", t("officer.ask.name"), longest=200)
    relation = form.text(
        "relation", t("officer.ask.relation"), placeholder=t("officer.ask.relation_hint"),
        longest=120,
    )  # fmt: skip
    uscc = form.text("uscc", t("officer.ask.uscc_optional"), longest=24)
    if form.did(
        t("officer.ask.save"),
        lambda s: registry.declare_affiliate(
            s, clock=page.app.clock, actor=page.actor, operator_id=d.who.operator_id,
            name=name, relation=relation, uscc=clean_uscc(uscc) or None,
        ),
        done="officer.ask.saved",
    ):  # fmt: skip
        look.finish()


def phone(page: Here, d: Dossier) -> None:
    """Show the phone in full to somebody who says why; the look stays on record."""
    if not d.who.phone_masked:
        st.markdown(page.t("officer.dossier.phone_none"))
        return
    kit.note(page.t("officer.dossier.phone_means"))
    form = KeptForm(page, f"phone_{d.who.operator_id}")
    reason = form.text("reason", page.t("officer.dossier.phone_reason"))
    if st.button(page.t("officer.dossier.phone_show"), type="primary"):
        number = run(
            page,
            lambda s: registry.unmask_phone(
                s, clock=page.app.clock, actor=page.actor, operator_id=d.who.operator_id,
                reason=reason,
            ),
        )  # fmt: skip
        if number:
            form.forget()
            st.code(number, language=None)


def signin(page: Here, d: Dossier) -> None:
    """Make a one-time link for the owner and show it once, as text and as QR code."""
    if not d.owners:
        _name_owner(page, d)
        return
    hours = int(LINK_LIFE.total_seconds() // 3600)
    kit.note(page.t("officer.dossier.signin_means", hours=hours))
    names = dict(d.owners)
    account_id = st.selectbox(
        page.t("officer.dossier.signin_for"), list(names), format_func=names.__getitem__
    )
    if not st.button(page.t("officer.dossier.signin_go"), type="primary"):
        with st.expander(page.t("inviting.another")):
            _name_owner(page, d)
        if may(page.actor, "access.end_acting", d.scope):
            with st.expander(page.t("entry.office")):
                _end_acting(page, d)
        return
    token = run(
        page,
        lambda s: issue_sign_in_link(
            s, clock=page.app.clock, actor=page.actor, account_id=int(account_id),
            scope_of=scope_of_operator,
        ),
    )  # fmt: skip
    if token:
        address = f"{origin(page)}/auth/link/{token}"
        buffer = BytesIO()
        segno.make(address, error="m").save(buffer, kind="svg", scale=5, border=2)
        picture = base64.b64encode(buffer.getvalue()).decode("ascii")
        kit.markup(
            f'<img src="data:image/svg+xml;base64,{picture}" style="background:#fff;width:12rem" '
            f'alt="{page.t("officer.dossier.signin_alt")}">'
        )
        st.code(address, language=None, wrap_lines=True)


def _end_acting(page: Here, d: Dossier) -> None:
    """End what somebody may do for the firm; a head too, which the firm itself cannot."""
    with reading(page) as session:
        rows = list_people_of_firm(
            session, page.actor, operator_id=d.who.operator_id, scope_of=scope_of_operator
        )
    kit.note(page.t("entry.office_means"))
    names = {
        row.account_id: page.t(
            "entry.person", name=row.name, capacity=page.t(f"own.capacity_{row.capacity.value}")
        )
        for row in rows
    }
    account_id = st.selectbox(
        page.t("entry.office_who"), list(names), index=None, format_func=names.__getitem__,
        placeholder=page.t("entry.choose"),
    )  # fmt: skip
    form = DeskForm(page, f"end_acting_{d.who.operator_id}_{account_id or 0}")
    reason = form.text("reason", page.t("entry.end_reason"), longest=200)
    if form.did(
        page.t("entry.office_go"),
        lambda s: end_acting(
            s, clock=page.app.clock, actor=page.actor, account_id=int(account_id or 0),
            operator_id=d.who.operator_id, reason=reason, scope_of=scope_of_operator,
        ),
        done="entry.ended",
        primary=False,
    ):  # fmt: skip
        st.rerun()


def _name_owner(page: Here, d: Dossier) -> None:
    """Make the account of somebody of the firm; the link follows at once."""
    kit.note(page.t("inviting.means"))
    with st.form("f_owner", border=False):
        name = st.text_input(
            page.t("inviting.name"),
            value="" if d.owners else d.who.legal_representative or "",
            max_chars=80,
        )
        capacity: Capacity | None = st.radio(
            page.t("accounts.capacity"),
            list(Capacity),
            format_func=lambda c: plain(page.t(f"accounts.capacities.{c.value}")),
            horizontal=True,
        )
        sent = st.form_submit_button(page.t("inviting.go"), type="primary")
    if sent and did(
        page,
        lambda s: create_owner_account(
            s, clock=page.app.clock, actor=page.actor, operator_id=d.who.operator_id, name=name,
            capacity=capacity or Capacity.HEAD, scope_of=scope_of_operator,
        ),
        done="accounts.made",
    ):  # fmt: skip
        st.rerun()


def origin(page: Here) -> str:
    """Return the address this site is reached at, without a path."""
    if page.app.settings.public_base_url:
        return page.app.settings.public_base_url.rstrip("/")
    parts = str(st.context.url or "").split("/")
    return "/".join(parts[:3])


def assign(page: Here, d: Dossier) -> None:
    """Give the dossier to another officer."""
    with reading(page) as session:
        officers = officers_of(session, d.who.program, d.scope.district)
        names = names_of(session, set(officers))
    to = st.selectbox(
        page.t("officer.list.assign_to"), officers, format_func=lambda i: names.get(i, str(i))
    )
    kit.note(page.t("officer.list.assign_means", count=1))
    if st.button(page.t("officer.list.assign_go", count=1), type="primary"):
        changed = run(
            page,
            lambda s: registry.assign_officer(
                s, clock=page.app.clock, actor=page.actor, factory_ids=[d.who.factory_id],
                officer_id=to,
            ),
        )  # fmt: skip
        if changed is not None:
            st.session_state["toast"] = (
                page.t("officer.list.assigned", count=changed)
                if changed
                else page.t("officer.list.assigned_none")
            )
            look.finish()


def enroll(page: Here, d: Dossier) -> None:
    """Record the firm's signed commitment; a colleague accepts it."""
    t, day = page.t, today(page.app.clock)
    kit.note(t("officer.ask.enroll_means"))
    form = DeskForm(page, f"enroll_{d.who.operator_id}")
    form.begun_note()
    on = form.day("on", t("officer.ask.signed_on"), value=day, latest=day)
    by = form.text("by", t("officer.ask.signed_by"), longest=80)
    given = st.file_uploader(
        t("officer.ask.commitment"), type=["jpg", "jpeg", "png", "webp", "pdf"]
    )
    ready: list[Taken] = []

    def checked() -> bool:
        taken = take(page, *([given] if given else ()))
        ready.extend(taken or ())
        return taken is not None

    if form.did(
        t("officer.ask.save"),
        lambda s: apply_enrollment(
            s, clock=page.app.clock, actor=page.actor, operator_id=d.who.operator_id,
            signed_on=on or day, signed_by=by,
            commitment_use_id=(
                keep_upload(s, page, d, ready[0], "commitment") if ready else None
            ),
        ),
        first=checked,
        done="officer.ask.enroll_done",
    ):  # fmt: skip
        look.finish()


def status(page: Here, d: Dossier) -> None:
    """Pause, resume, graduate or end an enrollment."""
    if d.enrollment is None:
        return
    enrollment_id = d.enrollment.enrollment_id
    kit.note(page.t("officer.ask.status_means"))
    moves = [m.value for m in EnrollmentStatus if m not in {d.enrollment.status, "applied"}]
    form = DeskForm(page, f"status_{enrollment_id}")
    form.begun_note()
    target = form.choice(
        "target", page.t("officer.ask.new_status"), moves,
        lambda m: label(EnrollmentStatus(m), page.lang), value=moves[0],
    )  # fmt: skip
    reason = form.text("reason", page.t("officer.ask.reason"), tall=True, longest=1000)
    if form.did(
        page.t("officer.ask.save"),
        lambda s: (
            change_enrollment(
                s, clock=page.app.clock, actor=page.actor, enrollment_id=enrollment_id,
                status=EnrollmentStatus(target or moves[0]), reason=reason,
            )
        ),
        done="officer.ask.product_done",
    ):  # fmt: skip
        look.finish()
