"""Stores with who confirmed them, documents, and what happened in order."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from marketplace.base.access import may
from marketplace.base.clock import civil_day
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.overseeing import trail
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import condition_name
from marketplace.features.progress.rules import StepState
from marketplace.features.registry import commands as registry
from marketplace.features.registry.kinds import ChangeStatus, HoldingStatus
from marketplace.features.registry.queries import StoreRow

_EVENTS = 7

Event = tuple[date, str, str]


def store_table(page: Here, d: Dossier) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of the stores a factory operates or operated."""
    heads = [
        page.t("field.store"),
        page.t("field.platform"),
        page.t("page.dossier.state"),
        page.t("officer.dossier.holding"),
        page.t("page.dossier.since"),
        page.t("page.factories.points"),
    ]
    balances = {p.store_id: p.balance for p in d.points.stores}
    rows = [
        [
            s.name,
            s.platform,
            label(s.status, page.lang),
            label(s.holding_status, page.lang),
            format_day(s.from_on) + (f" – {format_day(s.until_on)}" if s.until_on else ""),
            str(balances.get(s.store_id, 0)),
        ]
        for s in d.stores
    ]
    return heads, rows


def show_stores(page: Here, d: Dossier) -> None:
    """Show the stores and confirm declared ones in place."""
    with st.container(key="card_stores"):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch"):
                kit.section(page.t("page.dossier.stores"))
            if may(page.actor, "registry.declare_store", d.scope):
                look.open_button(
                    page.t("officer.dossier.stores_add"), "store", icon=":material/add:"
                )
        if d.stores:
            kit.table(*store_table(page, d), frozenset({5}))
        else:
            st.caption(page.t("officer.dossier.stores_none"))
        if may(page.actor, "registry.confirm_holding", d.scope):
            for store in d.stores:
                if store.holding_status is HoldingStatus.DECLARED:
                    _declared(page, store)


def _declared(page: Here, store: StoreRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            basis = f"{page.t('officer.dossier.basis')}{page.t('app.colon')}{store.basis}"
            kit.markup(f"<p><b>{escape(store.name)}</b> {escape(basis)}</p>")
        pressed = st.button(
            page.t("officer.dossier.confirm"), key=f"confirm_{store.holding_id}"
        )
        look.open_button(page.t("officer.dossier.reject"), f"reject_{store.holding_id}")
    if pressed and did(
        page,
        lambda s: registry.confirm_holding(
            s, clock=page.app.clock, actor=page.actor, holding_id=store.holding_id
        ),
        done="officer.dossier.confirmed",
    ):
        st.rerun()


def evidence_name(page: Here, condition: str, kind: str) -> str:
    """Return the word of a piece of evidence."""
    rule = page.rulebook.condition(condition)
    for known in rule.evidence if rule else ():
        if known.key == kind:
            return known.name_zh if page.lang == "zh" else known.name_en
    return kind


def documents(page: Here, d: Dossier) -> list[tuple[str, str, int]]:
    """Return (what it is, more, file use) of every document, evidence first, each once."""
    found: dict[int, tuple[str, str, int]] = {}
    by_use = {f.use_id: f for f in d.files}
    for condition, kind, use_id in d.evidence:
        known = by_use.get(use_id)
        at = format_instant(known.uploaded_at)[:10] if known else ""
        word = evidence_name(page, condition, kind)
        found[use_id] = (word, f"{condition_name(page, condition)} {at}".strip(), use_id)
    for file in d.files:
        at = format_instant(file.uploaded_at)[:10]
        found.setdefault(file.use_id, (file.name, at, file.use_id))
    return list(found.values())


def show_documents(page: Here, d: Dossier) -> None:
    """Show documents as chips that open the original."""
    with st.container(key="card_documents"):
        kit.section(page.t("officer.dossier.documents"))
        rows = documents(page, d)
        if rows:
            chips = "".join(
                f'<a href="/files/{use_id}" target="_blank" rel="noopener">{escape(word)} '
                f'<span class="muted" style="border:0;padding:0">{escape(more)}</span></a>'
                for word, more, use_id in rows
            )
            kit.markup(f'<div class="z-chips">{chips}</div>')
        else:
            st.caption(page.t("officer.dossier.documents_none"))
        with st.container(horizontal=True):
            if may(page.actor, "files.receive_file", d.scope):
                look.open_button(
                    page.t("officer.dossier.upload"), "upload", icon=":material/upload:"
                )
            if may(page.actor, "progress.submit_certification", d.scope):
                look.open_button(page.t("officer.dossier.submit"), "submit")


def events(page: Here, d: Dossier) -> list[Event]:
    """Return (day, what happened, more), newest first, from the facts themselves."""
    found = [
        (civil_day(d.who.created_at), page.t("officer.event.registered"), ""),
        *_enrollment_events(page, d),
        *_step_events(page, d),
        *_store_events(page, d),
    ]
    for i in d.inspections:
        told = page.t("officer.event.inspection", result=label(i.result, page.lang))
        found.append((i.inspected_on, told, i.inspectors))
    for f in d.findings:
        origin, status = label(f.origin, page.lang), label(f.status, page.lang)
        told = page.t("officer.event.finding", origin=origin, status=status)
        found.append((f.found_on, told, f.store_name))
    for c in d.changes:
        if c.status is not ChangeStatus.SUBMITTED and c.decided_at:
            told = page.t("officer.event.change", status=label(c.status, page.lang))
            found.append((civil_day(c.decided_at), told, c.reason or ""))
    return sorted(found, key=lambda event: event[0], reverse=True)


def _enrollment_events(page: Here, d: Dossier) -> list[Event]:
    e = d.enrollment
    if e is None:
        return []
    found = [(e.signed_on, page.t("officer.event.applied"), e.signed_by)]
    if e.enrolled_on:
        found.append((e.enrolled_on, page.t("officer.event.enrolled"), ""))
    if e.exit_on:
        told = page.t("officer.event.exit", reason=e.exit_reason or "—")
        found.append((e.exit_on, told, ""))
    return found


def _step_events(page: Here, d: Dossier) -> list[Event]:
    found = []
    for step in d.standing.steps:
        if step.state is StepState.DONE and step.since and step.certification_id:
            name = condition_name(page, step.key)
            until = (
                page.t("officer.dossier.valid_to", day=step.valid_until)
                if step.valid_until
                else ""
            )
            found.append((step.since, page.t("officer.event.condition", name=name), until))
    return found


def _store_events(page: Here, d: Dossier) -> list[Event]:
    found = []
    for s in d.stores:
        if s.holding_status is HoldingStatus.CONFIRMED:
            found.append((s.from_on, page.t("officer.event.store", name=s.name), s.platform))
            if s.until_on:
                told = page.t("officer.event.store_end", name=s.name)
                found.append((s.until_on, told, ""))
    return found


def show_timeline(page: Here, d: Dossier) -> None:
    """Show what happened, newest first, and below it who did what in the program."""
    with st.container(key="card_trail"):
        kit.section(page.t("officer.dossier.trail"))
        rows = [(format_day(day), what, more) for day, what, more in events(page, d)]
        kit.timeline(rows[:_EVENTS])
        if len(rows) > _EVENTS:
            with st.expander(page.t("officer.dossier.all_events", count=len(rows))):
                kit.timeline(rows[_EVENTS:])
        people = trail.people_of(page, d.trail)
        with st.expander(page.t("officer.dossier.trail_all", count=len(d.trail))):
            kit.timeline(
                [
                    (
                        format_instant(entry.at),
                        trail.action(page, entry.action),
                        trail.who(page, entry, people),
                    )
                    for entry in d.trail
                ]
            )
