"""Records findings, decides them, overturns what was decided.

Suspected until decided; a suspicion removes nothing. Whoever recorded a finding never decides it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, FixedClock, civil_day, month_index, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.money import MAX_FEN
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.enforcement.commands import scoring
from marketplace.features.enforcement.commands.courses import withdraw_course_of
from marketplace.features.enforcement.commands.interim import end_interim_of
from marketplace.features.enforcement.events import (
    FindingDecided,
    FindingDismissed,
    FindingOverturned,
    FindingRecorded,
)
from marketplace.features.enforcement.keeping import too_long, trail_finding
from marketplace.features.enforcement.kinds import (
    FindingBasis,
    FindingStatus,
    Intent,
    Measure,
    Origin,
    ViolationKind,
)
from marketplace.features.enforcement.queries import load_finding, scope_of_store
from marketplace.features.enforcement.tables import (
    Finding,
    FindingDetail,
    FindingProduct,
)
from marketplace.features.registry.queries import holder_on
from marketplace.features.registry.tables import Store

MOST_LISTINGS = 100_000
_LONGEST_SEEN, _LONGEST_BRAND, _LONGEST_REASON = 1000, 80, 1000

# Enrollment is kept by a feature above this one; the composition root hands the question down.
TimeZero = Callable[[Session, int], date | None]


def record_finding(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    origin: Origin,
    listings: int,
    found_on: date,
    statement: str,
    reference: str,
    brand: str | None = None,
    product_ids: tuple[int, ...] = (),
    category: ViolationKind | None = None,
    intent: Intent | None = None,
    value_fen: int | None = None,
) -> int:
    """Record what was seen, as suspected; the same reference twice is the same finding.

    Raises:
        Invalid: for no listings or more than 100,000, an empty statement, one or a brand longer
            than is kept, a day to come or a negative value.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    holder = holder_on(session, store_id=store_id, day=found_on)
    scope = scope_of_store(session, store, holder)
    require(actor, "enforcement.record_finding", scope)
    faults = []
    if not 1 <= listings <= MOST_LISTINGS:
        bounds = {"low": 1, "high": MOST_LISTINGS}
        faults.append(Fault("listings", "number_out_of_range", bounds))
    if not normalize(statement):
        faults.append(Fault("seen", "field_missing"))
    faults += too_long("seen", normalize_prose(statement), _LONGEST_SEEN)
    faults += too_long("brand", brand or "", _LONGEST_BRAND)
    if found_on > today(clock):
        faults.append(Fault("found_on", "day_to_come"))
    if value_fen is not None and not 0 <= value_fen <= MAX_FEN:
        faults.append(Fault("value", "number_out_of_range", {"low": 0, "high": MAX_FEN // 100}))
    if faults:
        raise Invalid(faults)
    known = session.execute(
        select(Finding.id).where(
            Finding.program == store.program, col(Finding.reference) == reference
        )
    ).scalar()
    if known is not None:
        return int(known)
    finding = Finding(
        program=store.program,
        reference=reference,
        store_id=store_id,
        factory_id=holder[0] if holder else None,
        operator_id=holder[1] if holder else None,
        basis=FindingBasis.CASE,
        origin=origin,
        brand=brand,
        listings=listings,
        found_on=found_on,
        found_month=month_index(found_on),
        statement=normalize_prose(statement),
        status=FindingStatus.SUSPECTED,
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
    )
    session.add(finding)
    session.flush()
    for product_id in sorted(set(product_ids)):
        session.add(FindingProduct(finding_id=finding.key, product_id=product_id))
    session.add(
        FindingDetail(
            finding_id=finding.key, category=category, intent=intent, value_fen=value_fen
        )
    )
    trail_finding(
        session, clock, actor, "enforcement.record_finding", finding,
        facts={"origin": origin, "listings": listings, "found_on": found_on,
               "products": sorted(set(product_ids))},
    )  # fmt: skip
    announce(
        session,
        FindingRecorded(finding.key, finding.program, finding.store_id, finding.operator_id),
    )
    return finding.key


def decide_finding(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
    uphold: bool,
    reason: str,
    time_zero: TimeZero,
    intent: Intent | None = None,
    course: str | None = None,
) -> Measure | None:
    """Decide a finding; an upheld one of an enrolled operator is scored, exactly once.

    An upheld one always has a statement of reasons; `intent` and `course` go into it. Returns
    the measure that follows from the points, or None when nothing was scored.

    Raises:
        Refused: decided already, before the owner was heard, by whoever recorded it, or
            without a reason.
        Invalid: for a reason longer than is kept.
    """
    finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.decide_finding", scope)
    clock = FixedClock(clock.now())  # one instant for all that follows
    if finding.status is not FindingStatus.SUSPECTED:
        raise Refused("decided_already")
    if finding.recorded_by is not None and finding.recorded_by == actor.account_id:
        raise Refused("author_never_decides")
    if finding.heard_at is None:
        raise Refused("owner_not_heard")
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    if faults := too_long("reason", normalize_prose(reason), _LONGEST_REASON):
        raise Invalid(faults)
    finding.status = FindingStatus.UPHELD if uphold else FindingStatus.DISMISSED
    finding.decided_by = actor.account_id
    finding.decided_at = clock.now()
    finding.reason = normalize_prose(reason)
    finding.rulebook_sha256 = rulebook.sha256
    measure = None
    if intent is not None:
        _detail(session, finding).decided_intent = intent
        session.flush()
    end_interim_of(session, clock=clock, by=actor, finding_id=finding_id)
    if uphold:
        if _is_scored(session, clock, finding, time_zero):
            measure = scoring.score_finding(
                session, rulebook, clock=clock, actor=actor, finding_id=finding_id,
                course=course,
            )  # fmt: skip
        else:
            scoring.conclude(
                session, rulebook, clock=clock, by=actor, finding=finding, score=None,
                course=course,
            )  # fmt: skip
        announce(session, _decided(session, finding))
    else:
        announce(
            session,
            FindingDismissed(
                finding.key, finding.program, finding.store_id, finding.operator_id
            ),
        )
    trail_finding(
        session, clock, actor, "enforcement.decide_finding", finding, reason=finding.reason,
        facts={"upheld": uphold, "measure": measure},
    )  # fmt: skip
    return measure


def overturn_finding(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    finding_id: int,
    reason: str,
) -> None:
    """Overturn a decided finding; a reversal entry numbers the later offenses anew.

    A store that the finding alone kept closed or suspended is open again by this decision; a
    lapsed product is not: its restoration is a decision that names the lapse.

    Raises:
        Refused: not upheld, by the person who decided it, or without a reason.
    """
    finding, scope = load_finding(session, finding_id)
    require(actor, "enforcement.overturn_finding", scope)
    clock = FixedClock(clock.now())  # one instant for all that follows
    if finding.status is not FindingStatus.UPHELD:
        raise Refused("not_upheld")
    if actor.account_id in {None, finding.decided_by, finding.recorded_by}:
        raise Refused("author_never_decides")
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    finding.status = FindingStatus.OVERTURNED
    withdraw_course_of(session, at=clock.now(), finding_id=finding_id)
    points = scoring.reverse_finding(
        session, rulebook, clock=clock, actor=actor, finding_id=finding_id
    )
    trail_finding(
        session, clock, actor, "enforcement.overturn_finding", finding,
        reason=normalize_prose(reason), facts={"points": points},
    )  # fmt: skip
    announce(
        session,
        FindingOverturned(
            finding_id=finding_id,
            program=finding.program,
            store_id=finding.store_id,
            factory_id=finding.factory_id,
            operator_id=finding.operator_id,
            month=finding.found_month,
        ),
    )


def _detail(session: Session, finding: Finding) -> FindingDetail:
    found = session.execute(
        select(FindingDetail).where(FindingDetail.finding_id == finding.key)
    ).scalar()
    if found is None:  # recorded before details were kept
        found = FindingDetail(finding_id=finding.key)
        session.add(found)
    return found


def _is_scored(session: Session, clock: Clock, finding: Finding, time_zero: TimeZero) -> bool:
    """Only what is decided after enrollment is scored (domain §3a)."""
    if finding.operator_id is None:
        return False
    enrolled_on = time_zero(session, finding.operator_id)
    return enrolled_on is not None and civil_day(clock.now()) >= enrolled_on


def _decided(session: Session, finding: Finding) -> FindingDecided:
    products = session.execute(
        select(FindingProduct.product_id).where(FindingProduct.finding_id == finding.key)
    ).scalars()
    return FindingDecided(
        finding_id=finding.key,
        program=finding.program,
        store_id=finding.store_id,
        factory_id=finding.factory_id,
        operator_id=finding.operator_id,
        product_ids=tuple(sorted(products)),
        month=finding.found_month,
    )
