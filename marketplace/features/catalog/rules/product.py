"""When a brand is one's own, what a product still lacks, and whether it is live now.

A product is live only while the facts hold today; a date that has passed hides it without any
job having run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.base.identifiers import check_gtin
from marketplace.base.rulebook import Rulebook
from marketplace.features.catalog.kinds import (
    DesignBasis,
    HolderKind,
    Moderation,
    TestOutcome,
    TrademarkStatus,
)


@dataclass(frozen=True, slots=True)
class MarkFacts:
    """What is known of one mark; dates exclusive."""

    nice_class: int
    status: TrademarkStatus
    holder: HolderKind
    valid_until: date | None
    has_license: bool
    license_until: date | None
    checked: bool


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What is known of one test report."""

    standard: str
    outcome: TestOutcome
    has_cma: bool
    issued_on: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """Everything a product is judged by."""

    name_zh: str
    category: str | None
    price_fen: int | None
    materials: tuple[str, ...]
    gtin: str | None
    design_basis: DesignBasis | None
    design_reference: str | None
    design_on: date | None
    description_zh: str | None
    main_photos: int
    design_photos: int
    marks: tuple[MarkFacts, ...]
    reports: tuple[ReportFacts, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a product needs: its key, whether it is there, and why not."""

    key: str
    done: bool
    why: str | None = None


def mark_holds(mark: MarkFacts, today: date, nice_class: int) -> bool:
    """Tell whether a mark carries its brand today.

    Registered, in the right class, in force, and held by the firm, its head, or an affiliate
    whose license is in force.
    """
    in_force = mark.valid_until is None or mark.valid_until > today
    if mark.status is not TrademarkStatus.REGISTERED or mark.nice_class != nice_class:
        return False
    if not in_force or not mark.checked:
        return False
    if mark.holder is HolderKind.AFFILIATE:
        return mark.has_license and (mark.license_until is None or mark.license_until > today)
    return True


def own_mark(marks: Iterable[MarkFacts], today: date, nice_class: int) -> MarkFacts | None:
    """Return the mark that carries the brand longest, or None."""
    holding = [m for m in marks if mark_holds(m, today, nice_class)]
    return max(holding, key=_mark_end, default=None)


def report_in_force(
    reports: Iterable[ReportFacts], today: date, standards: frozenset[str]
) -> ReportFacts | None:
    """Return the passed CMA report in force that lasts longest; a later failure voids it.

    Without `standards` (a category with none named) any standard will do.
    """
    fitting = [r for r in reports if not standards or r.standard in standards]
    failed_on = max(
        (r.issued_on for r in fitting if r.outcome is TestOutcome.FAILED), default=None
    )
    good = [
        r
        for r in fitting
        if r.outcome is TestOutcome.PASSED
        and r.has_cma
        and r.issued_on <= today < r.valid_until
        and (failed_on is None or r.issued_on > failed_on)
    ]
    return max(good, key=lambda r: r.valid_until, default=None)


def completeness(rulebook: Rulebook, facts: ProductFacts, today: date) -> tuple[Item, ...]:
    """Return every item a product needs before it can be submitted, done or not."""
    rule = rulebook.product
    categories = {c.key for c in rule.categories}
    price_ok = facts.price_fen is not None and facts.price_fen > 0
    design_ok = facts.design_basis is not None and facts.design_basis.value in rule.design_bases
    drawn = facts.design_basis is not DesignBasis.DATED_DRAWINGS
    design_shown = (
        bool(facts.design_reference) if drawn else facts.design_photos > 0
    ) and facts.design_on is not None
    report = report_in_force(facts.reports, today, standards_for(rulebook, facts.category))
    gtin_ok = facts.gtin is None or check_gtin(facts.gtin) is None
    return (
        Item("name", bool(facts.name_zh.strip())),
        Item("category", facts.category in categories),
        Item("price", price_ok),
        Item("materials", len(facts.materials) > 0),
        Item("description", bool((facts.description_zh or "").strip())),
        Item("photos", facts.main_photos >= rule.photos_min),
        Item("own_brand", own_mark(facts.marks, today, rule.nice_class) is not None),
        Item("design_basis", design_ok),
        Item("design_shown", design_ok and design_shown),
        Item("test_report", report is not None),
        *_several_tests(rulebook, facts, today),
        Item("gtin", gtin_ok, None if facts.gtin else "optional"),
    )


def missing_items(items: Iterable[Item]) -> tuple[str, ...]:
    """Return the keys of the items that are not there yet."""
    return tuple(item.key for item in items if not item.done)


def verified_until(rulebook: Rulebook, facts: ProductFacts, today: date) -> date:
    """Return the first day a verification made today no longer holds.

    The earliest of the verification's own term, the mark, its license and the test report.

    Raises:
        ValueError: when the brand is not one's own or no report is in force.
    """
    end = facts_end(rulebook, facts, today)
    if end is None:
        msg = "incomplete"
        raise ValueError(msg)
    return min(end, today + timedelta(days=rulebook.product.valid_days))


def facts_end(rulebook: Rulebook, facts: ProductFacts, today: date) -> date | None:
    """Return the first day mark, license or test report no longer carry; None when one fails."""
    mark = own_mark(facts.marks, today, rulebook.product.nice_class)
    report = report_in_force(facts.reports, today, standards_for(rulebook, facts.category))
    if mark is None or report is None:
        return None
    required = rulebook.enforcement.required_tests(facts.category)
    each = [report_in_force(facts.reports, today, frozenset({name})) for name in required]
    # What was verified before a test was required is not undone by it: what is missing is left out.
    ends = [found.valid_until for found in each if found is not None]
    return min(report.valid_until, _mark_end(mark), *ends)


def standards_for(rulebook: Rulebook, category: str | None) -> frozenset[str]:
    """Return the standards any one of which a category may be tested by."""
    for entry in rulebook.product.categories:
        if entry.key == category:
            return frozenset(entry.standards)
    return frozenset()


def untested(rulebook: Rulebook, facts: ProductFacts, today: date) -> tuple[str, ...]:
    """Return the required standards of the category no passed report in force stands for."""
    return tuple(
        standard
        for standard in rulebook.enforcement.required_tests(facts.category)
        if report_in_force(facts.reports, today, frozenset({standard})) is None
    )


def is_live(
    *, status: Moderation, valid_until: date | None, open_lapses: int, today: date
) -> bool:
    """Tell whether a product counts as verified today."""
    return (
        status is Moderation.VERIFIED
        and open_lapses == 0
        and valid_until is not None
        and valid_until > today
    )


def _mark_end(mark: MarkFacts) -> date:
    ends = [mark.valid_until or date.max]
    if mark.holder is HolderKind.AFFILIATE and mark.license_until is not None:
        ends.append(mark.license_until)
    return min(ends)


def _several_tests(rulebook: Rulebook, facts: ProductFacts, today: date) -> tuple[Item, ...]:
    """The item of a category that any one report is not enough for; none for the others."""
    required = frozenset(rulebook.enforcement.required_tests(facts.category))
    if not required or (
        len(required) == 1 and required == standards_for(rulebook, facts.category)
    ):
        return ()
    missing = untested(rulebook, facts, today)
    return (Item("required_tests", not missing, " · ".join(missing) or None),)
