"""Puts a factory's dossier into the words and tables of official paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.access.queries import names_by_login
from marketplace.base.clock import Clock, civil_day
from marketplace.base.files import list_files
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, format_count, format_day, format_instant, label, say
from marketplace.base.words.past import period_words, quantity_words, subject_words
from marketplace.desk.factory_figures import factory_figure, read_beside
from marketplace.faces.leaving import left_sentence
from marketplace.faces.web.paper_figures import on_paper
from marketplace.faces.web.viewmodels_print import DossierPaper, Fact, Sheet, Standing, Table
from marketplace.features.catalog.queries import list_brands, list_products, list_trademarks
from marketplace.features.compliance.studies import study_factory
from marketplace.features.enforcement.queries import list_findings, points_of_factory
from marketplace.features.history.queries import list_earlier_records
from marketplace.features.progress.queries import (
    find_enrollment,
    get_standing,
    list_inspections,
)
from marketplace.features.progress.rules import Step, StepState
from marketplace.features.registry.kinds import ValueStatus
from marketplace.features.registry.queries import (
    FactoryProfile,
    list_affiliates,
    list_contract_work,
    list_sources,
    list_stores,
)

_FIELDS = (
    "uscc",
    "legal_representative",
    "phone",
    "address",
    "district",
    "founded_year",
    "capacity_pairs_per_year",
    "staff",
)
_PRODUCTS = 200


def build(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    who: FactoryProfile,
    sheet: Sheet,
    lang: Lang,
) -> DossierPaper:
    """Return the paper; every query asks for itself whether this actor may read."""
    study = study_factory(session, actor, rulebook, clock=clock, factory_id=who.factory_id)
    beside = read_beside(session, actor, lang, factory_id=who.factory_id)
    figure = factory_figure(
        study, beside, rulebook, lang, factory_id=who.factory_id, at=sheet.issued_at
    )
    return DossierPaper(
        sheet=sheet,
        identity=_identity(session, actor, rulebook, who, lang),
        standing=_standing(session, actor, rulebook, who, clock=clock, lang=lang),
        brands=_brands(session, actor, who, lang),
        products=_products(session, actor, clock, who, lang),
        conduct=_conduct(session, actor, who, lang),
        earlier=_earlier(session, actor, who, lang),
        stores=_stores(session, actor, who, lang),
        documents=_documents(session, actor, who, lang),
        timeline=_timeline(session, actor, who, lang),
        figure=on_paper(figure) if any(point.exposure for point in study.points) else None,
    )


def _identity(
    session: Session, actor: Actor, rulebook: Rulebook, who: FactoryProfile, lang: Lang
) -> tuple[Fact, ...]:
    given = {
        v.field: v
        for v in list_sources(session, actor, factory_id=who.factory_id)
        if v.status is ValueStatus.CURRENT
    }
    people = names_by_login(session, {v.source for v in given.values()})
    facts = [Fact(say("field.name", lang), who.name)]
    for field in _FIELDS:
        value = who.phone_masked if field == "phone" else getattr(who, field)
        shown = _shown(rulebook, field, value, lang)
        source = given.get(field)
        told = ""
        if source is not None:
            day = format_day(source.source_on or civil_day(source.recorded_at))
            who_said = _source(source.source, people, lang)
            told = say("officer.paper.source", lang, source=who_said, day=day)
        facts.append(Fact(say(f"field.{field}", lang), shown, told))
    for row in list_contract_work(session, actor, factory_id=who.factory_id):
        until = row.until_year or say("officer.dossier.until_now", lang)
        text = f"{row.from_year}–{until} {row.kind}"
        facts.append(Fact(say("officer.dossier.contract", lang), text))
    for firm in list_affiliates(session, actor, operator_id=who.operator_id):
        told = f"{firm.name} · {firm.relation}"
        facts.append(Fact(say("officer.dossier.affiliates", lang), told))
    return tuple(facts)


def _shown(rulebook: Rulebook, field: str, value: object, lang: Lang) -> str:
    if value is None or value == "":
        return "—"
    if field == "district":
        region = rulebook.region(str(value))
        return "—" if region is None else _word(region.name_zh, region.name_en, lang)
    if field in {"capacity_pairs_per_year", "staff"} and isinstance(value, int):
        return format_count(value)
    return str(value)


def _word(zh: str, en: str, lang: Lang) -> str:
    return zh if lang == "zh" else en


def _name(rulebook: Rulebook, key: str, lang: Lang) -> str:
    rule = rulebook.condition(key)
    return key if rule is None else _word(rule.name_zh, rule.name_en, lang)


def _standing(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    who: FactoryProfile,
    *,
    clock: Clock,
    lang: Lang,
) -> Standing:
    found = get_standing(session, actor, rulebook, clock=clock, factory_id=who.factory_id)
    enrollment = find_enrollment(session, actor, operator_id=who.operator_id)
    conditions = [step for step in found.steps if not step.milestone]
    marks = {StepState.DONE: "done", StepState.BLOCKED: "next"}
    return Standing(
        steps=tuple(
            (_name(rulebook, s.key, lang), marks.get(s.state, "now")) for s in conditions
        ),
        sentence=left_sentence(enrollment, lang)
        or _sentence(rulebook, conditions, found.next, lang),
        conditions=Table(
            tuple(
                say(f"showcase.paper.{key}", lang)
                for key in ("condition", "state", "waits_on", "due", "done_on", "valid_until")
            ),
            tuple(_step_row(rulebook, step, lang) for step in found.steps),
        ),
    )


def _step_row(rulebook: Rulebook, step: Step, lang: Lang) -> tuple[str, ...]:
    done = step.state is StepState.DONE
    return (
        _name(rulebook, step.key, lang),
        say(f"step.{step.state.value}", lang),
        "—" if done else say(f"page.factories.holders.{step.holder}", lang),
        format_day(step.due_on),
        format_day(step.since if done else None),
        format_day(step.valid_until if done else None),
    )


def _sentence(
    rulebook: Rulebook, conditions: list[Step], following: Step | None, lang: Lang
) -> str:
    review = next((s for s in conditions if s.state is StepState.REVIEW), None)
    if review is not None:
        name, due = _name(rulebook, review.key, lang), format_day(review.due_on)
        return say("officer.paper.review", lang, name=name, due=due)
    if following is None:
        return say("officer.paper.all_done", lang)
    holder = say(f"page.factories.holders.{following.holder}", lang)
    name = _name(rulebook, following.key, lang)
    return say("officer.paper.next", lang, name=name, holder=holder)


def _products(
    session: Session, actor: Actor, clock: Clock, who: FactoryProfile, lang: Lang
) -> Table:
    rows = list_products(
        session, actor, clock=clock, factory_id=who.factory_id, limit=_PRODUCTS
    )
    heads = tuple(
        say(f"showcase.paper.{key}", lang)
        for key in ("product", "code", "status", "valid_until")
    )
    return Table(
        heads,
        tuple(
            (
                f"{p.brand_name} {p.name_zh}",
                p.code or "—",
                label(p.status, lang),
                format_day(p.valid_until),
            )
            for p in rows
        ),
    )


def _brands(session: Session, actor: Actor, who: FactoryProfile, lang: Lang) -> Table:
    heads = ("brand", "mark", "status", "mark_until", "mark_checked")
    rows = []
    for brand in list_brands(session, actor, operator_id=who.operator_id):
        for m in list_trademarks(session, actor, brand_id=brand.brand_id):
            number = say("page.dossier.mark", lang, number=m.number, nice=m.nice_class)
            checked = format_day(civil_day(m.checked_at)) if m.checked_at else "—"
            rows.append(
                (
                    brand.name_zh,
                    number,
                    label(m.status, lang),
                    format_day(m.valid_until),
                    checked,
                )
            )
    return Table(tuple(say(f"paper.{key}", lang) for key in heads), tuple(rows))


def _conduct(session: Session, actor: Actor, who: FactoryProfile, lang: Lang) -> Table:
    heads = (
        say("field.found_on", lang),
        say("field.store", lang),
        say("enum.words.origin", lang),
        say("field.listings", lang),
        say("page.dossier.state", lang),
    )
    return Table(
        heads,
        tuple(
            (
                format_day(f.found_on),
                f.store_name,
                label(f.origin, lang),
                format_count(f.listings),
                label(f.status, lang),
            )
            for f in list_findings(session, actor, factory_id=who.factory_id)
        ),
        frozenset({3}),
    )


def _source(source: str, people: Mapping[str, str], lang: Lang) -> str:
    """Return who said a value; the firm itself and colleagues are kept under codes."""
    return say("quality.by_owner", lang) if source == "owner" else people.get(source, source)


def _earlier(session: Session, actor: Actor, who: FactoryProfile, lang: Lang) -> Table:
    heads = (
        say("field.period", lang),
        say("past.subject", lang),
        say("page.dossier.kind", lang),
        say("field.quantity", lang),
        say("app.source_word", lang),
        say("officer.ask.reliability", lang),
    )
    return Table(
        heads,
        tuple(
            (
                period_words(lang, r.period_from, r.period_until),
                subject_words(lang, r.store_name),
                label(r.kind, lang),
                quantity_words(lang, r.quantity, r.unit),
                " · ".join(part for part in (r.source, r.reference_no, r.cause) if part),
                label(r.reliability, lang),
            )
            for r in list_earlier_records(session, actor, factory_id=who.factory_id)
        ),
        frozenset({3}),
    )


def _stores(session: Session, actor: Actor, who: FactoryProfile, lang: Lang) -> Table:
    points = points_of_factory(session, actor, factory_id=who.factory_id)
    balances = {p.store_id: p.balance for p in points.stores}
    heads = (
        say("field.store", lang),
        say("field.platform", lang),
        say("page.dossier.state", lang),
        say("officer.dossier.holding", lang),
        say("page.dossier.since", lang),
        say("page.factories.points", lang),
    )
    return Table(
        heads,
        tuple(
            (
                s.name,
                s.platform,
                label(s.status, lang),
                label(s.holding_status, lang),
                format_day(s.from_on),
                str(balances.get(s.store_id, 0)),
            )
            for s in list_stores(session, actor, factory_id=who.factory_id)
        ),
        frozenset({5}),
    )


def _documents(session: Session, actor: Actor, who: FactoryProfile, lang: Lang) -> Table:
    files = [
        file
        for subject in (f"factory:{who.factory_id}", f"operator:{who.operator_id}")
        for file in list_files(session, actor, subject=subject)
    ]
    return Table(
        (say("showcase.paper.documents", lang), say("showcase.paper.day", lang)),
        tuple((f.name, format_instant(f.uploaded_at)) for f in files),
    )


def _timeline(session: Session, actor: Actor, who: FactoryProfile, lang: Lang) -> Table:
    found: list[tuple[date, str]] = [
        (civil_day(who.created_at), say("officer.event.registered", lang))
    ]
    enrollment = find_enrollment(session, actor, operator_id=who.operator_id)
    if enrollment is not None:
        found.append((enrollment.signed_on, say("officer.event.applied", lang)))
        if enrollment.enrolled_on:
            found.append((enrollment.enrolled_on, say("officer.event.enrolled", lang)))
        if enrollment.exit_on:
            reason = enrollment.exit_reason or "—"
            told = say("officer.event.exit", lang, reason=reason)
            found.append((enrollment.exit_on, told))
    for i in list_inspections(session, actor, factory_id=who.factory_id):
        told = say("officer.event.inspection", lang, result=label(i.result, lang))
        found.append((i.inspected_on, told))
    found.sort(key=lambda event: event[0], reverse=True)
    return Table(
        (say("showcase.paper.day", lang), say("showcase.paper.event", lang)),
        tuple((format_day(day), what) for day, what in found),
    )
