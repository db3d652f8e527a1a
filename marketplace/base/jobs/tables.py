"""Jobs with leases; no decision is made here, so they are housekeeping."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from marketplace.base.db.columns import Row, enum_column, instant_column, json_column


class JobStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Row, table=True):
    __tablename__ = "job"
    __table_args__ = (
        sa.Index("ix_job_due", "status", "run_after"),
        {"info": {"housekeeping": True}},
    )

    kind: str = Field(max_length=60)
    token: str = Field(max_length=120, unique=True)
    payload: dict[str, Any] = json_column()
    status: JobStatus = enum_column(JobStatus)
    run_after: datetime = instant_column()
    lease_until: datetime | None = instant_column(nullable=True)
    leased_by: str | None = Field(default=None, max_length=80)
    attempts: int = 0
    done: int = 0
    total: int = 0
    error: str | None = Field(default=None, max_length=200)
    created_at: datetime = instant_column()
    finished_at: datetime | None = instant_column(nullable=True)
