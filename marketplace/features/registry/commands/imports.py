"""Closes an import: what was read, how, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock
from marketplace.features.registry.tables import ImportBatch


def finish_import(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    kind: str,
    file_name: str,
    file_sha256: str,
    source: str,
    mapping: Mapping[str, Any],
    counts: Mapping[str, int],
    report: list[Mapping[str, Any]],
) -> int:
    """Keep one import's report; return its number."""
    require(actor, "registry.finish_import", Scope(program=program))
    batch = ImportBatch(
        program=program,
        kind=kind,
        file_name=file_name[:200],
        file_sha256=file_sha256,
        source=source,
        mapping=dict(mapping),
        counts=dict(counts),
        report={"lines": [dict(line) for line in report]},
        imported_by=actor.account_id,
        imported_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.finish_import",
        subject=f"import_batch:{batch.key}",
        program=program,
        facts={"kind": kind, "file_sha256": file_sha256, "counts": dict(counts)},
    )
    return batch.key
