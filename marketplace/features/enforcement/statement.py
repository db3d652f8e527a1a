"""Puts a statement of reasons (处理说明) into words, in Chinese and English, from the case alone.

Pure. The text is kept as it was said on the day; nothing here looks at what happened later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.base.access.actor import Role
from marketplace.base.money import format_amount
from marketplace.base.words import Lang, format_day, format_instant, label, say
from marketplace.features.enforcement.kinds import (
    Intent,
    MeasureKind,
    Origin,
    StatementBasis,
    ViolationKind,
)

Section = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class RuleCited:
    """A rule in force: its sentence's key and facts, the source the program file gives."""

    key: str
    facts: dict[str, object]
    source: str
    source_zh: str = ""


@dataclass(frozen=True, slots=True)
class MeasureSaid:
    """A measure as it is said: its kind, until when, and what its sentence needs."""

    kind: MeasureKind
    facts: dict[str, object]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvidenceSaid:
    """A piece of evidence: name, SHA-256, who holds it."""

    name: str
    sha256: str
    holder: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a statement says."""

    number: str
    basis: StatementBasis
    at: datetime
    store: str
    platform: str
    factory: str
    decided_role: Role
    reason: str
    program_zh: str
    program_en: str
    version: int
    appeal_until: date
    appeal_working_days: int
    automated: bool = False
    found_on: date | None = None
    origin: Origin | None = None
    category: ViolationKind | None = None
    intent: Intent | None = None
    listings: int | None = None
    value_fen: int | None = None
    brand: str | None = None
    seen: str = ""
    hearing: str = ""
    count: int = 0
    offense: int | None = None
    balance: int | None = None
    rules: tuple[RuleCited, ...] = ()
    measures: tuple[MeasureSaid, ...] = ()
    evidence: tuple[EvidenceSaid, ...] = ()
    kept: tuple[MeasureKind, ...] = ()


def title(case: Case, lang: Lang) -> str:
    """Return the statement's title."""
    return say("statement.title", lang, store=case.store, number=case.number)


def compose(case: Case, lang: Lang) -> list[Section]:
    """Return the sections in order: heading and paragraphs."""
    parts = (
        ("facts", _facts(case, lang)),
        ("hearing", _hearing(case, lang)),
        ("evidence", _evidence(case, lang)),
        ("rules", _rules(case, lang)),
        ("measures", _measures(case, lang)),
        ("decided", _decided(case, lang)),
        ("appeal", _appeal(case, lang)),
    )
    return [(say(f"statement.head.{name}", lang), lines) for name, lines in parts if lines]


def _facts(case: Case, lang: Lang) -> list[str]:
    lines = [
        say(
            "statement.whose", lang,
            factory=case.factory or "—", store=case.store, platform=case.platform,
        )
    ]  # fmt: skip
    if case.basis is StatementBasis.COMPLAINTS:
        lines.append(
            say("statement.complaints", lang, brand=case.brand or "—", count=case.count)
        )
    if case.found_on is not None and case.origin is not None:
        lines.append(
            say(
                "statement.found", lang,
                day=format_day(case.found_on), origin=label(case.origin, lang),
                listings=case.listings or 0,
            )
        )  # fmt: skip
    if case.category is not None:
        lines.append(say("statement.category", lang, category=label(case.category, lang)))
    if case.value_fen is not None:
        lines.append(say("statement.value", lang, value=format_amount(case.value_fen)))
    if case.intent is not None:
        lines.append(say("statement.intent", lang, intent=label(case.intent, lang)))
    if case.seen:
        lines.append(say("statement.seen", lang, seen=case.seen))
    return lines


def _hearing(case: Case, lang: Lang) -> list[str]:
    if case.hearing:
        return [say("statement.heard", lang, said=case.hearing)]
    return [say(f"statement.not_heard_{case.basis.value}", lang)]


def _evidence(case: Case, lang: Lang) -> list[str]:
    if not case.evidence:
        return [say("statement.no_evidence", lang)]
    return [
        say("statement.evidence", lang, name=e.name, sha256=e.sha256, holder=e.holder)
        for e in case.evidence
    ]


def _rules(case: Case, lang: Lang) -> list[str]:
    program = case.program_zh if lang == "zh" else case.program_en
    lines = [
        say(f"statement.rules.{r.key}", lang, **_worded(r.facts, lang)) for r in case.rules
    ]
    lines.append(say("statement.version", lang, program=program, version=case.version))
    sources = dict.fromkeys((lang == "zh" and r.source_zh) or r.source for r in case.rules)
    return [*lines, *(say("statement.source", lang, source=source) for source in sources)]


def _measures(case: Case, lang: Lang) -> list[str]:
    lines = []
    for measure in case.measures:
        said = say(
            f"statement.measure.{measure.kind.value}", lang, **_worded(measure.facts, lang)
        )
        if measure.until is not None:
            said += say("statement.until", lang, until=format_instant(measure.until))
        lines.append(said)
    if case.offense is not None and case.balance is not None:
        lines.append(say("statement.balance", lang, offense=case.offense, balance=case.balance))
    return lines


def _decided(case: Case, lang: Lang) -> list[str]:
    at = format_instant(case.at)
    if case.automated:
        return [say("statement.automated", lang, at=at)]
    role = label(case.decided_role, lang)
    return [
        say("statement.by_person", lang, role=role, at=at),
        say("statement.reason", lang, reason=case.reason),
    ]


def _appeal(case: Case, lang: Lang) -> list[str]:
    lines = [
        say(
            "statement.appeal", lang,
            until=format_day(case.appeal_until), days=case.appeal_working_days,
        )
    ]  # fmt: skip
    comma = say("app.comma", lang)
    if case.kept:
        kept = comma.join(label(kind, lang) for kind in case.kept)
        lines.append(say("statement.kept", lang, measures=kept))
    paused = [m.kind for m in case.measures if m.kind not in case.kept]
    if paused:
        said = comma.join(label(kind, lang) for kind in paused)
        lines.append(say("statement.paused", lang, measures=said))
    return lines


def _worded(facts: dict[str, object], lang: Lang) -> dict[str, object]:
    """Fill in facts that depend on the language: a mapping of both, a number of fen."""
    found: dict[str, object] = {}
    for name, value in facts.items():
        if isinstance(value, dict):
            found[name] = value[lang]
        elif name.endswith("_fen") and isinstance(value, int):
            found[name] = format_amount(value)
        elif isinstance(value, MeasureKind):
            found[name] = label(value, lang)
        else:
            found[name] = value
    return found
