"""What can be done with the list: export it, keep its filter, assign an officer, remind owners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.access.queries import accounts_with_role, names_of
from marketplace.base.clock import today
from marketplace.base.db import housekeeping_write, write
from marketplace.base.errors import MarketplaceError
from marketplace.base.sheets import ColumnSpec, TableSheet, write_csv, write_xlsx
from marketplace.desk.factories import FactoryLine, list_factories
from marketplace.desk.reminders import remind_factories
from marketplace.desk.saved_views import drop_view, keep_view, list_views
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.listing import (
    Asked,
    export_rows,
    headings,
    take_query,
    told_filters,
)
from marketplace.faces.ui.session import Here, later, reading, run
from marketplace.features.registry.commands import assign_officer

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"name": 38.0, "uscc": 22.0, "next": 20.0, "officer": 16.0}


def export_menu(page: Here, now: Asked, total: int) -> None:
    """Show how the whole result can be taken out; it is recorded at the moment it is taken."""
    with st.popover(page.t("officer.list.export"), icon=":material/download:"):
        st.markdown(page.t("officer.list.export_means", count=total))
        for form, mime in (("xlsx", _XLSX), ("csv", "text/csv")):
            st.download_button(
                page.t(f"officer.list.export_{form}"),
                data=_maker(page, now, form),
                file_name=f"factories-{today(page.app.clock)}.{form}",
                mime=mime,
                key=f"export_{form}",
                on_click="ignore",
                width="stretch",
            )


def whole_result(page: Here, now: Asked) -> tuple[FactoryLine, ...]:
    """Return every row of the result, in its order."""
    with reading(page) as session:
        found = list_factories(
            session,
            page.actor,
            page.rulebook,
            wanted=now.wanted,
            page_rows=None,
        )
    return found.lines


def _maker(page: Here, now: Asked, form: str) -> Callable[[], bytes]:
    def make(page: Here) -> bytes:
        lines = whole_result(page, now)
        stamp = write(
            page.app.store,
            lambda s: record_export(
                s,
                clock=page.app.clock,
                actor=page.actor,
                program=page.rulebook.program.key,
                kind="factory_list",
                rows=len(lines),
                wanted={"query": now.query, "form": form},
            ),
        )
        heads, rows = headings(page), export_rows(page, lines)
        name = page.t("officer.list.export_title")
        title = page.t("officer.list.export_of", title=name, filters=told_filters(page, now))
        told = stamp.line(page.lang)
        if form == "csv":
            return write_csv(list(heads.values()), rows, stamp=f"{title} {told}")
        buffer = BytesIO()
        sheet = TableSheet(
            name=name,
            columns=tuple(ColumnSpec(text, width=_WIDTHS.get(k)) for k, text in heads.items()),
            rows=rows,
            title=title,
            stamp=told,
        )
        write_xlsx([sheet], buffer)
        return buffer.getvalue()

    return later(page, make)


def views_bar(page: Here, now: Asked) -> None:
    """Show one's kept filters as buttons, and the way to keep the present one."""
    with reading(page) as session:
        kept = list_views(session, page.actor, page="factories")
    with st.container(horizontal=True, vertical_alignment="center", key="z_views"):
        st.button(
            page.t("officer.list.who"), key="view_all", on_click=take_query, args=("",),
            disabled=now.is_plain and now.number == 1,
        )  # fmt: skip
        for view in kept:
            st.button(
                view.name, key=f"view_{view.view_id}", on_click=take_query, args=(view.query,)
            )
        if not now.is_plain and all(view.query != now.query for view in kept):
            look.open_button(
                page.t("officer.list.keep"), "keep_view", icon=":material/bookmark_add:"
            )
        for view in kept:
            if view.query == now.query and st.button(
                page.t("officer.list.drop", name=view.name), key="drop_view", type="tertiary"
            ):
                with housekeeping_write(page.app.store) as session:
                    drop_view(session, actor=page.actor, view_id=view.view_id)
                st.session_state["toast"] = page.t("officer.list.dropped")
                st.rerun()
    if look.is_asked("keep_view"):
        look.dialog(page, page.t("officer.list.keep"), lambda: _keep(page, now))


def _keep(page: Here, now: Asked) -> None:
    st.caption(page.t("officer.list.keep_means"))
    name = st.text_input(page.t("officer.list.keep_name"), max_chars=30, key="view_name")
    if st.button(page.t("officer.list.keep_go"), type="primary"):
        try:
            with housekeeping_write(page.app.store) as session:
                keep_view(
                    session, clock=page.app.clock, actor=page.actor, page="factories",
                    name=name, query=now.query,
                )  # fmt: skip
        except MarketplaceError as error:
            kit.error_box(error, page.lang)
            return
        st.session_state["toast"] = page.t("officer.list.kept")
        look.finish()


def bulk_bar(page: Here, now: Asked, chosen: Sequence[FactoryLine], total: int) -> None:
    """Show what can be done with the selected rows, or with the whole result instead."""
    with st.container(key="z_bulk", horizontal=True, vertical_alignment="center"):
        take_all = total > len(chosen) and st.checkbox(
            page.t("officer.list.all", total=total), key="bulk_all"
        )
        lines = list(whole_result(page, now) if take_all else chosen)
        with st.container(width="stretch"):
            count = page.t("officer.list.selected", count=len(lines))
            kit.markup(f'<p class="z-sel"><b>{count}</b></p>')
        if len(lines) == 1:
            st.page_link(
                "views/dossier.py",
                label=page.t("officer.list.open"),
                icon=":material/folder_open:",
                query_params={"id": str(lines[0].factory_id)},
            )
        look.open_button(page.t("officer.list.assign"), "assign", icon=":material/person:")
        look.open_button(
            page.t("officer.list.remind"), "remind", kind="primary", icon=":material/send:"
        )
    ids = [line.factory_id for line in lines]
    if look.is_asked("assign"):
        look.dialog(page, page.t("officer.list.assign"), lambda: _assign(page, ids))
    if look.is_asked("remind"):
        look.dialog(page, page.t("officer.list.remind"), lambda: _remind(page, ids))


def _assign(page: Here, ids: list[int]) -> None:
    with reading(page) as session:
        officers = accounts_with_role(session, page.rulebook.program.key, Role.OFFICER)
        names = names_of(session, set(officers))
    to = st.selectbox(
        page.t("officer.list.assign_to"), officers, format_func=lambda i: names.get(i, str(i))
    )
    kit.note(page.t("officer.list.assign_means", count=len(ids)))
    go = page.t("officer.list.assign_go", count=len(ids))
    if st.button(go, type="primary"):
        changed = run(
            page,
            lambda s: assign_officer(
                s, clock=page.app.clock, actor=page.actor, factory_ids=ids, officer_id=to
            ),
        )
        if changed is not None:
            st.session_state["toast"] = (
                page.t("officer.list.assigned", count=changed)
                if changed
                else page.t("officer.list.assigned_none")
            )
            look.finish()


def _remind(page: Here, ids: list[int]) -> None:
    kit.note(page.t("officer.list.remind_means", count=len(ids)))
    if st.button(page.t("officer.list.remind_go", count=len(ids)), type="primary"):
        told = run(
            page,
            lambda s: remind_factories(
                s, clock=page.app.clock, actor=page.actor, factory_ids=ids
            ),
        )
        if told is not None:
            st.session_state["toast"] = page.t(
                "officer.list.reminded",
                sent=told.sent,
                without=told.without_account,
                already=told.today_already,
            )
            look.finish()
