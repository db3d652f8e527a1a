"""How appeals ended: counts by instance, the share upheld with its interval, the time it took."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_instant
from marketplace.desk.appeal_figures import OutcomeFigures, outcome_figures
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, reading
from marketplace.features.compliance.rules.waiting import WaitingTime


def show_outcomes(page: Here) -> None:
    """Show the published figures; the same for the office and for owners."""
    with reading(page) as session:
        rows = outcome_figures(session, page.actor, page.rulebook, clock=page.app.clock)
    kit.section(page.t("appeals.stats"), page.t("appeals.stats_sub"))
    if not rows:
        kit.empty(page.t("appeals.stats_none"))
        return
    heads = [
        page.t(f"appeals.{name}")
        for name in (
            *("instance", "filed", "upheld", "rejected", "other", "open", "overdue"),
            *("rate", "in_time", "median"),
        )
    ]
    right = frozenset(range(1, len(heads)))
    kit.table(heads, [_cells(page, row) for row in rows], right)
    st.caption(page.t("appeals.as_of", at=format_instant(page.app.clock.now())))


def _cells(page: Here, row: OutcomeFigures) -> list[str]:
    c = row.counts
    rate = page.t("appeals.rate_none")
    if row.upheld is not None:
        low, high = row.upheld
        rate = page.t(
            "appeals.rate_value",
            upheld=c.upheld,
            decided=c.decided,
            low=f"{low:.0%}",
            high=f"{high:.0%}",
        )
    return [
        str(c.instance),
        *(str(n) for n in (c.filed, c.upheld, c.rejected)),
        str(c.withdrawn + c.settled),
        str(c.open),
        str(c.overdue),
        rate,
        page.t("appeals.decided_n", count=c.in_time, total=c.decided),
        _time(page, row.time),
    ]


def _time(page: Here, time: WaitingTime) -> str:
    """Say the median with its interval, or why there is none."""
    if time.refused is not None:
        least = page.rulebook.methods.min_ended_waits
        return page.t("appeals.few_decided", n=time.ended, least=least)
    if time.median_days is None:
        return page.t("appeals.no_median", ended=time.ended, n=time.n)
    return page.t(
        f"appeals.days_{time.ends.value}",
        count=f"{time.median_days:.0f}",
        low=f"{time.lower_days or 0:.0f}",
        high=f"{time.upper_days or 0:.0f}",
    )
