"""Writes lapses: each recorded fact removes exactly what rests on it, in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import SYSTEM, Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog import rules
from marketplace.features.catalog.events import ProductLapsed
from marketplace.features.catalog.kinds import LapseReason, Moderation
from marketplace.features.catalog.queries.as_verified import (
    FACE,
    face_of,
    verifying_decision,
)
from marketplace.features.catalog.queries.facts import (
    marks_of,
    scope_of_product,
    standing_facts,
    vouched_reports_of,
)
from marketplace.features.catalog.rules import facts_end
from marketplace.features.catalog.tables import Lapse, Product

# Withdrawn by its maker or recalled for safety: final, no lapse can make it more so.
GONE = frozenset({Moderation.WITHDRAWN, Moderation.RECALLED})


def once_verified() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions of a product that was ever verified and may come back."""
    return (col(Product.code).is_not(None), col(Product.status).not_in(sorted(GONE)))


def lapse_product(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    reason: LapseReason,
    cause: str,
) -> int | None:
    """Take a product that was ever verified out for a cause; once per cause.

    One that is lapsed or under review again gets the lapse too: nothing that happened meanwhile
    may be forgotten when it comes back. Returns the lapse, or None when the product was never
    verified, is gone for good, or the cause is known.
    """
    require(actor, "catalog.lapse_product", scope_of_product(session, product_id))
    product = session.get_one(Product, product_id)
    if product.code is None or product.status in GONE:
        return None
    known = session.execute(
        select(Lapse.id).where(
            Lapse.product_id == product_id,
            Lapse.reason == reason,
            Lapse.cause == cause,
            col(Lapse.closed_at).is_(None),
        )
    ).first()
    if known is not None:
        return None
    lapse = Lapse(product_id=product_id, reason=reason, cause=cause, at=clock.now())
    session.add(lapse)
    keep_face(session, product)
    if product.status is Moderation.VERIFIED:
        product.status = Moderation.LAPSED
    product.updated_at = clock.now()
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="catalog.lapse_product",
        subject=f"product:{product_id}",
        program=product.program,
        operator_id=product.operator_id,
        facts={"reason": reason, "cause": cause},
    )
    announce(
        session,
        ProductLapsed(
            product_id, product.operator_id, product.program, lapse.key, reason.value
        ),
    )
    return lapse.key


def keep_face(session: Session, product: Product) -> None:
    """Keep what was verified before a verified product may be edited again.

    Decisions keep it themselves; those of older days did not, and the row is still as they saw it.
    """
    if product.status is not Moderation.VERIFIED:
        return
    last = verifying_decision(session, product.key)
    if last is not None and FACE not in last.snapshot:
        last.snapshot = {**last.snapshot, FACE: face_of(session, product)}


def lapse_products_of_operator(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    operator_id: int,
    reason: LapseReason,
    cause: str,
) -> int:
    """Take all products of an operator that were ever verified out; return how many."""
    ids = session.execute(
        select(Product.id).where(Product.operator_id == operator_id, *once_verified())
    ).scalars()
    require(actor, "catalog.lapse_products_of_operator", Scope(operator_id=operator_id))
    done = [
        lapse_product(
            session, clock=clock, actor=actor, product_id=int(i), reason=reason, cause=cause
        )
        for i in list(ids)
        if i is not None
    ]
    return sum(1 for lapse in done if lapse is not None)


def shorten_products(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    product_ids: Iterable[int],
    cause: str,
) -> int:
    """End verified products on the day their facts now end; never later than was decided.

    A mark or report that still holds may hold for less long than it did when the product was
    verified, and the public date must say so. For reactions. Returns how many were shortened.
    """
    count = 0
    for product_id in product_ids:
        product = session.get(Product, product_id)
        if product is None or product.valid_until is None:
            continue
        until = facts_end(rulebook, standing_facts(session, product), today(clock))
        if until is None or until >= product.valid_until:
            continue
        before, product.valid_until = product.valid_until, until
        product.updated_at = clock.now()
        audit.record(
            session,
            clock=clock,
            actor=SYSTEM,
            action="catalog.shorten_products",
            subject=f"product:{product_id}",
            program=product.program,
            operator_id=product.operator_id,
            facts={"cause": cause},
            before={"valid_until": before},
            after={"valid_until": until},
        )
        count += 1
    return count


def expire_products(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor = SYSTEM
) -> int:
    """Write lapse and notice for every product whose facts ended by date; return how many.

    Hiding does not wait for this: public queries compare dates with the clock.
    """
    require(actor, "catalog.expire_products", Scope(program=rulebook.program.key))
    day = today(clock)
    due = session.execute(
        select(Product).where(
            Product.program == rulebook.program.key,
            Product.status == Moderation.VERIFIED,
            col(Product.valid_until) <= day,
        )
    ).scalars()
    count = 0
    for product in list(due):
        reason = _why_ended(session, rulebook, product, clock)
        lapsed = lapse_product(
            session,
            clock=clock,
            actor=actor,
            product_id=product.key,
            reason=reason,
            cause=f"date:{product.valid_until}",
        )
        count += lapsed is not None
    return count


def _why_ended(
    session: Session, rulebook: Rulebook, product: Product, clock: Clock
) -> LapseReason:
    day = today(clock)
    marks = marks_of(session, product.brand_id)
    if rules.own_mark(marks, day, rulebook.product.nice_class) is None:
        ended = any(m.license_until is not None and m.license_until <= day for m in marks)
        return LapseReason.LICENSE_ENDED if ended else LapseReason.TRADEMARK_LOST
    standards = rules.standards_for(rulebook, product.category)
    if rules.report_in_force(vouched_reports_of(session, product), day, standards) is None:
        return LapseReason.TEST_EXPIRED
    return LapseReason.VERIFICATION_EXPIRED
