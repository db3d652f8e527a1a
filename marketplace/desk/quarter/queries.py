"""Composes a quarterly report as it stands, and counts an issued one again."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor, require_place
from marketplace.base.clock import Clock, today
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, format_instant, say
from marketplace.desk.issues.content import Number
from marketplace.desk.quarter.content import LANGS, QuarterContent, Report
from marketplace.desk.quarter.drawing import Studied, figures_of, sheets_of
from marketplace.desk.quarter.gathering import (
    Basis,
    Quality,
    check_wanted,
    gather_quality,
    gather_quarter,
    material_for,
)
from marketplace.desk.quarter.numbers import numbers_of, quality_numbers
from marketplace.desk.quarter.telling import Teller, rule_words
from marketplace.desk.quarters import Quarter
from marketplace.features.compliance.charts import sentences
from marketplace.features.compliance.summary import require_sums

METHODS = (
    "sources", "rate", "boundary", "interval", "title", "effort", "leavers", "waiting", "events",
    "frozen",
)  # fmt: skip


def compose_quarter(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    quarter: Quarter,
    district: str | None = None,
) -> QuarterContent:
    """Return the report as it stands now, in both languages, not yet issued.

    Raises:
        Invalid: for a quarter to come, or a district the program does not have.
        Unavailable: while the sums it is read from are being made anew.
    """
    require_place(
        actor, "desk.compose_quarter", program=rulebook.program.key, district=district
    )
    require_sums(session, rulebook=rulebook)
    check_wanted(rulebook, clock=clock, quarter=quarter, district=district)
    basis = gather_quarter(
        session, actor, rulebook, clock=clock, quarter=quarter, district=district
    )
    quality = gather_quality(session, actor, rulebook, clock=clock, basis=basis)
    studied = Studied.of(material_for(session, actor, rulebook, basis))
    at = clock.now()
    return QuarterContent(
        quarter=quarter.key,
        district=district or "",
        until=basis.span.last.isoformat(),
        as_of=at.isoformat(),
        preliminary=not quarter.is_over(today(clock)),
        numbers=(*numbers_of(basis), *quality_numbers(quality)),
        reports={
            lang: _report(basis, quality, studied, rulebook, lang, as_of=format_instant(at))
            for lang in LANGS
        },
    )


def recount_quarter(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    quarter: Quarter,
    district: str | None = None,
) -> tuple[Number, ...]:
    """Return the numbers of a quarter counted with everything known now.

    For an issue this tells what later corrections changed; the issue itself stays.
    """
    require_place(
        actor, "desk.recount_quarter", program=rulebook.program.key, district=district
    )
    basis = gather_quarter(
        session, actor, rulebook, clock=clock, quarter=quarter, district=district
    )
    return numbers_of(basis)


def _report(
    basis: Basis,
    quality: Quality,
    studied: Studied,
    rulebook: Rulebook,
    lang: Lang,
    *,
    as_of: str,
) -> Report:
    numbers = (*numbers_of(basis), *quality_numbers(quality))
    return Report(
        sections=Teller(basis, quality, rulebook, lang).sections(),
        sheets=sheets_of(basis, numbers, rulebook, lang),
        figures=figures_of(basis, studied, rulebook, lang, as_of=as_of),
        methods=(
            *(say(f"quarter.method.{name}", lang) for name in METHODS),
            rule_words(rulebook, lang),
        ),
        source=sentences.source(basis.study, lang, as_of=as_of),
    )
