"""Reads links as a table people can filter; a district's officer sees those that touch it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, may, require
from marketplace.base.text import fold_name
from marketplace.features.links.kinds import LinkReason, LinkSource, LinkStatus
from marketplace.features.links.queries.facts import districts_of
from marketplace.features.links.queries.names import SubjectName, names_of_subjects
from marketplace.features.links.tables import StoreLink


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link with what its two ends are called; `via_shown` is masked."""

    link_id: int
    left: SubjectName
    right: SubjectName
    reason: LinkReason
    via_shown: str
    strength: int
    source: LinkSource
    source_text: str
    status: LinkStatus
    first_seen_at: datetime
    cut_by: int | None
    cut_at: datetime | None
    cut_reason: str | None


def list_links(
    session: Session,
    actor: Actor,
    *,
    program: str,
    reasons: tuple[LinkReason, ...] = (),
    statuses: tuple[LinkStatus, ...] = (LinkStatus.STANDING,),
    query: str = "",
    subjects: frozenset[str] | None = None,
) -> list[LinkRow]:
    """Return links, strongest first; with `subjects` only those between two of them.

    `query` narrows by the names of the two ends. Confirmed holdings are left out unless asked for
    by reason or subjects: they are the register, not a suspicion.
    """
    require(actor, "links.list_links", Scope(program=program))
    statement = (
        select(StoreLink)
        .where(StoreLink.program == program, col(StoreLink.status).in_(list(statuses)))
        .order_by(col(StoreLink.strength).desc(), col(StoreLink.id))
    )
    if reasons:
        statement = statement.where(col(StoreLink.reason).in_(list(reasons)))
    elif subjects is None:
        statement = statement.where(StoreLink.reason != LinkReason.OPERATES)
    if subjects is not None:
        refs = sorted(subjects)
        statement = statement.where(
            col(StoreLink.left_ref).in_(refs), col(StoreLink.right_ref).in_(refs)
        )
    rows = _seen(session, actor, program, list(session.execute(statement).scalars()))
    refs_used = {ref for row in rows for ref in (row.left_ref, row.right_ref)}
    names = names_of_subjects(session, refs_used, firms=firms_of(rows))
    found = [row_of(row, names) for row in rows]
    wanted = fold_name(query)
    return [r for r in found if not wanted or wanted in fold_name(r.left.name + r.right.name)]


def row_of(row: StoreLink, names: dict[str, SubjectName]) -> LinkRow:
    """Return a kept link as it is shown."""
    return LinkRow(
        link_id=row.key,
        left=names.get(row.left_ref) or SubjectName(row.left_ref, "gone", row.left_ref),
        right=names.get(row.right_ref) or SubjectName(row.right_ref, "gone", row.right_ref),
        reason=row.reason,
        via_shown=row.via_shown,
        strength=row.strength,
        source=row.source,
        source_text=row.source_text,
        status=row.status,
        first_seen_at=row.first_seen_at,
        cut_by=row.cut_by,
        cut_at=row.cut_at,
        cut_reason=row.cut_reason,
    )


def firms_of(rows: list[StoreLink]) -> dict[str, str]:
    """Return what unregistered affiliates are called, by the declarations that name them."""
    return {
        ref: row.source_text.partition(" · ")[0]
        for row in rows
        if row.reason is LinkReason.AFFILIATE
        for ref in (row.left_ref, row.right_ref)
        if ref.startswith("firm:")
    }


def _seen(
    session: Session, actor: Actor, program: str, rows: list[StoreLink]
) -> list[StoreLink]:
    """Return the links with an end in the actor's districts; all of them without districts."""
    if not actor.districts_in(program):
        return rows
    places = districts_of(session, (ref for r in rows for ref in (r.left_ref, r.right_ref)))
    seen = {
        ref
        for ref, district in places.items()
        if may(actor, "links.list_links", Scope(program=program, district=district))
    }
    return [r for r in rows if r.left_ref in seen or r.right_ref in seen]
