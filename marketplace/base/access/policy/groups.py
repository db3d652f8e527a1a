"""Rows that recur, under the name of what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.base.access.actor import Role
from marketplace.base.access.reach import Reach

Row = Mapping[Role, Reach]

_P, _O, _A = Reach.PROGRAM, Reach.OWN, Reach.ANY

OFFICE: Row = {Role.OFFICER: _P, Role.REVIEWER: _P}
OFFICER: Row = {Role.OFFICER: _P}
REVIEWER: Row = {Role.REVIEWER: _P}
OWNER: Row = {Role.OWNER: _O}
HEAD: Row = {Role.OWNER: Reach.HEAD}  # 负责人 himself; an agent is refused
OWNER_AND_OFFICE: Row = {**OFFICE, Role.OWNER: _O}
OWNER_AND_OFFICER: Row = {**OFFICER, Role.OWNER: _O}
SEEN_BY_OFFICE: Row = {**OFFICE, Role.AUDITOR: _P}
SEEN_BY_OWNER_AND_OFFICE: Row = {**SEEN_BY_OFFICE, Role.OWNER: _O}
MARKETER: Row = {Role.MARKETER: _P}
ADMIN: Row = {Role.ADMIN: _A}
SYSTEM: Row = {Role.SYSTEM: _A}
PUBLIC: Row = dict.fromkeys(Role, _A)
SIGNED_IN: Row = {r: _A for r in Role if r not in {Role.PUBLIC, Role.SYSTEM}}


def with_system(row: Row) -> Row:
    """Return a row that the system may act on too."""
    return {**row, Role.SYSTEM: _A}
