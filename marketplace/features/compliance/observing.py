"""Reads the raw facts that conduct is judged by, and hands them out one operator at a time.

The meaning of every fact is fixed here once: which store counts for whom in which month, and what
was found in the same looking. Nobody is asked for permission here: queries do that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base.clock import civil_day, month_index
from marketplace.features.compliance import asking
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.progress.kinds import EnrollmentStatus


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One store's quantity in one month."""

    store_id: int
    month: int
    kind: ExposureKind
    quantity: int
    source: str


@dataclass(frozen=True, slots=True)
class FindingCount:
    """Findings and infringing listings of one store in the month they were found."""

    store_id: int
    month: int
    status: FindingStatus
    findings: int
    listings: int
    finding_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything one operator's figure is made of; months are indexes."""

    operator_id: int
    time_zero: date | None
    status: EnrollmentStatus | None
    exit_on: date | None
    exit_reason: str | None
    trigger_finding_id: int | None
    exposure: tuple[ExposureRow, ...]
    findings: tuple[FindingCount, ...]
    near_misses: dict[int, int]
    inspections: dict[int, int]
    store_ids: tuple[int, ...]
    declared: bool
    earlier_records: int
    complaints: dict[int, int] = field(default_factory=dict)
    samples: dict[int, int] = field(default_factory=dict)


def observe(
    session: Session,
    program: str,
    *,
    factory_id: int | None = None,
    district: str | None = None,
    operator_ids: Collection[int] | None = None,
) -> list[Observation]:
    """Return the facts of a program's operators, or of some of them, in order of their number.

    An operator without a factory in the program (and district) has none. Never show these rows
    without asking for permission first.
    """
    factories = asking.factories(
        one=factory_id is not None,
        placed=district is not None,
        few=operator_ids is not None,
    )
    asked = {
        "program": program,
        "factory": factory_id,
        "place": district,
        "operators": sorted(operator_ids or ()),
    }
    found = session.execute(factories, asked).all()
    operator_of = {int(f): int(o) for f, o in found}
    if not operator_of:
        return []
    holdings = session.execute(asking.holdings(), {"factories": list(operator_of)}).all()
    spans: dict[int, list[tuple[int, int, int | None]]] = {}
    for store_id, held_by, from_on, until_on in holdings:
        until = month_index(until_on) if until_on else None
        spans.setdefault(store_id, []).append(
            (operator_of[held_by], month_index(from_on), until)
        )
    # One firm's page must not read the whole program's months.
    narrow = factory_id is not None or operator_ids is not None
    few = sorted(spans) if narrow else None
    parts = _Parts(session, program, spans, operator_of, few=few)
    return [parts.observation(operator_id) for operator_id in sorted(set(operator_of.values()))]


def complaints_since(session: Session, program: str) -> int | None:
    """Return the month of the first complaint kept here; before it nothing is known of any."""
    first = session.execute(asking.first_complaint(), {"program": program}).scalar()
    return None if first is None else month_index(civil_day(first))


def samples_since(session: Session, program: str) -> int | None:
    """Return the month of the first draw of listings; before it no listing was looked at by one."""
    first = session.execute(asking.first_draw(), {"program": program}).scalar()
    return None if first is None else month_index(civil_day(first))


