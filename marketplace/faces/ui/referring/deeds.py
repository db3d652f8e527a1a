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
    reason = st.text_area(page.t("referrals.reason"), key="drop_reason", max_chars=500)
    if st.button(page.t("referrals.drop_go"), type="primary") and did(
        page,
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
    accepted = st.radio(
        page.t("referrals.answered"), (True, False), horizontal=True, key="answer_kind",
        format_func=lambda a: page.t("referrals.accepted" if a else "referrals.declined"),
    )  # fmt: skip
    day = st.date_input(
        page.t("referrals.answered_on"), today(page.app.clock), key="answer_on",
        format="YYYY-MM-DD",
    )  # fmt: skip
    ref = st.text_input(page.t("referrals.answer_ref"), key="answer_ref", max_chars=120)
    note = st.text_area(page.t("referrals.note"), key="answer_note", max_chars=500)
    if st.button(page.t("referrals.answer_go"), type="primary") and did(
        page,
        lambda s: referrals.answer_referral(
            s,
            clock=page.app.clock,
            actor=page.actor,
            referral_id=row.referral_id,
            is_accepted=bool(accepted),
            answered_on=day,
            answer_ref=ref,
            note=note,
        ),
        done="referrals.answer_done",
    ):
        look.finish()


def _outcome(page: Here, row: ReferralRow) -> None:
    kinds: list[OutcomeKind] = list(OutcomeKind)
    kind = st.selectbox(
        page.t("referrals.outcome_kind"), kinds, key="outcome_kind",
        format_func=lambda k: label(k, page.lang),
    )  # fmt: skip
    count = st.number_input(
        page.t("referrals.outcome_count"), min_value=1, value=1, step=1, key="outcome_count"
    )
    day = st.date_input(
        page.t("referrals.happened_on"), today(page.app.clock), key="outcome_on",
        format="YYYY-MM-DD",
    )  # fmt: skip
    source = st.text_input(page.t("referrals.source"), key="outcome_source", max_chars=200)
    if st.button(page.t("referrals.outcome_go"), type="primary") and did(
        page,
        lambda s: referrals.record_outcome(
            s,
            clock=page.app.clock,
            actor=page.actor,
            referral_id=row.referral_id,
            kind=kind,
            count=int(count),
            happened_on=day,
            source=source,
        ),
        done="referrals.outcome_done",
    ):
        look.finish()


def _reverse(page: Here, outcome_id: int) -> None:
    kit.note(page.t("referrals.reverse_means"))
    reason = st.text_area(page.t("referrals.reason"), key="reverse_reason", max_chars=200)
    if st.button(page.t("referrals.reverse_go"), type="primary") and did(
        page,
        lambda s: referrals.reverse_outcome(
            s, clock=page.app.clock, actor=page.actor, outcome_id=outcome_id, reason=reason
        ),
        done="referrals.reverse_done",
    ):
        look.finish()
