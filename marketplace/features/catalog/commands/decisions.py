"""Decides products. Verified is said only while every rule holds at that moment.

A suspension needs a person's reasoned decision on prima facie evidence; a restoration needs a
decision that names the lapses it closes, and the facts must hold again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.canonical import digest
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Conflict, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.catalog import rules
from marketplace.features.catalog.commands.lapses import keep_face, lapse_product
from marketplace.features.catalog.commands.products import load_product
from marketplace.features.catalog.events import ProductDecided, ProductRestored
from marketplace.features.catalog.kinds import LapseReason, Moderation, ProductVerdict
from marketplace.features.catalog.queries.as_verified import (
    FACE,
    face_of,
    verifying_decision,
)
from marketplace.features.catalog.queries.facts import product_facts, scope_of_product
from marketplace.features.catalog.tables import Lapse, Product, ProductDecision

# Enrollment is kept by a feature above this one; the composition root hands the question down.
IsEnrolled = Callable[[Session, int], bool]

REASON_CODES = (
    "photos_unclear",
    "design_resembles",
    "design_evidence_weak",
    "brand_not_own",
    "test_report_mismatch",
    "materials_unclear",
    "category_wrong",
    "price_wrong",
    "name_misleading",
    "other",
)


def decide_product(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    verdict: ProductVerdict,
    reason_codes: Sequence[str] = (),
    note: str | None = None,
    design_compared: bool = False,
    lapse_ids: Sequence[int] = (),
    submitted_at: datetime | None = None,
    is_enrolled: IsEnrolled,
) -> date | None:
    """Decide a submitted product; return the first day it is no longer valid, when verified.

    `submitted_at` is when what was looked at was sent in: meanwhile a colleague may have returned
    it, and its owner sent in something else.

    One that lapsed before is verified again only by a decision that names every open lapse in
    `lapse_ids`: nobody closes by oversight what somebody recorded.

    Raises:
        Conflict: sent in anew since then.
        Refused: not submitted, by its submitter, without a reason code where one is due, before
            the designs were compared, of a firm that is not enrolled, incomplete by now, with
            an open lapse left unnamed, or verified again by whoever suspended it.
    """
    require(actor, "catalog.decide_product", scope_of_product(session, product_id))
    product = load_product(session, product_id)
    if product.status is not Moderation.SUBMITTED:
        raise Refused("not_submitted", status=product.status.value)
    if submitted_at is not None and submitted_at != product.submitted_at:
        raise Conflict("content_changed")
    if product.submitted_by is not None and product.submitted_by == actor.account_id:
        raise Refused("author_never_decides")
    codes = [code for code in reason_codes if code in REASON_CODES]
    until = None
    named: list[Lapse] = []
    match verdict:
        case ProductVerdict.VERIFIED:
            if not design_compared:
                raise Refused("design_not_compared")
            named = _require_named(session, product_id, lapse_ids)
            _require_other_than_suspender(session, actor, named)
            until = _verify(session, rulebook, clock, product, is_enrolled)
        case ProductVerdict.REJECTED | ProductVerdict.CHANGES_REQUESTED:
            if not codes:
                raise Refused("reason_code_missing")
            product.status = Moderation(verdict.value)
        case _:
            raise Refused("verdict_not_here", verdict=verdict.value)
    decision = _decide(session, rulebook, clock, actor, product, verdict, codes, note, until)
    _close_lapses(named, clock, decision)
    return until


def withdraw_product(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor, product_id: int
) -> None:
    """Take one's own product off; final, a new model begins anew."""
    require(actor, "catalog.withdraw_product", scope_of_product(session, product_id))
    product = load_product(session, product_id)
    if product.status in {Moderation.WITHDRAWN, Moderation.RECALLED}:
        raise Refused("decided_already")
    keep_face(session, product)
    product.status = Moderation.WITHDRAWN
    _decide(session, rulebook, clock, actor, product, ProductVerdict.WITHDRAWN, [], None, None)


def recall_product(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    reason: str,
) -> None:
    """Recall a product for safety; the public is told so on its code.

    Raises:
        Refused: for a product that was never verified, or without a reason.
    """
    require(actor, "catalog.recall_product", scope_of_product(session, product_id))
    product = load_product(session, product_id)
    if product.code is None or product.status is Moderation.RECALLED:
        raise Refused("not_verified", status=product.status.value)
    _require_reason(reason)
    keep_face(session, product)
    product.status = Moderation.RECALLED
    _decide(session, rulebook, clock, actor, product, ProductVerdict.RECALLED, [], reason, None)


def suspend_product(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    reason: str,
) -> int:
    """Suspend a product pending a decision, on prima facie evidence; return the lapse.

    A complaint or an open case never does this by itself.
    """
    require(actor, "catalog.suspend_product", scope_of_product(session, product_id))
    product = load_product(session, product_id)
    if product.status is not Moderation.VERIFIED:
        raise Refused("not_verified", status=product.status.value)
    _require_reason(reason)
    decision = _decide(
        session, rulebook, clock, actor, product, ProductVerdict.SUSPENDED, [], reason, None
    )
    lapse_id = lapse_product(
        session,
        clock=clock,
        actor=actor,
        product_id=product_id,
        reason=LapseReason.SUSPENDED,
        cause=f"decision:{decision}",
    )
    if lapse_id is None:
        raise Refused("decided_already")
    return lapse_id


