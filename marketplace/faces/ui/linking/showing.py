"""Shows a review's way, a group with its points, and the drawing under the table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import Scope, may
from marketplace.base.draw import DARK, LIGHT
from marketplace.base.words import format_count, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.linking import graph
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.links import commands as links
from marketplace.features.links.kinds import LinkReason, LinkStatus
from marketplace.features.links.queries import (
    Group,
    LinkRow,
    get_group,
    group_of_factory,
    list_links,
)
from marketplace.features.registry.kinds import StoreStatus

STATUS_TONES = {
    StoreStatus.OPEN: "good",
    StoreStatus.SUSPENDED: "warn",
    StoreStatus.CLOSED: "bad",
}
_LINK_TONES = {LinkStatus.STANDING: "warn", LinkStatus.CUT: "gray", LinkStatus.GONE: "gray"}


def link_lines(page: Here, rows: Sequence[LinkRow], *, at: str) -> None:
    """Show links, each with why, by what, how strong, from where, and the way to cut it.

    `at` keeps the keys of two lists on one page apart.
    """
    for row in rows:
        with st.container(key=f"card_link_{at}_{row.link_id}"):
            via = f" · {row.via_shown}" if row.via_shown else ""
            told = page.t(
                "links.line",
                strength=row.strength,
                source=" ".join(filter(None, (label(row.source, page.lang), row.source_text))),
            )
            word = label(row.reason, page.lang)
            badge = kit.badge(word, "calm" if _is_register(row) else "warn")
            if row.status is not LinkStatus.STANDING:
                badge += " " + kit.badge(label(row.status, page.lang), _LINK_TONES[row.status])
            kit.markup(
                f'<div class="z-q"><b>{escape(row.left.name)} — {escape(row.right.name)}</b>'
                f"<span>{badge}</span>"
                f'<span class="muted" style="grid-column:1/-1">{escape(told + via)}</span></div>'
            )
            if row.cut_reason:
                look.muted(page.t("links.cut_because", reason=row.cut_reason))
            _actions(page, row, at)


def _is_register(row: LinkRow) -> bool:
    return row.reason is LinkReason.OPERATES


def _actions(page: Here, row: LinkRow, at: str) -> None:
    scope = Scope(program=page.rulebook.program.key)
    name = f"{at}_{row.link_id}"
    with st.container(horizontal=True):
        ref = row.left.ref if row.left.kind == "store" else row.right.ref
        if at == "all" and ref.startswith("store:"):
            st.button(
                page.t("links.show_group"), key=f"group_{name}", type="tertiary",
                on_click=_go_group, args=(ref,),
            )  # fmt: skip
        if row.status is LinkStatus.STANDING and not _is_register(row):
            if may(page.actor, "links.cut_link", scope):
                look.open_button(page.t("links.cut"), f"cut_{name}", icon=":material/link_off:")
        elif row.status is LinkStatus.CUT and may(page.actor, "links.restore_link", scope):
            look.open_button(page.t("links.restore"), f"back_{name}", icon=":material/undo:")
    if look.is_asked(f"cut_{name}"):
        look.dialog(page, page.t("links.cut_title"), lambda: _cut(page, row))
    if look.is_asked(f"back_{name}"):
        look.dialog(page, page.t("links.restore_title"), lambda: _restore(page, row))


def _go_group(ref: str) -> None:
    st.query_params["group"] = ref.partition(":")[2]


def _cut(page: Here, row: LinkRow) -> None:
    kit.note(page.t("links.cut_means", left=row.left.name, right=row.right.name))
    form = DeskForm(page, f"link_cut_{row.link_id}")
    form.begun_note()
    reason = form.text("reason", page.t("officer.decide.reason"), tall=True, longest=500)
    if form.did(
        page.t("links.cut_go"),
        lambda s: links.cut_link(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            link_id=row.link_id,
            reason=reason,
        ),
        done="links.cut_done",
    ):
        look.finish()


def _restore(page: Here, row: LinkRow) -> None:
    kit.note(page.t("links.restore_means"))
    form = DeskForm(page, f"link_back_{row.link_id}")
    form.begun_note()
    reason = form.text("reason", page.t("officer.decide.reason"), tall=True, longest=500)
    if form.did(
        page.t("links.restore_go"),
        lambda s: _restored(page, s, row.link_id, reason),
        done="links.restore_done",
    ):
        look.finish()


def _restored(page: Here, session: Session, link_id: int, reason: str) -> None:
    links.restore_link(
        session,
        clock=page.app.clock,
        actor=page.actor,
        link_id=link_id,
        reason=reason,
    )
    links.refresh_links(
        session,
        page.rulebook,
        clock=page.app.clock,
        actor=page.actor,
    )


def store_group(page: Here, store_id: int) -> None:
    """Show the group around a store: the section a closure review looks at."""
    with reading(page) as session:
        group = get_group(session, page.actor, page.rulebook, store_id=store_id)
    group_card(page, group)


def closure_group(page: Here, store_id: int) -> None:
    """Show whoever decides on a finding what is tied to the store, where anything is."""
    with reading(page) as session:
        group = get_group(session, page.actor, page.rulebook, store_id=store_id)
    if len(group.stores) > 1:
        with st.expander(page.t("links.group")):
            group_card(page, group, with_drawing=False)


def factory_group(page: Here, factory_id: int) -> None:
    """Show the group around a factory's operator, for its dossier."""
    with reading(page) as session:
        group = group_of_factory(session, page.actor, page.rulebook, factory_id=factory_id)
    if len(group.stores) < 2:
        kit.section(page.t("links.group"))
        st.caption(page.t("links.group_single"))
        return
    group_card(page, group)


