"""Shows a quarterly report: sentences first, then each figure over its table, then the methods."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from marketplace.desk.issues import Number
from marketplace.desk.issues.queries import Issue
from marketplace.desk.quarter.content import Drawn, QuarterContent, Section
from marketplace.desk.quarter.wording import tell_difference, tell_edition
from marketplace.faces.ui import kit
from marketplace.faces.ui.issuing.taking import svg_button
from marketplace.faces.ui.session import Here

# Which sections stand side by side.
_ROWS = (("conclusions",), ("program", "limits"), ("change", "origins"),
         ("complaints", "appeals"), ("progress", "showcase"), ("quality",))  # fmt: skip


def show_report(page: Here, content: QuarterContent) -> None:
    """Show the whole report."""
    report = content.reports[page.lang]
    sections = {section.key: section for section in report.sections}
    for row in _ROWS:
        for column, key in zip(st.columns(len(row), gap="medium"), row, strict=True):
            with column:
                _section(page, sections[key])
    kit.section(page.t("quarter.figures"), page.t("quarter.figures_sub"))
    for number, sheet in enumerate(report.sheets, start=1):
        with st.container(key=f"card_sheet_{sheet.key}"):
            kit.section(page.t("quarter.sheet_no", number=number, title=sheet.title))
            kit.table(
                sheet.heads,
                sheet.rows,
                frozenset(sheet.numeric),
                wide=frozenset({4}) if sheet.key == "numbers" else frozenset(),
            )
    for number, figure in enumerate(report.figures, start=1):
        _figure(page, content, number, figure)
    with st.container(key="card_quarter_methods"):
        kit.section(page.t("quarter.methods"), page.t("quarter.methods_sub"))
        _lines(report.methods)
    st.caption(report.source)


def show_changes(
    page: Here, changed: Sequence[tuple[Number, Number]], why: Sequence[str] = ()
) -> None:
    """Show what later corrections changed in an issue, and why; the issue stays as it was."""
    if not changed:
        st.caption(page.t("quarter.uncorrected"))
        return
    with st.container(key="card_quarter_changed"):
        kit.section(page.t("quarter.corrected"), page.t("quarter.corrected_sub"))
        _lines([*(tell_difference(was, now, page.lang) for was, now in changed), *why])


def show_against(page: Here, issue: Issue, against: Sequence[tuple[Number, Number]]) -> None:
    """Show why an edition was issued and what it corrects in the one before."""
    with st.container(key="card_quarter_against"):
        kit.section(
            page.t("editions.changed", edition=issue.edition), page.t("editions.changed_sub")
        )
        why = page.t("editions.reason_told", edition=issue.edition, reason=issue.reason)
        _lines([why, *(tell_edition(was, now, page.lang) for was, now in against)])


def _section(page: Here, section: Section) -> None:
    with st.container(key=f"card_said_{section.key}", height="stretch"):
        kit.section(page.t(f"quarter.section.{section.key}"))
        if section.key == "conclusions":
            for sentence in section.sentences:
                kit.note(sentence)
        else:
            _lines(section.sentences)


def _lines(lines: Sequence[str]) -> None:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    kit.markup(f'<ul class="z-how">{items}</ul>')


def _figure(page: Here, content: QuarterContent, number: int, figure: Drawn) -> None:
    title = page.t("quarter.figure_no", number=number, title=figure.title)
    with st.container(key=f"card_{figure.key}"):
        kit.markup(
            f'<div class="z-fig"><h2>{escape(title)}</h2>'
            f'<p class="sub">{escape(figure.subtitle)}</p>'
            f"{_drawing(figure)}{_words(page, figure)}</div>"
        )
        if figure.rows:
            with st.expander(page.t("page.overview.table")):
                kit.table(figure.heads, figure.rows, frozenset(figure.numeric))
        with st.expander(page.t("page.overview.how")):
            _lines(figure.computed)
        svg_button(page, content, number, figure)


def _drawing(figure: Drawn) -> str:
    """Return both drawings; a report issued before there was a narrow one shows its own in a pan."""
    role = "group" if "<a " in figure.svg else "img"  # an image's links would be out of reach
    named = f'role="{role}" aria-label="{escape(figure.alt)}"'
    if not figure.svg_narrow:
        return f'<div class="z-svg z-pan" {named} tabindex="0">{figure.svg}</div>'
    return (
        f'<div class="z-svg z-wide" {named}>{figure.svg}</div>'
        f'<div class="z-svg z-narrow" {named}>{figure.svg_narrow}</div>'
    )


def _words(page: Here, figure: Drawn) -> str:
    read = "".join(f"<p>{escape(line)}</p>" for line in figure.reading)
    boxes = ""
    for kind, said in (("can", figure.can_say), ("cannot", figure.cannot_say)):
        lines = "".join(f"<li>{escape(line)}</li>" for line in said)
        boxes += (
            f'<div class="{kind}"><h3>{escape(page.t(f"quarter.{kind}"))}</h3>'
            f"<ul>{lines}</ul></div>"
        )
    return (
        f'<div class="z-note"><b>{escape(page.t("quarter.read"))}</b>{read}</div>'
        f'<div class="z-two">{boxes}</div><p class="src">{escape(figure.source)}</p>'
    )
