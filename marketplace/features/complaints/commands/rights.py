"""Registers right holders and their rights once; an officer checks each right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Role, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.files import Cleaned, receive_file
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_name, normalize_prose
from marketplace.features.complaints.events import RightDecided
from marketplace.features.complaints.keeping import reason_of, refuse_other_holder
from marketplace.features.complaints.kinds import RightKind, RightStatus
from marketplace.features.complaints.queries.facts import (
    count_documents,
    find_holder,
    load_right,
)
from marketplace.features.complaints.tables import IpRight, RightHolder


def register_right_holder(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    name: str,
    contact: str | None = None,
    account_id: int | None = None,
) -> int:
    """Register who complains; without an account the officer files for them.

    Raises:
        Invalid: without a name.
    """
    require(actor, "complaints.register_right_holder", Scope(program=program))
    if not normalize(name):
        raise Invalid([Fault("name", "field_missing")])
    holder = RightHolder(
        program=program,
        account_id=account_id,
        name=normalize_name(name)[:200],
        contact=normalize_prose(contact or "")[:200] or None,
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    session.add(holder)
    session.flush()
    _trail(session, clock, actor, "complaints.register_right_holder", holder, None)
    return holder.key


def register_right(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    kind: RightKind,
    mark: str,
    number: str,
    nice_classes: str = "",
    valid_until: date | None = None,
    holder_id: int | None = None,
) -> int:
    """Register a right; the same kind and number again corrects one that was returned.

    So it renews one that has ended: a mark keeps its number for life. An officer checks it anew.

    Raises:
        Invalid: without mark or number, one that is longer than is kept, a number without a digit,
            a class that is none, an end in the past.
        Refused: the number is registered already.
    """
    holder = _holder(session, actor, holder_id)
    require(actor, "complaints.register_right", Scope(program=holder.program))
    classes = _classes(nice_classes)
    faults = [*_named("mark", mark, 80), *_named("right_number", number, 60)]
    if not faults and not any(sign.isdigit() for sign in number):
        faults.append(Fault("right_number", "number_without_digit"))
    if classes is None or (kind is RightKind.TRADEMARK and not classes):
        faults.append(Fault("nice_classes", "nice_classes_form"))
    if valid_until is not None and valid_until <= today(clock):
        faults.append(Fault("valid_until", "day_passed"))
    if faults:
        raise Invalid(faults)
    known = session.execute(
        select(IpRight).where(
            IpRight.holder_id == holder.key,
            IpRight.kind == kind,
            col(IpRight.number) == normalize(number),
        )
    ).scalar()
    if known is not None and not _may_be_told_anew(known, today(clock)):
        raise Refused("right_registered", number=normalize(number))
    right = known or IpRight(
        holder_id=holder.key,
        program=holder.program,
        kind=kind,
        mark="",
        number=normalize(number),
        status=RightStatus.SUBMITTED,
        registered_at=clock.now(),
    )
    right.mark = normalize(mark)
    right.nice_classes = classes or ""
    right.valid_until = valid_until
    right.status = RightStatus.SUBMITTED
    right.registered_by, right.registered_at = actor.account_id, clock.now()
    session.add(right)
    session.flush()
    _trail(session, clock, actor, "complaints.register_right", holder, right)
    return right.key


def _may_be_told_anew(right: IpRight, day: date) -> bool:
    over = right.valid_until is not None and right.valid_until <= day
    return right.status in {RightStatus.RETURNED, RightStatus.ENDED} or (
        right.status is RightStatus.VERIFIED and over
    )


def _named(place: str, text: str, longest: int) -> list[Fault]:
    told = normalize(text)
    if not told:
        return [Fault(place, "field_missing")]
    return [Fault(place, "text_too_long", {"longest": longest})] if len(told) > longest else []


def add_right_document(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    right_id: int,
    content: bytes | Cleaned,
    name: str,
    data_dir: Path,
) -> int:
    """Keep a document of a right: certificate, power of attorney, sample pictures.

    A right that was returned for want of it waits for its check again.

    Raises:
        Refused: for more files than the program keeps, or a file that cannot be taken.
    """
    right, holder = load_right(session, right_id)
    require(actor, "complaints.add_right_document", Scope(program=right.program))
    refuse_other_holder(actor, holder, "right_not_found")
    kept = count_documents(session, right_id)
    if kept >= rulebook.intake.max_documents_per_right:
        raise Refused("right_documents_full", limit=rulebook.intake.max_documents_per_right)
    use_id = receive_file(
        session,
        clock=clock,
        actor=actor,
        content=content,
        name=name,
        purpose="right",
        subject=f"right:{right_id}",
        program=right.program,
        data_dir=data_dir,
    )
    if right.status is RightStatus.RETURNED:
        right.status = RightStatus.SUBMITTED
        right.registered_at = clock.now()
        _trail(session, clock, actor, "complaints.add_right_document", holder, right)
    return use_id


def decide_right(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    right_id: int,
    verify: bool,
    reason: str = "",
) -> None:
    """Verify a right, or return it with what is missing.

    Raises:
        Refused: decided already, by whoever registered it, returned without a reason, or
            verified without a single document.
    """
    right, holder = load_right(session, right_id)
    require(actor, "complaints.decide_right", Scope(program=right.program))
    if right.status is not RightStatus.SUBMITTED:
        raise Refused("decided_already")
    if right.registered_by is not None and right.registered_by == actor.account_id:
        raise Refused("author_never_decides")
    if verify and not count_documents(session, right_id):
        raise Refused("right_without_document")
    told = normalize_prose(reason) if verify else reason_of(reason)
    right.status = RightStatus.VERIFIED if verify else RightStatus.RETURNED
    right.decided_by = actor.account_id
    right.decided_at = clock.now()
    right.reason = told or None
    _trail(session, clock, actor, "complaints.decide_right", holder, right, told or None)
    announce(
        session,
        RightDecided(right_id, right.mark, right.program, holder.account_id, verify),
    )


def end_right(
    session: Session, *, clock: Clock, actor: Actor, right_id: int, reason: str
) -> None:
    """End a right; no new notice can be filed on it, what was filed goes on.

    Raises:
        Refused: ended already, or without a reason.
    """
    right, holder = load_right(session, right_id)
    require(actor, "complaints.end_right", Scope(program=right.program))
    refuse_other_holder(actor, holder, "right_not_found")
    if right.status is RightStatus.ENDED:
        raise Refused("decided_already")
    right.status = RightStatus.ENDED
    told = reason_of(reason)
    right.reason = told
    _trail(session, clock, actor, "complaints.end_right", holder, right, told)


def _holder(session: Session, actor: Actor, holder_id: int | None) -> RightHolder:
    if actor.role is Role.RIGHT_HOLDER or holder_id is None:
        require(actor, "complaints.register_right", Scope())
        holder = find_holder(session, account_id=actor.account_id, programs=actor.programs)
    else:
        holder = session.get(RightHolder, holder_id)
    if holder is None:
        raise NotFound("right_holder_not_found")
    return holder


def _classes(text: str) -> str | None:
    """Return Nice classes as `9 25`, or None when something in it is none (1-45)."""
    parts = normalize(text).replace(",", " ").replace("、", " ").replace("第", " ")
    numbers = parts.replace("类", " ").split()
    if not all(n.isdigit() and 1 <= int(n) <= 45 for n in numbers):
        return None
    return " ".join(str(n) for n in sorted({int(n) for n in numbers}))


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    holder: RightHolder,
    right: IpRight | None,
    reason: str | None = None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"right:{right.key}" if right else f"right_holder:{holder.key}",
        program=holder.program,
        reason=reason,
        facts={"status": right.status} if right else {},
    )