def group_card(page: Here, group: Group, *, with_drawing: bool = True) -> None:
    """Show the stores with their points and totals first, then the drawing."""
    kit.section(
        page.t("links.group"),
        page.t(
            "links.group_sub",
            stores=len(group.stores),
            operator=group.operator_total,
            total=group.group_total,
            closure=page.rulebook.points.closure_balance,
        ),
    )
    names = {m.subject.ref: m.subject.name for m in group.members}
    rows = [
        [
            m.subject.name,
            f"{m.subject.platform or '—'} {m.subject.store_no or ''}",
            names.get(f"operator:{m.operator_id}", "—"),
            label(m.subject.status, page.lang) if m.subject.status else "—",
            format_count(m.points),
        ]
        for m in group.stores
    ]
    rows.append([page.t("links.group_total"), "", "", "", format_count(group.group_total)])
    kit.table(
        [
            page.t("field.store"),
            page.t("links.platform"),
            page.t("links.operator"),
            page.t("page.dossier.state"),
            page.t("links.points"),
        ],
        rows,
        frozenset({4}),
        wide=frozenset({0, 2}),
    )
    look.muted(page.t("links.group_means"))
    if with_drawing:
        with st.expander(page.t("links.drawing")):
            drawing(page, group)


def drawing(page: Here, group: Group, *, at: str = "") -> None:
    """Show the drawing, and under it what it says as a table."""
    suspected = [k for k in group.links if k.reason is not LinkReason.OPERATES]
    alt = page.t(
        "links.alt",
        members=len(group.members),
        stores=len(group.stores),
        links=len(suspected),
    )
    dark = st.context.theme.type == "dark"
    st.plotly_chart(
        graph.plot(group, lambda reason: label(reason, page.lang), DARK if dark else LIGHT),
        theme=None, key=f"group_{group.start}_{at}", width="stretch", alt=alt,
        config={"displayModeBar": False},
    )  # fmt: skip
    look.muted(f"{alt} {page.t('links.legend')}")
    if len(group.members) > graph.MOST_NODES:
        st.caption(page.t("links.drawing_part", shown=graph.MOST_NODES))
    with reading(page) as session:
        rows = list_links(
            session,
            page.actor,
            program=page.rulebook.program.key,
            subjects=frozenset(m.subject.ref for m in group.members),
        )
    kit.table(
        [
            page.t("links.one"),
            page.t("links.other"),
            page.t("links.why"),
            page.t("links.via"),
            page.t("links.strength"),
        ],
        [
            [
                r.left.name,
                r.right.name,
                label(r.reason, page.lang),
                r.via_shown or "—",
                str(r.strength),
            ]
            for r in rows
        ],
        frozenset({4}),
        wide=frozenset({0, 1}),
    )
