"""Files a notice: the lines from a paste or a file, what would become of each, then the filing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from marketplace.base.errors import MarketplaceError
from marketplace.base.sheets import read_book_guarded
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here, form_token, reading, run
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


def given_lines(page: Here) -> list[NoticeLine]:
    """Show the two ways in and return the lines given."""
    most = page.rulebook.intake.max_listings_per_notice
    pasted = st.text_area(
        page.t("complaints.paste"),
        key="notice_lines",
        height=180,
        placeholder=page.t("complaints.paste_sample"),
        help=page.t("complaints.paste_help", most=most),
    )
    sent = st.file_uploader(
        page.t("complaints.upload"), type=["csv", "xlsx"], key="notice_file"
    )
    if sent is None:
        return parse_lines(pasted)
    try:
        book = read_book_guarded(sent.getvalue(), sent.name)
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return []
    rows = book.sheets[0].rows if book.sheets else ()
    text = "\n".join("\t".join(_cell(c) for c in row) for row in rows)
    return parse_lines(text)


def trial(
    page: Here, right: RightRow, lines: Sequence[NoticeLine]
) -> tuple[list[LineVerdict], frozenset[LineIssue]]:
    """Show what would become of every line; what was confirmed stays confirmed."""
    kept: set[LineIssue] = st.session_state.setdefault("notice_confirmed", set())
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
    _confirmations(page, verdicts, kept)
    table(page, verdicts)
    return verdicts, frozenset(kept)


def _confirmations(page: Here, verdicts: Sequence[LineVerdict], kept: set[LineIssue]) -> None:
    """All warnings at once, each to be confirmed for all its lines together."""
    asked = Counter(i for v in verdicts for i in v.unconfirmed)
    for issue, count in asked.items():
        word = page.t("complaints.confirm", issue=label(issue, page.lang), count=count)
        if st.checkbox(word, value=issue in kept, key=f"confirm_{issue.value}"):
            if issue not in kept:
                kept.add(issue)
                st.rerun()
        elif issue in kept:
            kept.discard(issue)
            st.rerun()


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
    page: Here,
    right: RightRow,
    lines: Sequence[NoticeLine],
    verdicts: Sequence[LineVerdict],
    confirmed: frozenset[LineIssue],
) -> None:
    """Show the declaration and file what can be filed."""
    count = sum(1 for v in verdicts if v.outcome in ACCEPTED)
    kit.note(page.t("complaints.file_means", days=page.rulebook.intake.answer_working_days))
    said = st.text_area(
        page.t("complaints.declaration"),
        value=page.t("complaints.declaration_text"),
        key="notice_said",
        max_chars=2000,
    )
    pressed = st.button(
        page.t("complaints.file_go", count=count),
        type="primary",
        disabled=count == 0,
        key="file_go",
    )
    if not pressed:
        return
    result = run(
        page,
        lambda s: file_notice(
            s, page.rulebook, clock=page.app.clock, actor=page.actor, right_id=right.right_id,
            lines=lines, statement=said, acknowledged=confirmed, token=form_token("notice"),
        ),
    )  # fmt: skip
    if result is None:
        return
    for name in ("token_notice", "notice_lines", "notice_confirmed", "notice_said"):
        st.session_state.pop(name, None)
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
