"""Warnings heeded before release: told to the owner's credit, never a violation."""

from __future__ import annotations

from marketplace.base.clock import month_index, month_label, today
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.ending import is_endable
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here
from marketplace.features.enforcement.commands import record_near_miss

_MONTHS = 24


def near_miss(page: Here, d: Dossier) -> None:
    """Record how many listings of a store were put right in a month before they were released."""
    kit.note(page.t("dossier.near_miss_means"))
    stores = {str(s.store_id): s for s in d.stores if is_endable(s)}
    now = month_index(today(page.app.clock))
    form = DeskForm(page, f"near_miss_{d.who.factory_id}")
    form.begun_note()
    store = form.choice(
        "store", page.t("field.store"), list(stores),
        lambda key: f"{stores[key].name}（{stores[key].platform} {stores[key].store_no}）",
        value=next(iter(stores), None) if len(stores) == 1 else None,
    )  # fmt: skip
    month = form.choice(
        "month", page.t("dossier.near_miss_month"),
        [str(index) for index in range(now, now - _MONTHS, -1)],
        lambda index: month_label(int(index)), value=str(now),
    )  # fmt: skip
    listings = form.number("listings", page.t("dossier.near_miss_listings"), min_value=1)
    source = form.text(
        "source", page.t("dossier.near_miss_source"),
        hint=page.t("dossier.near_miss_source_hint"), longest=200,
    )  # fmt: skip
    if form.did(
        page.t("dossier.near_miss_go"),
        lambda s: (
            record_near_miss(
                s, clock=page.app.clock, actor=page.actor, store_id=int(store or 0),
                month=int(month or now), listings=listings or 0, source=source,
            )
        ),
        done="dossier.near_miss_done",
    ):  # fmt: skip
        look.finish()
