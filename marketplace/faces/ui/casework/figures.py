"""Answer times and upheld shares as cards and tables; every rate with its n and interval."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from marketplace.base.words import DASH
from marketplace.desk.intake_figures import AnswerState, Group, Reliable
from marketplace.faces.ui import kit
from marketplace.faces.ui.casework import answered
from marketplace.faces.ui.figures import linked_table, take_table
from marketplace.faces.ui.session import Here
from marketplace.features.compliance.rules.intervals import Interval

_OF_WAITING = {"waiting", "longest"}
_TITLES = {"enrollment": "shield", "origin": "by_origin", "people": "people"}


def cards(page: Here, every: Group) -> None:
    """Show the four figures of all complaints."""
    times = every.times
    told = (
        (
            "median",
            days(every.median_days),
            page.t("complaints.of_received", n=times.received, answered=times.answered),
        ),
        (
            "ninetieth",
            days(every.ninetieth_days),
            page.t(f"complaints.ninetieth_{'open' if every.ninetieth_days is None else 'sub'}"),
        ),
        ("waiting", str(times.waiting), page.t("complaints.waiting_sub")),
        ("longest", days(times.longest_waiting_days), page.t("complaints.longest_sub")),
    )
    for column, (name, figure, sub) in zip(st.columns(4), told, strict=True):
        unit = page.t(f"complaints.{'count_unit' if name == 'waiting' else 'days_unit'}")
        unit = "" if figure == DASH else unit
        with column, st.container(key=f"card_kpi_{name}"):
            kit.kpi(page.t(f"complaints.kpi.{name}"), figure, unit, sub)
            state = AnswerState.WAITING if name in _OF_WAITING else AnswerState.RECEIVED
            answered.lead(page, every.name, state)


def groups(page: Here, shown: Sequence[Group], *, name: str) -> None:
    """Show groups side by side: counts, days, share with interval; offer them as files."""
    names = ("group", "received", "answered", "median", "ninetieth", "waiting", "upheld")
    _table(
        page,
        name,
        [page.t(f"complaints.times.{column}") for column in names],
        [
            [
                answered.group_name(page, g.name),
                str(g.times.received),
                str(g.times.answered),
                days(g.median_days),
                days(g.ninetieth_days),
                str(g.times.waiting),
                share(page, g.times.upheld, g.times.answered, g.upheld_interval),
            ]
            for g in shown
        ],
        frozenset(range(1, 6)),
        [answered.address(g.name) for g in shown],
    )


def people(page: Here, shown: Sequence[Reliable]) -> None:
    """Show complainants by name, never by rate."""
    if not shown:
        kit.empty(page.t("complaints.people_none"))
        return
    names = (
        "who", "filed", "open", "upheld", "refused", "reversed", "withdrawn", "malicious", "share",
    )  # fmt: skip
    _table(
        page,
        "people",
        [page.t(f"complaints.people_head.{name}") for name in names],
        [
            [
                r.counts.name,
                str(r.counts.filed),
                str(r.counts.open),
                str(r.counts.upheld),
                str(r.counts.refused),
                str(r.counts.reversed),
                str(r.counts.withdrawn),
                str(r.counts.malicious),
                share(page, r.counts.upheld, r.counts.answered, r.interval),
            ]
            for r in shown
        ],
        frozenset(range(1, 8)),
    )


def _table(
    page: Here,
    name: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: frozenset[int],
    links: Sequence[str] = (),
) -> None:
    linked_table(heads, rows, links or [""] * len(rows), right)
    title = page.t(f"complaints.{_TITLES[name]}")
    take_table(page, heads, rows, name=f"answer-times-{name}", title=title)


def share(page: Here, count: int, n: int, interval: Interval | None) -> str:
    """Return `3/10 = 30 % (7–65 %)`, or a dash where nothing was answered."""
    if interval is None:
        return "—"
    low, high = interval
    return page.t(
        "complaints.share",
        count=count,
        n=n,
        share=f"{100 * count / n:.0f}",
        low=f"{100 * low:.0f}",
        high=f"{100 * high:.0f}",
    )


def days(value: int | None) -> str:
    """Return a number of days, a dash for none."""
    return DASH if value is None else str(value)
