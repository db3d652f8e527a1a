"""How the past is put into words wherever it is shown: its period, its quantity."""

from __future__ import annotations

from datetime import date, timedelta

from marketplace.base.words.formats import format_count, format_day
from marketplace.base.words.locales import Lang, say


def period_words(lang: Lang, since: date | None, until: date | None) -> str:
    """Return a period as people write it, both days included; `until` is exclusive."""
    if since is None and until is None:
        return say("past.period_unknown", lang)
    last = until - timedelta(days=1) if until else None
    if since is not None and last == since:
        return format_day(since)
    begin = format_day(since) if since else say("past.unknown_begin", lang)
    end = format_day(last) if last else say("past.unknown_end", lang)
    return f"{begin} – {end}"


def quantity_words(lang: Lang, quantity: int | None, unit: str) -> str:
    """Return a quantity with its unit, or that none is known."""
    if quantity is None:
        return say("past.quantity_unknown", lang)
    return f"{format_count(quantity)} {say(f'unit.{unit}', lang)}"


def subject_words(lang: Lang, store_name: str | None) -> str:
    """Return whose record it is: a store's by its name, the factory's without one."""
    if store_name is None:
        return say("past.of_factory", lang)
    return say("past.on_store", lang, name=store_name)
