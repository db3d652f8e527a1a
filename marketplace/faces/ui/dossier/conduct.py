"""Conduct since enrollment, the figure before and after, and the past: near each other, not mixed."""

from __future__ import annotations

import streamlit as st

from marketplace.base.access import may
from marketplace.base.words import format_count, format_day, format_instant, label
from marketplace.base.words.past import period_words, quantity_words, subject_words
from marketplace.desk.factory_figures import factory_figure
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier import overturning
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.figures import card
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import band_words
from marketplace.features.enforcement.kinds import Measure
from marketplace.features.enforcement.queries import OffenseMark


def show(page: Here, d: Dossier) -> None:
    """Show current conduct, then what was known before, each under its own head."""
    with st.container(key="card_conduct"):
        _current(page, d)
    _figure(page, d)
    with st.container(key="card_earlier"):
        _earlier(page, d)
    with st.container(key="card_inspections"):
        _inspections(page, d)


def finding_table(page: Here, d: Dossier) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of the case findings, latest first."""
    heads = [
        page.t("field.found_on"),
        page.t("field.store"),
        page.t("enum.words.origin"),
        page.t("field.listings"),
        page.t("page.dossier.state"),
        page.t("conduct.followed"),
    ]
    marks = {m.finding_id: m for m in d.offenses}
    rows = [
        [
            format_day(f.found_on),
            f.store_name,
            label(f.origin, page.lang),
            format_count(f.listings),
            label(f.status, page.lang),
            followed(page, d, f.finding_id, marks.get(f.finding_id)),
        ]
        for f in d.findings
    ]
    return heads, rows


def followed(page: Here, d: Dossier, finding_id: int, mark: OffenseMark | None) -> str:
    """Say what followed from a finding, and whether it led to the enrollment."""
    told = []
    if d.enrollment is not None and d.enrollment.trigger_finding_id == finding_id:
        told.append(page.t("past.trigger"))
    if mark is not None:
        told.append(page.t("own.offenses", count=mark.offense))
        told.append(page.t("own.points_store", points=mark.points))
        if mark.measure is not None and mark.measure is not Measure.POINTS:  # said by number
            told.append(label(mark.measure, page.lang))
        if mark.reversed:
            told.append(page.t("own.reversed"))
    return " · ".join(told) or "—"


def earlier_table(page: Here, d: Dossier) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of the earlier records, oldest first."""
    heads = [
        page.t("field.period"),
        page.t("past.subject"),
        page.t("page.dossier.kind"),
        page.t("field.quantity"),
        page.t("app.source_word"),
        page.t("officer.ask.reliability"),
    ]
    rows = [
        [
            period_words(page.lang, r.period_from, r.period_until),
            subject_words(page.lang, r.store_name),
            label(r.kind, page.lang),
            quantity_words(page.lang, r.quantity, r.unit),
            " · ".join(part for part in (r.source, r.reference_no, r.cause) if part),
            label(r.reliability, page.lang),
        ]
        for r in d.earlier
    ]
    return heads, rows


def _current(page: Here, d: Dossier) -> None:
    closure = page.rulebook.points.closure_balance
    band = page.rulebook.points_band(d.points.highest)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            kit.section(
                page.t("officer.dossier.conduct"),
                page.t(
                    "page.dossier.conduct_sub",
                    highest=d.points.highest,
                    total=d.points.operator_total,
                )
                + " · "
                + page.t("officer.dossier.band", band=band_words(page, band))
                + " · "
                + page.t("officer.dossier.closes", closure=closure),
            )
        if may(page.actor, "enforcement.record_finding", d.scope):
            look.open_button(
                page.t("officer.dossier.finding_add"), "finding", icon=":material/flag:"
            )
    heads, rows = finding_table(page, d)
    overturning.show_button(page, d)
    if rows:
        kit.table(heads, rows[:8], frozenset({3}))
        if len(rows) > 8:
            with st.expander(page.t("officer.dossier.all_events", count=len(rows))):
                kit.table(heads, rows[8:], frozenset({3}))
    else:
        st.caption(page.t("officer.dossier.conduct_none"))


def _figure(page: Here, d: Dossier) -> None:
    if not any(point.exposure for point in d.study.points):
        with st.container(key="card_figure"):
            kit.section(page.t("officer.dossier.near"))
            st.caption(page.t("officer.dossier.figure_none"))
        return
    figure = factory_figure(
        d.study, d.beside, page.rulebook, page.lang, factory_id=d.who.factory_id,
        at=page.app.clock.now(),
    )  # fmt: skip
    card(page, figure, in_column=True)


def _earlier(page: Here, d: Dossier) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            kit.section(page.t("page.dossier.earlier"), page.t("officer.dossier.earlier_note"))
        with st.container(horizontal=True, width="content"):
            if may(page.actor, "history.record_earlier_record", d.scope):
                look.open_button(
                    page.t("officer.dossier.earlier_add"), "earlier", icon=":material/history:"
                )
            if d.earlier and may(page.actor, "history.withdraw_earlier_record", d.scope):
                look.open_button(page.t("past.withdraw"), "unearlier")
    state = page.t(f"past.state_{d.study.comparison.state.value}")
    kit.note(f"{page.t('past.state', state=state)} · {page.t('past.state_hint')}")
    heads, rows = earlier_table(page, d)
    if rows:
        kit.table(heads, rows, frozenset({3}))
    else:
        st.caption(page.t("page.dossier.no_earlier"))
    if d.disclosure is not None:
        day = format_instant(d.disclosure.made_at)[:10]
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch"):
                st.caption(page.t("officer.dossier.disclosed", day=day))
            if may(page.actor, "history.view_disclosure", d.scope):
                look.open_button(page.t("past.view"), "disclosed", icon=":material/lock_open:")


def _inspections(page: Here, d: Dossier) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            kit.section(page.t("page.dossier.inspections"))
        if may(page.actor, "progress.record_inspection", d.scope):
            look.open_button(
                page.t("officer.dossier.inspect"), "inspect", icon=":material/fact_check:"
            )
    if not d.inspections:
        st.caption(page.t("officer.dossier.inspections_none"))
        return
    rows = []
    for i in d.inspections:
        items = i.non_conformities.get("items", [])
        more = [page.t("officer.dossier.nonconf", count=len(items))] if items else []
        if i.corrective_due_on:
            day = format_day(i.corrective_due_on)
            more.append(page.t("officer.dossier.fix_by", day=day))
        more += [i.note] if i.note else []
        rows.append(
            [
                format_day(i.inspected_on),
                label(i.kind, page.lang),
                label(i.result, page.lang),
                i.inspectors,
                " · ".join(more),
            ]
        )
    kit.table(
        [
            page.t("page.dossier.day"),
            page.t("page.dossier.kind"),
            page.t("page.dossier.result"),
            page.t("page.dossier.by"),
            page.t("app.note"),
        ],
        rows,
        frozenset(),
    )
