"""Brands, their stories with consent, and the trademarks they rest on."""

from __future__ import annotations

import re
from datetime import date

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import fold_name, normalize
from marketplace.features.catalog import rules
from marketplace.features.catalog.events import TrademarkChanged
from marketplace.features.catalog.kinds import HolderKind, TrademarkStatus
from marketplace.features.catalog.queries.facts import mark_facts, scope_of_brand
from marketplace.features.catalog.tables import Brand, Trademark
from marketplace.features.registry.queries import scope_of_operator
from marketplace.features.registry.tables import Affiliate


def add_brand(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    operator_id: int,
    name_zh: str,
    name_en: str | None = None,
) -> int:
    """Add an own brand of an operator; the same name again is the same brand."""
    scope = scope_of_operator(session, operator_id)
    require(actor, "catalog.add_brand", scope)
    name = normalize(name_zh)
    if not name or len(name) > 80:
        raise Invalid([Fault("name_zh", "field_missing")])
    known = session.execute(
        select(Brand.id).where(
            Brand.operator_id == operator_id, Brand.name_fold == fold_name(name)
        )
    ).scalar()
    if known is not None:
        return int(known)
    latin = normalize(name_en or "")
    brand = Brand(
        operator_id=operator_id,
        program=str(scope.program),
        slug=_free_slug(session, latin or name, operator_id),
        name_zh=name,
        name_en=latin or None,
        name_fold=fold_name(name),
        created_at=clock.now(),
    )
    session.add(brand)
    session.flush()
    _trail(
        session, clock, actor, "catalog.add_brand", brand.key, scope, after={"name_zh": name}
    )
    return brand.key


def edit_brand(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    brand_id: int,
    name_en: str | None,
    story_zh: str | None,
    story_en: str | None,
) -> bool:
    """Change a brand's English name and story; False when nothing differs.

    A changed story needs the owner's consent again.
    """
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.edit_brand", scope)
    brand = _brand(session, brand_id)
    wanted = {
        "name_en": normalize(name_en or "") or None,
        "story_zh": normalize(story_zh or "") or None,
        "story_en": normalize(story_en or "") or None,
    }
    before = {field: getattr(brand, field) for field in wanted}
    if before == wanted:
        return False
    if before["story_zh"] != wanted["story_zh"] or before["story_en"] != wanted["story_en"]:
        brand.story_consent_at = None
    for field, value in wanted.items():
        setattr(brand, field, value)
    _trail(
        session,
        clock,
        actor,
        "catalog.edit_brand",
        brand_id,
        scope,
        before=before,
        after=wanted,
    )
    return True


def consent_to_story(session: Session, *, clock: Clock, actor: Actor, brand_id: int) -> None:
    """Let a brand's story be public; only the owner can, and take it back at any time."""
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.consent_to_story", scope)
    brand = _brand(session, brand_id)
    if brand.story_consent_at is None:
        brand.story_consent_at = clock.now()
        _trail(session, clock, actor, "catalog.consent_to_story", brand_id, scope)


def revoke_story_consent(
    session: Session, *, clock: Clock, actor: Actor, brand_id: int
) -> None:
    """Take a brand's story off the public pages at once."""
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.revoke_story_consent", scope)
    brand = _brand(session, brand_id)
    if brand.story_consent_at is not None:
        brand.story_consent_at = None
        _trail(session, clock, actor, "catalog.revoke_story_consent", brand_id, scope)


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
) -> int:
    """Record a mark of a brand; it counts once an officer checked it against the register.

    Raises:
        Invalid: for a number or class that cannot be, or an affiliate that was not declared.
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
    known = session.execute(
        select(Trademark.id).where(Trademark.brand_id == brand_id, Trademark.number == number)
    ).scalar()
    if known is not None:
        return int(known)
    mark = Trademark(
        brand_id=brand_id,
        number=number,
        nice_class=nice_class,
        status=status,
        holder_kind=holder_kind,
        holder_name=normalize(holder_name),
        affiliate_id=affiliate_id,
        license_until=license_until,
        license_use_id=license_use_id,
        filed_on=filed_on,
        registered_on=registered_on,
        valid_until=valid_until,
        recorded_by=actor.account_id,
        recorded_at=clock.now(),
    )
    session.add(mark)
    session.flush()
    _trail(
        session, clock, actor, "catalog.record_trademark", brand_id, scope,
        after={"number": number, "status": status, "valid_until": valid_until},
    )  # fmt: skip
    return mark.key


def check_trademark(
    session: Session, rulebook: Rulebook, *, clock: Clock, actor: Actor, trademark_id: int
) -> None:
    """Note that an officer compared a mark with the public register.

    Raises:
        Refused: by the person who recorded it.
    """
    mark, scope = _mark(session, trademark_id)
    require(actor, "catalog.check_trademark", scope)
    if mark.recorded_by is not None and mark.recorded_by == actor.account_id:
        raise Refused("author_never_decides")
    if mark.checked_at is not None:
        return
    mark.checked_by = actor.account_id
    mark.checked_at = clock.now()
    _trail(
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
    _trail(
        session, clock, actor, "catalog.change_trademark_status", mark.brand_id, scope,
        reason=normalize(reason), facts={"number": mark.number}, before=before, after=after,
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
    _trail(
        session, clock, actor, "catalog.end_license", mark.brand_id, scope,
        reason=normalize(reason), before={"license_until": before},
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


def _free_slug(session: Session, name: str, operator_id: int) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or f"brand-{operator_id}"
    taken = set(
        session.execute(
            select(Brand.slug).where(col(Brand.slug).startswith(base, autoescape=True))
        ).scalars()
    )
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    return slug


def _brand(session: Session, brand_id: int) -> Brand:
    brand = session.get(Brand, brand_id)
    if brand is None:
        raise NotFound("brand_not_found", brand_id=brand_id)
    return brand


def _mark(session: Session, trademark_id: int) -> tuple[Trademark, Scope]:
    mark = session.get(Trademark, trademark_id)
    if mark is None:
        raise NotFound("trademark_not_found", trademark_id=trademark_id)
    return mark, scope_of_brand(session, mark.brand_id)


def _trail(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    brand_id: int,
    scope: Scope,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"brand:{brand_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
        facts=facts,
        before=before,
        after=after,
    )
