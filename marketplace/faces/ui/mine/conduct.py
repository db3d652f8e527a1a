"""Own conduct as its owner reads it: points a store, findings with reason and measure, his say."""

from __future__ import annotations

from html import escape

import streamlit as st

from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import hearing
from marketplace.faces.ui.session import Here, reading
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.queries import (
    FindingRow,
    OffenseMark,
    list_findings,
    list_offenses,
    points_of_factory,
)
from marketplace.features.registry.queries import FactoryProfile

_TONES = {
    FindingStatus.SUSPECTED: "warn",
    FindingStatus.UPHELD: "bad",
    FindingStatus.DISMISSED: "good",
    FindingStatus.OVERTURNED: "good",
}
_SHOWN = 10


def conduct(page: Here, own: FactoryProfile) -> None:
    """Show current conduct; a suspicion says that it is one and may be answered."""
    with reading(page) as session:
        points = points_of_factory(session, page.actor, factory_id=own.factory_id)
        findings = list_findings(session, page.actor, factory_id=own.factory_id)
        marks = {
            m.finding_id: m
            for m in list_offenses(session, page.actor, factory_id=own.factory_id)
        }
    closure = page.rulebook.points.closure_balance
    with st.container(key="card_conduct"):
        kit.section(page.t("page.my_day.conduct"), page.t("own.points_of", closure=closure))
        kit.rows(
            [
                (
                    s.store_name,
                    label(s.status, page.lang),
                    kit.badge(
                        page.t("own.points_store", points=s.balance),
                        "good" if s.balance == 0 else "bad" if s.balance >= closure else "warn",
                    ),
                )
                for s in points.stores
            ]
        )
        if not findings:
            kit.empty(page.t("page.my_day.no_findings"))
            return
        for finding in findings[:_SHOWN]:
            _finding(page, finding, marks.get(finding.finding_id))
        if any(f.status is FindingStatus.UPHELD for f in findings):
            st.page_link("views/my_measures.py", label=page.t("own.appeal_how"))


def _finding(page: Here, f: FindingRow, mark: OffenseMark | None) -> None:
    told = page.t("own.found_on", day=format_day(f.found_on), listings=f.listings)
    lines = [f.statement]
    if f.heard_at is not None:
        at = format_instant(f.heard_at)
        lines.append(page.t("own.say_given", at=at, text=f.hearing or "—"))
    if f.reason:
        lines.append(page.t("own.reason", reason=f.reason))
    lines += _measure(page, f, mark)
    kit.markup(
        f'<div class="z-finding"><p><b>{escape(f.store_name)}</b> '
        f"{kit.badge(label(f.status, page.lang), _TONES[f.status])}<br>"
        f'<span class="muted">{escape(told)}</span></p>'
        + "".join(f"<p>{escape(line)}</p>" for line in lines)
        + "</div>"
    )
    if f.status is FindingStatus.SUSPECTED and f.heard_at is None:
        if (case := hearing.case_about(page, f.finding_id)) is not None:
            hearing.go(page, case)
            return
        st.page_link(
            "views/my_day.py",
            label=page.t("own.say_heading"),
            query_params={"do": f"statement.{f.finding_id}"},
        )


def _measure(page: Here, f: FindingRow, mark: OffenseMark | None) -> list[str]:
    if mark is None:
        return [page.t("own.not_scored")] if f.status is FindingStatus.UPHELD else []
    told = [page.t("own.offenses", count=mark.offense)]
    if mark.measure is not None:
        told.append(page.t("own.measure", measure=label(mark.measure, page.lang)))
    told.append(page.t("own.points_store", points=mark.points))
    if mark.reversed:
        told.append(page.t("own.reversed"))
    return [" · ".join(told)]
