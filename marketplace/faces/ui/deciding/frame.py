"""What every decision form has in common: the buttons, the reason, what comes afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.access.queries import names_of
from marketplace.base.errors import Refused
from marketplace.base.files import list_files
from marketplace.base.text import normalize, normalize_prose
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.session import Here, reading

LEAST_REASON = 4

After = Callable[[], None]
Work = Callable[[Session, str, str], object]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be decided; the first of a row is the primary action."""

    name: str
    word: str
    needs_reason: bool = True


def decide(
    page: Here,
    task: Task,
    choices: Sequence[Choice],
    work: Work,
    after: After,
    *,
    label: str | None = None,
) -> None:
    """Show the reason and the buttons, run what was chosen, then go on with `after`.

    A refusal stays beside the buttons and what was typed stays too.
    """
    with st.form(f"decide_{task.kind}_{task.entity_id}", border=False):
        reason = reason_field(page, task, choices, label)
        pressed = buttons(choices)
    settle(page, choices, pressed, reason, work=work, after=after)


def reason_field(
    page: Here, task: Task, choices: Sequence[Choice], label: str | None = None
) -> str:
    """Show where the reason is written, saying when it must be."""
    always = all(choice.needs_reason for choice in choices)
    told = "" if always else page.t("officer.decide.reason_if")
    return st.text_area(
        label or page.t("officer.decide.reason"),
        key=f"reason_{task.kind}_{task.entity_id}",
        placeholder=told or None,
        help=page.t("officer.decide.reason_help"),
        height=88,
        max_chars=1000,
    )


def buttons(choices: Sequence[Choice]) -> str | None:
    """Show one submit button a choice, inside a form; return the pressed one."""
    pressed = None
    with st.container(horizontal=True):
        for place, choice in enumerate(choices):
            if st.form_submit_button(
                choice.word,
                type="primary" if place == 0 else "secondary",
                key=f"choose_{choice.name}",
            ):
                pressed = choice.name
    return pressed


def settle(
    page: Here,
    choices: Sequence[Choice],
    pressed: str | None,
    reason: str,
    *,
    work: Work,
    after: After,
) -> None:
    """Run what was chosen; a missing reason is said before anything is tried."""
    chosen = next((c for c in choices if c.name == pressed), None)
    if chosen is None:
        return
    if chosen.needs_reason and len(normalize(reason)) < LEAST_REASON:
        kit.error_box(Refused("reason_missing"), page.lang)
        return
    if did(page, lambda s: work(s, chosen.name, normalize_prose(reason))):
        after()


def name_of(page: Here, account_id: int | None) -> str:
    """Return somebody's name, a dash for nobody."""
    if account_id is None:
        return "—"
    with reading(page) as session:
        return names_of(session, {account_id}).get(account_id, "—")


def show_files(page: Here, subject: str, files: Sequence[tuple[str, int]]) -> None:
    """Show (what it is, file use) in place: pictures as pictures, the rest as links."""
    with reading(page) as session:
        kinds = {
            f.use_id: f.media_type for f in list_files(session, page.actor, subject=subject)
        }
    shots, chips = [], []
    for what, use_id in files:
        name, href = escape(what), f"/files/{use_id}"
        if kinds.get(use_id, "").startswith("image/"):
            shots.append(
                f'<figure style="margin:0 0 .6rem"><a href="{href}" target="_blank" '
                f'rel="noopener"><img class="z-shot" src="{href}" alt="{name}"></a>'
                f"<figcaption class='muted'>{name}</figcaption></figure>"
            )
        else:
            word = escape(page.t("officer.decide.open_file"))
            chips.append(f'<a href="{href}" target="_blank" rel="noopener">{name} · {word}</a>')
    kit.markup("".join(shots) + f'<p class="z-chips">{"".join(chips)}</p>')
