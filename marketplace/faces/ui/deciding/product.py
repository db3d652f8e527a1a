"""A product to verify: the design basis beside the shoe, then mark, report and completeness."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

import streamlit as st

from marketplace.base.money import format_yuan
from marketplace.base.words import format_day, format_instant, label
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import (
    After,
    Choice,
    form_of,
    handed_in,
    is_as_seen,
    reason_field,
    settle,
)
from marketplace.faces.ui.measures.policies import show_signals
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import category_name, part_name
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog import queries
from marketplace.features.catalog.commands.decisions import REASON_CODES
from marketplace.features.catalog.kinds import PhotoRole, ProductVerdict
from marketplace.features.catalog.queries import LapseRow
from marketplace.features.catalog.rules import Item
from marketplace.features.progress.queries import is_enrolled

_Photos = Sequence[tuple[PhotoRole, int, str]]


def show(page: Here, task: Task, after: After) -> None:
    """Lay the product out and take the verdict."""
    clock = page.app.clock
    with reading(page) as session:
        p = queries.get_product(session, page.actor, clock=clock, product_id=task.entity_id)
        photos = queries.list_photos(session, page.actor, product_id=task.entity_id)
    handed_in(page, p.submitted_by, p.submitted_at)
    kit.markup(f'<p class="muted">{escape(page.t("officer.decide.design_pair"))}</p>')
    show_pair(page, photos)
    kit.facts(
        [
            (page.t("field.name"), f"{p.brand_name} {p.name_zh} · {p.model_no}"),
            (
                page.t("field.design_basis"),
                _design(page, p),
            ),
            (page.t("field.category"), category_name(page, p.category)),
            (page.t("field.price"), format_yuan(p.price_fen or 0)),
            (
                page.t("officer.decide.materials"),
                " · ".join(f"{part_name(page, k)} {v}" for k, v in p.materials.items()) or "—",
            ),
        ]
    )
    _brand(page, p)
    show_signals(page, [p])
    _basis(page, p)
    _history(page, p.product_id)
    kit.note(page.t("officer.decide.verified_means"))
    _form(page, task, p.submitted_at, after)


def _brand(page: Here, p: queries.ProductRow) -> None:
    """Show what the public will read of the brand: it is reviewed with its first product."""
    with reading(page) as session:
        brands = queries.list_brands(session, page.actor, operator_id=p.operator_id)
    brand = next((b for b in brands if b.brand_id == p.brand_id), None)
    if brand is not None and (brand.name_en or brand.story_zh or brand.story_en):
        told = " / ".join(text for text in (brand.story_zh, brand.story_en) if text)
        kit.facts(
            [
                (
                    page.t("mine.brand.word"),
                    page.t("checking.brand_told", name=brand.name_en or "—", story=told or "—"),
                )
            ]
        )


def _design(page: Here, p: queries.ProductRow) -> str:
    basis = label(p.design_basis, page.lang) if p.design_basis else "—"
    return f"{basis} {p.design_reference or ''} {format_day(p.design_on)}"


def show_pair(page: Here, photos: _Photos) -> None:
    """Show the design basis and the shoe side by side, further pictures below."""
    halves = []
    for role in (PhotoRole.DESIGN, PhotoRole.MAIN):
        word = escape(label(role, page.lang))
        use = next((use_id for kind, use_id, _sha in photos if kind is role), None)
        if use is None:
            told = escape(page.t("officer.decide.no_picture", what=label(role, page.lang)))
            halves.append(f'<figure><div class="none">{told}</div></figure>')
            continue
        halves.append(
            f'<figure><a href="/files/{use}" target="_blank" rel="noopener">'
            f'<img src="/files/{use}" alt="{word}"></a><figcaption>{word}</figcaption></figure>'
        )
    kit.markup(f'<div class="z-pair">{"".join(halves)}</div>')
    rest = [
        f'<a href="/files/{use}" target="_blank" rel="noopener">'
        f'<img src="/files/{use}" alt="{escape(label(role, page.lang))}" loading="lazy"></a>'
        for role, use, _sha in photos
        if role is PhotoRole.DETAIL
    ]
    if rest:
        kit.markup(
            f'<p class="muted">{escape(page.t("officer.decide.more_pictures"))}</p>'
            f'<div class="z-row3">{"".join(rest)}</div>'
        )


def _basis(page: Here, p: queries.ProductRow) -> None:
    with reading(page) as session:
        marks = queries.list_trademarks(session, page.actor, brand_id=p.brand_id)
        reports = queries.list_test_reports(session, page.actor, product_id=p.product_id)
        items = queries.product_items(
            session, page.actor, page.rulebook, clock=page.app.clock, product_id=p.product_id
        )
    left, right = st.columns(2, gap="medium")
    with left:
        kit.section(page.t("officer.decide.checks"))
        kit.rows(
            [
                (
                    page.t(f"item.{item.key}"),
                    _lacking(page, item),
                    kit.badge(
                        page.t("app.there") if item.done else page.t("app.missing"),
                        "good" if item.done else "warn",
                    ),
                )
                for item in items
            ]
        )
    with right:
        kit.section(page.t("officer.decide.mark"))
        kit.rows([(_mark(page, m), _mark_checked(page, m), "") for m in marks[:3]])
        kit.section(page.t("officer.decide.report"))
        kit.rows([(_report(page, r), "", "") for r in reports[:3]])
        chips = [
            f'<a href="/files/{r.use_id}" target="_blank" rel="noopener">{escape(r.report_no)} · '
            f"{escape(page.t('officer.decide.open_file'))}</a>"
            for r in reports
            if r.use_id is not None
        ]
        kit.markup(f'<p class="z-chips">{"".join(chips)}</p>')


def _lacking(page: Here, item: Item) -> str:
    """Name the required tests no report stands for."""
    if item.key != "required_tests" or not item.why:
        return ""
    return page.t("policies.tests_lacking", standards=item.why)


def _mark(page: Here, mark: queries.TrademarkRow) -> str:
    return page.t(
        "officer.decide.mark_line",
        number=mark.number,
        nice=mark.nice_class,
        status=label(mark.status, page.lang),
        holder=f"{mark.holder_name} ({label(mark.holder_kind, page.lang)})",
    )


def _mark_checked(page: Here, mark: queries.TrademarkRow) -> str:
    if mark.checked_at is None:
        return page.t("officer.decide.mark_unchecked")
    return page.t("officer.decide.mark_checked", day=format_instant(mark.checked_at)[:10])


def _report(page: Here, report: queries.ReportRow) -> str:
    return page.t(
        "officer.decide.report_line",
        no=report.report_no,
        lab=report.laboratory,
        cma=report.cma_no,
        standard=report.standard,
        outcome=label(report.outcome, page.lang),
        until=format_day(report.valid_until),
    )


def _history(page: Here, product_id: int) -> None:
    with reading(page) as session:
        decisions = queries.list_decisions(session, page.actor, product_id=product_id)
    if not decisions:
        return
    kit.section(page.t("officer.decide.earlier_decisions"))
    kit.rows(
        [
            (
                label(d.verdict, page.lang),
                " · ".join(
                    [
                        format_instant(d.decided_at),
                        name_of(page, d.decided_by),
                        *(page.t(f"reason_code.{c}") for c in d.reason_codes),
                        d.note or "",
                    ]
                ).rstrip(" ·"),
                "",
            )
            for d in decisions[:4]
        ]
    )


def _form(page: Here, task: Task, submitted_at: datetime | None, after: After) -> None:
    choices = (
        Choice("verified", page.t("page.decide.verified"), needs_reason=False),
        Choice("changes_requested", page.t("page.decide.changes_requested")),
        Choice("rejected", page.t("page.decide.rejected")),
    )
    with reading(page) as session:
        lapses = queries.list_lapses(session, page.actor, product_id=task.entity_id)
    still_open = {row.lapse_id: row for row in lapses if row.closed_at is None}
    form = form_of(page, task)
    closed: list[str] = []
    if still_open:
        closed = form.many(
            "lapses",
            page.t("decide_lapses.close"),
            [str(lapse_id) for lapse_id in still_open],
            lambda i: _lapse_line(page, still_open[int(i)]),
            help=page.t("decide_lapses.help"),
            placeholder=page.t("decide_lapses.choose"),
        )
    compared = form.tick("compared", page.t("page.decide.compared"))
    codes = form.many(
        "codes",
        page.t("page.decide.codes"),
        REASON_CODES,
        lambda c: page.t(f"reason_code.{c}"),
        placeholder=page.t("officer.decide.codes_if"),
    )
    reason = reason_field(page, form, choices)
    unchanged = is_as_seen(page, f"product_{task.entity_id}", submitted_at)
    settle(
        page,
        form,
        choices,
        reason,
        first=lambda _name: unchanged(),
        work=lambda s, name, note: catalog.decide_product(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            product_id=task.entity_id,
            verdict=ProductVerdict(name),
            reason_codes=codes,
            note=note,
            design_compared=compared,
            lapse_ids=[int(lapse_id) for lapse_id in closed],
            submitted_at=submitted_at,
            is_enrolled=is_enrolled,
        ),
        after=after,
    )


def _lapse_line(page: Here, row: LapseRow) -> str:
    return f"{label(row.reason, page.lang)} {format_instant(row.at)}"
