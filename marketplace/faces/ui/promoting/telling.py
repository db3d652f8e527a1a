"""Says of a product why it may not be shown, and of a collection where it stands in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from marketplace.base.clock import civil_day, today
from marketplace.base.words import format_instant, has_key, label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import category_name
from marketplace.features.catalog.kinds import LapseReason
from marketplace.features.promotion.kinds import CollectionStatus, SlotKind
from marketplace.features.promotion.queries import CollectionRow, Offer, SlotRow

SOON_DAYS = 30


def title_of(page: Here, row: CollectionRow) -> str:
    """Return a collection's title in the language of the page."""
    return row.title_zh if page.lang == "zh" else row.title_en


def name_of(page: Here, offer: Offer) -> str:
    """Return a product's name in the language of the page."""
    return offer.name_en or offer.name_zh if page.lang == "en" else offer.name_zh


def brand_of(page: Here, offer: Offer) -> str:
    """Return a product's brand in the language of the page."""
    return offer.brand_en or offer.brand_name if page.lang == "en" else offer.brand_name


def firm_of(page: Here, offer: Offer) -> str:
    """Return the factory of a product in the language of the page."""
    return offer.factory_en or offer.factory_name if page.lang == "en" else offer.factory_name


def called(page: Here, offer: Offer) -> str:
    """Return what a product is called: its brand and its name."""
    return f"{brand_of(page, offer)} {name_of(page, offer)}"


def span_of(row: CollectionRow) -> tuple[str, str]:
    """Return when a collection starts and ends, in words."""
    return format_instant(row.starts_at), format_instant(row.ends_at)


def why_not(page: Here, key: str, facts: Mapping[str, Any]) -> str:
    """Return why a criterion does not hold, with its figures."""
    told = {k: v for k, v in facts.items() if v != ""}
    if key == "product_live" and "reason" in told:
        told["reason"] = label(LapseReason(str(told["reason"])), page.lang)
    if key == "objection_window" and told.get("state") in {"objected", "upheld"}:
        return page.t(f"objection.not_{told['state']}")
    if key == "category":
        told |= {name: category_name(page, str(facts[name])) for name in told}
    plain = f"officer.not.{key}_plain"
    needed = {
        "product_live": "reason", "objection_window": "ends_on", "category": "own",
    }.get(key)  # fmt: skip
    if needed and needed not in told and has_key(plain):
        return page.t(plain, **told)
    return page.t(f"officer.not.{key}", **told)


def validity(page: Here, offer: Offer) -> tuple[str, bool]:
    """Return until when a product is verified, and whether that is soon."""
    if not offer.valid_until:
        return "—", False
    days = (date.fromisoformat(offer.valid_until) - today(page.app.clock)).days
    if 0 <= days <= SOON_DAYS:
        return page.t("officer.market.until_soon", day=offer.valid_until, days=days), True
    return page.t("officer.market.until", day=offer.valid_until), False


def featured(page: Here, offer: Offer) -> str:
    """Return when a product was last featured."""
    at = offer.facts.last_featured_at
    if at is None:
        return page.t("officer.market.never")
    return page.t("officer.market.last", day=civil_day(at).isoformat()[:7])


def phase(page: Here, row: CollectionRow) -> str:
    """Return badge markup for where a collection stands: draft, coming, on, over, taken down."""
    now, day = page.app.clock.now(), today(page.app.clock)
    if row.status is not CollectionStatus.PUBLISHED:
        return kit.badge(label(row.status, page.lang), "gray")
    if now >= row.ends_at:
        return kit.badge(page.t("officer.market.over"), "gray")
    if now < row.starts_at:
        days = (civil_day(row.starts_at) - day).days
        return kit.badge(page.t("officer.market.starts", days=days), "calm")
    days = (civil_day(row.ends_at) - day).days
    word = f"{page.t('officer.market.now')} · {page.t('officer.market.ends', days=days)}"
    return kit.badge(word, "good")


def is_over(page: Here, row: CollectionRow) -> bool:
    """Tell whether nothing of a collection can be shown any more."""
    ended = page.app.clock.now() >= row.ends_at
    return ended or row.status is CollectionStatus.WITHDRAWN


def show_check(page: Here, row: CollectionRow, slots: Sequence[SlotRow]) -> None:
    """Say which slots fail at this moment, which end too soon, and when the checks run."""
    shown = [s for s in slots if s.kind is not SlotKind.RESERVE]
    failing = [s for s in shown if not s.offer.eligible]
    last = civil_day(row.ends_at)
    soon = [
        s
        for s in shown
        if s.offer.eligible
        and s.offer.valid_until
        and date.fromisoformat(s.offer.valid_until) < last
    ]
    kit.section(page.t("officer.market.check"))
    if shown and not failing:
        kit.note(page.t("officer.market.check_ok"), "good")
    if failing:
        kit.note(page.t("officer.market.check_bad", count=len(failing)), "bad")
        kit.rows([_failing(page, s) for s in failing])
    if soon:
        kit.note(page.t("officer.market.check_soon", count=len(soon)))
        kit.rows([(_named(page, s), validity(page, s.offer)[0], "") for s in soon])
    if not is_over(page, row) and page.app.clock.now() < row.starts_at:
        first, second = (
            format_instant(row.starts_at - timedelta(hours=hours))
            for hours in page.rulebook.featuring.recheck_hours
        )
        times = page.t("officer.market.check_times", first=first, second=second)
        kit.markup(f'<p class="muted">{escape(times)}</p>')


def _named(page: Here, slot: SlotRow) -> str:
    return f"{slot.position + 1}. {called(page, slot.offer)}"


def _failing(page: Here, slot: SlotRow) -> tuple[str, str, str]:
    line = next(line for line in slot.offer.lines if not line.ok)
    return _named(page, slot), why_not(page, line.key, line.facts), ""
