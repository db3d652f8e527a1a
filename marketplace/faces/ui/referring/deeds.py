"""What can be done about a lead: sign, drop, attach, keep the answer, keep or take back outcomes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from marketplace.base.access import Scope, may
from marketplace.base.clock import today
from marketplace.base.files import receive_file
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.uploads import take
from marketplace.features.referrals import commands as referrals
from marketplace.features.referrals.kinds import OutcomeKind, ReferralStatus
from marketplace.features.referrals.queries import OutcomeRow, Package, ReferralRow

_DEEDS: dict[ReferralStatus, tuple[str, ...]] = {
    ReferralStatus.DRAFT: ("sign", "drop"),
    ReferralStatus.SENT: ("answer",),
    ReferralStatus.ACKNOWLEDGED: ("outcome",),
}
_ACTIONS = {
    "sign": "referrals.sign_referral",
    "drop": "referrals.drop_referral",
    "answer": "referrals.answer_referral",
    "outcome": "referrals.record_outcome",
}


def actions(page: Here, row: ReferralRow, package: Package) -> None:
    """Show the deeds open to this person at this point; the dialogs with them."""
    scope = Scope(page.rulebook.program.key, row.district)
    is_own = page.actor.account_id == row.prepared_by
    with st.container(horizontal=True):
        for place, deed in enumerate(_DEEDS.get(row.status, ())):
            is_open = may(page.actor, _ACTIONS[deed], scope) and not (deed == "sign" and is_own)
            if is_open:
                kind = "secondary" if place else "primary"
                look.open_button(page.t(f"referrals.{deed}"), deed, kind=kind)
            elif deed == "sign":
                look.muted(page.t("referrals.sign_other"))
    dialogs: dict[str, Callable[[], None]] = {
        "sign": lambda: _sign(page, row, package),
        "drop": lambda: _drop(page, row),
        "answer": lambda: _answer(page, row),
        "outcome": lambda: _outcome(page, row),
    }
    asked = look.asked()
    if asked in dialogs:
        look.dialog(page, page.t(f"referrals.{asked}_title"), dialogs[asked])


def outcomes(page: Here, row: ReferralRow, told: list[OutcomeRow]) -> None:
    """Show what came of a lead, each with the way to take it back."""
    kit.section(page.t("referrals.outcomes"), page.t("referrals.outcomes_sub"))
    if not told:
        st.caption(page.t("referrals.no_outcomes"))
    scope = Scope(page.rulebook.program.key, row.district)
    for one in told:
        word = kit.badge(page.t("referrals.reversed"), "gray") if one.is_reversed else ""
        under = page.t("referrals.outcome_line", day=str(one.happened_on), source=one.source)
        kit.rows([(f"{label(one.kind, page.lang)} {one.count}", under, word)])
        name = f"reverse_{one.outcome_id}"
        if not one.is_reversed and may(page.actor, "referrals.reverse_outcome", scope):
            look.open_button(page.t("referrals.reverse"), name)
        if look.is_asked(name):
            title = page.t("referrals.reverse_title")
            look.dialog(page, title, partial(_reverse, page, one.outcome_id))


def attach(page: Here, row: ReferralRow) -> None:
    """Take an evidence file for a draft; its digest enters the package."""
    with st.expander(page.t("referrals.attach"), icon=":material/attach_file:"):
        st.caption(page.t("referrals.attach_hint"))
        sent = st.file_uploader(
            page.t("referrals.file"), type=["pdf", "png", "jpg", "jpeg"],
            key=f"attach_{row.referral_id}",
        )  # fmt: skip
        if sent is None or not st.button(page.t("referrals.attach"), key="attach_go"):
            return
        ready = take(page, sent)
        if ready and did(
            page,
            lambda s: receive_file(
                s,
                clock=page.app.clock,
                actor=page.actor,
                content=ready[0].content,
                name=sent.name,
                purpose="referral_evidence",
                subject=f"referral:{row.referral_id}",
                program=page.rulebook.program.key,
                district=row.district,
                data_dir=page.app.data_dir,
            ),
            done="referrals.attached",
        ):
            st.rerun()


def _sign(page: Here, row: ReferralRow, package: Package) -> None:
    rule = page.rulebook.conduct.referrals.agency(row.agency)
    days = rule.acknowledgement_working_days if rule else 0
    kit.note(page.t("referrals.sign_means", days=days))
    if st.button(page.t("referrals.sign_go"), type="primary") and did(
        page,
        lambda s: referrals.sign_referral(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            referral_id=row.referral_id,
            sha256=package.sha256,
        ),
        done="referrals.sign_done",
    ):
        look.finish()


def _drop(page: Here, row: ReferralRow) -> None:
    form = DeskForm(page, f"lead_drop_{row.referral_id}")
    form.begun_note()
    reason = form.text("reason", page.t("referrals.reason"), tall=True, longest=500)
    if form.did(
        page.t("referrals.drop_go"),
        lambda s: referrals.drop_referral(
            s,
            clock=page.app.clock,
            actor=page.actor,
            referral_id=row.referral_id,
            reason=reason,
        ),
        done="referrals.drop_done",
    ):
        look.finish()


def _answer(page: Here, row: ReferralRow) -> None:
    now = today(page.app.clock)
    form = DeskForm(page, f"lead_answer_{row.referral_id}")
    form.begun_note()
    answered = form.choice(
        "kind", page.t("referrals.answered"), ("accepted", "declined"),
        lambda a: page.t(f"referrals.{a}"), value="accepted", radio=True, horizontal=True,
    )  # fmt: skip
    day = form.day("on", page.t("referrals.answered_on"), value=now)
    ref = form.text("ref", page.t("referrals.answer_ref"), longest=120)
    note = form.text("note", page.t("referrals.note"), tall=True, longest=500)
    if form.did(
        page.t("referrals.answer_go"),
        lambda s: referrals.answer_referral(
            s,
            clock=page.app.clock,
            actor=page.actor,
            referral_id=row.referral_id,
            is_accepted=answered == "accepted",
            answered_on=day or now,
            answer_ref=ref,
            note=note,
        ),
        done="referrals.answer_done",
    ):
        look.finish()


def _outcome(page: Here, row: ReferralRow) -> None:
    now = today(page.app.clock)
    form = DeskForm(page, f"lead_outcome_{row.referral_id}")
    form.begun_note()
    kinds = [kind.value for kind in OutcomeKind]
    kind = form.choice(
        "kind", page.t("referrals.outcome_kind"), kinds,
        lambda k: label(OutcomeKind(k), page.lang), value=kinds[0],
    )  # fmt: skip
    count = form.number("count", page.t("referrals.outcome_count"), value=1, min_value=1)
    day = form.day("on", page.t("referrals.happened_on"), value=now)
    source = form.text("source", page.t("referrals.source"), longest=200)
    if form.did(
        page.t("referrals.outcome_go"),
        lambda s: referrals.record_outcome(
            s,
            clock=page.app.clock,
            actor=page.actor,
            referral_id=row.referral_id,
            kind=OutcomeKind(kind or kinds[0]),
            count=count or 0,
            happened_on=day or now,
            source=source,
        ),
        done="referrals.outcome_done",
    ):
        look.finish()


def _reverse(page: Here, outcome_id: int) -> None:
    kit.note(page.t("referrals.reverse_means"))
    form = DeskForm(page, f"lead_reverse_{outcome_id}")
    form.begun_note()
    reason = form.text("reason", page.t("referrals.reason"), tall=True, longest=200)
    if form.did(
        page.t("referrals.reverse_go"),
        lambda s: referrals.reverse_outcome(
            s, clock=page.app.clock, actor=page.actor, outcome_id=outcome_id, reason=reason
        ),
        done="referrals.reverse_done",
    ):
        look.finish()
