"""One drawn decision on one page, for the auditor: was it right as things stood then?"""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.errors import MarketplaceError
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import number_asked
from marketplace.faces.ui.overseeing import replaying
from marketplace.faces.ui.session import page_for, reading
from marketplace.features.oversight.queries import get_replay

page = page_for(Role.AUDITOR)
asked = number_asked("id")
if asked is None:
    look.head(page.t("page.replay.title"), page.t("page.replay.question"))
    replaying.nothing(page)
    st.stop()
try:
    with reading(page) as session:
        found = get_replay(session, page.actor, item_id=asked)
except MarketplaceError as error:
    look.head(page.t("page.replay.title"), page.t("page.replay.question"))
    kit.error_box(error, page.lang)
    replaying.nothing(page)
    st.stop()
item = found.item
judged = page.t("oversight.items.open")
if item.current is not None:
    judged = label(item.current.judgment, page.lang)
look.head(
    page.t("oversight.replay.title", no=item.position, kind=label(item.kind, page.lang)),
    page.t("page.replay.question"),
    mark=kit.badge(judged, "calm" if item.current else "warn"),
)
replaying.steps(page, found)
left, right = st.columns([3, 2], gap="large")
with left:
    with st.container(key="card_decision"):
        replaying.decision(page, found)
    with st.container(key="card_facts"):
        replaying.facts(page, found)
    with st.container(key="card_evidence"):
        replaying.evidence(page, found)
with right:
    with st.container(key="card_verdict"):
        replaying.verdict(page, found)
    with st.container(key="card_after"):
        replaying.trail(
            page,
            page.t("oversight.replay.after"),
            page.t("oversight.replay.nothing_after"),
            found.after,
        )
    with st.container(key="card_before"):
        replaying.trail(
            page,
            page.t("oversight.replay.before"),
            page.t("oversight.replay.nothing_before"),
            found.before,
        )
