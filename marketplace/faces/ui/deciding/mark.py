"""A mark to compare with the public register: what the firm gave, and what to do when it differs."""

from __future__ import annotations

import streamlit as st

from marketplace.base.words import format_day, label
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.deciding.frame import After, handed_in, is_as_seen
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog.commands import check_trademark
from marketplace.features.catalog.kinds import HolderKind
from marketplace.features.catalog.queries import WaitingMark, list_unchecked_marks


def show(page: Here, task: Task, after: After) -> None:
    """Show the mark as recorded; note that it agrees with the register."""
    with reading(page) as session:
        rows = list_unchecked_marks(session, page.actor, program=page.rulebook.program.key)
    mark = next((row for row in rows if row.trademark_id == task.entity_id), None)
    if mark is None:
        kit.empty(page.t("officer.decide.gone"))
        return
    handed_in(page, mark.recorded_by, mark.recorded_at)
    kit.facts(
        [
            (page.t("mine.brand.word"), mark.brand_name),
            (page.t("mine.mark.number"), mark.number),
            (page.t("mine.mark.class"), str(mark.nice_class)),
            (page.t("mine.mark.holder"), mark.holder_name),
            (page.t("mine.mark.holder_kind"), label(mark.holder_kind, page.lang)),
            (page.t("mine.mark.registered_on"), format_day(mark.registered_on)),
            (page.t("field.valid_until"), format_day(mark.valid_until)),
            *_license(page, mark),
        ]
    )
    kit.note(page.t("checking.how"))
    unchanged = is_as_seen(page, f"mark_{mark.trademark_id}", mark.recorded_at)
    pressed = st.button(
        page.t("officer.dossier.check"), type="primary", key=f"check_{mark.trademark_id}"
    )
    if (
        pressed
        and unchanged()
        and did(
            page,
            lambda s: check_trademark(
                s,
                page.rulebook,
                clock=page.app.clock,
                actor=page.actor,
                trademark_id=mark.trademark_id,
                recorded_at=mark.recorded_at,
            ),
        )
    ):
        after()


def _license(page: Here, mark: WaitingMark) -> list[tuple[str, str]]:
    """Tell the license a mark of an affiliate is used by: it carries the brand only as long."""
    if mark.holder_kind is not HolderKind.AFFILIATE:
        return []
    return [(page.t("field.license_until"), format_day(mark.license_until))]
