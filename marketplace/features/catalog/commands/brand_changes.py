"""A brand the public knows changes by request: its owner asks, a reviewer decides.

Its name stands on every page of a verified product, so what was verified is what is shown until
somebody has seen the new one.
"""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.db import announce
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.catalog.commands.brands import (
    brand_texts,
    brand_trail,
    load_brand,
    tells_other_story,
)
from marketplace.features.catalog.events import BrandChangeDecided
from marketplace.features.catalog.queries.brand_changes import waiting_change
from marketplace.features.catalog.queries.facts import scope_of_brand
from marketplace.features.catalog.tables import BrandChange
from marketplace.features.registry.kinds import ChangeStatus


def submit_brand_change(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    brand_id: int,
    name_en: str | None,
    story_zh: str | None,
    story_en: str | None,
    story_shown: bool = False,
) -> int | None:
    """Ask for another English name or story; return the request, or None when nothing differs.

    `story_shown` is the owner's consent to the story he asks for; it counts once it is approved.

    Raises:
        Invalid: for a text that is too long.
        Refused: while another request for this brand waits.
    """
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.submit_brand_change", scope)
    brand = load_brand(session, brand_id)
    wanted = brand_texts(name_en, story_zh, story_en)
    changes = {f: [getattr(brand, f), v] for f, v in wanted.items() if getattr(brand, f) != v}
    if not changes:
        return None
    if waiting_change(session, brand_id) is not None:
        raise Refused("brand_change_waits")
    change = BrandChange(
        brand_id=brand_id,
        operator_id=brand.operator_id,
        program=brand.program,
        submitted_by=actor.account_id or 0,
        submitted_at=clock.now(),
        due_on=add_working_days(
            today(clock), rulebook.product.review_working_days, rulebook.calendar
        ),
        changes=changes,
        story_shown=story_shown,
        status=ChangeStatus.SUBMITTED,
    )
    session.add(change)
    session.flush()
    brand_trail(
        session, clock, actor, "catalog.submit_brand_change", brand_id, scope,
        facts={"change": change.key, "fields": sorted(changes)},
    )  # fmt: skip
    return change.key


def decide_brand_change(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    change_id: int,
    approve: bool,
    reason: str,
) -> None:
    """Approve or return a request; only then does the public read something else.

    Raises:
        Refused: when decided already, by its author, or returned without a reason.
    """
    change = _load(session, change_id)
    scope = scope_of_brand(session, change.brand_id)
    require(actor, "catalog.decide_brand_change", scope)
    if change.status is not ChangeStatus.SUBMITTED:
        raise Refused("decided_already")
    if change.submitted_by == actor.account_id:
        raise Refused("author_never_decides")
    if not approve and len(normalize(reason)) < 4:
        raise Refused("reason_missing")
    change.status = ChangeStatus.APPROVED if approve else ChangeStatus.RETURNED
    change.decided_by = actor.account_id
    change.decided_at = clock.now()
    change.reason = normalize_prose(reason) or None
    wanted = {field: pair[1] for field, pair in change.changes.items()}
    brand = load_brand(session, change.brand_id)
    before = {field: getattr(brand, field) for field in wanted}
    if approve:
        if tells_other_story(before, wanted):
            brand.story_consent_at = clock.now() if change.story_shown else None
        for field, value in wanted.items():
            setattr(brand, field, value)
    brand_trail(
        session, clock, actor, "catalog.decide_brand_change", brand.key, scope,
        reason=change.reason, facts={"change": change_id, "approved": approve},
        before=before if approve else None, after=wanted if approve else None,
    )  # fmt: skip
    session.flush()
    announce(
        session,
        BrandChangeDecided(
            change_id, brand.key, brand.operator_id, brand.program, approved=approve
        ),
    )


def withdraw_brand_change(
    session: Session, *, clock: Clock, actor: Actor, change_id: int
) -> None:
    """Take back a request before it is decided."""
    change = _load(session, change_id)
    scope = scope_of_brand(session, change.brand_id)
    require(actor, "catalog.withdraw_brand_change", scope)
    if change.status is not ChangeStatus.SUBMITTED:
        raise Refused("decided_already")
    change.status = ChangeStatus.WITHDRAWN
    brand_trail(
        session, clock, actor, "catalog.withdraw_brand_change", change.brand_id, scope,
        facts={"change": change_id},
    )  # fmt: skip


def _load(session: Session, change_id: int) -> BrandChange:
    change = session.get(BrandChange, change_id)
    if change is None:
        raise NotFound("brand_change_not_found", change_id=change_id)
    return change
