"""Takes what a platform says about a store that is known: its name, its link, its platform."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock, today
from marketplace.base.errors import NotFound
from marketplace.base.text import normalize, normalize_name
from marketplace.features.registry.queries import require_stores
from marketplace.features.registry.tables import Store


def refresh_store(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    name: str,
    url: str | None = None,
    platform: str | None = None,
) -> bool:
    """Take a store's present name, link and platform; False when nothing differs.

    What is not given stays as it is.

    Raises:
        NotFound: when there is no such store, or its firm is out of reach.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    require_stores(
        session, actor, "registry.refresh_store", program=store.program,
        days={(store_id, today(clock))},
    )  # fmt: skip
    given = {"name": normalize_name(name), "url": url, "platform": normalize(platform or "")}
    wanted = {field: value for field, value in given.items() if value}
    before = {field: getattr(store, field) for field in wanted}
    if before == wanted:
        return False
    for field, value in wanted.items():
        setattr(store, field, value)
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.refresh_store",
        subject=f"store:{store_id}",
        program=store.program,
        before=before,
        after=wanted,
    )
    return True
