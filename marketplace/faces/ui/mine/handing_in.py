"""Hands in what a step asks for: the commitment, or a condition with its evidence."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.files import receive_file
from marketplace.base.rulebook import Condition
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, run
from marketplace.features.progress.commands import apply_enrollment, submit_certification
from marketplace.features.registry.queries import FactoryProfile

TYPES = ["jpg", "jpeg", "png", "webp", "pdf"]


def keep(
    session: Session,
    page: Here,
    own: FactoryProfile,
    given: object,
    *,
    purpose: str,
    subject: str,
) -> int:
    """Keep an uploaded file for the owner's firm; return its use."""
    return receive_file(
        session,
        clock=page.app.clock,
        actor=page.actor,
        content=given.getvalue(),  # type: ignore[attr-defined]
        name=given.name,  # type: ignore[attr-defined]
        purpose=purpose,
        subject=subject,
        program=own.program,
        district=own.district,
        operator_id=own.operator_id,
        data_dir=page.app.data_dir,
    )


def hand_in(page: Here, own: FactoryProfile, rule: Condition) -> None:
    """Ask for the evidence of a condition, each piece by name, and send it whole."""
    given = {}
    for piece in rule.evidence:
        name = piece.name_zh if page.lang == "zh" else piece.name_en
        given[piece.key] = st.file_uploader(
            name if piece.required else page.t("mine.optional", name=name),
            type=TYPES,
            key=f"up_{rule.key}_{piece.key}",
            help=page.t("mine.upload_help"),
        )
    missing = [p for p in rule.evidence if p.required and given[p.key] is None]
    sent = st.button(
        page.t("page.my_day.send"),
        type="primary",
        width="stretch",
        disabled=bool(missing) or not rule.evidence,
    )
    if missing:
        names = page.t("app.comma").join(
            p.name_zh if page.lang == "zh" else p.name_en for p in missing
        )
        st.caption(page.t("mine.still_missing", names=names))
    if not sent:
        return

    def work(session: Session) -> int:
        subject = f"factory:{own.factory_id}"
        evidence = [
            (key, keep(session, page, own, file, purpose=key, subject=subject))
            for key, file in given.items()
            if file is not None
        ]
        return submit_certification(
            session,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            factory_id=own.factory_id,
            condition=rule.key,
            evidence=evidence,
        )

    if run(page, work, done="page.my_day.sent") is not None:
        st.rerun()


def hand_in_commitment(page: Here, own: FactoryProfile) -> None:
    """Take the signed commitment; the day it is accepted becomes time zero."""
    day = today(page.app.clock)
    kit.note(page.t("mine.commitment.means"))
    with st.form("commitment", border=False):
        given = st.file_uploader(page.t("mine.commitment.file"), type=TYPES)
        signed_by = st.text_input(page.t("field.signed_by"), max_chars=80)
        signed_on = st.date_input(
            page.t("field.signed_on"),
            value=day,
            min_value=day - timedelta(days=365),
            max_value=day,
            format="YYYY-MM-DD",
        )
        sent = st.form_submit_button(
            page.t("page.my_day.send"), type="primary", width="stretch"
        )
    if not sent:
        return
    if given is None:
        kit.note(page.t("mine.commitment.no_file"), "bad")
        return

    def work(session: Session) -> int:
        subject = f"operator:{own.operator_id}"
        use = keep(session, page, own, given, purpose="commitment", subject=subject)
        return apply_enrollment(
            session,
            clock=page.app.clock,
            actor=page.actor,
            operator_id=own.operator_id,
            signed_on=signed_on,
            signed_by=signed_by,
            commitment_use_id=use,
        )

    if run(page, work, done="page.my_day.sent") is not None:
        st.rerun()
