"""Reads what every published figure is made of, under aliases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import (
    Clock,
    FixedClock,
    civil_day,
    month_index,
    month_label,
    start_of,
    today,
)
from marketplace.base.errors import NotAllowed
from marketplace.base.keys import KeyRing
from marketplace.base.rulebook import Rulebook
from marketplace.exchange.analysis.aliases import alias_of
from marketplace.exchange.analysis.constants import rule_lines
from marketplace.exchange.analysis.lines import Lines, Told
from marketplace.exchange.analysis.published import published_lines
from marketplace.exchange.analysis.schema import TABLES, Analysis, Line
from marketplace.features.compliance.kinds import WaitKind
from marketplace.features.compliance.marks.origins import list_origins
from marketplace.features.compliance.marks.waits import list_waits
from marketplace.features.compliance.methods import gather_material
from marketplace.features.compliance.observing import complaints_since, samples_since
from marketplace.features.compliance.queries import observe_program
from marketplace.features.compliance.rules.waiting import Wait
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.progress.tables import Enrollment

_DAY_DIGITS = 4  # of a day: about nine seconds, so that no instant can be read off a wait


def gather_analysis(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock
) -> Analysis:
    """Return the whole program's tables; the same database on the same day gives the same.

    A part of a program is not taken out: the dispersion and the spread of rates are the program's,
    and a district of few firms would name them. Waits stand as of the beginning of the day.

    Raises:
        NotAllowed: when the actor may not see the whole program's conduct.
    """
    program = rulebook.program.key
    require(actor, "exchange.gather_analysis", Scope(program=program))
    if actor.districts_in(program):
        raise NotAllowed("whole_program_only", login=actor.login)
    keys: KeyRing = session.info["keys"]
    day = today(clock)
    morning = FixedClock(start_of(day))
    material = gather_material(session, actor, rulebook, clock=clock)
    told = Told(
        observations=observe_program(session, actor, program=program),
        material=material,
        alias=lambda kind, number: alias_of(keys, program, kind, number),
        since=(complaints_since(session, program), samples_since(session, program)),
    )
    lines = Lines(told)
    waits = {
        kind: tuple(
            Wait(round(w.days, _DAY_DIGITS), w.ended) for w in found if w.ended or w.days > 0
        )  # a wait of this morning has not begun
        for kind, found in list_waits(session, actor, clock=morning, program=program).items()
    }
    origins = list_origins(session, actor, program=program)
    rows = {
        "operators": lines.operators(),
        "store_months": lines.store_months(),
        "operator_months": lines.operator_months(),
        "findings": _findings(session, program, told, lines.in_rates()),
        "milestones": _milestones(waits),
        "rules": rule_lines(rulebook, last=material.last),
        "published": published_lines(material, waits, origins, told.alias),
    }
    return Analysis(
        program=program,
        program_zh=rulebook.program.name_zh,
        program_en=rulebook.program.name_en,
        rules_version=rulebook.program.version,
        rules_sha256=rulebook.sha256,
        as_of=day,
        last_month=month_label(material.last),
        sources=material.study.sources,
        rows={table.name: tuple(rows[table.name]) for table in TABLES},
    )


def _findings(
    session: Session, program: str, told: Told, in_rates: frozenset[tuple[int, int, int]]
) -> list[Line]:
    """Return every finding; of an undecided one only where it came from.

    Domain §6: open investigations are protected, under an alias too.
    """
    triggers = set(
        session.execute(
            sa.select(col(Enrollment.trigger_finding_id)).where(
                col(Enrollment.program) == program, col(Enrollment.reversed_at).is_(None)
            )
        ).scalars()
    )
    known = {o.operator_id for o in told.observations}
    lines: list[Line] = []
    for f in session.execute(
        sa.select(Finding).where(col(Finding.program) == program)
    ).scalars():
        open_ = f.status is FindingStatus.SUSPECTED
        held = None if open_ or f.operator_id not in known else f.operator_id
        counted = f.status is FindingStatus.UPHELD and held is not None
        lines.append(
            {
                "finding": told.alias("finding", f.key),
                "operator": None if held is None else told.alias("operator", held),
                "store": None if open_ else told.alias("store", f.store_id),
                "found_month": None if open_ else month_label(f.found_month),
                "decided_month": month_label(month_index(civil_day(f.decided_at)))
                if f.decided_at and not open_
                else None,
                "origin": f.origin.value,
                "basis": f.basis.value,
                "status": f.status.value,
                "infringing_listings": None if open_ else f.listings,
                "triggered_entry": not open_ and f.key in triggers,
                "in_rates": counted and (held or 0, f.store_id, f.found_month) in in_rates,
            }
        )
    return sorted(lines, key=lambda x: (str(x["found_month"] or ""), str(x["finding"])))


def _milestones(waits: Mapping[WaitKind, Sequence[Wait]]) -> list[Line]:
    return [
        {"milestone": kind.value, "days": w.days, "reached": w.ended}
        for kind, found in waits.items()
        for w in sorted(found, key=lambda w: (w.days, w.ended))
    ]
