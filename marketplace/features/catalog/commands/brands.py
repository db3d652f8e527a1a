"""Brands and their stories, public only with the owner's consent."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.text import (
    fold_name,
    is_wordless,
    normalize,
    normalize_name,
    normalize_prose,
)
from marketplace.features.catalog.queries.brand_changes import reviewed_brands, waiting_change
from marketplace.features.catalog.queries.facts import scope_of_brand
from marketplace.features.catalog.tables import Brand
from marketplace.features.registry.queries import scope_of_operator

_LONGEST_NAME = 80
_LONGEST = {"name_en": _LONGEST_NAME, "story_zh": 2000, "story_en": 4000}


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
    name = normalize_name(name_zh)
    if faults := faults_of_brand(name):
        raise Invalid(faults)
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
    brand_trail(
        session, clock, actor, "catalog.add_brand", brand.key, scope, after={"name_zh": name}
    )
    return brand.key


def faults_of_brand(name_zh: str) -> list[Fault]:
    """Return what keeps a brand's name out."""
    name = normalize_name(name_zh)
    if is_wordless(name):
        return [Fault("name_zh", "name_wordless" if name else "field_missing")]
    if len(name) > _LONGEST_NAME:
        return [Fault("name_zh", "text_too_long", {"longest": _LONGEST_NAME})]
    return []


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

    Raises:
        Invalid: for a text that is too long.
        Refused: once a product of the brand was verified or is under review: then it is asked for.
    """
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.edit_brand", scope)
    brand = load_brand(session, brand_id)
    wanted = brand_texts(name_en, story_zh, story_en)
    before = {field: getattr(brand, field) for field in wanted}
    if before == wanted:
        return False
    if reviewed_brands(session, [brand_id]):
        raise Refused("brand_reviewed")
    if tells_other_story(before, wanted):
        brand.story_consent_at = None
    for field, value in wanted.items():
        setattr(brand, field, value)
    brand_trail(
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


def brand_texts(
    name_en: str | None, story_zh: str | None, story_en: str | None
) -> dict[str, str | None]:
    """Return the texts of a brand its owner may write, as they are kept.

    Raises:
        Invalid: for one that is too long.
    """
    texts = {
        "name_en": normalize(name_en or "") or None,
        "story_zh": normalize_prose(story_zh or "") or None,
        "story_en": normalize_prose(story_en or "") or None,
    }
    faults = [
        Fault(field, "text_too_long", {"longest": _LONGEST[field]})
        for field, text in texts.items()
        if len(text or "") > _LONGEST[field]
    ]
    if faults:
        raise Invalid(faults)
    return texts


def tells_other_story(before: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    """Tell whether a story is another one; a field that is not asked for stays."""
    return any(f in wanted and before.get(f) != wanted[f] for f in ("story_zh", "story_en"))


def consent_to_story(session: Session, *, clock: Clock, actor: Actor, brand_id: int) -> None:
    """Let a brand's story be public; only the owner can, and take it back at any time."""
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.consent_to_story", scope)
    brand = load_brand(session, brand_id)
    if brand.story_consent_at is None:
        brand.story_consent_at = clock.now()
        brand_trail(session, clock, actor, "catalog.consent_to_story", brand_id, scope)


def revoke_story_consent(
    session: Session, *, clock: Clock, actor: Actor, brand_id: int
) -> None:
    """Take a brand's story off the public pages at once; one that waits is not shown either."""
    scope = scope_of_brand(session, brand_id)
    require(actor, "catalog.revoke_story_consent", scope)
    brand = load_brand(session, brand_id)
    waiting = waiting_change(session, brand_id)
    if brand.story_consent_at is None and not (waiting and waiting.story_shown):
        return
    brand.story_consent_at = None
    if waiting is not None:
        waiting.story_shown = False
    brand_trail(session, clock, actor, "catalog.revoke_story_consent", brand_id, scope)


def slug_base(name: str, operator_id: int) -> str:
    """Return what a brand's slug begins with; `-2`, `-3` … follow where it is taken."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or f"brand-{operator_id}"


def _free_slug(session: Session, name: str, operator_id: int) -> str:
    base = slug_base(name, operator_id)
    taken = set(
        session.execute(
            select(Brand.slug).where(col(Brand.slug).startswith(base, autoescape=True))
        ).scalars()
    )
    return first_free(base, taken)


def first_free(base: str, taken: Collection[str]) -> str:
    """Return the first slug of a base that is not taken."""
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    return slug


def load_brand(session: Session, brand_id: int) -> Brand:
    """Return a brand for writing.

    Raises:
        NotFound: when there is none.
    """
    brand = session.get(Brand, brand_id)
    if brand is None:
        raise NotFound("brand_not_found", brand_id=brand_id)
    return brand


def brand_trail(
    session: Session,
    clock: Clock,
    who: Actor,
    action: str,
    brand_id: int,
    scope: Scope,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Record what was done to a brand."""
    audit.record(
        session,
        clock=clock,
        actor=who,
        action=action,
        subject=f"brand:{brand_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
        facts=facts,
        before=before,
        after=after,
    )
