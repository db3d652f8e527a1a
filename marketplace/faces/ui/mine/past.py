"""The past, as far as the owner reads and says it: earlier records, the self-disclosure.

Before a word is asked for, one screen says who will see it, what it is used for, what it is never
used for and what must be passed on by law. The digest of that screen is kept with the answer.
"""

from __future__ import annotations

import streamlit as st

from marketplace.base.access.queries import names_of
from marketplace.base.canonical import digest
from marketplace.base.money import format_yuan
from marketplace.base.words import format_instant, has_key, label
from marketplace.base.words.past import period_words, quantity_words
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, reading, run
from marketplace.features.history.commands import disclose, withdraw_disclosure
from marketplace.features.history.kinds import QuantityBand
from marketplace.features.history.queries import (
    DisclosureContent,
    get_own_disclosure,
    list_disclosure_views,
    list_earlier_records,
)
from marketplace.features.registry.queries import FactoryProfile


def earlier(page: Here, own: FactoryProfile) -> None:
    """Show the earlier records there are, and that they never score."""
    with reading(page) as session:
        rows = list_earlier_records(session, page.actor, factory_id=own.factory_id)
    with st.container(key="card_earlier"):
        kit.section(page.t("mine.past.title"), page.t("mine.past.sub"))
        if not rows:
            kit.empty(page.t("mine.past.none"))
            return
        kit.rows(
            [
                (
                    f"{label(r.kind, page.lang)} {r.reference_no or ''}".strip(),
                    " · ".join(
                        part
                        for part in (
                            period_words(page.lang, r.period_from, r.period_until),
                            quantity_words(page.lang, r.quantity, r.unit),
                            r.cause or "",
                            r.source,
                        )
                        if part
                    ),
                    "",
                )
                for r in rows
            ]
        )


def years_in_words(page: Here, band: str) -> str:
    """Return a band of years in words; a program's own band stands as it is."""
    return page.t(f"mine.years.{band}") if has_key(f"mine.years.{band}") else band


def notice(page: Here) -> tuple[list[tuple[str, str]], str]:
    """Return the before-you-type screen as (heading, text) and its digest."""
    rules = page.rulebook.disclosure
    suffix = "zh" if page.lang == "zh" else "en"
    told = [
        (page.t(f"mine.disclosure.{name}"), str(getattr(rules, f"{name}_{suffix}")))
        for name in ("seen_by", "used_for", "never_used_for", "must_pass_on")
    ]
    to = rules.pass_on_to_zh if page.lang == "zh" else rules.pass_on_to_en
    if rules.pass_on_from_yuan is not None and to:
        heading, text = told[-1]
        more = page.t(
            "past.threshold", amount=format_yuan(rules.pass_on_from_yuan * 100), authority=to
        )
        told[-1] = (heading, f"{text}{more}")
    return told, digest([list(pair) for pair in told])


def disclosure(page: Here, own: FactoryProfile) -> None:
    """Show what was said and who looked; let it be said, corrected, taken back."""
    if own.operator_id not in page.actor.head_of:
        with st.container(key="card_disclosure"):
            kit.section(page.t("mine.disclosure.title"))
            kit.note(page.t("own.head_only_disclosure"))
        return
    with reading(page) as session:
        said = get_own_disclosure(session, page.actor, operator_id=own.operator_id)
        views = list_disclosure_views(session, page.actor, operator_id=own.operator_id)
        names = names_of(session, {v.viewed_by for v in views})
    with st.container(key="card_disclosure"):
        kit.section(page.t("mine.disclosure.title"), page.t("mine.disclosure.sub"))
        if said is not None:
            kit.facts(
                [
                    (
                        page.t("mine.disclosure.quantity"),
                        label(said.quantity_band, page.lang),
                    ),
                    (page.t("mine.disclosure.years"), years_in_words(page, said.year_band)),
                    (page.t("mine.disclosure.made"), format_instant(said.made_at)),
                ]
            )
            kit.section(page.t("mine.disclosure.views"))
            if views:
                kit.rows(
                    [
                        (
                            names.get(v.viewed_by, "—"),
                            f"{format_instant(v.viewed_at)} · {v.reason}",
                            "",
                        )
                        for v in views
                    ]
                )
            else:
                kit.empty(page.t("mine.disclosure.no_views"))
            if st.button(page.t("mine.disclosure.withdraw"), width="stretch"):
                run(
                    page,
                    lambda s: withdraw_disclosure(
                        s,
                        clock=page.app.clock,
                        actor=page.actor,
                        operator_id=own.operator_id,
                    ),
                    done="mine.disclosure.withdrawn",
                )
                st.rerun()
        if st.button(
            page.t("mine.disclosure.correct" if said else "mine.disclosure.begin"),
            width="stretch",
        ):
            _ask(page, own, said)


def _ask(page: Here, own: FactoryProfile, before: DisclosureContent | None) -> None:
    @st.dialog(page.t("mine.disclosure.title"), width="medium")
    def dialog() -> None:
        told, mark = notice(page)
        if st.session_state.get("notice_read") != mark:
            for heading, text in told:
                kit.section(heading)
                look.said(text)
            kit.note(page.t("mine.disclosure.no_promise"))
            if st.button(page.t("mine.disclosure.read"), type="primary", width="stretch"):
                st.session_state["notice_read"] = mark
                st.rerun(scope="fragment")
            return
        with st.form("disclosure", border=False):
            band = st.radio(
                page.t("mine.disclosure.quantity"),
                list(QuantityBand),
                index=None,
                format_func=lambda b: plain(label(b, page.lang)),
                help=page.t("mine.disclosure.no_brands"),
            )
            years = st.radio(
                page.t("mine.disclosure.years"),
                page.rulebook.disclosure.year_bands,
                index=None,
                format_func=lambda band: plain(years_in_words(page, band)),
            )
            sent = st.form_submit_button(
                page.t("mine.disclosure.send"), type="primary", width="stretch"
            )
        if not sent:
            return
        if band is None or (years is None and band is not QuantityBand.PREFER_NOT):
            kit.note(page.t("mine.disclosure.choose"), "bad")
            return
        done = run(
            page,
            lambda s: disclose(
                s,
                clock=page.app.clock,
                actor=page.actor,
                operator_id=own.operator_id,
                quantity_band=band,
                year_band=years or "prefer_not",
                notice_sha256=mark,
            ),
        )
        if done is not None:
            same = before is not None and before.disclosure_id == done
            st.session_state["toast"] = page.t(
                "mine.unchanged" if same else "mine.disclosure.done"
            )
            st.session_state.pop("notice_read", None)
            st.rerun()

    dialog()
