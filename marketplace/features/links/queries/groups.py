"""Reads a group: everything tied to a store strongly enough, with the points beside each store.

The total stands beside the single balance, so that ten stores are not ten free warnings; it is
shown to whoever reviews a closure and decides nothing by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.base.errors import NotFound
from marketplace.base.rulebook import Rulebook
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.links.kinds import LinkReason
from marketplace.features.links.queries.facts import (
    holder_of,
    scope_of_subject,
    standing_links,
    subject_of_operator,
    subject_of_store,
)
from marketplace.features.links.queries.names import SubjectName, names_of_subjects
from marketplace.features.links.rules import Derived, group_of
from marketplace.features.registry.queries import scope_of_factory
from marketplace.features.registry.tables import Store


@dataclass(frozen=True, slots=True)
class Member:
    """A subject of a group: its points if it is a store, its operator's number, how far it is."""

    subject: SubjectName
    points: int | None
    operator_id: int | None
    steps: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group around a subject. Totals are sums of ledgers; a link adds nothing to either.

    `operator_total` is over the stores of the operator in question, `group_total` over all
    stores tied to it.
    """

    start: str
    members: tuple[Member, ...]
    operator_total: int
    group_total: int
    links: tuple[Derived, ...]

    @property
    def stores(self) -> tuple[Member, ...]:
        """The stores of the group."""
        return tuple(m for m in self.members if m.subject.kind == "store")


def get_group(session: Session, actor: Actor, rulebook: Rulebook, *, store_id: int) -> Group:
    """Return the group of a store, nearest first.

    Raises:
        NotFound: when there is no such store, or this actor may not know of it.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    start = subject_of_store(store_id)
    require(actor, "links.get_group", scope_of_subject(session, store.program, start))
    return _group(session, rulebook, store.program, start, holder_of(session, store_id))


def group_of_factory(
    session: Session, actor: Actor, rulebook: Rulebook, *, factory_id: int
) -> Group:
    """Return the group of a factory's operator, nearest first."""
    scope = scope_of_factory(session, factory_id)
    require(actor, "links.group_of_factory", scope)
    operator_id = int(scope.operator_id or 0)
    start = subject_of_operator(operator_id)
    return _group(session, rulebook, str(scope.program), start, operator_id)


def _group(
    session: Session, rulebook: Rulebook, program: str, start: str, operator_id: int | None
) -> Group:
    links = standing_links(session, program=program)
    ways = group_of(rulebook.conduct.links, links, start)
    between = tuple(k for k in links if k.left in ways and k.right in ways)
    names = names_of_subjects(session, ways, firms=_firms(between))
    points = _points(session, names)
    holders = _holders(between)
    members = tuple(
        Member(
            names[ref],
            points.get(ref, 0) if ref.startswith("store:") else None,
            holders.get(ref),
            len(ways[ref]),
        )
        for ref in sorted(ways, key=lambda r: (len(ways[r]), r))
        if ref in names
    )
    mine = [m for m in members if operator_id is not None and m.operator_id == operator_id]
    return Group(
        start=start,
        members=members,
        operator_total=sum(m.points or 0 for m in mine),
        group_total=sum(m.points or 0 for m in members),
        links=between,
    )


def _firms(links: Sequence[Derived]) -> dict[str, str]:
    return {
        ref: link.told.partition(" · ")[0]
        for link in links
        if link.reason is LinkReason.AFFILIATE
        for ref in (link.left, link.right)
        if ref.startswith("firm:")
    }


def _holders(links: Sequence[Derived]) -> dict[str, int]:
    """Return store → operator for confirmed holdings among links ("operator" sorts first)."""
    return {
        link.right: int(link.left.partition(":")[2])
        for link in links
        if link.reason is LinkReason.OPERATES
    }


def _points(session: Session, names: dict[str, SubjectName]) -> dict[str, int]:
    numbers = [int(ref.partition(":")[2]) for ref in names if ref.startswith("store:")]
    rows = session.execute(
        select(PointsEntry.store_id, sa.func.sum(PointsEntry.points))
        .where(col(PointsEntry.store_id).in_(numbers))
        .group_by(col(PointsEntry.store_id))
    )
    return {subject_of_store(store_id): int(total) for store_id, total in rows}
