"""The trail: who did what to what, when, before and after; the filter is the URL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

import streamlit as st

from marketplace.base.access import Role, Scope, may, require
from marketplace.base.access.queries import names_by_login
from marketplace.base.audit import ANCHORS_FILE, EntryRow, lacking_anchors, verify
from marketplace.base.audit.queries import MOST_ROWS
from marketplace.base.clock import start_of
from marketplace.base.words import format_day, format_instant, has_key
from marketplace.desk.trail import TrailFilter, count_trail, list_trail, trail_choices
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import picked
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.overseeing import trail
from marketplace.faces.ui.session import Here, page_for, reading

_ROWS = 50


def filters(page: Here) -> TrailFilter:
    """Show the filters and return them as the query takes them."""
    with reading(page) as session:
        actions, actors = trail_choices(session, page.actor)
        names = names_by_login(session, actors)

    def told_who(login: str) -> str:
        if login in names:
            return page.t("trail.person", name=names[login], login=login)
        key = f"trail.nobody.{login}"
        return page.t(key) if has_key(key) else login

    anything = page.t("page.factories.any")
    left, middle, right = st.columns(3)
    with left:
        who = picked(
            page.t("page.audit_trail.who"),
            "who",
            {"": anything} | {login: told_who(login) for login in actors},
            width=340,
        )
    with middle:
        what = picked(
            page.t("page.audit_trail.what"),
            "what",
            {"": anything} | {code: trail.action(page, code) for code in actions},
            width=340,
        )
    subject = right.text_input(
        page.t("page.audit_trail.subject"),
        key="subject",
        bind="query-params",
        help=page.t("trail.subject_help"),
    )
    since = left.date_input(
        page.t("trail.since"), value=None, format="YYYY-MM-DD", key="since", bind="query-params"
    )
    until = middle.date_input(
        page.t("trail.until"), value=None, format="YYYY-MM-DD", key="until", bind="query-params"
    )
    return TrailFilter(
        who=who or None,
        action=what or None,
        subject=subject or None,
        since=_start(since),
        until=_start(until, days=1),
    )


def _start(day: date | None, *, days: int = 0) -> datetime | None:
    return start_of(day + timedelta(days=days)) if isinstance(day, date) else None


def heads_of(page: Here) -> list[str]:
    """Return the headings of the table and of its export."""
    names = ("at", "who", "what", "subject", "changes")
    return [
        "#",
        *(page.t(f"page.audit_trail.{name}") for name in names),
        page.t("app.reason"),
    ]


def rows_of(page: Here, entries: Sequence[EntryRow]) -> list[list[str]]:
    """Return the entries in words, in their order."""
    people = trail.people_of(page, entries)
    return [
        [
            str(e.seq),
            format_instant(e.at),
            trail.who(page, e, people),
            trail.action(page, e.action),
            trail.subject(page, e.subject),
            trail.changes(page, e),
            e.reason or "—",
        ]
        for e in entries
    ]


def everything(page: Here, wanted: TrailFilter) -> list[list[str]]:
    """Return all entries asked for in words, as many as are read at once."""
    with reading(page) as session:
        found = list_trail(session, page.actor, wanted, limit=MOST_ROWS)
    return rows_of(page, found)


def narrowed_by(page: Here, wanted: TrailFilter) -> list[tuple[str, str]]:
    """Return the filters in words, for the head of an export."""
    what = wanted.action or ""
    return [
        (page.t("page.audit_trail.who"), wanted.who or ""),
        (page.t("page.audit_trail.what"), trail.action(page, what) if what else ""),
        (page.t("page.audit_trail.subject"), wanted.subject or ""),
        (page.t("trail.since"), _told_day("since")),
        (page.t("trail.until"), _told_day("until")),
    ]


def _told_day(name: str) -> str:
    day = st.session_state.get(name)
    return format_day(day) if isinstance(day, date) else ""


def chain(page: Here) -> None:
    """Verify the whole chain on demand and say what was found."""
    path = page.app.data_dir / ANCHORS_FILE
    report = verify(page.app.store, path)
    if report.is_intact:
        kit.note(
            page.t("cli.audit.intact", entries=report.entries, anchors=report.anchors), "good"
        )
        if lacking := lacking_anchors(report, path):
            kit.note(page.t(f"audit.{lacking}"))
    else:
        kit.note(page.t("cli.audit.broken", seq=report.first_bad_seq), "bad")


here = page_for(Role.AUDITOR, Role.ADMIN)
require(here.actor, "audit.list_entries", Scope(program=here.rulebook.program.key))
actions_at = look.head(here.t("page.audit_trail.title"), here.t("page.audit_trail.question"))
with actions_at:
    asks_chain = st.button(here.t("trail.verify"), help=here.t("trail.verify_help"))
if asks_chain:
    chain(here)
wanted = filters(here)
mark = repr(wanted)
if st.session_state.get("trail_mark") != mark:
    st.session_state["trail_mark"], st.session_state["trail_pages"] = mark, 1
shown = _ROWS * int(st.session_state["trail_pages"])
with reading(here) as reading_session:
    total = count_trail(reading_session, here.actor, wanted)
    entries = list_trail(reading_session, here.actor, wanted, limit=min(shown, 500))
kit.strong(here.t("page.audit_trail.count", count=total, shown=len(entries)))
if entries:
    kit.table(heads_of(here), rows_of(here, entries), frozenset({0}), wide=frozenset({5}))
    if may(here.actor, "exchange.record_export", Scope(program=here.rulebook.program.key)):
        take_out(
            here, kind="audit_trail", title=here.t("trail.export_title"), heads=heads_of(here),
            rows=lambda: everything(here, wanted), count=min(total, MOST_ROWS),
            wanted={k: str(v) for k, v in asdict(wanted).items() if v},
            narrowed=narrowed_by(here, wanted),
        )  # fmt: skip
        if total > MOST_ROWS:
            st.caption(here.t("trail.export_limit"))
else:
    kit.empty(here.t("page.audit_trail.none"))
if len(entries) < min(total, 500) and st.button(here.t("trail.more")):
    st.session_state["trail_pages"] += 1
    st.rerun()
if total > 500 and len(entries) == 500:
    st.caption(here.t("trail.narrow"))
