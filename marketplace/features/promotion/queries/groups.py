"""Which operators count as one where slots are shared out."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Role
from marketplace.base.access.tables import Account
from marketplace.features.links.queries import cut_affiliates
from marketplace.features.registry.tables import Affiliate, Operator


def groups_of(session: Session, program: str) -> dict[int, int]:
    """Return operator → group: operators tied by declared affiliates share the lowest number.

    A tie only one side told does not count until the office or the other side tells it too: else
    an owner would take slots from a rival by calling him his own. One the office cut as false
    ties nobody.
    """
    parent: dict[int, int] = {}

    def root(x: int) -> int:
        while parent.get(x, x) != x:
            x = parent[x]
        return x

    ties = _ties(session, program)
    for a, b in ties:
        ra, rb = root(a), root(b)
        if ra != rb:
            parent[max(ra, rb)] = min(ra, rb)
    return {x: root(x) for pair in ties for x in pair}


def _ties(session: Session, program: str) -> list[tuple[int, int]]:
    owners = sa.select(col(Account.id)).where(col(Account.role) == Role.OWNER)
    rows = session.execute(
        sa.select(
            col(Affiliate.operator_id), col(Operator.id), col(Affiliate.declared_by).in_(owners)
        )
        .join(Operator, col(Operator.uscc) == col(Affiliate.uscc))
        .where(col(Operator.program) == program)
    ).all()
    told = {(a, b) for a, b, _alone in rows}
    cut = cut_affiliates(session, program=program)
    return [
        (a, b)
        for a, b, alone in rows
        if (not alone or (b, a) in told) and frozenset((a, b)) not in cut
    ]
