"""Tells a line of the last twelve months: in the page's table, and as numbers in a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marketplace.base.clock import month_label
from marketplace.base.sheets import Cell
from marketplace.base.words import format_count
from marketplace.desk.years import YearLine
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import district_name
from marketplace.features.compliance.rules.intervals import Interval
from marketplace.features.compliance.rules.years import MONTHS

SHOWN = (
    "firm",
    "months",
    "checked",
    "findings",
    "span",
    "listings",
    "inspections",
    "complaints",
)
LISTED = SHOWN.index("listings") + 1  # where the rate of listings stands, where there is one
RIGHT = frozenset(range(1, len(SHOWN) + 1))
FILED = (
    "firm", "factories", "scope", "district", "status", "first", "last", "months", "checked", "listings",
    "findings", "rate", "low", "high", "ranked", "overturned", "near_misses", "inspections",
    "complaints", "listings_rate", "listings_low", "listings_high", "outside_findings",
    "outside_listings",
)  # fmt: skip


def heads(page: Here, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the heads of some columns."""
    level = f"{page.rulebook.compliance.interval_level * 100:g}"
    return tuple(page.t(f"years.table.{name}", level=level) for name in columns)


def shown_heads(page: Here, dispersion: float | None) -> tuple[str, ...]:
    """Return the heads of the page's table; an n never stands on a line alone."""
    return tuple(re.sub(" n$", "\u00a0n", h) for h in heads(page, columns(dispersion)))


def columns(dispersion: float | None) -> tuple[str, ...]:
    """Return the columns of the page's table: `SHOWN`, and the rate of listings where one is.

    `dispersion` is the program's, None where no line of the page has such a rate.
    """
    return SHOWN if dispersion is None else (*SHOWN[:LISTED], "listed", *SHOWN[LISTED:])


def row(page: Here, line: YearLine, dispersion: float | None) -> tuple[str, ...]:
    """Return what stands in the page's table, in the order of `columns`."""
    listed = () if dispersion is None else (_listed(page, line, dispersion) or "—",)
    return (
        _firm(page, line),
        page.t("years.of_months", n=line.months, months=MONTHS),
        format_count(line.exposure),
        format_count(line.findings) if line.months else "—",
        _span(page, line),
        format_count(line.listings) if line.months else "—",
        *listed,
        format_count(line.inspections),
        format_count(line.complaints),
    )


def card(page: Here, line: YearLine, dispersion: float | None) -> tuple[str, str]:
    """Return the two lines a phone shows under a firm's name: what was found, how hard one looked."""
    told = row(page, line, dispersion)
    named = dict(zip(columns(dispersion), told, strict=True))
    found = {k: named[k] for k in _FOUND}
    listed = _listed(page, line, dispersion)
    more = page.t("years.card_listed", listed=listed) if listed else ""
    return (
        page.t("years.card_found", **found) + more
        if line.months
        else page.t("years.card_unseen"),
        page.t("years.card_looked", **{k: named[k] for k in _LOOKED}),
    )


_FOUND = ("findings", "listings", "span")
_LOOKED = ("checked", "months", "inspections", "complaints")


def cells(
    page: Here, line: YearLine, dispersion: float | None, districts: Sequence[str] = ()
) -> tuple[Cell, ...]:
    """Return what stands in a file, in the order of `FILED`: numbers as numbers.

    `districts` are where the firm's factories lie; the scope says over which of them the sums go.
    """
    among = _listing_span(page, line, dispersion)
    listed = line.listings / line.exposure if among else None
    first = month_label(line.until_month - MONTHS + 1)
    span = line.interval(page.rulebook.compliance.interval_level)
    seen = line.months > 0
    return (
        line.name,
        line.factories,
        district_name(page, line.place) if line.place else page.t("years.all"),
        page.t("app.comma").join(
            district_name(page, code) for code in ((line.place,) if line.place else districts)
        ),
        page.t(f"page.factories.status.{line.status}" if line.status else "years.not_enrolled"),
        first,
        month_label(line.until_month),
        line.months,
        line.exposure,
        line.listings if seen else None,
        line.findings if seen else None,
        _per_thousand(line.rate),
        _per_thousand(span[0] if span else None),
        _per_thousand(span[1] if span else None),
        page.t("years.ranked" if line.is_ranked else "years.not_ranked"),
        line.overturned,
        line.near_misses,
        line.inspections,
        line.complaints,
        _per_thousand(listed),
        _per_thousand(among[0] if among else None),
        _per_thousand(among[1] if among else None),
        line.outside_findings,
        line.outside_listings,
    )


def window(line: YearLine) -> tuple[str, str]:
    """Return the first and the last month the sums are of."""
    return month_label(line.until_month - MONTHS + 1), month_label(line.until_month)


def _firm(page: Here, line: YearLine) -> str:
    more = [page.t("years.and_more", n=line.factories)] if line.factories > 1 else []
    if line.outside_findings:
        facts = {"findings": line.outside_findings, "listings": line.outside_listings}
        more.append(page.t("years.outside", **facts))
    # A name may end a line, what is said of it may not be cut in two.
    month = (
        month_label(line.exit_month).replace("-", "\u2060-\u2060") if line.exit_month else ""
    )
    left = [page.t("years.left", month=month).replace(" ", "\u00a0")] if month else []
    return " · ".join((line.name, *more, *left))


def _listed(page: Here, line: YearLine, dispersion: float | None) -> str:
    """Say the rate of infringing listings with its interval; nothing where they are a bare count."""
    span = _listing_span(page, line, dispersion)
    if span is None:
        return ""
    return _among(f"{line.listings * 1000 / line.exposure:.1f}", span)


def _listing_span(page: Here, line: YearLine, dispersion: float | None) -> Interval | None:
    if dispersion is None:
        return None
    return line.listing_interval(dispersion, page.rulebook.compliance.interval_level)


def _span(page: Here, line: YearLine) -> str:
    """Say the rate of findings with its interval, and where it may order no firm."""
    span = line.interval(page.rulebook.compliance.interval_level)
    if line.rate is None or span is None:
        return "—"
    told = _among(f"{line.rate * 1000:.1f}", span)
    return told if line.is_ranked else page.t("years.unranked", rate=told)


def _among(rate: str, span: Interval) -> str:
    # Neither the blank nor the dash ends a line: a rate stands with the whole of its interval.
    return f"{rate}\u00a0({span[0] * 1000:.1f}\u2060–\u2060{span[1] * 1000:.1f})"


def _per_thousand(value: float | None) -> float | None:
    return None if value is None else round(value * 1000, 4)
