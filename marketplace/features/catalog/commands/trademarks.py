"""The marks a brand rests on: recorded, checked by somebody else, lost, licensed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from marketplace.base.access import Actor, Role, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Conflict, Fault, Invalid, NotFound, Refused
from marketplace.base.files import require_own_file
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.catalog import rules
from marketplace.features.catalog.commands.brands import brand_trail
from marketplace.features.catalog.events import TrademarkChanged
from marketplace.features.catalog.kinds import HolderKind, TrademarkStatus
from marketplace.features.catalog.queries.facts import mark_facts, scope_of_brand
from marketplace.features.catalog.tables import Trademark
from marketplace.features.registry.tables import Affiliate


def record_trademark(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    brand_id: int,
    number: str,
    nice_class: int,
    status: TrademarkStatus,
    holder_kind: HolderKind,
    holder_name: str,
    affiliate_id: int | None = None,
    license_until: date | None = None,
    license_use_id: int | None = None,
    filed_on: date | None = None,
    registered_on: date | None = None,
    valid_until: date | None = None,
    corrects: bool = False,
) -> int:
    """Record a mark of a brand; it counts once an officer checked it against the register.

    The same mark again changes nothing. Another content under a known number is taken only with
    `corrects` and until it was checked; what stood before stays in the trail.

    Raises:
        Invalid: for a number or class that cannot be, or an affiliate that was not declared.
        NotFound: for a license that is not a file of this firm.
        Refused: another content under a known number, not said to be a correction or too late.
    """
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.record_trademark", scope)
    number = normalize(number)
    faults = []
    if not re.fullmatch(r"[0-9A-Z]{6,20}", number):
        faults.append(Fault("number", "mark_number"))
    if not 1 <= nice_class <= 45:
        faults.append(Fault("nice_class", "number_out_of_range", {"low": 1, "high": 45}))
    if status is TrademarkStatus.REGISTERED and valid_until is None:
        faults.append(Fault("valid_until", "field_missing"))
    if holder_kind is HolderKind.AFFILIATE and not _is_declared(
        session, scope.operator_id, affiliate_id
    ):
        faults.append(Fault("affiliate_id", "affiliate_not_declared"))
    if faults:
        raise Invalid(faults)
    if license_use_id is not None:
        require_own_file(session, license_use_id, scope)
    values: dict[str, Any] = {
        "nice_class": nice_class, "status": status, "holder_kind": holder_kind,
        "holder_name": normalize(holder_name), "affiliate_id": affiliate_id,
        "license_until": license_until, "license_use_id": license_use_id,
        "filed_on": filed_on, "registered_on": registered_on, "valid_until": valid_until,
    }  # fmt: skip
    mark: Trademark | None = session.execute(
        select(Trademark).where(Trademark.brand_id == brand_id, Trademark.number == number)
    ).scalar()
    if mark is not None:
        _correct(session, clock, actor, mark, scope, values, corrects=corrects)
        return mark.key
    mark = Trademark(
        brand_id=brand_id,
        number=number,
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
        **values,
    )
    session.add(mark)
    session.flush()
    brand_trail(
        session, clock, actor, "catalog.record_trademark", brand_id, scope,
        after={"number": number, "status": status, "valid_until": valid_until},
    )  # fmt: skip
    return mark.key


def _correct(
    session: Session,
    clock: Clock,
    who: Actor,
    mark: Trademark,
    scope: Scope,
    values: Mapping[str, Any],
    *,
    corrects: bool,
) -> None:
    """Put a correction into a known mark; the same content again does nothing."""
    before = {k: getattr(mark, k) for k, v in values.items() if getattr(mark, k) != v}
    if not before:
        return
    if not corrects:
        raise Refused("mark_differs", number=mark.number)
    if mark.checked_at is not None:
        raise Refused("mark_checked", number=mark.number)
    if who.role is Role.OWNER and mark.recorded_by != who.account_id:
        raise Refused("not_recorded_by_you", number=mark.number)
    for field in before:
        setattr(mark, field, values[field])
    mark.recorded_by, mark.recorded_at = who.account_id, clock.now()
    brand_trail(
        session, clock, who, "catalog.record_trademark", mark.brand_id, scope,
        facts={"number": mark.number, "corrects": True},
        before=before, after={k: values[k] for k in before},
    )  # fmt: skip


def check_trademark(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    trademark_id: int,
    recorded_at: datetime | None = None,
) -> None:
    """Note that an officer compared a mark with the public register.

    `recorded_at` is when what he compared was recorded: comparing takes its time.

    Raises:
        Conflict: corrected since then.
        Refused: by the person who recorded it.
    """
    mark, scope = _mark(session, trademark_id)
    require(actor, "catalog.check_trademark", scope)
    if recorded_at is not None and recorded_at != mark.recorded_at:
        raise Conflict("content_changed")
    if mark.recorded_by is not None and mark.recorded_by == actor.account_id:
        raise Refused("author_never_decides")
    if mark.checked_at is not None:
        return
    mark.checked_by = actor.account_id
    mark.checked_at = clock.now()
    brand_trail(
        session, clock, actor, "catalog.check_trademark", mark.brand_id, scope,
        facts={"number": mark.number},
    )  # fmt: skip
    _announce(session, rulebook, clock, mark, scope)


def change_trademark_status(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    trademark_id: int,
    status: TrademarkStatus,
    reason: str,
    registered_on: date | None = None,
    valid_until: date | None = None,
) -> None:
    """Record what became of a mark; one that is lost removes the brand's products at once."""
    mark, scope = _mark(session, trademark_id)
    require(actor, "catalog.change_trademark_status", scope)
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    before = {"status": mark.status, "valid_until": mark.valid_until}
    mark.status = status
    mark.registered_on = registered_on or mark.registered_on
    mark.valid_until = valid_until or mark.valid_until
    after = {"status": mark.status, "valid_until": mark.valid_until}
    if before == after:
        return
    brand_trail(
        session, clock, actor, "catalog.change_trademark_status", mark.brand_id, scope,
        reason=normalize_prose(reason), facts={"number": mark.number}, before=before, after=after,
    )  # fmt: skip
    _announce(session, rulebook, clock, mark, scope)


