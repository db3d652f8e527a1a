"""One decision form per kind of waiting thing. What is allowed is decided in the commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from marketplace.base.money import format_yuan
from marketplace.base.words import format_day, label
from marketplace.desk.todo import Task, TaskKind
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, reading, run
from marketplace.faces.ui.wording import category_name, field_name
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog import queries as catalog_queries
from marketplace.features.catalog.commands.decisions import REASON_CODES
from marketplace.features.catalog.kinds import PhotoRole, ProductVerdict
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.queries import get_finding, list_reports
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import CertificationStatus
from marketplace.features.progress.queries import (
    find_enrollment,
    get_certification,
    is_enrolled,
    list_evidence,
    time_zero,
)
from marketplace.features.registry import commands as registry
from marketplace.features.registry.queries import list_change_requests, list_conflicts


def _enrollment(page: Here, task: Task) -> None:
    with reading(page) as session:
        row = find_enrollment(session, page.actor, operator_id=int(task.facts["operator_id"]))
    if row is None:
        return
    kit.facts(
        [
            (page.t("field.name"), row.operator_name),
            (page.t("field.signed_by"), row.signed_by),
            (page.t("field.signed_on"), format_day(row.signed_on)),
        ]
    )
    kit.note(page.t("page.decide.enroll_means"))
    if st.button(page.t("page.decide.accept_enrollment"), type="primary"):
        _after(
            run(
                page,
                lambda s: progress.accept_enrollment(
                    s, clock=page.app.clock, actor=page.actor, enrollment_id=task.entity_id
                ),
                done="page.decide.done",
            )
        )


def _certification(page: Here, task: Task) -> None:
    with reading(page) as session:
        row = get_certification(session, page.actor, certification_id=task.entity_id)
        evidence = list_evidence(session, page.actor, certification_id=task.entity_id)
    kit.facts([(field_name(page, k), str(v)) for k, v in row.facts.items()])
    for kind, use_id in evidence:
        st.link_button(page.t("page.decide.evidence", kind=kind), f"/files/{use_id}")
    if row.first_by:
        kit.note(page.t("page.decide.second_person"))
    note = st.text_area(page.t("app.reason"), key=f"note_{task.entity_id}")
    with st.container(horizontal=True):
        for status, tone in (
            (CertificationStatus.APPROVED, "primary"),
            (CertificationStatus.RETURNED, "secondary"),
        ):
            if st.button(page.t(f"page.decide.{status.value}"), type=tone, key=status.value):
                _after(
                    run(
                        page,
                        lambda s, status=status: progress.decide_certification(
                            s,
                            page.rulebook,
                            clock=page.app.clock,
                            actor=page.actor,
                            certification_id=task.entity_id,
                            status=status,
                            note=note,
                        ),
                        done="page.decide.done",
                    )
                )


def _change(page: Here, task: Task) -> None:
    with reading(page) as session:
        rows = list_change_requests(session, page.actor, factory_id=task.factory_id)
    row = next((r for r in rows if r.request_id == task.entity_id), None)
    if row is None:
        return
    kit.table(
        [page.t("page.dossier.field"), page.t("app.before"), page.t("app.after")],
        [
            [field_name(page, f), str(b if b is not None else "—"), str(a)]
            for f, (b, a) in row.changes.items()
        ],
        frozenset(),
    )
    reason = st.text_area(page.t("app.reason"), key=f"reason_{task.entity_id}")
    with st.container(horizontal=True):
        for approve, word, tone in (
            (True, "approved", "primary"),
            (False, "returned", "secondary"),
        ):
            if st.button(page.t(f"page.decide.{word}"), type=tone, key=f"change_{word}"):
                _after(
                    run(
                        page,
                        lambda s, approve=approve: (
                            registry.decide_change_request(
                                s,
                                clock=page.app.clock,
                                actor=page.actor,
                                request_id=task.entity_id,
                                approve=approve,
                                reason=reason,
                            )
                            or True
                        ),
                        done="page.decide.done",
                    )
                )


def _product(page: Here, task: Task) -> None:
    clock = page.app.clock
    with reading(page) as session:
        p = catalog_queries.get_product(
            session, page.actor, clock=clock, product_id=task.entity_id
        )
        items = catalog_queries.product_items(
            session, page.actor, page.rulebook, clock=clock, product_id=task.entity_id
        )
        photos = catalog_queries.list_photos(session, page.actor, product_id=task.entity_id)
    for column, role in zip(st.columns(2), (PhotoRole.MAIN, PhotoRole.DESIGN), strict=True):
        with column:
            st.caption(label(role, page.lang))
            for kind, use_id, _sha in photos:
                if kind is role:
                    kit.markup(
                        f'<img src="/files/{use_id}" style="width:100%" '
                        f'alt="{label(role, page.lang)}">'
                    )
    kit.facts(
        [
            (page.t("field.name"), f"{p.brand_name} {p.name_zh}"),
            (page.t("field.category"), category_name(page, p.category)),
            (page.t("field.price"), format_yuan(p.price_fen or 0)),
            (
                page.t("field.design_basis"),
                f"{label(p.design_basis, page.lang) if p.design_basis else '—'} "
                f"{p.design_reference or ''} {format_day(p.design_on)}",
            ),
        ]
    )
    kit.rows(
        [
            (
                page.t(f"item.{i.key}"),
                "",
                kit.badge(
                    page.t("app.there") if i.done else page.t("app.missing"),
                    "good" if i.done else "warn",
                ),
            )
            for i in items
        ]
    )
    compared = st.checkbox(page.t("page.decide.compared"), key=f"cmp_{task.entity_id}")
    codes = st.multiselect(
        page.t("page.decide.codes"),
        REASON_CODES,
        format_func=lambda c: page.t(f"reason_code.{c}"),
        placeholder=page.t("page.factories.any"),
    )
    note = st.text_area(page.t("app.note"), key=f"pnote_{task.entity_id}")
    with st.container(horizontal=True):
        for verdict, tone in (
            (ProductVerdict.VERIFIED, "primary"),
            (ProductVerdict.CHANGES_REQUESTED, "secondary"),
            (ProductVerdict.REJECTED, "secondary"),
        ):
            if st.button(page.t(f"page.decide.{verdict.value}"), type=tone, key=verdict.value):
                _after(
                    run(
                        page,
                        lambda s, verdict=verdict: (
                            catalog.decide_product(
                                s,
                                page.rulebook,
                                clock=clock,
                                actor=page.actor,
                                product_id=task.entity_id,
                                verdict=verdict,
                                reason_codes=codes,
                                note=note,
                                design_compared=compared,
                                is_enrolled=is_enrolled,
                            )
                            or True
                        ),
                        done="page.decide.done",
                    )
                )


def _finding(page: Here, task: Task) -> None:
    with reading(page) as session:
        f = get_finding(session, page.actor, finding_id=task.entity_id)
    kit.facts(
        [
            (page.t("field.store"), f.store_name),
            (page.t("enum.words.origin"), label(f.origin, page.lang)),
            (page.t("field.listings"), str(f.listings)),
            (page.t("field.found_on"), format_day(f.found_on)),
            (page.t("field.statement"), f.statement),
            (page.t("page.decide.hearing"), f.hearing or page.t("page.decide.not_heard")),
        ]
    )
    if f.heard_at is None:
        said = st.text_area(page.t("page.decide.owner_said"), key=f"said_{f.finding_id}")
        if st.button(page.t("page.decide.hear"), type="primary"):
            _after(
                run(
                    page,
                    lambda s: (
                        enforcement.hear_owner(
                            s,
                            clock=page.app.clock,
                            actor=page.actor,
                            finding_id=f.finding_id,
                            statement=said,
                        )
                        or True
                    ),
                    done="page.decide.done",
                )
            )
        return
    kit.note(page.t("page.decide.finding_means"))
    reason = st.text_area(page.t("app.reason"), key=f"freason_{f.finding_id}")
    with st.container(horizontal=True):
        for uphold, word, tone in (
            (True, "uphold", "primary"),
            (False, "dismiss", "secondary"),
        ):
            if st.button(page.t(f"page.decide.{word}"), type=tone, key=word):
                _after(
                    run(
                        page,
                        lambda s, uphold=uphold: (
                            enforcement.decide_finding(
                                s,
                                page.rulebook,
                                clock=page.app.clock,
                                actor=page.actor,
                                finding_id=f.finding_id,
                                uphold=uphold,
                                reason=reason,
                                time_zero=time_zero,
                            )
                            or True
                        ),
                        done="page.decide.done",
                    )
                )


def _conflict(page: Here, task: Task) -> None:
    with reading(page) as session:
        rows = list_conflicts(session, page.actor, program=page.rulebook.program.key)
    row = next((r for r in rows if r.value_id == task.entity_id), None)
    if row is None:
        return
    kit.table(
        [
            page.t("page.dossier.field"),
            page.t("page.decide.ours"),
            page.t("page.decide.theirs"),
        ],
        [
            [field_name(page, row.field), row.current or "—", row.value or "—"],
            [page.t("app.source_word"), row.current_source or "—", row.source],
        ],
        frozenset(),
    )
    reason = st.text_area(page.t("app.reason"), key=f"creason_{row.value_id}")
    with st.container(horizontal=True):
        for take, word, tone in ((False, "keep", "primary"), (True, "take", "secondary")):
            if st.button(page.t(f"page.decide.{word}"), type=tone, key=word):
                _after(
                    run(
                        page,
                        lambda s, take=take: (
                            registry.settle_conflict(
                                s,
                                clock=page.app.clock,
                                actor=page.actor,
                                value_id=row.value_id,
                                take=take,
                                reason=reason,
                            )
                            or True
                        ),
                        done="page.decide.done",
                    )
                )


def _report(page: Here, task: Task) -> None:
    with reading(page) as session:
        rows = list_reports(session, page.actor, program=page.rulebook.program.key)
    row = next((r for r in rows if r.report_id == task.entity_id), None)
    if row is None:
        return
    kit.facts(
        [(page.t("field.code"), row.product_code or "—"), (page.t("field.statement"), row.text)]
    )
    if st.button(page.t("page.decide.seen"), type="primary"):
        _after(
            run(
                page,
                lambda s: (
                    enforcement.mark_report_seen(
                        s, clock=page.app.clock, actor=page.actor, report_id=row.report_id
                    )
                    or True
                ),
                done="page.decide.done",
            )
        )


def _after(result: object) -> None:
    """Go on with the next thing once a decision stood."""
    if result is not None:
        st.query_params.clear()
        st.rerun()


FORMS: Mapping[TaskKind, Callable[[Here, Task], None]] = {
    TaskKind.ENROLLMENT: _enrollment,
    TaskKind.CERTIFICATION: _certification,
    TaskKind.CHANGE_REQUEST: _change,
    TaskKind.PRODUCT: _product,
    TaskKind.FINDING: _finding,
    TaskKind.CONFLICT: _conflict,
    TaskKind.REPORT: _report,
}
