"""Forms on the firm itself: its data, relations, phone, sign-in, officer, enrollment."""

from __future__ import annotations

import base64
from io import BytesIO

import segno
import streamlit as st

from marketplace.base.access import Capacity, Role
from marketplace.base.access.commands import LINK_LIFE, create_owner_account, issue_sign_in_link
from marketplace.base.access.queries import accounts_with_role, names_of
from marketplace.base.clock import today
from marketplace.base.identifiers import clean_uscc
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.dossier.uploads import keep_upload
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, reading, run
from marketplace.faces.ui.uploads import take
from marketplace.faces.ui.wording import district_name, field_name
from marketplace.features.progress.commands import apply_enrollment, change_enrollment
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.registry import commands as registry
from marketplace.features.registry.queries import scope_of_operator
from marketplace.features.registry.rules import Value

_TEXTS = ("name", "uscc", "legal_representative", "phone", "address", "name_en", "note")
_NUMBERS = ("capacity_pairs_per_year", "staff", "founded_year")


def edit(page: Here, d: Dossier) -> None:
    """Correct fields of the firm; what is left empty stays as it is."""
    kit.note(page.t("officer.ask.edit_means"))
    with st.form("f_edit", border=False):
        left, right = st.columns(2)
        values: dict[str, Value] = {}
        for place, field in enumerate((*_TEXTS, *_NUMBERS)):
            now = d.who.phone_masked if field == "phone" else getattr(d.who, field)
            with (left, right)[place % 2]:
                values[field] = _field(page, field, now)
        district = left.selectbox(
            page.t("field.district"),
            [region.code for region in page.rulebook.regions],
            index=None,
            format_func=lambda code: district_name(page, code),
            placeholder=district_name(page, d.who.district),
        )
        reason = st.text_input(page.t("officer.ask.reason"))
        sent = st.form_submit_button(page.t("officer.ask.save"), type="primary")
    if not sent:
        return
    given = {f: v for f, v in {**values, "district": district}.items() if v not in {None, ""}}
    if isinstance(given.get("uscc"), str):
        given["uscc"] = clean_uscc(str(given["uscc"]))
    changed = run(
        page,
        lambda s: registry.edit_factory(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            factory_id=d.who.factory_id, values=given, reason=reason,
        ),
    )  # fmt: skip
    if changed is not None:
        st.session_state["toast"] = (
            page.t("officer.ask.edited", count=len(changed))
            if changed
            else page.t("officer.ask.edited_none")
        )
        look.finish()


def _field(page: Here, field: str, now: object) -> Value:
    if field in _NUMBERS:
        shown = "" if now is None else str(now)
        number = st.number_input(
            field_name(page, field), min_value=0, value=None, step=1, placeholder=shown
        )
        return None if number is None else int(number)
    return st.text_input(field_name(page, field), placeholder="" if now is None else str(now))


def contract(page: Here, d: Dossier) -> None:
    """Record a stretch of contract manufacturing."""
    t = page.t
    with st.form("f_contract", border=False):
        left, right = st.columns(2)
        first = left.number_input(t("officer.ask.from_year"), 1949, 2100, 2010)
        last = right.number_input(t("officer.ask.until_year"), 1949, 2100, None)
        kind = st.text_input(
            t("officer.ask.work_kind"),
            placeholder=t("officer.ask.work_kind_hint"),
            max_chars=120,
        )
        pairs = left.number_input(t("officer.ask.pairs"), 0, 200_000_000, None, step=10_000)
        note = right.text_input(t("officer.ask.note"), max_chars=300)
        sent = st.form_submit_button(t("officer.ask.save"), type="primary")
    if sent and did(
        page,
        lambda s: registry.record_contract_work(
            s, clock=page.app.clock, actor=page.actor, factory_id=d.who.factory_id,
            from_year=int(first), until_year=None if last is None else int(last), kind=kind,
            pairs_per_year=None if pairs is None else int(pairs), note=note,
        ),
        done="officer.ask.saved",
    ):  # fmt: skip
        look.finish()


def affiliate(page: Here, d: Dossier) -> None:
    """Declare an affiliate; firms of one group count together in collections."""
    t = page.t
    with st.form("f_affiliate", border=False):
        name = st.text_input(t("officer.ask.name"), max_chars=200)
        relation = st.text_input(
            t("officer.ask.relation"), placeholder=t("officer.ask.relation_hint"), max_chars=120
        )
        uscc = st.text_input(t("officer.ask.uscc_optional"), max_chars=24)
        sent = st.form_submit_button(t("officer.ask.save"), type="primary")
    if sent and did(
        page,
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
    with st.form("f_phone", border=False):
        reason = st.text_input(page.t("officer.dossier.phone_reason"))
        sent = st.form_submit_button(page.t("officer.dossier.phone_show"), type="primary")
    if sent:
        number = run(
            page,
            lambda s: registry.unmask_phone(
                s, clock=page.app.clock, actor=page.actor, operator_id=d.who.operator_id,
                reason=reason,
            ),
        )  # fmt: skip
        if number:
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
            format_func=lambda c: page.t(f"accounts.capacities.{c.value}"),
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
        officers = accounts_with_role(session, d.who.program, Role.OFFICER)
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
    with st.form("f_enroll", border=False):
        on = st.date_input(
            t("officer.ask.signed_on"), value=day, max_value=day, format="YYYY-MM-DD"
        )
        by = st.text_input(t("officer.ask.signed_by"), max_chars=80)
        given = st.file_uploader(
            t("officer.ask.commitment"), type=["jpg", "jpeg", "png", "webp", "pdf"]
        )
        sent = st.form_submit_button(t("officer.ask.save"), type="primary")
    ready = take(page, *([given] if given else ())) if sent else None
    if ready is not None and did(
        page,
        lambda s: apply_enrollment(
            s, clock=page.app.clock, actor=page.actor, operator_id=d.who.operator_id,
            signed_on=on, signed_by=by,
            commitment_use_id=(
                keep_upload(s, page, d, ready[0], "commitment") if ready else None
            ),
        ),
        done="officer.ask.enroll_done",
    ):  # fmt: skip
        look.finish()


def status(page: Here, d: Dossier) -> None:
    """Pause, resume, graduate or end an enrollment."""
    if d.enrollment is None:
        return
    enrollment_id = d.enrollment.enrollment_id
    kit.note(page.t("officer.ask.status_means"))
    moves = [m for m in EnrollmentStatus if m not in {d.enrollment.status, "applied"}]
    with st.form("f_status", border=False):
        target = st.selectbox(
            page.t("officer.ask.new_status"), moves, format_func=lambda m: label(m, page.lang)
        )
        reason = st.text_area(page.t("officer.ask.reason"), height=80)
        sent = st.form_submit_button(page.t("officer.ask.save"), type="primary")
    if sent and did(
        page,
        lambda s: (
            change_enrollment(
                s, clock=page.app.clock, actor=page.actor, enrollment_id=enrollment_id,
                status=target, reason=reason,
            )
        ),
        done="officer.ask.product_done",
    ):  # fmt: skip
        look.finish()
