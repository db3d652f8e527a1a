"""Another name or story of a brand the public knows: before and after, side by side."""

from __future__ import annotations

from marketplace.base.text import fold_name
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, Choice, decide, handed_in, side_by_side
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog.commands import decide_brand_change
from marketplace.features.catalog.queries import BrandChangeRow, list_brand_changes
from marketplace.features.complaints.queries import list_rights


def show(page: Here, task: Task, after: After) -> None:
    """Show what the owner asks for and which registered rights its words contain."""
    with reading(page) as session:
        rows = list_brand_changes(session, page.actor, program=page.rulebook.program.key)
    row = next((r for r in rows if r.change_id == task.entity_id), None)
    if row is None:
        kit.empty(page.t("officer.decide.gone"))
        return
    handed_in(page, row.submitted_by, row.submitted_at)
    side_by_side(
        page,
        [
            [page.t(f"mine.story.f_{field}"), before or "—", wanted or "—"]
            for field, (before, wanted) in row.changes.items()
        ],
    )
    if any(field != "name_en" for field in row.changes):
        look.muted(page.t("checking.brand_shown" if row.story_shown else "checking.brand_kept"))
    kit.note(page.t("checking.brand_how"))
    if near := _rights_named(page, row):
        kit.note(page.t("checking.brand_rights", names=page.t("app.comma").join(near)))
    decide(
        page,
        task,
        (
            Choice("approve", page.t("page.decide.approved"), needs_reason=False),
            Choice("return", page.t("page.decide.returned")),
        ),
        lambda s, name, reason: decide_brand_change(
            s,
            clock=page.app.clock,
            actor=page.actor,
            change_id=task.entity_id,
            approve=name == "approve",
            reason=reason,
        ),
        after,
    )


def _rights_named(page: Here, row: BrandChangeRow) -> list[str]:
    """The brands of registered rights whose names stand in what is asked for."""
    asked = fold_name(" ".join(wanted or "" for _before, wanted in row.changes.values()))
    with reading(page) as session:
        rights = list_rights(session, page.actor, program=page.rulebook.program.key)
    names = {right.mark for right in rights}
    return sorted(n for n in names if fold_name(n) and fold_name(n) in asked)
