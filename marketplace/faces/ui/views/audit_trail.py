"""The trail: who did what to what, when, before and after; the filter is the URL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import streamlit as st

from marketplace.base.access import Role, Scope, require
from marketplace.base.audit import (
    EntryRow,
    count_entries,
    list_actions,
    list_actors,
    list_entries,
    verify,
)
from marketplace.base.clock import start_of
from marketplace.base.words import format_instant, has_key
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, page_for, reading

_ROWS = 50


def named(page: Here, action: str) -> str:
    """Return an action in words where there are some."""
    return page.t(f"action.{action}") if has_key(f"action.{action}") else action


def filters(page: Here) -> dict[str, object]:
    """Show the filters and return them as the query takes them."""
    with reading(page) as session:
        actions, actors = list_actions(session), list_actors(session)
    anything = page.t("page.factories.any")
    left, middle, right = st.columns(3)
    who = left.selectbox(
        page.t("page.audit_trail.who"),
        ["", *actors],
        format_func=lambda x: x or anything,
        key="who",
        bind="query-params",
    )
    what = middle.selectbox(
        page.t("page.audit_trail.what"),
        ["", *actions],
        format_func=lambda x: named(page, x) if x else anything,
        key="what",
        bind="query-params",
    )
    subject = right.text_input(
        page.t("page.audit_trail.subject"),
        key="subject",
        bind="query-params",
        help=page.t("trail.subject_help"),
    )
    since = left.date_input(page.t("trail.since"), value=None, format="YYYY-MM-DD")
    until = middle.date_input(page.t("trail.until"), value=None, format="YYYY-MM-DD")
    return {
        "who": who or None,
        "action": what or None,
        "subject": subject or None,
        "since": _start(since),
        "until": _start(until, days=1),
    }


def _start(day: date | None, *, days: int = 0) -> datetime | None:
    return start_of(day + timedelta(days=days)) if isinstance(day, date) else None


def changes(page: Here, entry: EntryRow) -> str:
    """Say what changed; what is sealed is named and not shown."""
    told = []
    for change in entry.changes:
        field = (
            page.t(f"field.{change.field}")
            if has_key(f"field.{change.field}")
            else change.field
        )
        if change.disclosure.value == "open":
            told.append(
                page.t(
                    "trail.change",
                    field=field,
                    before=_shown(change.before),
                    after=_shown(change.after),
                )
            )
        else:
            told.append(page.t("trail.sealed", field=field))
    return "\n".join(told) or "—"


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


def table(page: Here, entries: Sequence[EntryRow]) -> None:
    """Show the entries, the newest first."""
    kit.table(
        [
            "#",
            page.t("page.audit_trail.at"),
            page.t("page.audit_trail.who"),
            page.t("page.audit_trail.what"),
            page.t("page.audit_trail.subject"),
            page.t("page.audit_trail.changes"),
            page.t("app.reason"),
        ],
        [
            [
                str(e.seq),
                format_instant(e.at),
                e.actor_login,
                named(page, e.action),
                e.subject,
                changes(page, e),
                e.reason or "—",
            ]
            for e in entries
        ],
        frozenset({0}),
        wide=frozenset({5}),
    )


def chain(page: Here) -> None:
    """Verify the whole chain on demand and say what was found."""
    if not st.button(page.t("trail.verify"), help=page.t("trail.verify_help")):
        return
    report = verify(page.app.store, page.app.data_dir / "anchors.jsonl")
    if report.is_intact:
        kit.note(
            page.t("cli.audit.intact", entries=report.entries, anchors=report.anchors), "good"
        )
    else:
        kit.note(page.t("cli.audit.broken", seq=report.first_bad_seq), "bad")


here = page_for(Role.AUDITOR, Role.ADMIN)
require(here.actor, "audit.list_entries", Scope(program=here.rulebook.program.key))
look.head(here.t("page.audit_trail.title"), here.t("page.audit_trail.question"))
chain(here)
wanted = filters(here)
mark = repr(wanted)
if st.session_state.get("trail_mark") != mark:
    st.session_state["trail_mark"], st.session_state["trail_pages"] = mark, 1
shown = _ROWS * int(st.session_state["trail_pages"])
with reading(here) as reading_session:
    total = count_entries(reading_session, **wanted)  # type: ignore[arg-type]
    entries = list_entries(reading_session, **wanted, limit=min(shown, 500))  # type: ignore[arg-type]
st.markdown(f"**{here.t('page.audit_trail.count', count=total, shown=len(entries))}**")
if entries:
    table(here, entries)
else:
    kit.empty(here.t("page.audit_trail.none"))
if len(entries) < min(total, 500) and st.button(here.t("trail.more")):
    st.session_state["trail_pages"] += 1
    st.rerun()
if total > 500 and len(entries) == 500:
    st.caption(here.t("trail.narrow"))
