"""The tab that shows whether enrollment shields: answer time and upheld share, side by side."""

from __future__ import annotations

from datetime import date

import streamlit as st

from marketplace.base.words import format_day
from marketplace.faces.ui import kit
from marketplace.faces.ui.overseeing import words
from marketplace.faces.ui.session import Here, reading
from marketplace.features.oversight.queries import Shield, ShieldGroup, compare_enrollment


def show(page: Here, since: date, until: date) -> None:
    """Show both groups and what may be said of them."""
    with reading(page) as session:
        found = compare_enrollment(
            session, page.actor, page.rulebook, clock=page.app.clock, since=since, until=until
        )
    with st.container(key="card_shield"):
        kit.section(page.t("oversight.shield.title"), page.t("oversight.shield.sub"))
        if found.enrolled.received + found.others.received == 0:
            kit.empty(page.t("oversight.shield.none"))
            return
        kit.note(_times(page, found))
        kit.note(_upheld(page, found))
        kit.table(
            [page.t(f"oversight.shield.{h}") for h in
             ("group", "received", "answered", "waiting", "median", "upheld")],
            [
                _line(page, "enrolled", found.enrolled, found),
                _line(page, "others", found.others, found),
            ],
            frozenset({1, 2, 3}),
        )  # fmt: skip
        st.caption(
            page.t(
                "oversight.shield.source",
                day=format_day(found.day),
                n=found.enrolled.received + found.others.received,
            )
        )
        words.how(page, "shield", answered=found.least_answered, ended=found.least_ended)


def _line(page: Here, name: str, group: ShieldGroup, found: Shield) -> list[str]:
    wait = group.waiting
    if wait.refused is not None:
        median = page.t("oversight.shield.few_ended", n=wait.ended, least=found.least_ended)
    elif wait.median_days is None:
        median = page.t("oversight.shield.no_median", ended=wait.ended, n=wait.n)
    else:
        median = page.t(
            f"oversight.shield.median_days_{wait.ends.value}",
            days=f"{wait.median_days:.0f}",
            low=f"{wait.lower_days or 0:.0f}",
            high=f"{wait.upper_days or 0:.0f}",
        )
    share = words.share(page, group.upheld, group.answered, group.interval)
    if group.interval is None:
        share = page.t("oversight.shield.few_answered", share=share, least=found.least_answered)
    return [
        page.t(f"oversight.shield.{name}"),
        str(group.received),
        str(group.answered),
        str(group.received - group.answered),
        median,
        share,
    ]


def _times(page: Here, found: Shield) -> str:
    apart = found.is_overlapping
    if apart is None:
        return page.t("oversight.shield.times_unsaid")
    return page.t("oversight.shield.times_alike" if apart else "oversight.shield.times_apart")


def _upheld(page: Here, found: Shield) -> str:
    one, other = found.enrolled.interval, found.others.interval
    if one is None or other is None:
        return page.t("oversight.shield.upheld_unsaid", least=found.least_answered)
    alike = max(one[0], other[0]) <= min(one[1], other[1])
    return page.t("oversight.shield.upheld_alike" if alike else "oversight.shield.upheld_apart")
