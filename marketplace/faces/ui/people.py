"""Names of those who did something, where a page tells of it."""

from __future__ import annotations

from marketplace.base.access.queries import names_of
from marketplace.faces.ui.session import Here, reading


def name_of(page: Here, account_id: int | None) -> str:
    """Return somebody's name, a dash for nobody."""
    if account_id is None:
        return "—"
    with reading(page) as session:
        return names_of(session, {account_id}).get(account_id, "—")
