"""What ends or falls by a person's decision: who operates a store, an enrollment made by mistake."""

from __future__ import annotations

from datetime import timedelta

from marketplace.base.clock import today
from marketplace.base.words import format_day
from marketplace.faces.ui import kit
from marketplace.faces.ui.dossier.loading import Dossier
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here
from marketplace.features.progress.commands import reverse_enrollment
from marketplace.features.registry.commands import end_holding
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.queries import StoreRow


def is_endable(store: StoreRow) -> bool:
    """Tell whether a store is operated now, so that it can end."""
    return store.holding_status is HoldingStatus.CONFIRMED and store.until_on is None


def holding(page: Here, d: Dossier) -> None:
    """End a confirmed holding on a day, with the reason."""
    kit.note(page.t("dossier.end_holding_means"), "warn")
    stores = {str(s.holding_id): s for s in d.stores if is_endable(s)}
    form = DeskForm(page, f"end_holding_{d.who.factory_id}")
    form.begun_note()
    chosen = form.choice(
        "store", page.t("field.store"), list(stores),
        lambda key: f"{stores[key].name}（{stores[key].platform} {stores[key].store_no}）",
        value=next(iter(stores), None) if len(stores) == 1 else None,
    )  # fmt: skip
    if chosen is None:
        return
    look.muted(page.t("dossier.end_holding_since", day=format_day(stores[chosen].from_on)))
    day = today(page.app.clock)
    until = form.day(
        "until", page.t("dossier.end_holding_on"), value=day,
        earliest=stores[chosen].from_on + timedelta(days=1), latest=day,
    )  # fmt: skip
    reason = form.text("reason", page.t("officer.ask.reason"), tall=True, longest=1000)
    if form.did(
        page.t("dossier.end_holding_go"),
        lambda s: (
            end_holding(
                s, clock=page.app.clock, actor=page.actor, holding_id=int(chosen),
                until_on=until or day, reason=reason,
            )
        ),
        done="dossier.end_holding_done",
    ):  # fmt: skip
        look.finish()


def enrollment(page: Here, d: Dossier) -> None:
    """Reverse an enrollment that should never have been."""
    if d.enrollment is None:
        return
    number = d.enrollment.enrollment_id
    kit.note(page.t("dossier.reverse_enrollment_means"), "warn")
    form = DeskForm(page, f"reverse_enrollment_{number}")
    form.begun_note()
    reason = form.text("reason", page.t("officer.ask.reason"), tall=True, longest=1000)
    if form.did(
        page.t("dossier.reverse_enrollment_go"),
        lambda s: reverse_enrollment(
            s, clock=page.app.clock, actor=page.actor, enrollment_id=number, reason=reason
        ),
        done="dossier.reverse_enrollment_done",
    ):
        look.finish()
