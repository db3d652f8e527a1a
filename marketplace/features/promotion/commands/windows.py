"""异议期: right holders have N working days to object before a product is first featured.

An objection removes nothing by itself: it keeps the product from a first featuring until somebody
other than the one who recorded it has decided it. Who objected is never told to the owner.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import SYSTEM, Actor, Role, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Refused
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.catalog.queries.facts import scope_of_product
from marketplace.features.promotion.events import (
    ObjectionDecided,
    ObjectionRecorded,
    OfferChanged,
)
from marketplace.features.promotion.kinds import WindowStatus
from marketplace.features.promotion.tables import ObjectionWindow


def open_window(
    session: Session,
    *,
    clock: Clock,
    product_id: int,
    program: str,
    ends_on: date,
    looks_other: bool = False,
) -> None:
    """Open the objection window of a product; for the reaction to its verification.

    Once, but for a product whose objection was upheld, or that looks other than what others could
    object to: verified anew, it waits anew.
    """
    known = _window(session, product_id)
    if known is None:
        session.add(
            ObjectionWindow(
                product_id=product_id,
                program=program,
                opened_at=clock.now(),
                ends_on=ends_on,
                status=WindowStatus.OPEN,
            )
        )
    elif known.status is WindowStatus.UPHELD or (
        looks_other and known.status is not WindowStatus.OBJECTED
    ):
        known.status = WindowStatus.OPEN
        known.opened_at, known.ends_on = clock.now(), ends_on
        known.objector = known.note = known.decision_note = None
        known.objected_by = known.decided_by = None
        known.objected_at = known.decided_at = None


def record_objection(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    note: str,
    objector: str | None = None,
) -> None:
    """Record a right holder's objection in the window; somebody else then decides it.

    The grounds must be usable: an objection that says nothing cannot be answered. `objector` names
    the right holder where an officer writes down what was handed in; only the office reads it.

    Raises:
        Refused: when no window is open or its last day is over, without grounds, or when an
            officer does not say who objects.
    """
    scope = scope_of_product(session, product_id)
    require(actor, "promotion.record_objection", scope)
    window = _window(session, product_id)
    if window is None or window.status is not WindowStatus.OPEN:
        raise Refused("no_open_window")
    if window.ends_on <= today(clock):  # over by the clock, whether or not a job has run
        raise Refused("no_open_window")
    who = actor.name if actor.role is Role.RIGHT_HOLDER else normalize(objector or "")
    if not who:
        raise Refused("objector_missing")
    if len(normalize(note)) < 4:
        raise Refused("reason_missing")
    window.status = WindowStatus.OBJECTED
    window.objector = who[:120]
    window.note = normalize_prose(note)[:500]
    window.objected_by, window.objected_at = actor.account_id, clock.now()
    window.decided_by = window.decided_at = window.decision_note = None  # kept in the trail
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="promotion.record_objection",
        subject=f"product:{product_id}",
        program=window.program,
        operator_id=scope.operator_id,
        reason=window.note,
    )
    announce(session, ObjectionRecorded(product_id, scope.operator_id or 0, window.program))


def decide_objection(
    session: Session, *, clock: Clock, actor: Actor, product_id: int, uphold: bool, reason: str
) -> WindowStatus:
    """Uphold or dismiss an objection; return where the window stands then.

    Upheld, the product is not featured until it is verified anew; its verification is a decision
    of its own. Dismissed, the window runs on to its day for others.

    Raises:
        Refused: without an objection, by whoever recorded it, or without a reason.
    """
    scope = scope_of_product(session, product_id)
    require(actor, "promotion.decide_objection", scope)
    window = _window(session, product_id)
    if window is None or window.status is not WindowStatus.OBJECTED:
        raise Refused("no_objection")
    if window.objected_by is not None and window.objected_by == actor.account_id:
        raise Refused("author_never_decides")
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    over = window.ends_on <= today(clock)
    if uphold:
        window.status = WindowStatus.UPHELD
    else:
        window.status = WindowStatus.CLEARED if over else WindowStatus.OPEN
    window.decided_by, window.decided_at = actor.account_id, clock.now()
    window.decision_note = normalize_prose(reason)[:500]
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="promotion.decide_objection",
        subject=f"product:{product_id}",
        program=window.program,
        operator_id=scope.operator_id,
        reason=window.decision_note,
        facts={"upheld": uphold, "status": window.status},
    )
    announce(
        session,
        ObjectionDecided(product_id, scope.operator_id or 0, window.program, upheld=uphold),
    )
    return window.status


def clear_due_windows(
    session: Session, *, clock: Clock, program: str, actor: Actor = SYSTEM
) -> int:
    """Clear the windows that ended without an objection; return how many."""
    require(actor, "promotion.clear_due_windows", Scope(program=program))
    due = session.execute(
        select(ObjectionWindow).where(
            ObjectionWindow.program == program,
            ObjectionWindow.status == WindowStatus.OPEN,
            col(ObjectionWindow.ends_on) <= today(clock),
        )
    ).scalars()
    count = 0
    for window in list(due):
        window.status = WindowStatus.CLEARED
        audit.record(
            session,
            clock=clock,
            actor=actor,
            action="promotion.clear_due_windows",
            subject=f"product:{window.product_id}",
            program=program,
        )
        announce(session, OfferChanged((window.product_id,), program))
        count += 1
    return count


def _window(session: Session, product_id: int) -> ObjectionWindow | None:
    return session.execute(
        select(ObjectionWindow).where(ObjectionWindow.product_id == product_id)
    ).scalar()
