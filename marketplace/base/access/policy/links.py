"""Who may do what with links between stores and their review."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.base.access.actor import Role
from marketplace.base.access.reach import Reach

ROWS: Mapping[str, Mapping[Role, Reach]] = {}
