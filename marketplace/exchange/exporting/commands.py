"""Records that data left the house: who took what, when, under which number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.canonical import digest
from marketplace.base.clock import Clock, civil_day
from marketplace.base.words import Lang
from marketplace.exchange.report import stamp_line


@dataclass(frozen=True, slots=True)
class ExportStamp:
    """What every exported file carries; `number` is found again in the audit trail."""

    number: str
    as_of: datetime
    who: str

    def line(self, lang: Lang) -> str:
        """Return the stamp as the line that stands in the file."""
        return stamp_line(lang, as_of=self.as_of, who=self.who, number=self.number)


def record_export(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    kind: str,
    rows: int,
    wanted: Mapping[str, object] | None = None,
) -> ExportStamp:
    """Record an export before it is handed out; return its stamp.

    `kind` says what was taken, `rows` how many, `wanted` the filter it was taken with.
    """
    require(actor, "exchange.record_export", Scope(program=program))
    now = clock.now()
    facts = {"kind": kind, "rows": rows, "wanted": dict(wanted or {})}
    mark = digest({**facts, "at": now.isoformat(), "by": actor.account_id, "program": program})
    number = f"EX-{civil_day(now):%Y%m%d}-{mark[:8].upper()}"
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="exchange.record_export",
        subject=f"export:{number}",
        program=program,
        facts=facts,
    )
    return ExportStamp(number=number, as_of=now, who=actor.name or actor.login)
