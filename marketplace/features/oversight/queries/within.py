"""Which drawn decisions somebody of some districts reads and judges; who may at all is the policy's."""

from __future__ import annotations

from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, may, require, within_reach
from marketplace.base.errors import NotFound
from marketplace.features.oversight.tables import OversightDraw, OversightItem
from marketplace.features.registry.queries import scopes_of_factories
from marketplace.features.registry.tables import Factory


def beyond_reach(session: Session, who: Actor, drawn: OversightDraw, action: str) -> set[int]:
    """Return the drawn decisions about firms of districts that are not a person's."""
    if not who.districts_in(drawn.program):
        return set()
    rows = session.execute(
        select(OversightItem.id, OversightItem.factory_id).where(
            OversightItem.draw_id == drawn.id, col(OversightItem.factory_id).is_not(None)
        )
    ).all()
    scopes = scopes_of_factories(session, {int(factory or 0) for _, factory in rows})
    return {
        int(key or 0)
        for key, factory in rows
        if factory in scopes and not may(who, action, scopes[factory])
    }


def require_item(
    session: Session, who: Actor, action: str, item_id: int
) -> tuple[OversightItem, OversightDraw]:
    """Return a drawn decision and its draw where an action to it is allowed.

    Raises:
        NotFound: there is none, or it is of a district out of reach.
    """
    item = session.get(OversightItem, item_id)
    drawn = session.get(OversightDraw, item.draw_id) if item else None
    if item is None or drawn is None:
        raise NotFound("oversight_item_not_found", item_id=item_id)
    require(who, action, Scope(program=drawn.program))
    if item_id in beyond_reach(session, who, drawn, action):
        raise NotFound("not_found_here", action=action)
    return item, drawn


def neighbors_of(
    session: Session, who: Actor, item: OversightItem, drawn: OversightDraw
) -> tuple[int | None, int | None]:
    """Return the drawn decisions before and after one, among those within reach."""
    beyond = beyond_reach(session, who, drawn, "oversight.get_replay")
    keys = session.execute(
        select(OversightItem.id)
        .where(OversightItem.draw_id == drawn.id)
        .order_by(col(OversightItem.position))
    ).scalars()
    mine = [int(key or 0) for key in keys if key not in beyond]
    at = mine.index(item.key)
    return (
        mine[at - 1] if at else None,
        mine[at + 1] if at + 1 < len(mine) else None,
    )


def operators_in_reach(session: Session, who: Actor, program: str) -> set[int] | None:
    """Return the operators with a factory in a person's districts; None where nothing limits him."""
    if not who.districts_in(program):
        return None
    rows = session.execute(
        select(Factory.operator_id).where(
            Factory.program == program, within_reach(who, program, Factory.district)
        )
    ).scalars()
    return set(rows)
