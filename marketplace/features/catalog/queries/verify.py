"""Answers a code: what was verified, by whom, until when; never why it is not valid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, civil_day, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog import rules
from marketplace.features.catalog.kinds import (
    DesignBasis,
    Moderation,
)
from marketplace.features.catalog.queries.facts import live_conditions
from marketplace.features.catalog.queries.public import PublicProduct, public_rows
from marketplace.features.catalog.queries.public_detail import carrying_mark, carrying_report
from marketplace.features.catalog.tables import (
    Brand,
    Lapse,
    Product,
)
from marketplace.features.registry.tables import Factory


class VerifyOutcome(StrEnum):
    """What looking a code up can answer."""

    VALID = "valid"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verified:
    """One thing that was verified: key, reference (a standard, a class), day, until, by whom."""

    key: str
    reference: str | None
    on: date | None
    until: date | None
    by: str | None = None  # an office's name where it is not the program's own


@dataclass(frozen=True, slots=True)
class VerifyAnswer:
    """The answer to a code; `product` is None only when the code is unknown."""

    outcome: VerifyOutcome
    code: str
    product: PublicProduct | None
    was_valid_until: date | None
    verified: tuple[Verified, ...]
    hint: tuple[int, str] | None


def find_by_code(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, code: str
) -> VerifyAnswer:
    """Return what can be said of a code; an unknown code gets a hint, never a verdict."""
    require(actor, "catalog.find_by_code", Scope())
    cleaned = rules.clean_code(code)
    row = session.execute(
        sa.select(Product, Brand, Factory)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .join(Factory, col(Factory.id) == col(Product.factory_id))
        .where(col(Product.code) == cleaned)
    ).first()
    if row is None:
        return VerifyAnswer(
            VerifyOutcome.UNKNOWN, cleaned[:40], None, None, (), rules.code_hint(cleaned[:40])
        )
    product = row[0]
    day = today(clock)
    lapses = session.execute(
        sa.select(sa.func.count(col(Lapse.id))).where(
            col(Lapse.product_id) == product.key, col(Lapse.closed_at).is_(None)
        )
    ).scalar_one()
    live = rules.is_live(
        status=product.status,
        valid_until=product.valid_until,
        open_lapses=int(lapses),
        today=day,
    )
    outcome = VerifyOutcome.VALID if live else _outcome_of(product.status)
    return VerifyAnswer(
        outcome=outcome,
        code=cleaned,
        product=public_rows(session, [row])[0],
        was_valid_until=product.valid_until,
        verified=_verified(session, rulebook, product, day) if live else (),
        hint=None,
    )


def count_public_outcomes(
    session: Session, actor: Actor, *, clock: Clock, program: str
) -> list[tuple[str, int]]:
    """Return, of all products ever verified, how many each answer would be given for now.

    No product is named and no reason is told; those that left stay in the count.
    """
    require(actor, "catalog.count_public_outcomes", Scope(program=program))
    ever = sa.and_(col(Product.program) == program, col(Product.code).is_not(None))
    live = session.execute(
        sa.select(sa.func.count())
        .select_from(Product)
        .where(ever, *live_conditions(today(clock)))
    ).scalar_one()
    counted = dict.fromkeys(VerifyOutcome, 0)
    for status, count in session.execute(
        sa.select(col(Product.status), sa.func.count())
        .where(ever)
        .group_by(col(Product.status))
    ).all():
        counted[_outcome_of(status)] += int(count)
    counted[VerifyOutcome.LAPSED] -= int(live)  # what is verified and live was put there first
    counted[VerifyOutcome.VALID] = int(live)
    return [(o.value, n) for o, n in counted.items() if o is not VerifyOutcome.UNKNOWN]


def _outcome_of(status: Moderation) -> VerifyOutcome:
    match status:
        case Moderation.WITHDRAWN:
            return VerifyOutcome.WITHDRAWN
        case Moderation.RECALLED:
            return VerifyOutcome.RECALLED
        case _:
            return VerifyOutcome.LAPSED


def _verified(
    session: Session, rulebook: Rulebook, product: Product, day: date
) -> tuple[Verified, ...]:
    mark = carrying_mark(session, rulebook, product.brand_id, day)
    report = carrying_report(session, rulebook, product, day)
    verified_on = civil_day(product.verified_at) if product.verified_at else None
    basis = product.design_basis or DesignBasis.DATED_DRAWINGS
    found = [Verified(f"design_{basis.value}", None, verified_on, product.valid_until)]
    if mark is not None:
        found.insert(
            0,
            Verified("trademark", str(mark.nice_class), mark.registered_on, mark.valid_until),
        )
    if report is not None:
        found.append(
            Verified(
                "test_report",
                report.standard,
                report.issued_on,
                report.valid_until,
                by=report.laboratory,
            )
        )
    return tuple(found)
