"""Documents taken in by the office, and conditions handed in for a firm."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.errors import Fault
from marketplace.base.files import receive_file
from marketplace.base.rulebook import Condition
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.uploads import Taken, Upload, take
from marketplace.faces.ui.wording import condition_name
from marketplace.features.progress.commands import submit_certification
from marketplace.features.progress.commands.certification import ATTESTED
from marketplace.features.progress.rules import StepState

TYPES = ("jpg", "jpeg", "png", "webp", "pdf")
_CAN = (StepState.OPEN, StepState.RETURNED)


def keep_upload(session: Session, page: Here, d: Dossier, given: Taken, purpose: str) -> int:
    """Keep a file under a factory; return its use."""
    return receive_file(
        session, clock=page.app.clock, actor=page.actor, content=given.content,
        name=given.name, purpose=purpose, subject=f"factory:{d.who.factory_id}",
        program=d.who.program, data_dir=page.app.data_dir, district=d.who.district,
        operator_id=d.who.operator_id,
    )  # fmt: skip


def upload(page: Here, d: Dossier) -> None:
    """Keep a document with the dossier."""
    kit.note(page.t("officer.ask.upload_means"))
    with st.form("f_upload", border=False):
        given = st.file_uploader(page.t("officer.ask.file"), type=list(TYPES))
        sent = st.form_submit_button(page.t("officer.ask.save"), type="primary")
    if sent and given is None:
        kit.say_faults([Fault("file", "file_wanted")], page.lang)
    if sent and given is not None and (ready := take(page, given)) and did(
        page,
        lambda s: keep_upload(s, page, d, ready[0], "document"),
        done="officer.ask.upload_done",
    ):  # fmt: skip
        look.finish()


def submit(page: Here, d: Dossier) -> None:
    """Hand in a condition for the firm; somebody else decides it."""
    open_ones = [
        rule
        for step in d.standing.steps
        if step.state in _CAN
        and (rule := page.rulebook.condition(step.key)) is not None
        and rule.source is None
    ]
    if not open_ones:
        st.markdown(page.t("officer.ask.submit_none"))
        return
    kit.note(page.t("officer.ask.submit_means"))
    rule = st.selectbox(
        page.t("officer.ask.submit_what"),
        open_ones,
        format_func=lambda r: condition_name(page, r.key),
    )
    st.caption(rule.how_zh if page.lang == "zh" else rule.how_en)
    form = DeskForm(page, f"submit_{d.who.factory_id}_{rule.key}")
    facts = _attestation(page, form) if rule.key == ATTESTED else {}
    files = _files(page, rule) if rule.key != ATTESTED else {}
    chosen = {key: file for key, file in files.items() if file}
    ready: list[Taken] = []

    def checked() -> bool:
        taken = take(page, *chosen.values())
        ready.extend(taken or ())
        return taken is not None

    if form.did(
        page.t("officer.ask.save"),
        lambda s: submit_certification(
            s, page.rulebook, clock=page.app.clock, actor=page.actor,
            factory_id=d.who.factory_id, condition=rule.key, facts=facts,
            evidence=[
                (k, keep_upload(s, page, d, f, k)) for k, f in zip(chosen, ready, strict=True)
            ],
        ),
        first=checked,
        done="officer.ask.submit_done",
    ):  # fmt: skip
        look.finish()


def _attestation(page: Here, form: DeskForm) -> dict[str, str]:
    form.begun_note()
    day = today(page.app.clock)
    who = form.text("who", page.t("officer.ask.attested_by"), value=page.actor.name)
    on = form.day("on", page.t("officer.ask.attested_on"), value=day, latest=day)
    how = form.text(
        "how", page.t("officer.ask.how"), placeholder=page.t("officer.ask.how_hint"),
        longest=200,
    )  # fmt: skip
    return {"attested_by": who, "attested_on": (on or day).isoformat(), "how": how}


def _files(page: Here, rule: Condition) -> dict[str, Upload | None]:
    return {
        e.key: st.file_uploader(
            e.name_zh if page.lang == "zh" else e.name_en,
            type=list(TYPES),
            key=f"sub_{rule.key}_{e.key}",
        )
        for e in rule.evidence
    }
