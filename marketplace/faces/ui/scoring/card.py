"""The compliance score as its owner and his officer see it: each component, and the way up."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import may
from marketplace.base.rulebook.conduct import CreditComponent
from marketplace.base.words import format_day, format_instant, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import figure_source
from marketplace.features.credit import commands as credit
from marketplace.features.credit.kinds import DisputeStatus
from marketplace.features.credit.queries import DisputeRow, get_score, list_disputes
from marketplace.features.credit.rules import ComponentScore, Event, Score
from marketplace.features.registry.queries import scope_of_operator

_TONES = {
    DisputeStatus.OPEN: "warn",
    DisputeStatus.ACCEPTED: "good",
    DisputeStatus.REJECTED: "gray",
}


def show(page: Here, operator_id: int) -> None:
    """Show the score of an operator, or that there is none before enrollment."""
    with reading(page) as session:
        found = get_score(
            session, page.actor, page.rulebook, clock=page.app.clock, operator_id=operator_id
        )
        scope = scope_of_operator(session, operator_id)
        disputes = list_disputes(
            session, page.actor, program=page.rulebook.program.key, operator_id=operator_id
        )
    kit.section(page.t("credit.title"), page.t("credit.sub"))
    if found is None:
        st.caption(page.t("credit.none"))
        return
    _figure(page, found)
    may_dispute = may(page.actor, "credit.file_dispute", scope)
    waiting = {d.event_ref for d in disputes if d.status is DisputeStatus.OPEN}
    for component in found.components:
        _component(page, component, operator_id, waiting, may_dispute=may_dispute)
    _disputes(page, disputes, found)
    look.muted(page.t("credit.stays", at=format_instant(page.app.clock.now())))


def _figure(page: Here, found: Score) -> None:
    kit.kpi(
        page.t("credit.now"),
        str(found.points),
        page.t("credit.of_100"),
        page.t("credit.rests", neutral=found.neutral_points),
    )
    kit.bar(found.points, 100)


def _component(
    page: Here,
    scored: ComponentScore,
    operator_id: int,
    waiting: set[str],
    *,
    may_dispute: bool,
) -> None:
    rule = page.rulebook.conduct.credit.component(scored.key)
    if rule is None:
        return
    zh = page.lang == "zh"
    told = page.t(
        "credit.line",
        name=rule.name_zh if zh else rule.name_en,
        effect=_signed(scored.effect_points),
        most=_signed(scored.most_points),
        count=len(scored.events),
    )
    with st.expander(told):
        look.said(rule.improve_zh if zh else rule.improve_en)
        look.muted(_how(page, rule))
        if not scored.events:
            st.caption(page.t("credit.no_events"))
        for event in scored.events:
            _event(page, event, operator_id, is_waiting=event.ref in waiting, may=may_dispute)


def _how(page: Here, rule: CreditComponent) -> str:
    place = f"conduct.credit.components.{_place(page, rule.key)}.weight_points"
    figure = page.rulebook.figures.get(place)
    return page.t(
        "credit.how",
        most=rule.weight_points,
        half=rule.half_after_events,
        days=rule.half_life_days,
        source=figure_source(page, figure) if figure else "—",
    )


def _place(page: Here, key: str) -> int:
    return [c.key for c in page.rulebook.conduct.credit.components].index(key)


def _event(page: Here, event: Event, operator_id: int, *, is_waiting: bool, may: bool) -> None:
    name = event.ref.replace(":", "_")
    mark = kit.badge(page.t("credit.disputed"), "warn") if is_waiting else ""
    kit.rows([(event.about, format_day(event.on), mark)])
    if not may or is_waiting:
        return
    with st.popover(page.t("credit.dispute"), width="stretch"):
        kit.note(page.t("credit.dispute_means"))
        form = DeskForm(page, f"dispute_{operator_id}_{name}")
        said = form.text("why", page.t("credit.why"), tall=True, longest=1000)
        if form.did(
            page.t("credit.send"),
            lambda s: credit.file_dispute(
                s,
                page.rulebook,
                clock=page.app.clock,
                actor=page.actor,
                operator_id=operator_id,
                event_ref=event.ref,
                statement=said,
            ),
            done="credit.sent",
        ):
            st.rerun()


def _disputes(page: Here, disputes: list[DisputeRow], found: Score) -> None:
    if not disputes:
        return
    kit.section(page.t("credit.disputes"))
    abouts = {
        e.ref: f"{e.about} · {format_day(e.on)}" for c in found.components for e in c.events
    }

    def of(d: DisputeRow) -> str:
        # What a dispute took out of the score is in no component any more: its kind is named.
        return abouts.get(d.event_ref) or _component_name(page, d.component)

    kit.rows(
        [
            (
                d.statement,
                page.t("credit.dispute_line", ref=of(d), due=format_day(d.due_on))
                if d.status is DisputeStatus.OPEN
                else " · ".join(part for part in (of(d), d.reason) if part),
                kit.badge(label(d.status, page.lang), _TONES[d.status]),
            )
            for d in disputes
        ]
    )


def _component_name(page: Here, key: str) -> str:
    rule = page.rulebook.conduct.credit.component(key)
    if rule is None:
        return ""
    return rule.name_zh if page.lang == "zh" else rule.name_en


def _signed(points: float) -> str:
    whole = round(points)
    return f"+{whole}" if whole > 0 else str(whole).replace("-", "−")
