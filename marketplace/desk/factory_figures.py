"""A factory's figure as every page, file and paper shows it: one making, so that numbers are one."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import month_label
from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, format_count, format_instant, label, say
from marketplace.desk.quarter.telling import rule_words
from marketplace.features.compliance.charts import Beside, Figure, figure_of
from marketplace.features.compliance.marks.queries import list_earlier_marks, list_offense_marks
from marketplace.features.compliance.studies import Study


def factory_figure(
    study: Study,
    beside: Beside,
    rulebook: Rulebook,
    lang: Lang,
    *,
    factory_id: int,
    at: datetime,
) -> Figure:
    """Return the figure of a factory's study as of an instant."""
    return figure_of(
        study,
        lang,
        as_of=format_instant(at),
        key=f"compliance-factory-{factory_id}",
        beside=beside,
        rule=rule_words(rulebook, lang),
    )


def read_beside(session: Session, actor: Actor, lang: Lang, *, factory_id: int) -> Beside:
    """Return the offenses and earlier records that stand beside a factory's rate."""
    offenses = list_offense_marks(session, actor, factory_id=factory_id)
    earlier = list_earlier_marks(session, actor, factory_id=factory_id)
    return Beside(
        offenses=tuple((mark.month, mark.offense) for mark in offenses),
        earlier=tuple(
            (
                mark.month,
                f"{month_label(mark.month) if mark.month is not None else ''} "
                f"{label(mark.kind, lang)} {format_count(mark.quantity)} "
                f"{say(f'unit.{mark.unit}', lang)}".strip(),
            )
            for mark in earlier
        ),
    )
