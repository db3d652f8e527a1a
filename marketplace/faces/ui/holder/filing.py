"""Files a notice: the lines from a paste or a file, what would become of each, then the filing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from marketplace.base.errors import MarketplaceError
from marketplace.base.sheets import read_book_guarded
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.complaints.commands import file_notice, try_notice
from marketplace.features.complaints.kinds import ACCEPTED, LineIssue, LineOutcome
from marketplace.features.complaints.queries import RightRow
from marketplace.features.complaints.rules import LineVerdict, NoticeLine, parse_lines

_TONE = {
    LineOutcome.FILED: "good",
    LineOutcome.JOINED: "good",
    LineOutcome.CURED: "good",
    LineOutcome.DUPLICATE: "gray",
    LineOutcome.CONFIRM: "warn",
    LineOutcome.REJECTED: "bad",
}
_SHOWN = 30
_LINES, _FILES = "lines", "notice_files"


def notice_form(page: Here) -> DeskForm:
    """Return the one notice somebody is writing; its lines outlive a reload and a lost line."""
    return DeskForm(page, f"notice_{page.rulebook.program.key}")


def add_lines(page: Here, text: str) -> None:
    """Put lines under those that were begun; for a page on which the notice is not drawn.

    Raises:
        Refused: when there are more than a draft holds.
    """
    form = notice_form(page)
    begun = str(form.begun.get(_LINES) or "").rstrip()
    form.put(_LINES, f"{begun}\n{text}" if begun else text)


def is_listed(page: Here, start: str) -> bool:
    """Tell whether a line that starts so was begun."""
    begun = str(notice_form(page).begun.get(_LINES) or "")
    return any(line.startswith(start) for line in begun.splitlines())


def given_lines(form: DeskForm) -> list[NoticeLine]:
    """Show the two ways in and return the lines given; a file's lines are read into the field."""
    page = form.page
    most = page.rulebook.intake.max_listings_per_notice
    field = st.container()
    _from_file(form)
    with field:
        pasted = form.text(
            _LINES, page.t("complaints.paste"), tall=True, height=180, longest=None,
            placeholder=page.t("complaints.paste_sample"),
            hint=page.t("complaints.paste_help", most=most),
        )  # fmt: skip
    return parse_lines(pasted)


def _from_file(form: DeskForm) -> None:
    """Read a file into the field of lines: there each can be seen, corrected and kept."""
    page = form.page
    number = st.session_state.setdefault(_FILES, 0)  # a new uploader is an empty one
    sent = st.file_uploader(
        page.t("complaints.upload"), type=["csv", "xlsx"], key=f"notice_file_{number}"
    )
    if sent is None:
        return
    try:
        book = read_book_guarded(sent.getvalue(), sent.name)
        rows = book.sheets[0].rows if book.sheets else ()
        add_lines(page, "\n".join("\t".join(_cell(c) for c in row) for row in rows))
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    st.session_state[_FILES] = number + 1
    st.rerun()


def trial(
    form: DeskForm, right: RightRow, lines: Sequence[NoticeLine]
) -> tuple[list[LineVerdict], frozenset[LineIssue]]:
    """Show what would become of every line; what was confirmed stays confirmed."""
    page = form.page
    kept = {issue for issue in LineIssue if form.begun.get(_confirmed(issue)) is True}
    try:
        with reading(page) as session:
            verdicts = try_notice(
                session, page.rulebook, clock=page.app.clock, actor=page.actor,
                right_id=right.right_id, lines=lines, acknowledged=frozenset(kept),
            )  # fmt: skip
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return [], frozenset()
    counts = Counter(v.outcome for v in verdicts)
    marks = " ".join(
        kit.badge(f"{label(o, page.lang)} {counts[o]}", _TONE[o])
        for o in LineOutcome
        if counts[o]
    )
    kit.markup(f"<p>{marks}</p>")
    _confirmations(form, verdicts)
    table(page, verdicts)
    return verdicts, frozenset(kept)


def _confirmations(form: DeskForm, verdicts: Sequence[LineVerdict]) -> None:
    """All warnings at once, each to be confirmed for all its lines together."""
    page = form.page
    asked = Counter(i for v in verdicts for i in v.unconfirmed)
    for issue, count in asked.items():
        word = page.t("complaints.confirm", issue=label(issue, page.lang), count=count)
        form.tick(_confirmed(issue), word)


def _confirmed(issue: LineIssue) -> str:
    return f"confirm_{issue.value}"


def table(page: Here, verdicts: Sequence[LineVerdict]) -> None:
    """Show the lines, those that need something first."""
    order = list(reversed(LineOutcome))
    rows = sorted(verdicts, key=lambda v: (order.index(v.outcome), v.line.row))
    shown = [
        (
            v,
            v.store_name or v.line.store or "—",
            page.t("app.comma").join(label(i, page.lang) for i in v.issues) or v.line.why,
        )
        for v in rows[:_SHOWN]
    ]
    names = ("row", "outcome", "store", "item", "why")
    kit.table_or_rows(
        kit.table_markup(
            [page.t(f"complaints.line.{name}") for name in names],
            [
                [str(v.line.row), label(v.outcome, page.lang), store, v.line.item or "—", why]
                for v, store, why in shown
            ],
            frozenset({0}),
            frozenset({1, 2}),
        ),
        [
            (
                f"{v.line.row}. {store} · {v.line.item or '—'}",
                why,
                kit.badge(label(v.outcome, page.lang), _TONE[v.outcome]),
            )
            for v, store, why in shown
        ],
    )
    if len(rows) > _SHOWN:
        st.caption(page.t("complaints.lines_more", count=len(rows) - _SHOWN))


def send(
    form: DeskForm,
    right: RightRow,
    lines: Sequence[NoticeLine],
    verdicts: Sequence[LineVerdict],
    confirmed: frozenset[LineIssue],
) -> None:
    """Show the declaration and file what can be filed."""
    page = form.page
    count = sum(1 for v in verdicts if v.outcome in ACCEPTED)
    kit.note(page.t("complaints.file_means", days=page.rulebook.intake.answer_working_days))
    said = form.text(
        "said", page.t("complaints.declaration"), value=page.t("complaints.declaration_text"),
        tall=True, longest=2_000,
    )  # fmt: skip
    result = form.send(
        page.t("complaints.file_go", count=count),
        lambda s: dict(
            file_notice(
                s, page.rulebook, clock=page.app.clock, actor=page.actor,
                right_id=right.right_id, lines=lines, statement=said, acknowledged=confirmed,
            )
        ),
        disabled=count == 0,
        stretch=False,
    )  # fmt: skip
    if result is None:
        return
    st.session_state["toast"] = page.t(
        "complaints.filed", number=result["number"], count=result["accepted"]
    )
    st.switch_page("views/notices.py")


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\t", " ").replace("\n", " ")
