"""Numbers that are well formed and would still make the program do nothing, or too much."""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.base.rulebook.checks.given import (
    Found,
    Given,
    Path,
    at,
    entries,
    repeated,
    texts,
    twice,
)
from marketplace.base.rulebook.enforcement import MeasureRules
from marketplace.base.rulebook.intake import Intake
from marketplace.base.rulebook.methods import Methods
from marketplace.base.rulebook.oversight import Oversight
from marketplace.base.rulebook.tracking import TrackingRules

# What every figure, formula and file says of itself in words (domain §3a). Another number in a
# program file would change the figure and not its words, so it is refused until words can follow.
STATED = {"interval_level": 0.95, "min_findings_for_listings": 20, "excluded_months_before": 3}

# Kept numbers fit the columns of both engines.
_LARGEST = 2_147_483_647
_SPANS: tuple[tuple[Path, int, int], ...] = (
    (("program", "version"), 1, 1_000_000),
    (("points", "closure_balance"), 1, _LARGEST),  # 0 would close a store without a finding
    (("points", "brand_complaints_to_close"), 1, _LARGEST),
    (("product", "photos_min"), 1, 100),  # what is verified is looked at
    (("featuring", "hold_hours"), 1, _LARGEST),
    (("disclosure", "pass_on_from_yuan"), 1, _LARGEST),
    (("compliance", "min_exposure_for_ranking"), 1, _LARGEST),
    (
        ("intake", "counter_wait_days"),
        15,
        365,
    ),  # E-Commerce Law art. 43; no program shortens it
    (("intake", "refusal_min_characters"), 1, 1_000),  # the longest reason that is kept
    (("methods", "bootstrap_draws"), 39, 10_000),  # fewer have no 2.5 % at either end
    (("methods", "bootstrap_seed"), 0, _LARGEST),
)
# (what, must not be above, where both stand); what the file leaves out has the default.
_AT_MOST: tuple[tuple[str, str, str, object], ...] = (
    ("intake", "max_listings_per_notice", "max_listings_per_day", Intake()),
    ("oversight", "usual_drawn", "most_drawn", Oversight()),
    ("oversight", "look_back_days", "keep_views_days", Oversight()),
    ("oversight", "view_within_days", "keep_views_days", Oversight()),
    ("methods", "series_lags", "series_min_months", Methods()),
)


def faults_of_spans(given: Given) -> Iterator[Found]:
    """Give numbers out of the span they make sense in, and pairs the wrong way round."""
    for path, least, most in _SPANS:
        value = at(given, *(str(name) for name in path))
        if value is not None and value < least:
            yield path, "number_below", {"least": least}
        if value is not None and value > most:
            yield path, "number_above", {"most": most}
    for section, name, limit, rules in _AT_MOST:
        value = at(given, section, name, default=getattr(rules, name))
        most = at(given, section, limit, default=getattr(rules, limit))
        if value is not None and most is not None and value > most:
            facts: dict[str, object] = {"name": f"{section}.{limit}", "most": most}
            # Placed at what the file says: the other may be a default.
            stated = name if at(given, section, name) is not None else limit
            yield (section, stated), "number_above_other", {"value": value, **facts}
    yield from _stated(given)
    yield from _of_terms(given)
    yield from _of_products(given)


def _stated(given: Given) -> Iterator[Found]:
    for name, stated in STATED.items():
        value = at(given, "compliance", name)
        if value is not None and value != stated:
            yield ("compliance", name), "figures_say", {"value": value, "stated": stated}


def _of_terms(given: Given) -> Iterator[Found]:
    renewal = at(given, "tracking", "renewal_days", default=TrackingRules().renewal_days)
    terms: list[tuple[Path, object]] = [
        ((*place, "valid_days"), c.get("valid_days"))
        for place, c in entries(given, "conditions")
    ]
    for path, days in [*terms, (("product", "valid_days"), at(given, "product", "valid_days"))]:
        if isinstance(days, int) and renewal is not None and days <= renewal:
            # It would be shown as ending from its first day.
            yield path, "term_within_renewal", {"days": days, "renewal": renewal}
    rules = MeasureRules()
    longest = at(
        given, "enforcement", "measures", "longest_suspension_days",
        default=rules.longest_suspension_days,
    )  # fmt: skip
    interim = at(given, "enforcement", "measures", "interim_days", default=rules.interim_days)
    plan = at(given, "enforcement", "measures", "plan_days", default=rules.plan_days)
    if interim is not None and longest is not None and interim > longest:
        facts: dict[str, object] = {"days": interim, "longest": longest}
        yield ("enforcement", "measures", "interim_days"), "suspension_too_long", facts
    terms_days = [
        s["suspension_days"]
        for _, s in entries(given, "points", "schedule")
        if s.get("measure") == "suspension" and s.get("suspension_days")
    ]
    if plan is not None and terms_days and plan > min(terms_days):
        facts = {"days": plan, "longest": min(terms_days)}
        yield ("enforcement", "measures", "plan_days"), "plan_after_suspension", facts


def _of_products(given: Given) -> Iterator[Found]:
    for name in ("design_bases", "categories"):
        if at(given, "product", name) == []:
            yield ("product", name), "list_empty", {}
    yield from twice(given, "product", "categories", code="product_category_twice")
    hours = at(given, "featuring", "recheck_hours")
    if isinstance(hours, list) and len(hours) == 2 and None not in hours:
        if min(hours) < 1:
            yield ("featuring", "recheck_hours"), "number_below", {"least": 1}
        elif hours != sorted(set(hours), reverse=True):
            yield ("featuring", "recheck_hours"), "recheck_order", {}
    disclosure = at(given, "disclosure")
    if not isinstance(disclosure, dict):
        return
    if disclosure.get("year_bands") == []:
        yield ("disclosure", "year_bands"), "list_empty", {}
    for number, name in repeated(list(texts(disclosure, "year_bands"))):
        yield ("disclosure", "year_bands", number), "entry_twice", {"key": name}
    if disclosure.get("pass_on_from_yuan") is not None and "pass_on_to_zh" not in disclosure:
        # The threshold is shown with the authority, never alone.
        yield ("disclosure", "pass_on_from_yuan"), "authority_missing", {}
