"""Which operators count as one where slots are shared out."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.features.registry.tables import Affiliate, Operator


def groups_of(session: Session, program: str) -> dict[int, int]:
    """Return operator → group: operators tied by declared affiliates share the lowest number."""
    rows = session.execute(
        select(Affiliate.operator_id, Operator.id)
        .join(Operator, col(Operator.uscc) == col(Affiliate.uscc))
        .where(Operator.program == program)
    ).all()
    parent: dict[int, int] = {}

    def root(x: int) -> int:
        while parent.get(x, x) != x:
            x = parent[x]
        return x

    for a, b in rows:
        ra, rb = root(a), root(b)
        if ra != rb:
            parent[max(ra, rb)] = min(ra, rb)
    return {x: root(x) for pair in rows for x in (pair[0], pair[1])}
