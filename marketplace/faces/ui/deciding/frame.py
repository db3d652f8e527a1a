"""What every decision form has in common: the buttons, the reason, what comes afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.errors import Conflict, Refused
from marketplace.base.files import list_files
from marketplace.base.text import normalize, normalize_prose
from marketplace.base.words import format_instant
from marketplace.desk.todo import Task
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.people import name_of
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


def handed_in(page: Here, account_id: int | None, at: datetime | None) -> None:
    """Say who sent what is decided, and when."""
    who, when = name_of(page, account_id), format_instant(at)
    look.muted(page.t("officer.decide.by", who=who, at=when))


def side_by_side(page: Here, rows: Sequence[Sequence[str]]) -> None:
    """Show field by field what stands there and what is asked for instead."""
    heads = ("page.dossier.field", "officer.decide.before", "officer.decide.after")
    kit.table([page.t(key) for key in heads], rows, frozenset())


def decide(
    page: Here,
    task: Task,
    choices: Sequence[Choice],
    work: Work,
    after: After,
    *,
    label: str | None = None,
    least: int = LEAST_REASON,
) -> None:
    """Show the reason and the buttons, run what was chosen, then go on with `after`.

    `least` is how many characters the command asks of a reason; a `label` says so. A refusal stays beside the buttons and what was typed stays too.
    """
    form = form_of(page, task)
    reason = reason_field(page, form, choices, label)
    settle(page, form, choices, reason, work=work, after=after, least=least)


def form_of(page: Here, task: Task) -> DeskForm:
    """Return the form that decides a waiting thing, with what was begun in it."""
    form = DeskForm(page, f"decide_{task.kind.value}_{task.entity_id}")
    form.begun_note()
    return form


def reason_field(
    page: Here, form: DeskForm, choices: Sequence[Choice], label: str | None = None
) -> str:
    """Show where the reason is written, saying when it must be."""
    always = all(choice.needs_reason for choice in choices)
    return form.text(
        "reason",
        label or page.t("officer.decide.reason"),
        tall=True,
        longest=1000,
        placeholder=None if always else page.t("officer.decide.reason_if"),
        hint=None if label else page.t("officer.decide.reason_help"),
    )


def settle(
    page: Here,
    form: DeskForm,
    choices: Sequence[Choice],
    reason: str,
    *,
    work: Work,
    after: After,
    first: Callable[[str], bool] | None = None,
    least: int = LEAST_REASON,
) -> None:
    """Show the buttons and run what was chosen; a missing reason is said before it is tried.

    `first` may hold a choice back too, saying why.
    """
    reasoned = {choice.name for choice in choices if choice.needs_reason}

    def ready(name: str) -> bool:
        if first is not None and not first(name):
            return False
        if name in reasoned and len(normalize(reason)) < least:
            short = Refused("answer_too_short", least=least)
            kit.error_box(
                Refused("reason_missing") if least == LEAST_REASON else short, page.lang
            )
            return False
        return True

    words = {choice.name: choice.word for choice in choices}
    if form.did_one(words, lambda s, name: work(s, name, normalize_prose(reason)), first=ready):
        after()


def is_as_seen(page: Here, about: str, content: object) -> Callable[[], bool]:
    """Return what tells whether a thing still is what the run before showed, and says it if not.

    A press draws the page anew before it acts: what is read then, nobody has looked at yet.
    """
    key = f"seen_{about}"
    is_same = bool(st.session_state.get(key, content) == content)
    st.session_state[key] = content

    def same() -> bool:
        if not is_same:
            kit.error_box(Conflict("content_changed"), page.lang)
        return is_same

    return same


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
