"""A right holder follows every listing: where it stands, why, what he can do next."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.db import housekeeping_write
from marketplace.base.inbox import list_messages, mark_read
from marketplace.base.words import format_instant, label, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.holder import following
from marketplace.faces.ui.office import look
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.complaints.kinds import ComplaintStatus
from marketplace.features.complaints.queries import list_filed, list_notices

_ROWS, _NEWS, _NOTICES = 12, 4, 10
_SHOWN = "notices_shown"
_STATE = "filed_state"


def show(page: Here) -> None:
    """Show news, the listings complained of, and the notices they came with."""
    program = page.rulebook.program.key
    with look.head(page.t("page.notices.title"), page.t("complaints.notices_question")):
        if st.button(page.t("page.file_notice.title"), type="primary", key="file_notice_now"):
            st.switch_page("views/file_notice.py")
    with reading(page) as session:
        filed = list_filed(session, page.actor, program=program)
        notices = list_notices(session, page.actor, program=program)
        news = [m for m in list_messages(session, page.actor, limit=20) if not m.read]
    if news:
        with st.container(key="card_news"):
            kit.section(page.t("complaints.news"))
            told = [
                (format_instant(m.at), say(f"message.{m.code}", page.lang, **m.facts), "")
                for m in news
            ]
            kit.timeline(told[:_NEWS])
            if len(news) > _NEWS:
                with st.expander(page.t("complaints.news_more", count=len(news) - _NEWS)):
                    kit.timeline(told[_NEWS:])
            if st.button(page.t("complaints.news_read"), key="news_read"):
                with housekeeping_write(page.app.store) as session:
                    mark_read(
                        session, clock=page.app.clock, actor=page.actor,
                        until=news[0].message_id,
                    )  # fmt: skip
                st.rerun()
    if not filed:
        look.empty(page.t("complaints.filed_none"), page.t("complaints.filed_none_hint"))
        return
    counts = {s: sum(f.complaint.status is s for f in filed) for s in ComplaintStatus}
    only = _state(page, counts)
    shown = sorted(
        (f for f in filed if only in {None, f.complaint.status.value}),
        # His turn first; what he took back himself last.
        key=lambda f: (
            not following.is_his_turn(f),
            f.complaint.status is ComplaintStatus.WITHDRAWN,
        ),
    )
    pages = max(1, -(-len(shown) // _ROWS))
    number = st.pagination(pages, key=f"filed_pg_{only}") if pages > 1 else 1
    for row in shown[(number - 1) * _ROWS : number * _ROWS]:
        following.listing(page, row)
    with st.container(key="card_notices"):
        kit.section(page.t("complaints.notices_all"))
        most = int(st.session_state.get(_SHOWN) or _NOTICES)
        following.notices(page, notices[:most])
        if len(notices) > most:
            st.button(
                page.t("complaints.notices_more"),
                key="notices_more",
                on_click=_show_more,
                args=(most,),
            )
        if any(n.open for n in notices):
            look.open_button(page.t("complaints.withdraw_rest"), "rest_all")
    following.dialogs(page, filed, notices)


def _show_more(shown: int) -> None:
    st.session_state[_SHOWN] = shown + _NOTICES


def _state(page: Here, counts: Mapping[ComplaintStatus, int]) -> str | None:
    """Show the states there are; return the one that is asked for, also by the address."""
    there = [s.value for s in ComplaintStatus if counts[s]]
    if _STATE not in st.session_state and st.query_params.get("state") in there:
        st.session_state[_STATE] = st.query_params["state"]
    only = st.pills(
        page.t("complaints.facet.status"),
        there,
        format_func=lambda v: plain(
            f"{label(ComplaintStatus(v), page.lang)} {counts[ComplaintStatus(v)]}"
        ),
        key=_STATE,
    )
    # Not bound to the address: Streamlit lets nobody leave by a button while a parameter is bound.
    if only:
        st.query_params["state"] = only
    else:
        st.query_params.pop("state", None)
    return only


show(page_for(Role.RIGHT_HOLDER))