def end_license(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    trademark_id: int,
    reason: str,
) -> None:
    """Record that an affiliate's license ended; the brand's products go at once.

    Raises:
        Refused: for a mark that rests on no license.
    """
    mark, scope = _mark(session, trademark_id)
    require(actor, "catalog.end_license", scope)
    if mark.holder_kind is not HolderKind.AFFILIATE:
        raise Refused("no_license")
    if len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    before = mark.license_until
    mark.license_until = today(clock)
    brand_trail(
        session, clock, actor, "catalog.end_license", mark.brand_id, scope,
        reason=normalize_prose(reason), before={"license_until": before},
        after={"license_until": mark.license_until},
    )  # fmt: skip
    _announce(session, rulebook, clock, mark, scope)


def _announce(
    session: Session, rulebook: Rulebook, clock: Clock, mark: Trademark, scope: Scope
) -> None:
    holds = rules.mark_holds(mark_facts(mark), today(clock), rulebook.product.nice_class)
    announce(
        session,
        TrademarkChanged(
            trademark_id=mark.key,
            brand_id=mark.brand_id,
            operator_id=scope.operator_id or 0,
            program=str(scope.program),
            holds=holds,
        ),
    )


def _is_declared(session: Session, operator_id: int | None, affiliate_id: int | None) -> bool:
    if affiliate_id is None:
        return False
    affiliate = session.get(Affiliate, affiliate_id)
    return affiliate is not None and affiliate.operator_id == operator_id


def _mark(session: Session, trademark_id: int) -> tuple[Trademark, Scope]:
    mark = session.get(Trademark, trademark_id)
    if mark is None:
        raise NotFound("trademark_not_found", trademark_id=trademark_id)
    return mark, scope_of_brand(session, mark.brand_id)
