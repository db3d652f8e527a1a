"""The card of payment holds in a factory's dossier and on the page of a case."""

from __future__ import annotations

import streamlit as st

from marketplace.faces.ui import kit
from marketplace.faces.ui.holding import deeds, telling
from marketplace.faces.ui.session import Here, reading
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus
from marketplace.features.enforcement.queries import FindingRow, list_findings
from marketplace.features.holds.queries import list_holds

_STANDING = {FindingStatus.SUSPECTED, FindingStatus.UPHELD}
_SHOWN = 5


def of_factory(page: Here, factory_id: int, *, district: str | None) -> None:
    """Show the holds on a factory's stores, and the way to place one."""
    with reading(page) as session:
        rows = list_holds(session, page.actor, clock=page.app.clock, factory_id=factory_id)
        found = list_findings(session, page.actor, factory_id=factory_id, limit=200)
    findings = [f for f in found if _is_holdable(f)]
    with st.container(key="card_holds"):
        kit.section(page.t("holds.card"), page.t("holds.card_sub"))
        if not rows:
            st.caption(page.t("holds.card_none"))
        for row in rows[:_SHOWN]:
            telling.line(page, row)
        if len(rows) > _SHOWN:
            st.page_link("views/holds.py", label=page.t("holds.back_all"))
        deeds.place_button(page, findings, district=district)


def of_finding(page: Here, finding: FindingRow | None, *, district: str | None) -> None:
    """Show the holds on one finding, and the way to place one; nothing before there is one."""
    if finding is None:
        return
    with reading(page) as session:
        rows = list_holds(
            session, page.actor, clock=page.app.clock, finding_id=finding.finding_id
        )
    if not rows and not _is_holdable(finding):
        return
    with st.container(key="card_holds"):
        kit.section(page.t("holds.card"), page.t("holds.card_sub"))
        for row in rows:
            telling.line(page, row)
        if not rows:
            st.caption(page.t("holds.card_none"))
        if _is_holdable(finding):
            deeds.place_button(page, [finding], district=district)


def _is_holdable(f: FindingRow) -> bool:
    return f.status in _STANDING and f.basis is FindingBasis.CASE
