"""Who they are: every field with its source and day, values that lost, disagreements, relations."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from marketplace.base.access import may
from marketplace.base.access.queries import names_by_login
from marketplace.base.words import format_count, format_day
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading
from marketplace.faces.ui.wording import district_name, field_name, source_name
from marketplace.features.registry.kinds import ValueStatus
from marketplace.features.registry.queries import SourcedValue
from marketplace.features.registry.tables import ContractWork

FIELDS = (
    "uscc",
    "name_en",
    "legal_representative",
    "phone",
    "address",
    "district",
    "founded_year",
    "capacity_pairs_per_year",
    "staff",
    "above_scale",
    "note",
)
_LOSERS = 3


def shown_value(page: Here, field: str, value: object) -> str:
    """Return a field's value in words."""
    if value is None or value == "":
        return "—"
    if field == "district":
        return district_name(page, str(value))
    if field in {"capacity_pairs_per_year", "staff"} and str(value).isdigit():
        return format_count(int(str(value)))
    if field == "above_scale":
        return page.t(
            "officer.dossier.is"
            if str(value).lower() in {"true", "1"}
            else "officer.dossier.is_not"
        )
    return str(value)


def field_rows(page: Here, d: Dossier) -> list[list[str]]:
    """Return (field, value, source and day, other values) for every field that is known."""
    by_field: dict[str, list[SourcedValue]] = {}
    with reading(page) as session:
        people = names_by_login(session, {v.source for v in d.sources})
    for value in d.sources:
        by_field.setdefault(value.field, []).append(value)
    rows = []
    for field in FIELDS:
        current = d.who.phone_masked if field == "phone" else getattr(d.who, field)
        given = by_field.get(field, [])
        if current is None and not given and field not in {"uscc", "phone", "address"}:
            continue
        standing = next((v for v in given if v.status is ValueStatus.CURRENT), None)
        rows.append(
            [
                field_name(page, field),
                shown_value(page, field, current),
                _source(page, standing, people),
                _others(page, given, people),
            ]
        )
    return rows


def _source(page: Here, value: SourcedValue | None, people: Mapping[str, str]) -> str:
    if value is None:
        return "—"
    day = value.source_on or value.recorded_at.date()
    return f"{source_name(page, value.source, people)} · {format_day(day)}"


def _others(page: Here, given: list[SourcedValue], people: Mapping[str, str]) -> str:
    words = {
        ValueStatus.CONFLICT: "officer.dossier.says",
        ValueStatus.SUPERSEDED: "officer.dossier.was",
        ValueStatus.DISMISSED: "officer.dossier.not_taken",
    }
    told = []
    for value in given:
        if value.status in words:
            shown = shown_value(page, value.field, value.value)
            source = source_name(page, value.source, people)
            text = page.t(words[value.status], value=shown, source=source)
            if value.status is ValueStatus.CONFLICT:
                text = f"{page.t('officer.dossier.conflict_waits')}{page.t('app.colon')}{text}"
            told.append(text)
    return page.t("officer.dossier.semicolon").join(told[:_LOSERS]) if told else ""


def show(page: Here, d: Dossier) -> None:
    """Show the fields, the relations, and the ways to reach them."""
    with st.container(key="card_who"):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch"):
                kit.section(page.t("officer.dossier.who"), page.t("officer.dossier.who_sub"))
            if may(page.actor, "registry.edit_factory", d.scope):
                look.open_button(page.t("officer.dossier.edit"), "edit", icon=":material/edit:")
        kit.table(
            [
                page.t("page.dossier.field"),
                page.t("officer.dossier.value"),
                page.t("officer.dossier.origin"),
                page.t("officer.dossier.other_values"),
            ],
            field_rows(page, d),
            frozenset(),
        )


def show_card(page: Here, d: Dossier) -> None:
    """Show who to talk to and how, beside the figures."""
    gives_links = may(page.actor, "access.issue_sign_in_link", d.scope)
    with st.container(key="card_people"):
        kit.section(page.t("page.dossier.people"))
        facts = [
            (page.t("field.uscc"), d.who.uscc or page.t("page.factories.no_uscc")),
            (page.t("field.legal_representative"), d.who.legal_representative or "—"),
            (page.t("field.phone"), d.who.phone_masked or "—"),
            (page.t("field.address"), d.who.address or "—"),
        ]
        if gives_links:
            names = page.t("app.comma").join(name for _, name in d.owners)
            facts.append(
                (page.t("officer.dossier.signs_in"), names or page.t("officer.dossier.nobody"))
            )
        kit.facts(facts)
        with st.container(horizontal=True):
            if may(page.actor, "registry.unmask_phone", d.scope):
                look.open_button(
                    page.t("page.dossier.show_phone"), "phone", icon=":material/call:"
                )
            if gives_links:
                look.open_button(
                    page.t("officer.dossier.signin"), "signin", icon=":material/qr_code_2:"
                )


def show_relations(page: Here, d: Dossier) -> None:
    """Show contract manufacturing before, and affiliates that count as one group."""
    with st.container(key="card_relations"):
        kit.section(page.t("officer.dossier.contract"))
        if d.contract:
            kit.rows([(*contract_words(page, row), "") for row in d.contract])
        else:
            st.caption(page.t("officer.dossier.contract_none"))
        if may(page.actor, "registry.record_contract_work", d.scope):
            look.open_button(page.t("officer.dossier.add_contract"), "contract")
        kit.section(page.t("officer.dossier.affiliates"))
        if d.affiliates:
            kit.rows([(a.name, f"{a.relation} · {a.uscc or '—'}", "") for a in d.affiliates])
            st.caption(page.t("officer.dossier.affiliates_means"))
        else:
            st.caption(page.t("officer.dossier.affiliates_none"))
        if may(page.actor, "registry.declare_affiliate", d.scope):
            look.open_button(page.t("officer.dossier.add_affiliate"), "affiliate")


def contract_words(page: Here, row: ContractWork) -> tuple[str, str]:
    """Return a stretch of contract manufacturing in words: when and what, then how much."""
    years = f"{row.from_year}–{row.until_year or page.t('officer.dossier.until_now')}"
    more = []
    if row.pairs_per_year:
        count = format_count(row.pairs_per_year)
        more.append(page.t("officer.dossier.contract_pairs", count=count))
    if row.note:
        more.append(row.note)
    first = page.t("officer.dossier.contract_row", years=years, kind=row.kind)
    return first, " · ".join(more)
