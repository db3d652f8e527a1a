"""One factory: who they are, where they stand, what is missing, who has it, until when."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from marketplace.base.access import Role
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import format_day, format_instant
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier import (
    actions,
    conduct,
    goods,
    measures,
    papers,
    people,
    standing,
)
from marketplace.faces.ui.dossier.loading import Dossier, load
from marketplace.faces.ui.holding import card as holding
from marketplace.faces.ui.linking import showing as linking
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import kept_list, number_asked, opened_from
from marketplace.faces.ui.scoring import card as scoring
from marketplace.faces.ui.session import Here, page_for
from marketplace.faces.ui.wording import district_name

_TONES = {"enrolled": "good", "graduated": "good", "draft": "warn", "applied": "warn"}


def show(page: Here) -> None:
    """Show the dossier asked for by the address, or say how to choose one."""
    wanted = number_asked("id")
    if wanted is None:
        look.head(page.t("page.dossier.title"), page.t("page.dossier.choose"))
        st.page_link("views/factories.py", label=page.t("page.factories.title"))
        return
    try:
        d = load(page, wanted)
    except MarketplaceError as error:
        look.head(page.t("page.dossier.title"), page.t("page.dossier.choose"))
        kit.error_box(error, page.lang)
        st.page_link("views/factories.py", label=page.t("page.factories.title"))
        return
    st.page_link(
        "views/factories.py",
        label=page.t("page.dossier.back"),
        query_params=kept_list("factories"),
    )
    with head(page, d):
        actions.show_head(page, d)
    opened_from("factories")
    standing.show_bar(page, d)
    standing.show_tasks(page, d)
    main, side = st.columns([5, 3], gap="medium")
    with main:
        conduct.show(page, d)
        with st.container(key="card_score"):
            scoring.show(page, d.who.operator_id)
        measures.show(page, d)
        holding.of_factory(page, d.who.factory_id, district=d.who.district)
        papers.show_stores(page, d)
        with st.container(key="card_links"):
            linking.factory_group(page, d.who.factory_id)
    with side:
        standing.show_missing(page, d)
        people.show_card(page, d)
        papers.show_documents(page, d)
        people.show_relations(page, d)
        papers.show_timeline(page, d)
    goods.show(page, d)
    people.show(page, d)
    at = format_instant(page.app.clock.now())
    st.caption(page.t("officer.dossier.as_of", at=at))
    actions.open_asked(page, d)


def head(page: Here, d: Dossier) -> DeltaGenerator:
    """Show the name, where it stands in a word, and the line on whom it belongs to."""
    status = d.enrollment.status.value if d.enrollment else d.who.status.value
    year = d.who.founded_year
    founded = (
        page.t("officer.dossier.founded", year=year)
        if year
        else page.t("officer.dossier.founded_unknown")
    )
    line = page.t(
        "officer.dossier.line",
        district=district_name(page, d.who.district),
        founded=founded,
        enrolled=format_day(d.enrollment.enrolled_on if d.enrollment else None),
        officer=d.officer or page.t("officer.dossier.officer_none"),
    )
    if page.lang == "en" and d.who.name_en:
        line = f"{d.who.name_en} · {line}"
    return look.head(
        d.who.name,
        line,
        mark=kit.badge(page.t(f"page.factories.status.{status}"), _TONES.get(status, "gray")),
    )


show(page_for(Role.OFFICER, Role.REVIEWER, Role.AUDITOR))
