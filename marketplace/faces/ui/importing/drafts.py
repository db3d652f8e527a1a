"""Firms without a code (待补代码): complete it in place, look whom they may be, or archive them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.identifiers import clean_uscc
from marketplace.base.text import normalize
from marketplace.base.words import format_instant
from marketplace.desk.likely import Likely, likely_factories
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import district_name
from marketplace.features.registry import commands as registry
from marketplace.features.registry.queries import DraftRow, list_drafts

_PAGE = 10
_SIMILAR_FROM, _MOST = 90, 2


def show_drafts(page: Here) -> None:
    """Show every draft with where it came from and which known firm it may be."""
    program = page.rulebook.program.key
    with reading(page) as session:
        rows = list_drafts(session, page.actor, program=program)
        pages = max(1, -(-len(rows) // _PAGE))
        number = st.pagination(pages, key=f"drafts_pg_{len(rows)}") if pages > 1 else 1
        shown = rows[(number - 1) * _PAGE : number * _PAGE]
        alike = {
            row.factory_id: [
                one
                for one in likely_factories(
                    session, page.actor, program=program, name=row.name, uscc=None
                )
                if one.factory_id != row.factory_id and one.score >= _SIMILAR_FROM
            ][:_MOST]
            for row in shown
        }
    if not rows:
        look.empty(page.t("imports.drafts_none"), page.t("imports.drafts_none_hint"))
        return
    st.caption(page.t("imports.drafts_say", count=len(rows)))
    for row in shown:
        _card(page, row, alike[row.factory_id])


def _card(page: Here, row: DraftRow, alike: Sequence[Likely]) -> None:
    with st.container(key=f"card_draft_{row.factory_id}"):
        kit.section(row.name)
        told = [
            row.address or "",
            district_name(page, row.district),
            page.t("imports.from_source", source=row.source or "—"),
            format_instant(row.created_at),
        ]
        look.muted(" · ".join(part for part in told if part))
        for one in alike:
            st.page_link(
                "views/dossier.py",
                label=page.t("imports.alike", name=one.name, score=one.score),
                icon=":material/folder_open:",
                query_params={"id": str(one.factory_id)},
            )
        if page.actor.role is not Role.OFFICER:
            return
        with (
            st.form(f"draft_{row.factory_id}", border=False),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            code = st.text_input(
                page.t("imports.uscc"), max_chars=30, key=f"draft_code_{row.factory_id}"
            )
            sent = st.form_submit_button(page.t("imports.complete"))
            st.form_submit_button(
                page.t("imports.archive"),
                type="tertiary",
                on_click=look.ask,
                args=(f"archive_{row.factory_id}",),
            )
        if sent:
            _complete(page, row, code)
        if look.is_asked(f"archive_{row.factory_id}"):
            look.dialog(page, page.t("imports.archive"), lambda: _archive(page, row))


def _complete(page: Here, row: DraftRow, code: str) -> None:
    if did(
        page,
        lambda s: registry.edit_factory(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            factory_id=row.factory_id,
            values={"uscc": clean_uscc(code)},
            reason=page.t("imports.complete_reason"),
        ),
    ):
        st.session_state["toast"] = page.t("imports.completed", name=row.name)
        st.rerun()


def _archive(page: Here, row: DraftRow) -> None:
    form = DeskForm(page, f"archive_{row.factory_id}")
    form.begun_note()
    reason = form.text("reason", page.t("imports.archive_reason"), longest=500)
    if form.did(
        page.t("imports.archive"),
        lambda s: registry.archive_factory(
            s,
            clock=page.app.clock,
            actor=page.actor,
            factory_id=row.factory_id,
            reason=normalize(reason),
        ),
    ):
        st.session_state["toast"] = page.t("imports.archived", name=row.name)
        look.finish()
