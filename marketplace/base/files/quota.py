"""Bounds what one account may have kept: bytes and files.

What strangers send along with a complaint is bounded there, by turns within the hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Role
from marketplace.base.clock import Clock
from marketplace.base.errors import Refused
from marketplace.base.files.tables import FileUse, StoredFile

_DAY = timedelta(hours=24)
_NEWEST = 5_000  # a day is looked for among so many, whatever the table holds


@dataclass(frozen=True, slots=True)
class Quota:
    """What may be kept; an assumption of the deployment."""

    most_bytes: int
    most_files: int


OWNER_QUOTA = Quota(500 * 1024**2, 2_000)  # of one account of a firm, ever
DAY_QUOTA = Quota(1024**3, 1_000)  # of any other account, within 24 hours


def require_room(
    session: Session, *, clock: Clock, who: Actor, operator_id: int | None, size: int, name: str
) -> None:
    """Refuse a file that goes beyond what this account may have kept.

    Raises:
        Refused: `file_quota` or `file_quota_day`, with what is used and what the limit is.
    """
    if who.account_id is None:
        return
    if who.role is Role.OWNER:
        mine = sa.select(col(FileUse.file_id)).where(
            col(FileUse.operator_id) == operator_id,
            col(FileUse.uploaded_by) == who.account_id,
        )
        _require(session, mine.subquery(), OWNER_QUOTA, "file_quota", size, name)
        return
    newest = sa.select(FileUse).order_by(col(FileUse.id).desc()).limit(_NEWEST).subquery()
    today = sa.select(newest.c.file_id).where(
        newest.c.uploaded_by == who.account_id, newest.c.uploaded_at > clock.now() - _DAY
    )
    _require(session, today.subquery(), DAY_QUOTA, "file_quota_day", size, name)


def _require(
    session: Session, kept: sa.Subquery, quota: Quota, code: str, size: int, name: str
) -> None:
    files, used = session.execute(
        sa.select(
            sa.func.count(), sa.func.coalesce(sa.func.sum(col(StoredFile.size_bytes)), 0)
        ).select_from(kept.join(StoredFile, col(StoredFile.id) == kept.c.file_id))
    ).one()
    if files < quota.most_files and int(used) + size <= quota.most_bytes:
        return
    raise Refused(
        code,
        file=name,
        used_mb=int(used) // 2**20,
        used_files=files,
        limit_mb=quota.most_bytes // 2**20,
        limit_files=quota.most_files,
    )
