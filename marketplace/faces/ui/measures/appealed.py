"""One appeal to read, decided or not: what was said, what was answered, by whom and when."""

from __future__ import annotations

import streamlit as st

from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.session import Here, reading
from marketplace.features.appeals.kinds import AppealStatus
from marketplace.features.appeals.queries import AppealRow, get_appeal, may_decide


def show_appeal(page: Here, appeal_id: int) -> None:
    """Show an appeal with its answer, and the way to decide it for whoever may."""
    try:
        with reading(page) as session:
            a = get_appeal(session, page.actor, appeal_id=appeal_id)
            mine = a.status is AppealStatus.FILED and may_decide(
                session, page.actor, page.rulebook, appeal_id=appeal_id
            )
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    kit.section(
        f"{page.t('appeals.number')} {a.number}", f"{a.store_name} · {a.factory_name or '—'}"
    )
    kit.facts(
        [
            (page.t("appeals.status"), label(a.status, page.lang)),
            (page.t("appeals.instance"), str(a.instance)),
            (page.t("appeals.against"), a.statement_number),
            (page.t("appeals.ground"), label(a.ground, page.lang)),
            (page.t("appeals.filed_at"), format_instant(a.filed_at)),
            (page.t("appeals.due_on"), format_day(a.due_on)),
        ]
    )
    kit.section(page.t("appeals.says"))
    look.said(a.text)
    if a.decision:
        kit.section(page.t("appeals.answer"), _answered(page, a))
        look.said(a.decision)
    with st.container(horizontal=True):
        if mine:
            st.page_link(
                "views/decide.py",
                label=page.t("appeals.to_decide"),
                icon=":material/balance:",
                query_params={"kind": "appeal", "id": str(a.appeal_id)},
            )
        st.page_link(
            "views/store.py",
            label=page.t("measures.open_store", store=a.store_name),
            icon=":material/history:",
            query_params={"id": str(a.store_id)},
        )


def _answered(page: Here, a: AppealRow) -> str:
    at = format_instant(a.closed_at) if a.closed_at else ""
    return f"{name_of(page, a.decided_by)} {at}".strip()
