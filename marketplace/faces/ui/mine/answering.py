"""Takes an owner's answer to a complaint; a counter-notice is explained before it is made."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.errors import Refused
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here
from marketplace.features.complaints.commands import answer_case
from marketplace.features.complaints.kinds import SellerAnswer
from marketplace.features.complaints.queries import CaseAgainst


def answer(page: Here, one: CaseAgainst) -> None:
    """Take his answer; a counter-notice is explained before it is made."""
    number = one.line.case_id
    picked = st.radio(
        page.t("complaints.mine_how"),
        [a.value for a in SellerAnswer],
        format_func=lambda a: plain(label(SellerAnswer(a), page.lang)),
        key=f"how_{number}",
    )
    chosen = SellerAnswer(picked or SellerAnswer.STATEMENT.value)
    kit.note(page.t(f"complaints.mine_means.{chosen.value}"))
    form = KeptForm(page, f"answer_{number}")
    form.begun_note()
    said = form.text(
        "said",
        page.t("complaints.mine_said"),
        tall=True,
        longest=2000,
        placeholder=page.t("complaints.mine_sample"),
    )
    # Not kept: what somebody vouches for is ticked at the moment it is sent.
    true = st.checkbox(page.t("complaints.mine_true"), key=f"true_{number}")

    def work(session: Session) -> bool:
        if not true:
            raise Refused("declare_true")
        answer_case(
            session, page.rulebook, clock=page.app.clock, actor=page.actor, case_id=number,
            answer=chosen, statement=said,
        )  # fmt: skip
        return True

    if form.send(
        page.t("complaints.mine_send"),
        work,
        done="complaints.mine_sent",
        body={"answer": chosen.value, "said": said},
    ):
        st.rerun()
