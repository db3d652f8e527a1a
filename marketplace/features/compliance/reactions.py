"""Keeps the summaries of conduct in step with every fact they are made of."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.house import House
from marketplace.features.compliance.summary import refresh_later


def keep_summary(session: Session, house: House, event: object) -> None:
    """Have the months of every operator a fact is about worked out again.

    A fact of a store concerns whoever ever held it: a correction may be about any month.
    """
    operator_id = getattr(event, "operator_id", None)
    store_id, factory_id = getattr(event, "store_id", None), getattr(event, "factory_id", None)
    refresh_later(
        session,
        house,
        () if operator_id is None else (operator_id,),
        factory_ids=getattr(event, "factory_ids", ()) if factory_id is None else (factory_id,),
        store_ids=getattr(event, "store_ids", ()) if store_id is None else (store_id,),
    )
