"""A condition handed in with its evidence, beside what the register says."""

from __future__ import annotations

import streamlit as st

from marketplace.base.errors import Refused
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import (
    After,
    Choice,
    form_of,
    handed_in,
    reason_field,
    settle,
    show_files,
)
from marketplace.faces.ui.office import look
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import condition_name, district_name, field_name
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import CertificationStatus
from marketplace.features.progress.queries import get_certification, list_evidence
from marketplace.features.progress.queries.standing import CertificationRow
from marketplace.features.registry.queries import get_factory

REASON_CODES = (
    "unreadable",
    "not_matching",
    "out_of_date",
    "wrong_document",
    "incomplete",
    "on_site_differs",
    "other",
)


def show(page: Here, task: Task, after: After) -> None:
    """Show evidence and register side by side, then approve, return or refuse."""
    with reading(page) as session:
        row = get_certification(session, page.actor, certification_id=task.entity_id)
        evidence = list_evidence(session, page.actor, certification_id=task.entity_id)
        firm = get_factory(session, page.actor, factory_id=row.factory_id)
    handed_in(page, row.submitted_by, row.submitted_at)
    rule = page.rulebook.condition(row.condition)
    if rule is not None:
        how = rule.how_zh if page.lang == "zh" else rule.how_en
        kit.markup(f'<p class="muted">{page.t("officer.decide.how")}</p>')
        look.said(how)
    left, right = st.columns(2, gap="medium")
    with left:
        kit.section(page.t("officer.decide.evidence"))
        if evidence:
            names = _evidence_names(page, row)
            show_files(
                page,
                f"factory:{row.factory_id}",
                [(names.get(kind, kind), use_id) for kind, use_id in evidence],
            )
        kit.facts([(field_name(page, k), str(v)) for k, v in row.facts.items()])
        if not evidence:
            st.caption(page.t("officer.decide.no_evidence"))
    with right:
        kit.section(page.t("officer.decide.compare_with"))
        kit.facts(
            [
                (page.t("field.name"), firm.name),
                (page.t("field.uscc"), firm.uscc or page.t("page.factories.no_uscc")),
                (
                    page.t("field.legal_representative"),
                    firm.legal_representative or "—",
                ),
                (page.t("field.address"), firm.address or "—"),
                (page.t("field.district"), district_name(page, firm.district)),
            ]
        )
    if rule is not None and rule.second_person:
        kit.note(
            page.t("officer.decide.second_now", who=name_of(page, row.first_by))
            if row.first_by
            else page.t("officer.decide.second")
        )
    _form(page, task, after)


def _form(page: Here, task: Task, after: After) -> None:
    choices = (
        Choice("approved", page.t("page.decide.approved"), needs_reason=False),
        Choice("returned", page.t("page.decide.returned")),
        Choice("refused", page.t("page.decide.rejected")),
    )
    form = form_of(page, task)
    code = form.choice(
        "code",
        page.t("officer.decide.cert_codes"),
        REASON_CODES,
        lambda c: page.t(f"officer.cert_code.{c}"),
        placeholder=page.t("officer.decide.cert_codes_if"),
    )
    reason = reason_field(page, form, choices)

    def has_code(name: str) -> bool:
        if name == "approved" or code is not None:
            return True
        kit.error_box(Refused("reason_code_missing"), page.lang)
        return False

    settle(
        page,
        form,
        choices,
        reason,
        first=has_code,
        work=lambda s, name, note: progress.decide_certification(
            s,
            page.rulebook,
            clock=page.app.clock,
            actor=page.actor,
            certification_id=task.entity_id,
            status=CertificationStatus(name),
            note=note,
            reason_code=code if name != "approved" else None,
        ),
        after=after,
    )


def _evidence_names(page: Here, row: CertificationRow) -> dict[str, str]:
    rule = page.rulebook.condition(row.condition)
    known = rule.evidence if rule else ()
    return {e.key: e.name_zh if page.lang == "zh" else e.name_en for e in known} | {
        row.condition: condition_name(page, row.condition)
    }
