"""Who may do what with payment holds."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.base.access.actor import Role
from marketplace.base.access.reach import Reach

ROWS: Mapping[str, Mapping[Role, Reach]] = {}
