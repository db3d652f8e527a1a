"""Words the tabs share: whose, how long, which share with its n and interval, how it was counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from marketplace.base.words import format_day
from marketplace.base.words.formats import DASH
from marketplace.faces.ui.session import Here
from marketplace.features.compliance.rules.intervals import Interval


def person(names: Mapping[int, str], account_id: int) -> str:
    """Return somebody's name, or the number of an account that is gone."""
    return names.get(account_id, f"#{account_id}")


def period(page: Here, since: date, until: date) -> tuple[str, str]:
    """Return the name of the period and its days, both counted, for an export."""
    days = page.t(
        "oversight.draws.period_days", since=format_day(since), until=format_day(until)
    )
    return page.t("oversight.draws.period"), days


def minutes(page: Here, value: float | None) -> str:
    """Return a time in the unit it is read in; a dash for none."""
    if value is None:
        return DASH
    if value < 1:
        return page.t("oversight.under_a_minute")
    if value < 120:
        return page.t("oversight.minutes", n=f"{value:.0f}")
    if value < 48 * 60:
        return page.t("oversight.hours", n=f"{value / 60:.0f}")
    return page.t("oversight.days", n=f"{value / 1440:.0f}")


def share(page: Here, count: int, n: int, interval: Interval | None) -> str:
    """Return `3/10 = 30 % (7–65 %)`; without an interval only the count."""
    if interval is None:
        return page.t("oversight.share_bare", count=count, n=n)
    return page.t(
        "oversight.share",
        count=count,
        n=n,
        share=f"{100 * count / n:.0f}",
        low=f"{100 * interval[0]:.0f}",
        high=f"{100 * interval[1]:.0f}",
    )


def how(page: Here, part: str, **facts: object) -> None:
    """Offer how a figure is counted, beside it."""
    with st.expander(page.t("oversight.how")):
        st.markdown(page.t(f"oversight.{part}.how", **facts))


def probability(p: float) -> str:
    """Return a probability as it is quoted."""
    return "< 0.0001" if p < 0.0001 else f"{p:.4f}"