class _Parts:
    """Loads the rows of many operators at once and hands them out one operator at a time."""

    def __init__(
        self,
        session: Session,
        program: str,
        spans: dict[int, list[tuple[int, int, int | None]]],
        operator_of: dict[int, int],
        *,
        few: list[int] | None = None,
    ) -> None:
        """Load everything in a fixed number of queries; of a `few` stores only, where given."""
        self._spans = spans
        operators = set(operator_of.values())
        self._few = few is not None
        self._wanted: dict[str, Any] = {"program": program}
        if few is not None:
            self._wanted |= {
                "stores": few,
                "factories": sorted(operator_of),
                "operators": sorted(operators),
            }
        self._exposure: dict[int, list[ExposureRow]] = {}
        self._findings: dict[int, list[FindingCount]] = {}
        self._near: dict[int, dict[int, int]] = {}
        self._inspections: dict[int, dict[int, int]] = {}
        self._complaints: dict[int, dict[int, int]] = {}
        if spans or not self._few:  # firms without a store have none of these
            self._load_exposure(session)
            self._load_findings(session)
            self._load_near_misses(session)
            self._load_complaints(session)
        self._load_inspections(session, operator_of)
        self._samples: dict[int, dict[int, int]] = {}
        for operator_id, at in self._ask(session, asking.samples):
            months = self._samples.setdefault(operator_id, {})
            month = month_index(civil_day(at))
            months[month] = months.get(month, 0) + 1
        found = self._ask(session, asking.enrollments)
        self._enrollments = {e.operator_id: e for e in found if e.operator_id in operators}
        self._declared = {int(row[0]) for row in self._ask(session, asking.declarations)}
        self._earlier = {int(o): int(n) for o, n in self._ask(session, asking.earlier_records)}

    def observation(self, operator_id: int) -> Observation:
        """Return one operator's rows; what stands beside ends with the month of exit, as rates do."""
        e = self._enrollments.get(operator_id)
        end = month_index(e.exit_on) if e and e.exit_on else None
        stores = sorted(
            s for s, held in self._spans.items() if any(h[0] == operator_id for h in held)
        )
        return Observation(
            operator_id=operator_id,
            time_zero=e.enrolled_on if e else None,
            status=e.status if e else None,
            exit_on=e.exit_on if e else None,
            exit_reason=e.exit_reason if e else None,
            trigger_finding_id=e.trigger_finding_id if e else None,
            exposure=tuple(self._exposure.get(operator_id, ())),
            findings=tuple(self._findings.get(operator_id, ())),
            near_misses=_until(end, self._near.get(operator_id)),
            inspections=_until(end, self._inspections.get(operator_id)),
            store_ids=tuple(stores),
            declared=operator_id in self._declared,
            earlier_records=self._earlier.get(operator_id, 0),
            complaints=_until(end, self._complaints.get(operator_id)),
            samples=_until(end, self._samples.get(operator_id)),
        )

    def _ask(self, session: Session, statement: Callable[..., sa.Select[Any]]) -> Sequence[Any]:
        return session.execute(statement(few=self._few), self._wanted).all()

    def _holder(self, store_id: int, month: int) -> int | None:
        for operator_id, start, until in self._spans.get(store_id, ()):
            if start <= month and (until is None or month < until):
                return operator_id
        return None

    def _load_exposure(self, session: Session) -> None:
        rows = self._ask(session, asking.exposure)
        for store_id, month, kind, quantity, source in rows:
            operator_id = self._holder(store_id, month)
            if operator_id is not None:
                self._exposure.setdefault(operator_id, []).append(
                    ExposureRow(store_id, month, kind, quantity, source)
                )

    def _load_findings(self, session: Session) -> None:
        rows = self._ask(session, asking.findings)
        grouped: dict[tuple[int, int, int, FindingStatus], list[tuple[int, int]]] = {}
        for finding_id, store_id, month, status, listings, operator_id in rows:
            if operator_id is not None:
                key = (operator_id, store_id, month, status)
                grouped.setdefault(key, []).append((finding_id or 0, listings))
        for (operator_id, store_id, month, status), found in grouped.items():
            self._findings.setdefault(operator_id, []).append(
                FindingCount(
                    store_id=store_id,
                    month=month,
                    status=status,
                    findings=len(found),
                    listings=sum(listings for _i, listings in found),
                    finding_ids=tuple(i for i, _l in found),
                )
            )

    def _load_near_misses(self, session: Session) -> None:
        rows = self._ask(session, asking.near_misses)
        for store_id, month, listings in rows:
            operator_id = self._holder(store_id, month)
            if operator_id is not None:
                months = self._near.setdefault(operator_id, {})
                months[month] = months.get(month, 0) + listings

    def _load_inspections(self, session: Session, operator_of: dict[int, int]) -> None:
        rows = self._ask(session, asking.inspections)
        for factory_id, day in rows:
            if factory_id in operator_of:
                months = self._inspections.setdefault(operator_of[factory_id], {})
                month = month_index(day)
                months[month] = months.get(month, 0) + 1

    def _load_complaints(self, session: Session) -> None:
        """Complaints in the month they were received, however they were answered."""
        rows = self._ask(session, asking.complaints)
        for store_id, at in rows:
            month = month_index(civil_day(at))
            operator_id = self._holder(store_id, month)
            if operator_id is not None:
                months = self._complaints.setdefault(operator_id, {})
                months[month] = months.get(month, 0) + 1


def _until(end: int | None, months: dict[int, int] | None) -> dict[int, int]:
    if not months or end is None:
        return months or {}
    return {month: n for month, n in months.items() if month <= end}
