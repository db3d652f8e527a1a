"""Keeps the summaries of conduct in step with every fact they are made of."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.house import House
from marketplace.features.compliance.summary import operators_of, refresh_later


def keep_summary(session: Session, house: House, event: object) -> None:
    """Have the months of every operator a fact is about worked out again.

    A fact of a store concerns whoever ever held it: a correction may be about any month.
    """
    ids: set[int] = set()
    operator_id = getattr(event, "operator_id", None)
    if operator_id is not None:
        ids.add(operator_id)
    store_id, factory_id = getattr(event, "store_id", None), getattr(event, "factory_id", None)
    if store_id is not None:
        ids |= operators_of(session, store_id=store_id)
    refresh_later(session, house, ids, factory_ids=() if factory_id is None else (factory_id,))
