"""The job queue: enqueue in the deciding transaction, lease, run, report progress, retry.

A handler must be repeatable: a process can die after its work and before `done` is written.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.clock import Clock
from marketplace.base.db import Store, housekeeping_write, read
from marketplace.base.jobs.tables import Job, JobStatus

LEASE_SECONDS = 120
MAX_ATTEMPTS = 5

log = logging.getLogger(__name__)

Heartbeat = Callable[[int, int], None]
JobHandler = Callable[[Mapping[str, Any], Heartbeat], None]


@dataclass(frozen=True, slots=True)
class JobView:
    """What a screen needs to show a job."""

    job_id: int
    kind: str
    status: JobStatus
    done: int
    total: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None


def enqueue(
    session: Session,
    *,
    clock: Clock,
    kind: str,
    token: str,
    payload: Mapping[str, Any] | None = None,
    run_after: datetime | None = None,
) -> int:
    """Add a job once per token and return its number."""
    known: int | None = session.execute(select(Job.id).where(Job.token == token)).scalar()
    if known is not None:
        return known
    job = Job(
        kind=kind,
        token=token,
        payload=dict(payload or {}),
        status=JobStatus.WAITING,
        run_after=run_after or clock.now(),
        created_at=clock.now(),
    )
    session.add(job)
    session.flush()
    return job.key


def get_job(session: Session, *, job_id: int) -> JobView | None:
    """Return a job as a screen shows it."""
    job = session.get(Job, job_id)
    if job is None:
        return None
    return JobView(
        job_id=job.key,
        kind=job.kind,
        status=job.status,
        done=job.done,
        total=job.total,
        error=job.error,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def run_due(store: Store, *, clock: Clock, handlers: Mapping[str, JobHandler]) -> int:
    """Run every job that is due, one after the other; return how many ran."""
    ran = 0
    while (leased := _lease(store, clock, list(handlers))) is not None:
        job_id, kind, payload = leased
        ran += 1
        try:
            handlers[kind](payload, partial(_beat, store, clock, job_id))
        except Exception:
            log.exception("job %s (%s) failed", job_id, kind)
            _finish(store, clock, job_id, failed=True)
        else:
            _finish(store, clock, job_id, failed=False)
    return ran


def _lease(
    store: Store, clock: Clock, kinds: list[str]
) -> tuple[int, str, Mapping[str, Any]] | None:
    now = clock.now()
    with housekeeping_write(store) as session:
        due = (
            select(Job)
            .where(col(Job.kind).in_(kinds), col(Job.run_after) <= now)
            .where(
                sa.or_(
                    col(Job.status) == JobStatus.WAITING,
                    sa.and_(col(Job.status) == JobStatus.RUNNING, col(Job.lease_until) < now),
                )
            )
            .order_by(col(Job.run_after), col(Job.id))
            .limit(1)
        )
        if store.dialect == "postgresql":
            due = due.with_for_update(skip_locked=True)
        job = session.execute(due).scalar()
        if job is None:
            return None
        job.status = JobStatus.RUNNING
        job.attempts += 1
        job.leased_by = f"{socket.gethostname()}:{os.getpid()}"[:80]
        job.lease_until = now + timedelta(seconds=LEASE_SECONDS)
        session.add(job)
        return job.key, job.kind, dict(job.payload)


def _beat(store: Store, clock: Clock, job_id: int, done: int, total: int) -> None:
    with housekeeping_write(store) as session:
        session.execute(
            sa.update(Job)
            .where(col(Job.id) == job_id)
            .values(
                done=done,
                total=total,
                lease_until=clock.now() + timedelta(seconds=LEASE_SECONDS),
            )
        )


def _finish(store: Store, clock: Clock, job_id: int, *, failed: bool) -> None:
    with housekeeping_write(store) as session:
        job = session.get(Job, job_id)
        if job is None:
            return
        job.lease_until = None
        if not failed:
            job.status, job.finished_at = JobStatus.DONE, clock.now()
        elif job.attempts >= MAX_ATTEMPTS:
            job.status, job.finished_at, job.error = JobStatus.FAILED, clock.now(), "job_failed"
        else:
            job.status = JobStatus.WAITING
            job.run_after = clock.now() + timedelta(seconds=2**job.attempts)
        session.add(job)


def list_jobs(store: Store, *, kind: str) -> list[JobView]:
    """Return the jobs of a kind, newest first."""
    with read(store) as session:
        ids = session.execute(
            select(Job.id).where(Job.kind == kind).order_by(col(Job.id).desc()).limit(50)
        ).scalars()
        return [view for i in ids if i is not None and (view := get_job(session, job_id=i))]
