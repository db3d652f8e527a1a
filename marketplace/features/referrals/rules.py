"""Decides what a package tells, when an answer is late, and how outcomes are counted.

Pure. Lead, filed case, detained, arrested and prosecuted are different counts: nothing here adds
two of them or divides one by another. A package must not hold complainants, earlier records,
self-disclosures or links (domain §6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.features.referrals.kinds import OutcomeKind, Redaction

TEMPLATE = "referral-package/1"
NEVER_INCLUDED = ("complainant", "earlier_record", "self_disclosure", "linked_store")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a lead is about."""

    operator: str
    uscc: str | None
    legal_representative: str | None
    phone: str | None
    factory: str
    district: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class StoreFact:
    """A store and on what basis the factory operated it from–until (exclusive)."""

    platform: str
    store_no: str
    name: str
    from_on: date
    until_on: date | None
    basis: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class FindingFact:
    """A decided finding."""

    reference: str
    store_no: str
    found_on: date
    decided_on: date
    origin: str
    brand: str | None
    listings: int
    statement: str
    hearing: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """A file by what it is and its SHA-256; the file itself goes by the agreed channel.

    Size and type are None of one that is kept elsewhere.
    """

    name: str
    sha256: str
    size_bytes: int | None
    media_type: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All a package is made of."""

    number: str
    program: str
    agency: str
    title: str
    statement: str
    prepared_on: date
    subject: Subject
    stores: tuple[StoreFact, ...]
    findings: tuple[FindingFact, ...]
    evidence: tuple[EvidenceFact, ...]


def package(facts: Facts, left_out: Iterable[Redaction]) -> dict[str, object]:
    """Return the one template for every agency, as plain values in a fixed shape.

    What is left out stands as null and is named, so that nobody takes it for missing.
    """
    out = frozenset(left_out)
    who = facts.subject
    return {
        "template": TEMPLATE,
        "number": facts.number,
        "program": facts.program,
        "agency": facts.agency,
        "title": facts.title,
        "statement": facts.statement,
        "prepared_on": facts.prepared_on.isoformat(),
        "subject": {
            "operator": who.operator,
            "uscc": who.uscc,
            "legal_representative": _unless(
                Redaction.LEGAL_REPRESENTATIVE, out, who.legal_representative
            ),
            "phone": _unless(Redaction.PHONE, out, who.phone),
            "factory": who.factory,
            "district": who.district,
            "address": _unless(Redaction.ADDRESS, out, who.address),
        },
        "stores": [_store(s) for s in facts.stores],
        "findings": [_finding(f, out) for f in facts.findings],
        "evidence": [
            {
                "name": e.name,
                "sha256": e.sha256,
                "size_bytes": e.size_bytes,
                "media_type": e.media_type,
            }
            for e in facts.evidence
        ],
        "left_out": sorted(r.value for r in out),
        "never_included": list(NEVER_INCLUDED),
    }


@dataclass(frozen=True, slots=True)
class Lead:
    """One sent lead, for counting."""

    referral_id: int
    agency: str
    sent_on: date
    due_on: date
    answered_on: date | None
    is_declined: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recorded outcome that was not taken back."""

    referral_id: int
    kind: OutcomeKind
    count: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """The leads sent to one agency in one quarter, and what came of them until now.

    An outcome counts in the quarter its lead was sent. `followed_days` is how long the youngest
    lead has been out: a young cohort has had less time and is not to be compared with an old one.
    """

    quarter: str
    agency: str
    leads: int
    acknowledged: int
    declined: int
    overdue: int
    counts: Mapping[OutcomeKind, int]
    followed_days: int


def is_overdue(due_on: date, answered_on: date | None, day: date) -> bool:
    """Tell whether an acknowledgement is late: not there after its last day."""
    return answered_on is None and day > due_on


def quarter_of(day: date) -> str:
    """Return the quarter of a day, as `2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def cohorts(leads: Sequence[Lead], outcomes: Iterable[Outcome], day: date) -> list[Cohort]:
    """Return the cohorts, latest quarter first, then by agency."""
    of_lead = {lead.referral_id: (quarter_of(lead.sent_on), lead.agency) for lead in leads}
    counted: dict[tuple[str, str], Counter[OutcomeKind]] = {
        k: Counter() for k in of_lead.values()
    }
    for outcome in outcomes:
        if outcome.referral_id in of_lead:
            counted[of_lead[outcome.referral_id]][outcome.kind] += outcome.count
    found = []
    for (quarter, agency), counts in counted.items():
        own = [k for k in leads if of_lead[k.referral_id] == (quarter, agency)]
        found.append(
            Cohort(
                quarter=quarter,
                agency=agency,
                leads=len(own),
                acknowledged=sum(k.answered_on is not None and not k.is_declined for k in own),
                declined=sum(k.is_declined for k in own),
                overdue=sum(is_overdue(k.due_on, k.answered_on, day) for k in own),
                counts={kind: counts[kind] for kind in OutcomeKind},
                followed_days=min((day - k.sent_on).days for k in own),
            )
        )
    return sorted(sorted(found, key=lambda c: c.agency), key=lambda c: c.quarter, reverse=True)


def _unless(what: Redaction, out: frozenset[Redaction], value: str | None) -> str | None:
    return None if what in out else value


def _store(s: StoreFact) -> dict[str, object]:
    return {
        "platform": s.platform,
        "store_no": s.store_no,
        "name": s.name,
        "from_on": s.from_on.isoformat(),
        "until_on": s.until_on.isoformat() if s.until_on else None,
        "basis": s.basis,
        "confirmed": s.is_confirmed,
    }


def _finding(f: FindingFact, out: frozenset[Redaction]) -> dict[str, object]:
    return {
        "reference": f.reference,
        "store_no": f.store_no,
        "found_on": f.found_on.isoformat(),
        "decided_on": f.decided_on.isoformat(),
        "origin": f.origin,
        "brand": f.brand,
        "listings": f.listings,
        "statement": f.statement,
        "hearing": _unless(Redaction.HEARING, out, f.hearing),
        "reason": f.reason,
    }
