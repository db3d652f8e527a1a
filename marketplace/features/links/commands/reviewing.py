"""Opens reviews when a store was dealt with, and keeps what they ended in.

Opening a review changes nothing for anybody; deciding one changes nothing either: what must
follow is a finding of its own, recorded and decided like any other.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, add_working_days, civil_day, today
from marketplace.base.db import announce
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.tables import StoreClosure
from marketplace.features.links.commands.settling import settle
from marketplace.features.links.events import LinkReviewOpened
from marketplace.features.links.kinds import LinkOutcome, LinkReviewStatus, LinkTrigger
from marketplace.features.links.queries.facts import (
    holder_of,
    scope_of_subject,
    standing_links,
    subject_of_store,
)
from marketplace.features.links.rules import Derived, Subject, group_of
from marketplace.features.links.tables import LinkReview
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.tables import Operator, Store, StoreHolding

_WEIGHT = {trigger: place for place, trigger in enumerate(LinkTrigger)}
_LEAST_REASON = 4


def open_reviews(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    trigger: LinkTrigger,
    trigger_ref: str,
) -> int:
    """Put the other stores of a store's group into the queue; return how many entered.

    A store that waits already because of the same one stays one line, with the heavier trigger.
    Closed stores have nothing left to look at.

    Raises:
        NotFound: when there is no such store.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    require(actor, "links.open_reviews", Scope(program=store.program))
    links = standing_links(session, program=store.program)
    ways = group_of(rulebook.conduct.links, links, subject_of_store(store_id))
    opened = 0
    for subject, way in ways.items():
        if way and _is_open_store(session, subject):
            opened += _open(
                session, rulebook, clock, actor, store, subject, way, trigger, trigger_ref
            )
    return opened


def open_for_closed(session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor) -> int:
    """Put what is newly tied to a closed store into the queue, once for each of the two.

    What began after the closure is a re-registration; the rest was only found out later.
    """
    program = rulebook.program.key
    require(actor, "links.open_for_closed", Scope(program=program))
    links = standing_links(session, program=program)
    closures = session.execute(
        select(StoreClosure, Store)
        .join(Store, col(Store.id) == col(StoreClosure.store_id))
        .where(Store.program == program, col(StoreClosure.reopened_at).is_(None))
        .order_by(col(StoreClosure.id))
    ).all()
    opened = 0
    for closure, store in closures:
        ways = group_of(rulebook.conduct.links, links, subject_of_store(store.key))
        seen = _reviewed(session, store.key)
        for subject, way in ways.items():
            if not way or subject in seen:
                continue
            trigger = _trigger_for(session, links, subject, closure.closed_at, store.key)
            if trigger is not None:
                opened += _open(
                    session, rulebook, clock, actor, store, subject, way, trigger,
                    f"closure:{closure.key}",
                )  # fmt: skip
    return opened


def decide_review(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    review_id: int,
    outcome: LinkOutcome,
    reason: str,
) -> None:
    """Keep what a review ended in.

    Raises:
        Refused: decided already, without a reason, or as cut without a cut link.
    """
    row = session.get(LinkReview, review_id)
    if row is None:
        raise NotFound("link_review_not_found", review_id=review_id)
    require(actor, "links.decide_review", Scope(row.program, row.district))
    if row.status is not LinkReviewStatus.OPEN:
        raise Refused("decided_already")
    if len(normalize(reason)) < _LEAST_REASON:
        raise Refused("reason_missing")
    if outcome is LinkOutcome.LINK_CUT:
        raise Refused("link_is_cut_by_name")
    settle(session, clock, row, by=actor, outcome=outcome, reason=normalize_prose(reason))


def _open(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    actor: Actor,
    because: Store,
    subject: Subject,
    way: tuple[tuple[Subject, Subject], ...],
    trigger: LinkTrigger,
    trigger_ref: str,
) -> int:
    waiting = session.execute(
        select(LinkReview).where(
            LinkReview.subject_ref == subject,
            LinkReview.because_store_id == because.key,
            LinkReview.status == LinkReviewStatus.OPEN,
        )
    ).scalar()
    if waiting is not None:
        if _WEIGHT[trigger] > _WEIGHT[waiting.trigger]:
            waiting.trigger, waiting.trigger_ref = trigger, trigger_ref
            _trail(session, clock, actor, waiting, None)
        return 0
    scope = scope_of_subject(session, because.program, subject)
    due = add_working_days(
        today(clock), rulebook.conduct.links.review_working_days, rulebook.calendar
    )
    row = LinkReview(
        program=because.program,
        district=scope.district,
        subject_ref=subject,
        because_store_id=because.key,
        trigger=trigger,
        trigger_ref=trigger_ref,
        way={"pairs": [list(pair) for pair in way]},
        opened_at=clock.now(),
        due_on=due,
        status=LinkReviewStatus.OPEN,
    )
    session.add(row)
    session.flush()
    _trail(session, clock, actor, row, scope.operator_id)
    announce(
        session,
        LinkReviewOpened(row.key, row.program, row.district, because.name, trigger.value),
    )
    return 1


def _trail(
    session: Session, clock: Clock, actor: Actor, row: LinkReview, operator_id: int | None
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="links.open_reviews",
        subject=f"link_review:{row.key}",
        program=row.program,
        operator_id=operator_id,
        facts={
            "of": row.subject_ref,
            "because": row.because_store_id,
            "trigger": row.trigger,
            "ref": row.trigger_ref,
        },
    )


def _is_open_store(session: Session, subject: Subject) -> bool:
    kind, _, number = subject.partition(":")
    if kind != "store":
        return False
    other = session.get(Store, int(number))
    return other is not None and other.status is not StoreStatus.CLOSED


def _reviewed(session: Session, store_id: int) -> set[Subject]:
    return set(
        session.execute(
            select(LinkReview.subject_ref).where(LinkReview.because_store_id == store_id)
        ).scalars()
    )


def _trigger_for(
    session: Session,
    links: list[Derived],
    subject: Subject,
    closed_at: datetime,
    closed_store: int,
) -> LinkTrigger | None:
    """Return why a subject is to be looked at, None where there is nothing to look at.

    An operator is looked at by itself only when it came after the closure and has no store yet.
    """
    kind, _, number = subject.partition(":")
    if kind == "store":
        if not _is_open_store(session, subject):
            return None
        after = _is_after(session, int(number), closed_at)
        return LinkTrigger.REREGISTRATION if after else LinkTrigger.CLOSURE
    if kind != "operator" or int(number) == holder_of(session, closed_store):
        return None
    operator = session.get(Operator, int(number))
    stores = any(k.left == subject and k.right.startswith("store:") for k in links)
    if operator is None or stores or operator.created_at <= closed_at:
        return None
    return LinkTrigger.REREGISTRATION


def _is_after(session: Session, store_id: int, closed_at: datetime) -> bool:
    """Tell whether a store began after a closure; on the same day the register's order decides."""
    store = session.get(Store, store_id)
    if store is None or store.created_at < closed_at:
        return False
    first = session.execute(
        sa.select(sa.func.min(col(StoreHolding.from_on))).where(
            col(StoreHolding.store_id) == store_id,
            col(StoreHolding.status) != HoldingStatus.REJECTED,
        )
    ).scalar()
    return first is None or first >= civil_day(closed_at)
