"""A lead that waits for its second signature: read the package, then sign or drop it."""

from __future__ import annotations

from marketplace.base.words import format_instant
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After
from marketplace.faces.ui.office import look
from marketplace.faces.ui.people import name_of
from marketplace.faces.ui.referring import deeds
from marketplace.faces.ui.referring import package as packages
from marketplace.faces.ui.session import Here, reading
from marketplace.features.referrals.queries import get_package, get_referral


def show(page: Here, task: Task, after: After) -> None:
    """Show what would go out, whole; the deeds open dialogs, which lead back here."""
    del after
    with reading(page) as session:
        row, _ = get_referral(
            session, page.actor, clock=page.app.clock, referral_id=task.entity_id
        )
        package = get_package(session, page.actor, page.rulebook, referral_id=task.entity_id)
    agency = page.rulebook.conduct.referrals.agency(row.agency)
    name = row.agency if agency is None else (agency.name_zh, agency.name_en)[page.lang == "en"]
    at = format_instant(row.prepared_at)
    kit.facts(
        [
            (page.t("referrals.number"), row.number),
            (page.t("referrals.agency"), name),
            (page.t("referrals.prepared"), f"{name_of(page, row.prepared_by)} {at}"),
        ]
    )
    look.said(row.statement)
    packages.show(page, row, package)
    deeds.actions(page, row, package)
