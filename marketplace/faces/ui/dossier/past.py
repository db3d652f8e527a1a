"""Forms on the past: a record that proved wrong, a self-disclosure looked at for a reason."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_instant, has_key, label
from marketplace.base.words.past import period_words, quantity_words, subject_words
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, run
from marketplace.features.history.commands import view_disclosure, withdraw_earlier_record


def withdraw(page: Here, d: Dossier) -> None:
    """Take back a record that proved wrong."""
    kit.note(page.t("past.withdraw_means"))
    row = st.selectbox(
        page.t("past.which"),
        d.earlier,
        format_func=lambda r: " · ".join(
            (
                period_words(page.lang, r.period_from, r.period_until),
                subject_words(page.lang, r.store_name),
                label(r.kind, page.lang),
                quantity_words(page.lang, r.quantity, r.unit),
            )
        ),
    )
    form = DeskForm(page, f"unearlier_{row.record_id}")
    form.begun_note()
    reason = form.text("reason", page.t("officer.ask.reason"))
    if form.did(
        page.t("past.withdraw"),
        lambda s: withdraw_earlier_record(
            s, clock=page.app.clock, actor=page.actor, record_id=row.record_id, reason=reason
        ),
        done="past.withdraw_done",
    ):
        look.finish()


def view(page: Here, d: Dossier) -> None:
    """Show the bands of a self-disclosure to somebody who says why; the owner sees that."""
    kit.note(page.t("past.view_means"))
    form = DeskForm(page, f"disclosed_{d.who.operator_id}")
    reason = form.text("reason", page.t("past.view_reason"))
    if st.button(page.t("past.view_go"), type="primary"):
        content = run(
            page,
            lambda s: view_disclosure(
                s,
                clock=page.app.clock,
                actor=page.actor,
                operator_id=d.who.operator_id,
                reason=reason,
            ),
        )
        if content is not None:
            form.forget()
            band = content.year_band
            key = f"mine.years.{band}"
            kit.facts(
                [
                    (
                        page.t("mine.disclosure.quantity"),
                        label(content.quantity_band, page.lang),
                    ),
                    (page.t("mine.disclosure.years"), page.t(key) if has_key(key) else band),
                    (page.t("mine.disclosure.made"), format_instant(content.made_at)),
                ]
            )
    kit.section(page.t("past.viewed"))
    if not d.views:
        st.caption(page.t("past.viewed_none"))
    kit.rows([(who, f"{format_instant(v.viewed_at)} · {v.reason}", "") for who, v in d.views])
