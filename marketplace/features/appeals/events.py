"""What appeals announce."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AppealFiled:
    """An owner appealed; somebody who had no part decides by the due day."""

    appeal_id: int
    program: str
    store_id: int
    operator_id: int | None


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """An appeal was decided; where it was upheld, its measures are reversed already."""

    appeal_id: int
    program: str
    store_id: int
    operator_id: int | None
    statement_id: int
    complaint_ref: str | None
    upheld: bool
