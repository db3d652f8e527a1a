"""How appeals end, with an exact interval beside every share: published, nobody named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.base.rulebook import Rulebook
from marketplace.features.appeals.queries import Outcomes, count_outcomes
from marketplace.features.compliance.rules.intervals import proportion_interval
from marketplace.features.compliance.rules.waiting import Wait, WaitingTime, waiting_time


@dataclass(frozen=True, slots=True)
class OutcomeFigures:
    """One instance: its counts, the interval of the share upheld (None at n = 0), the time it took.

    The time is Kaplan-Meier's over every appeal: those still open, withdrawn or settled waited as
    long as they did. A median of the decided alone flatters a desk that lets hard ones lie.
    """

    counts: Outcomes
    upheld: tuple[float, float] | None
    time: WaitingTime


@dataclass(frozen=True, slots=True)
class PublishedOutcomes:
    """One instance as it is published: a count of None is not told, the total always is.

    `upheld_interval` and `time` are None where the counts behind them are not told.
    """

    instance: int
    filed: int
    upheld: int | None
    rejected: int | None
    other: int | None
    open: int | None
    in_time: tuple[int, int] | None
    upheld_interval: tuple[float, float] | None
    time: WaitingTime | None


def published_outcomes(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock
) -> list[PublishedOutcomes]:
    """Return what the public is told of every instance with enough appeals to tell of."""
    least = rulebook.enforcement.appeals.published_from
    rows = outcome_figures(session, actor, rulebook, clock=clock)
    return [publish(row, least) for row in rows if row.counts.filed >= least]


def publish(row: OutcomeFigures, least: int) -> PublishedOutcomes:
    """Hide the cells under `least`, and one more where a single hidden one could be worked out."""
    c = row.counts
    cells = (c.upheld, c.rejected, c.withdrawn + c.settled, c.open)
    upheld, rejected, other, is_open = hide_small(cells, least)
    is_told = upheld is not None and rejected is not None and c.decided >= least
    late = c.decided - c.in_time
    in_time_told = c.decided >= least and all(n == 0 or n >= least for n in (c.in_time, late))
    return PublishedOutcomes(
        instance=c.instance,
        filed=c.filed,
        upheld=upheld,
        rejected=rejected,
        other=other,
        open=is_open,
        in_time=(c.in_time, c.decided) if is_told and in_time_told else None,
        upheld_interval=row.upheld if is_told else None,
        time=row.time if is_told else None,
    )


def hide_small(cells: Sequence[int], least: int) -> tuple[int | None, ...]:
    """Return cells with those of 1 to `least` - 1 hidden; their sum is known, so never just one.

    A second cell is hidden with a lone one: the smallest that is not 0, or a 0 where there is none.
    """
    hidden = {n for n, count in enumerate(cells) if 0 < count < least}
    if len(hidden) == 1:
        rest = [n for n in range(len(cells)) if n not in hidden]
        hidden.add(min(rest, key=lambda n: (cells[n] == 0, cells[n])))
    return tuple(None if n in hidden else count for n, count in enumerate(cells))


def outcome_figures(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock
) -> list[OutcomeFigures]:
    """Return the figures of every instance, first instance first; who may is asked below."""
    return [
        OutcomeFigures(
            counts=counts,
            upheld=proportion_interval(counts.upheld, counts.decided),
            time=waiting_time(
                [Wait(days, ended) for days, ended in counts.waits],
                level=rulebook.compliance.interval_level,
                min_ended=rulebook.methods.min_ended_waits,
            ),
        )
        for counts in count_outcomes(session, actor, clock=clock, program=rulebook.program.key)
    ]
