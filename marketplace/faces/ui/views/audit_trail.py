"""The trail: who did what to what, when, before and after."""

import streamlit as st

from marketplace.base.access import Role, Scope, require
from marketplace.base.audit import count_entries, list_actions, list_actors, list_entries
from marketplace.base.words import format_instant, has_key
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import page_for, reading

page = page_for(Role.AUDITOR, Role.ADMIN)
require(page.actor, "audit.list_entries", Scope(program=page.rulebook.program.key))
kit.head(page.t("page.audit_trail.title"), page.t("page.audit_trail.question"))
with reading(page) as session:
    actions, actors = list_actions(session), list_actors(session)


def named(action):
    """Return an action in words where there are some."""
    return page.t(f"action.{action}") if has_key(f"action.{action}") else action


a, b, c = st.columns(3)
who = a.selectbox(
    page.t("page.audit_trail.who"),
    [None, *actors],
    format_func=lambda x: x or page.t("page.factories.any"),
)
what = b.selectbox(
    page.t("page.audit_trail.what"),
    [None, *actions],
    format_func=lambda x: named(x) if x else page.t("page.factories.any"),
)
subject = c.text_input(page.t("page.audit_trail.subject"), key="subject", bind="query-params")
with reading(page) as session:
    total = count_entries(session, who=who, action=what, subject=subject or None)
    entries = list_entries(session, who=who, action=what, subject=subject or None, limit=100)
st.markdown(f"**{page.t('page.audit_trail.count', count=total, shown=len(entries))}**")
if not entries:
    kit.empty(page.t("page.audit_trail.none"))
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
            named(e.action),
            e.subject,
            "；".join(
                f"{c.field}: {c.before} → {c.after}"
                for c in e.changes
                if c.disclosure.value == "open"
            )
            or "—",
            e.reason or "—",
        ]
        for e in entries
    ],
    frozenset({0}),
)
