"""How a due day is said: late, today, in so many days."""

from __future__ import annotations

from datetime import date

from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here

SOON_DAYS = 2


def due_badge(page: Here, due_on: date, day: date) -> str:
    """Return badge markup for a due day as seen on `day`."""
    days = (due_on - day).days
    if days < 0:
        return kit.badge(page.t("officer.decide.late", days=-days), "bad")
    if days == 0:
        return kit.badge(page.t("officer.decide.today"), "warn")
    tone = "warn" if days <= SOON_DAYS else "gray"
    return kit.badge(page.t("officer.decide.left", days=days), tone)
