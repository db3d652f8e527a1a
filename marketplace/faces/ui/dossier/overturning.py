"""Overturning a decided finding: by a third person, with the reason and what follows in words."""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from marketplace.base.access import may
from marketplace.base.errors import Refused
from marketplace.base.words import format_day
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading
from marketplace.features.enforcement.commands import overturn_finding
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.queries import FindingRow, preview_overturn


def upheld(d: Dossier) -> list[FindingRow]:
    """Return the findings that stand, latest first."""
    return [f for f in d.findings if f.status is FindingStatus.UPHELD]


def show_button(page: Here, d: Dossier) -> None:
    """Show the way to overturn, where somebody may and something stands."""
    if upheld(d) and may(page.actor, "enforcement.overturn_finding", d.scope):
        look.open_button(page.t("conduct.overturn"), "overturn", icon=":material/undo:")


def overturn(page: Here, d: Dossier) -> None:
    """Choose a finding, read what follows, give the reason, confirm."""
    rows = upheld(d)
    if not rows:
        look.empty(page.t("conduct.overturn"), page.t("conduct.overturn_none"))
        return
    f = st.selectbox(
        page.t("past.which"),
        rows,
        format_func=lambda r: f"{format_day(r.found_on)} {r.store_name}: {r.statement[:40]}",
    )
    with reading(page) as session:
        told = preview_overturn(
            session, page.actor, page.rulebook, clock=page.app.clock, finding_id=f.finding_id
        )
    if told.own:
        kit.note(page.t("conduct.overturn_own"), "bad")
        return
    lines = [
        page.t("conduct.overturn_unscored")
        if told.points is None
        else page.t("conduct.overturn_points", points=-told.points, balance=told.balance),
        page.t("conduct.overturn_numbers"),
        *([page.t("conduct.overturn_reopens")] if told.reopens else []),
        page.t("conduct.overturn_products"),
        page.t("conduct.overturn_told"),
    ]
    for line in lines:
        kit.note(line)
    st.caption(page.t("conduct.overturn_who"))
    form = KeptForm(page, f"overturn_{f.finding_id}")
    reason = form.text("reason", page.t("officer.ask.reason"), tall=True, longest=1000)
    sure = st.checkbox(page.t("conduct.overturn_sure"), key=f"overturn_sure_{f.finding_id}")

    def work(session: Session) -> bool:
        if not sure:
            raise Refused("overturn_check")
        overturn_finding(
            session, page.rulebook, clock=page.app.clock, actor=page.actor,
            finding_id=f.finding_id, reason=reason,
        )  # fmt: skip
        return True

    if form.send(page.t("conduct.overturn"), work, done="conduct.overturned", stretch=False):
        look.finish()
