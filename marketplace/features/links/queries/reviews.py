"""Reads the review queue. Counts are the lists' lengths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, narrow, require
from marketplace.base.errors import NotFound
from marketplace.base.text import fold_name
from marketplace.features.links.kinds import LinkOutcome, LinkReviewStatus, LinkTrigger
from marketplace.features.links.queries.links import LinkRow, firms_of, row_of
from marketplace.features.links.queries.names import SubjectName, names_of_subjects
from marketplace.features.links.tables import LinkReview, StoreLink


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review: what is looked at, because of which store, and how the two are tied."""

    review_id: int
    program: str
    district: str | None
    subject: SubjectName
    because: SubjectName
    trigger: LinkTrigger
    trigger_ref: str
    way: tuple[tuple[str, str], ...]
    opened_at: datetime
    due_on: date
    status: LinkReviewStatus
    outcome: LinkOutcome | None
    reason: str | None
    decided_by: int | None
    decided_at: datetime | None


def list_reviews(
    session: Session,
    actor: Actor,
    *,
    program: str,
    statuses: tuple[LinkReviewStatus, ...] = (LinkReviewStatus.OPEN,),
    triggers: tuple[LinkTrigger, ...] = (),
    query: str = "",
) -> list[ReviewRow]:
    """Return reviews this actor may see, soonest due first; `query` narrows by both names."""
    require(actor, "links.list_reviews", Scope(program=program))
    statement = (
        select(LinkReview)
        .where(
            LinkReview.program == program,
            col(LinkReview.status).in_(list(statuses)),
            *narrow(
                actor,
                "links.list_reviews",
                program_column=LinkReview.program,
                district_column=LinkReview.district,
                operator_column=None,
            ),
        )
        .order_by(col(LinkReview.due_on).asc(), col(LinkReview.id))
    )
    if triggers:
        statement = statement.where(col(LinkReview.trigger).in_(list(triggers)))
    rows = _told(session, list(session.execute(statement).scalars()))
    wanted = fold_name(query)
    return [
        r for r in rows if not wanted or wanted in fold_name(r.subject.name + r.because.name)
    ]


def get_review(
    session: Session, actor: Actor, *, review_id: int
) -> tuple[ReviewRow, list[LinkRow]]:
    """Return a review and the links on the way from the store dealt with to its subject.

    Cut links stay in the list, so that what was believed when it was opened can be read.

    Raises:
        NotFound: when there is none, or this actor may not know of it.
    """
    row = session.get(LinkReview, review_id)
    if row is None:
        raise NotFound("link_review_not_found", review_id=review_id)
    require(actor, "links.get_review", Scope(row.program, row.district))
    told = _told(session, [row])[0]
    pairs = set(told.way)
    refs = sorted({ref for pair in pairs for ref in pair})
    kept = [
        link
        for link in session.execute(
            select(StoreLink)
            .where(
                StoreLink.program == row.program,
                col(StoreLink.left_ref).in_(refs),
                col(StoreLink.right_ref).in_(refs),
            )
            .order_by(col(StoreLink.strength).desc(), col(StoreLink.id))
        ).scalars()
        if (link.left_ref, link.right_ref) in pairs
    ]
    names = names_of_subjects(session, refs, firms=firms_of(kept))
    return told, [row_of(link, names) for link in kept]


def _told(session: Session, rows: list[LinkReview]) -> list[ReviewRow]:
    refs = {r.subject_ref for r in rows} | {f"store:{r.because_store_id}" for r in rows}
    names = names_of_subjects(session, refs)

    def name(ref: str) -> SubjectName:
        return names.get(ref) or SubjectName(ref, "gone", ref)

    return [
        ReviewRow(
            review_id=r.key,
            program=r.program,
            district=r.district,
            subject=name(r.subject_ref),
            because=name(f"store:{r.because_store_id}"),
            trigger=r.trigger,
            trigger_ref=r.trigger_ref,
            way=tuple((a, b) for a, b in r.way.get("pairs", [])),
            opened_at=r.opened_at,
            due_on=r.due_on,
            status=r.status,
            outcome=r.outcome,
            reason=r.reason,
            decided_by=r.decided_by,
            decided_at=r.decided_at,
        )
        for r in rows
    ]