def restore_product(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    lapse_ids: Sequence[int],
    reason: str,
    is_enrolled: IsEnrolled,
) -> date:
    """Bring a lapsed product back by a decision naming every open lapse it closes.

    Raises:
        Refused: when a lapse is left unnamed, the facts do not hold again, by whoever suspended
            it, without a reason, or when it was edited since: that is for a review to see.
    """
    require(actor, "catalog.restore_product", scope_of_product(session, product_id))
    product = load_product(session, product_id)
    _require_reason(reason)
    if product.status is not Moderation.LAPSED:
        raise Refused("not_lapsed", status=product.status.value)
    named = _require_named(session, product_id, lapse_ids)
    _require_other_than_suspender(session, actor, named)
    _require_as_verified(session, product)
    until = _require_facts(session, rulebook, clock, product, is_enrolled)
    product.status = Moderation.VERIFIED
    product.valid_until = until
    decision = _decide(
        session, rulebook, clock, actor, product, ProductVerdict.RESTORED, [], reason, until
    )
    _close_lapses(named, clock, decision)
    announce(session, ProductRestored(product_id, product.operator_id, product.program))
    return until


def _verify(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    product: Product,
    is_enrolled: IsEnrolled,
) -> date:
    until = _require_facts(session, rulebook, clock, product, is_enrolled)
    product.status = Moderation.VERIFIED
    product.verified_at = clock.now()
    product.valid_until = until
    product.code = product.code or rules.make_code(rulebook.program.region_code, product.key)
    product.rulebook_sha256 = rulebook.sha256
    return until


def _require_named(session: Session, product_id: int, lapse_ids: Sequence[int]) -> list[Lapse]:
    """Return the open lapses, all of which the decision must name."""
    open_lapses = list(
        session.execute(
            select(Lapse).where(Lapse.product_id == product_id, col(Lapse.closed_at).is_(None))
        ).scalars()
    )
    unnamed = [lapse.key for lapse in open_lapses if lapse.key not in set(lapse_ids)]
    if unnamed:
        raise Refused("lapse_unnamed", count=len(unnamed))
    return open_lapses


def _require_other_than_suspender(
    session: Session, actor: Actor, lapses: Sequence[Lapse]
) -> None:
    causes = {lapse.cause for lapse in lapses if lapse.reason is LapseReason.SUSPENDED}
    for cause in causes:
        decision = session.get(ProductDecision, int(cause.partition(":")[2]))
        if decision is not None and decision.decided_by == actor.account_id:
            raise Refused("author_never_decides")


def _require_as_verified(session: Session, product: Product) -> None:
    last = verifying_decision(session, product.key)
    if last is None or last.snapshot.get(FACE) != face_of(session, product):
        raise Refused("product_edited_since")


def _close_lapses(lapses: Sequence[Lapse], clock: Clock, decision_id: int) -> None:
    for lapse in lapses:
        lapse.closed_at = clock.now()
        lapse.closed_by_decision_id = decision_id


def _require_facts(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    product: Product,
    is_enrolled: IsEnrolled,
) -> date:
    if not is_enrolled(session, product.operator_id):
        raise Refused("not_enrolled")
    facts = product_facts(session, product)
    missing = rules.missing_items(rules.completeness(rulebook, facts, today(clock)))
    if missing:
        raise Refused("product_incomplete", missing=list(missing), count=len(missing))
    until = rules.verified_until(rulebook, facts, today(clock))
    if until <= today(clock):
        raise Refused("product_incomplete", missing=["validity"], count=1)
    return until


def _decide(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    actor: Actor,
    product: Product,
    verdict: ProductVerdict,
    codes: list[str],
    note: str | None,
    until: date | None,
) -> int:
    product.updated_at = clock.now()
    facts = product_facts(session, product)
    decision = ProductDecision(
        product_id=product.key,
        verdict=verdict,
        reason_codes={"codes": codes},
        note=normalize_prose(note or "") or None,
        decided_by=actor.account_id,
        decided_at=clock.now(),
        valid_until=until,
        rulebook_sha256=rulebook.sha256,
        snapshot={
            "name_zh": product.name_zh,
            "category": product.category,
            "price_fen": product.price_fen,
            "gtin": product.gtin,
            "design": product.design_basis.value if product.design_basis else None,
            "materials": list(facts.materials),
            "photos": facts.main_photos,
            "digest": digest([product.name_zh, product.materials, product.design_reference]),
            **({FACE: face_of(session, product)} if verdict in _VERIFYING else {}),
        },
    )
    session.add(decision)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=f"catalog.{_ACTION[verdict]}",
        subject=f"product:{product.key}",
        program=product.program,
        operator_id=product.operator_id,
        reason=decision.note,
        facts={"verdict": verdict, "codes": codes, "valid_until": until},
    )
    announce(
        session,
        ProductDecided(product.key, product.operator_id, product.program, verdict.value),
    )
    return decision.key


_VERIFYING = frozenset({ProductVerdict.VERIFIED, ProductVerdict.RESTORED})
_ACTION = {
    ProductVerdict.VERIFIED: "decide_product",
    ProductVerdict.REJECTED: "decide_product",
    ProductVerdict.CHANGES_REQUESTED: "decide_product",
    ProductVerdict.WITHDRAWN: "withdraw_product",
    ProductVerdict.RECALLED: "recall_product",
    ProductVerdict.SUSPENDED: "suspend_product",
    ProductVerdict.RESTORED: "restore_product",
}


def _require_reason(reason: str) -> None:
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
