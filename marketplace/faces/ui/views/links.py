"""The office's links: who waits to be looked at, what ties whom; a link never punishes."""

from __future__ import annotations

from html import escape

import streamlit as st

from marketplace.base.access import Role, Scope, may
from marketplace.base.clock import today
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.linking import showing
from marketplace.faces.ui.linking.adding import add_from_file
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import number_asked, picked, switched
from marketplace.faces.ui.office.due import due_badge
from marketplace.faces.ui.office.taking import take_out
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.links.kinds import (
    LinkReason,
    LinkReviewStatus,
    LinkStatus,
    LinkTrigger,
)
from marketplace.features.links.queries import LinkRow, ReviewRow, list_links, list_reviews

_ROWS = 12
_VIEWS = ("reviews", "links")


def choice(page: Here, name: str, words: dict[str, str], *, start: str = "") -> str:
    """Show one filter; it is part of the address. Without a start, anything goes at first."""
    options = words if start else {"": page.t("page.factories.any"), **words}
    return picked(page.t(f"links.filter.{name}"), name, options, start=start)


def reviews(page: Here, query: str) -> None:
    """Show the queue: each line opens its review; the count is the list's length."""
    with st.container(horizontal=True):
        states = {s.value: label(s, page.lang) for s in LinkReviewStatus}
        status = choice(page, "status", states, start=LinkReviewStatus.OPEN.value)
        triggers = {t.value: label(t, page.lang) for t in LinkTrigger}
        trigger = choice(page, "trigger", triggers)
    with reading(page) as session:
        rows = list_reviews(
            session,
            page.actor,
            program=page.rulebook.program.key,
            statuses=(LinkReviewStatus(status),),
            triggers=(LinkTrigger(trigger),) if trigger else (),
            query=query,
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            kit.strong(page.t("links.reviews_count", count=len(rows)))
        take_out(
            page,
            kind="link_reviews",
            title=page.t("page.links.title"),
            heads=[page.t(f"links.{k}") for k in
                   ("subject", "because", "trigger", "opened", "due", "outcome", "why_ended")],
            rows=[
                [
                    r.subject.name,
                    r.because.name,
                    label(r.trigger, page.lang),
                    format_instant(r.opened_at),
                    format_day(r.due_on),
                    label(r.outcome, page.lang) if r.outcome else "",
                    r.reason or "",
                ]
                for r in rows
            ],
            wanted={"status": status, "trigger": trigger, "query": query},
            narrowed=[
                (page.t("links.search"), query),
                (page.t("links.filter.status"), states[status]),
                (page.t("links.filter.trigger"), triggers.get(trigger, "")),
            ],
        )  # fmt: skip
    if not rows:
        look.empty(page.t("links.none"), page.t("links.none_hint"))
    for row in rows[: _shown(page, "reviews", len(rows))]:
        _review_line(page, row)


def _review_line(page: Here, row: ReviewRow) -> None:
    with st.container(key=f"q_review_{row.review_id}"):
        mark = (
            due_badge(page, row.due_on, today(page.app.clock))
            if row.outcome is None
            else kit.badge(label(row.outcome, page.lang), "calm")
        )
        told = f"{label(row.trigger, page.lang)} · {row.because.name}"
        kit.markup(
            f'<div class="z-q"><b>{escape(row.subject.name)}</b>{mark}'
            f'<span class="muted">{escape(told)}</span></div>'
        )
        if row.reason:
            look.muted(row.reason)
        if row.outcome is None and page.actor.role is not Role.AUDITOR:
            st.page_link(
                "views/decide.py",
                label=f"{page.t('page.today.handle')} {row.subject.name}",
                query_params={"kind": "link_review", "id": str(row.review_id)},
            )


def every_link(page: Here, query: str) -> None:
    """Show the links themselves, strongest first, and a group where one is asked for."""
    with st.container(horizontal=True):
        words = {r.value: label(r, page.lang) for r in LinkReason}
        reason = choice(page, "reason", words)
        states = {s.value: label(s, page.lang) for s in LinkStatus}
        standing = choice(page, "standing", states, start=LinkStatus.STANDING.value)
    with reading(page) as session:
        rows = list_links(
            session,
            page.actor,
            program=page.rulebook.program.key,
            reasons=(LinkReason(reason),) if reason else (),
            statuses=(LinkStatus(standing),),
            query=query,
        )
    group = number_asked("group")
    if group is not None:
        with st.container(key="card_group"):
            try:
                showing.store_group(page, group)
            except MarketplaceError as error:
                kit.error_box(error, page.lang)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            kit.strong(page.t("links.links_count", count=len(rows)))
        take_out(
            page,
            kind="store_links",
            title=page.t("page.links.title"),
            heads=[page.t(f"links.{k}") for k in
                   ("one", "other", "why", "via", "strength", "from", "state", "why_cut")],
            rows=[_cells(page, r) for r in rows],
            wanted={"reason": reason, "standing": standing, "query": query},
            narrowed=[
                (page.t("links.search"), query),
                (page.t("links.filter.reason"), words.get(reason, "")),
                (page.t("links.filter.standing"), states[standing]),
            ],
        )  # fmt: skip
    if not rows:
        look.empty(page.t("links.no_links"), page.t("links.no_links_hint"))
    showing.link_lines(page, rows[: _shown(page, "links", len(rows))], at="all")


def _cells(page: Here, r: LinkRow) -> list[str | int]:
    return [
        r.left.name,
        r.right.name,
        label(r.reason, page.lang),
        r.via_shown,
        r.strength,
        f"{label(r.source, page.lang)} {r.source_text}".strip(),
        label(r.status, page.lang),
        r.cut_reason or "",
    ]


def _shown(page: Here, name: str, total: int) -> int:
    """Return how many rows are shown; a button shows more."""
    shown = int(st.session_state.get(f"links_{name}", _ROWS))
    if total > shown:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(page.t("links.part", shown=shown, total=total))
            if st.button(page.t("links.more"), key=f"more_{name}", type="tertiary"):
                st.session_state[f"links_{name}"] = shown + 4 * _ROWS
                st.rerun()
    return shown


def show(page: Here) -> None:
    """Show the page."""
    program = Scope(program=page.rulebook.program.key)
    with look.head(page.t("page.links.title"), page.t("page.links.question")):
        if may(page.actor, "links.record_traits", program):
            look.open_button(page.t("links.import"), "traits", icon=":material/upload_file:")
    if look.is_asked("traits"):
        look.dialog(page, page.t("links.import"), lambda: add_from_file(page), wide=True)
    kit.note(page.t("links.never"))
    views = {v: page.t(f"links.views.{v}") for v in _VIEWS}
    view = switched(page.t("links.view"), "view", views, start="reviews")
    query = st.text_input(
        page.t("links.search"), key="q", bind="query-params", width=320,
        placeholder=page.t("links.search_hint"),
    )  # fmt: skip
    (every_link if view == "links" else reviews)(page, query or "")


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
