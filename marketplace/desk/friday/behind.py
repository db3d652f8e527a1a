"""What stands behind each number of a Friday page: the conditions, and the rows they count.

A number and its list are one set of conditions, so that the list is as long as the number says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, require_place
from marketplace.base.clock import civil_day, month_index, start_of
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog.kinds import ProductVerdict
from marketplace.features.catalog.tables import Product, ProductDecision
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.marks.queries import (
    Named,
    list_store_months,
    name_operators,
)
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry.tables import Factory, Store

WEEK = timedelta(days=7)
LISTED = ("enrolled", "verified_week", "upheld_week", "rate_month")


@dataclass(frozen=True, slots=True)
class FridayRow:
    """One thing that a number counts; what a number has no use for is None.

    `what` is the product, the store, or the status of an enrollment as a code. `in_rate` tells
    whether a store's month is in the rate, `listings` are infringing ones.
    """

    factory_id: int | None
    firm: str
    what: str
    on: date | None = None
    checked: int | None = None
    findings: int | None = None
    listings: int | None = None
    in_rate: bool | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """The conditions of the numbers up to a day, of a program or one district."""

    program: str
    district: str | None
    day: date

    @property
    def month(self) -> int:
        """The last whole month, an index."""
        return month_index(self.day) - 1

    @property
    def operators(self) -> sa.Select[Any]:
        """The operators it is about, as a query."""
        found = sa.select(col(Factory.operator_id)).where(col(Factory.program) == self.program)
        if self.district is None:
            return found
        return found.where(col(Factory.district) == self.district)

    @property
    def enrolled(self) -> tuple[Any, ...]:
        """Enrollments that stood that day."""
        return (
            col(Enrollment.operator_id).in_(self.operators),
            col(Enrollment.reversed_at).is_(None),
            col(Enrollment.status) != EnrollmentStatus.APPLIED,
            col(Enrollment.enrolled_on) <= self.day,
            sa.or_(col(Enrollment.exit_on).is_(None), col(Enrollment.exit_on) > self.day),
        )

    @property
    def verified(self) -> tuple[Any, ...]:
        """Decisions of the week that verified a product."""
        return (
            col(Product.operator_id).in_(self.operators),
            col(ProductDecision.verdict) == ProductVerdict.VERIFIED,
            self._in_week(col(ProductDecision.decided_at)),
        )

    @property
    def upheld(self) -> tuple[Any, ...]:
        """Findings of cases that were upheld in the week."""
        return (
            col(Finding.operator_id).in_(self.operators),
            col(Finding.basis) == FindingBasis.CASE,
            col(Finding.status) == FindingStatus.UPHELD,
            self._in_week(col(Finding.decided_at)),
        )

    def _in_week(self, instant: Any) -> Any:
        since = start_of(self.day - WEEK + timedelta(days=1))
        return sa.and_(instant >= since, instant < start_of(self.day + timedelta(days=1)))


def list_friday_rows(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    key: str,
    day: date,
    district: str | None = None,
) -> tuple[FridayRow, ...]:
    """Return what a number up to a day counts, with everything known now; the latest first.

    Raises:
        KeyError: when the page has no number of that name that can be listed.
    """
    program = rulebook.program.key
    require_place(actor, "desk.list_friday_rows", program=program, district=district)
    behind = Behind(program, district, day)
    if key == "rate_month":
        return _store_months(session, actor, rulebook, behind)
    names = name_operators(session, actor, program=program, district=district)
    rows = session.execute(_STATEMENTS[key](behind)).all()
    return tuple(_row(names, *row) for row in rows)


def _enrolled(behind: Behind) -> Any:
    t = Enrollment
    return (
        sa.select(col(t.operator_id), col(t.status), col(t.enrolled_on), sa.null())
        .where(*behind.enrolled)
        .order_by(col(t.enrolled_on).desc(), col(t.id).desc())
    )


def _verified(behind: Behind) -> Any:
    """Each product once, on the last day it was verified."""
    last = sa.func.max(col(ProductDecision.decided_at))
    return (
        sa.select(col(Product.operator_id), col(Product.name_zh), last, sa.null())
        .join(Product, col(Product.id) == col(ProductDecision.product_id))
        .where(*behind.verified)
        .group_by(col(Product.id), col(Product.operator_id), col(Product.name_zh))
        .order_by(last.desc(), col(Product.id).desc())
    )


def _upheld(behind: Behind) -> Any:
    t = Finding
    return (
        sa.select(col(t.operator_id), col(Store.name), col(t.decided_at), col(t.listings))
        .join(Store, col(Store.id) == col(t.store_id))
        .where(*behind.upheld)
        .order_by(col(t.decided_at).desc(), col(t.id).desc())
    )


_STATEMENTS = {"enrolled": _enrolled, "verified_week": _verified, "upheld_week": _upheld}


def _row(
    names: dict[int, Named], operator_id: int, what: Any, at: Any, listings: int | None
) -> FridayRow:
    named = names.get(operator_id)
    return FridayRow(
        None if named is None else named.factory_id,
        "" if named is None else named.name,
        str(what),
        civil_day(at) if isinstance(at, datetime) else at,
        listings=listings,
    )


def _store_months(
    session: Session, actor: Actor, rulebook: Rulebook, behind: Behind
) -> tuple[FridayRow, ...]:
    rows = list_store_months(
        session,
        actor,
        program=behind.program,
        kind=ExposureKind(rulebook.compliance.exposure_kind),
        month=behind.month,
        district=behind.district,
    )
    found = [
        FridayRow(
            r.factory_id, r.factory_name, r.store_name, None,
            r.checked, r.findings, r.listings, r.in_rate,
        )
        for r in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: -(r.listings or 0)))
