"""The one policy table: role x action x reach, one module an area."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.base.access.actor import Role
from marketplace.base.access.policy import (
    access,
    appeals,
    catalog,
    complaints,
    compliance,
    credit,
    desk,
    enforcement,
    exchange,
    history,
    holds,
    links,
    oversight,
    progress,
    promotion,
    referrals,
    registry,
    sampling,
)
from marketplace.base.access.reach import Reach

TABLE: Mapping[str, Mapping[Role, Reach]] = {
    f"{area}.{name}": row
    for area, rows in (
        *access.AREAS.items(),
        ("registry", registry.ROWS),
        ("history", history.ROWS),
        ("enforcement", enforcement.ROWS),
        ("complaints", complaints.ROWS),
        ("links", links.ROWS),
        ("sampling", sampling.ROWS),
        ("holds", holds.ROWS),
        ("appeals", appeals.ROWS),
        ("catalog", catalog.ROWS),
        ("progress", progress.ROWS),
        ("compliance", compliance.ROWS),
        ("credit", credit.ROWS),
        ("referrals", referrals.ROWS),
        ("promotion", promotion.ROWS),
        ("oversight", oversight.ROWS),
        ("desk", desk.ROWS),
        ("exchange", exchange.ROWS),
    )
    for name, row in rows.items()
}
