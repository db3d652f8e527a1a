"""Hands in what a step asks for: the commitment, or a condition with its evidence.

A chosen file is stored at once and remembered in the draft: neither a reload nor another phone
loses it. Handing in sends what is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.clock import today
from marketplace.base.files import receive_file
from marketplace.base.rulebook import Condition
from marketplace.base.rulebook.model import Evidence
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, run
from marketplace.faces.ui.uploads import Taken, let_go, take
from marketplace.features.progress.commands import apply_enrollment, submit_certification
from marketplace.features.registry.queries import FactoryProfile

TYPES = ("jpg", "jpeg", "png", "webp", "pdf", "heic", "heif")


def keep(
    session: Session,
    page: Here,
    own: FactoryProfile,
    given: Taken,
    *,
    purpose: str,
    subject: str,
) -> int:
    """Keep a file for the owner's firm; return its use."""
    return receive_file(
        session,
        clock=page.app.clock,
        actor=page.actor,
        content=given.content,
        name=given.name,
        purpose=purpose,
        subject=subject,
        program=own.program,
        district=own.district,
        operator_id=own.operator_id,
        data_dir=page.app.data_dir,
    )


def piece(
    page: Here,
    own: FactoryProfile,
    form: KeptForm,
    key: str,
    name: str,
    *,
    subject: str,
    purpose: str | None = None,
    types: Sequence[str] = TYPES,
) -> int | None:
    """Take one file by camera or from the album; return its use once it is kept."""
    use = form.begun.get(key)
    form.values[key] = use
    if isinstance(use, int):
        told = page.t("own.kept", name=str(form.begun.get(f"{key}_name") or name))
        kit.markup(
            f'<p class="z-kept"><b>{escape(name)}</b><br>{kit.badge(told, "good")} '
            f'<a href="/files/{use}" target="_blank" rel="noopener">{escape(page.t("officer.decide.open_file"))}</a></p>'
        )
        if st.button(page.t("own.again"), key=f"again_{form.name}_{key}", width="stretch"):
            form.keep({key: None})
            st.rerun()
        return use
    turn = st.session_state.setdefault(f"turn_{form.name}_{key}", 0)
    with st.container(key=f"shot_{form.name}_{key}"):
        given = st.file_uploader(
            name,
            type=list(types),
            key=f"up_{form.name}_{key}_{turn}",
            help=page.t("own.photo_help"),
        )
    if given is None:
        return None
    ready = take(page, given)
    if not ready:
        return None
    stored = run(
        page, lambda s: keep(s, page, own, ready[0], purpose=purpose or key, subject=subject)
    )
    if stored is not None:
        let_go(given)
        form.keep({key: stored, f"{key}_name": given.name[:80]})
        st.session_state[f"turn_{form.name}_{key}"] = turn + 1
        st.rerun()
    return None


def hand_in(page: Here, own: FactoryProfile, rule: Condition) -> None:
    """Ask for the evidence of a condition, each piece by name, and send it whole."""
    form = KeptForm(page, f"condition_{own.factory_id}_{rule.key}")
    given = {
        p.key: piece(
            page, own, form, p.key, _named(page, p), subject=f"factory:{own.factory_id}"
        )
        for p in rule.evidence
    }
    missing = [p for p in rule.evidence if p.required and given[p.key] is None]
    if missing:
        names = page.t("app.comma").join(_plain(page, p) for p in missing)
        st.caption(page.t("mine.still_missing", names=names))
        return
    st.caption(page.t("own.all_there"))
    evidence = [(key, use) for key, use in given.items() if use is not None]
    sent = form.send(
        page.t("page.my_day.send"),
        lambda s: submit_certification(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            factory_id=own.factory_id,
            condition=rule.key,
            evidence=evidence,
        ),
        done="page.my_day.sent",
    )
    if sent is not None:
        st.rerun()


def hand_in_commitment(page: Here, own: FactoryProfile) -> None:
    """Take the signed commitment; the day it is accepted becomes time zero."""
    day = today(page.app.clock)
    form = KeptForm(page, f"commitment_{own.operator_id}")
    kit.note(page.t("mine.commitment.means"))
    use = piece(
        page, own, form, "commitment", page.t("mine.commitment.file"),
        subject=f"operator:{own.operator_id}",
    )  # fmt: skip
    signed_by = form.text("signed_by", page.t("field.signed_by"), longest=80)
    signed_on = form.day(
        "signed_on",
        page.t("field.signed_on"),
        value=day,
        earliest=day - timedelta(days=365),
        latest=day,
    )
    if use is None:
        st.caption(page.t("mine.commitment.no_file"))
    sent = form.send(
        page.t("page.my_day.send"),
        lambda s: apply_enrollment(
            s,
            clock=page.app.clock,
            actor=page.actor,
            operator_id=own.operator_id,
            signed_on=signed_on or day,
            signed_by=signed_by,
            commitment_use_id=use,
        ),
        done="page.my_day.sent",
        disabled=use is None,
    )
    if sent is not None:
        st.rerun()


def _plain(page: Here, wanted: Evidence) -> str:
    return wanted.name_zh if page.lang == "zh" else wanted.name_en


def _named(page: Here, wanted: Evidence) -> str:
    name = _plain(page, wanted)
    return name if wanted.required else page.t("mine.optional", name=name)
