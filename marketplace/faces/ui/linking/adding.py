"""Takes what is known about a store: one trait in a form, or a table from a file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from sqlmodel import Session

from marketplace.base.errors import Fault, Invalid, MarketplaceError
from marketplace.base.sheets import read_book_guarded
from marketplace.base.words import label
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.session import Here, run
from marketplace.features.links import commands as links
from marketplace.features.links.kinds import TraitKind

_COLUMNS = 4


def add_from_file(page: Here) -> None:
    """Take a table of platform, store number, kind and value; whole or not at all."""
    kit.note(page.t("links.import_means"))
    words = page.t("app.comma").join(label(kind, page.lang) for kind in TraitKind)
    st.caption(page.t("links.import_columns", kinds=words))
    source = st.text_input(page.t("app.source_word"), key="trait_source", max_chars=120)
    sent = st.file_uploader(page.t("links.import_file"), type=["csv", "xlsx"], key="trait_file")
    if sent is None or not st.button(page.t("links.import_go"), type="primary"):
        return
    try:
        given = _read(page, sent.getvalue(), sent.name)
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        return
    new = run(page, lambda s: _take(page, s, source, given))
    if new is not None:
        st.session_state["toast"] = page.t("links.import_done", rows=len(given), new=new)
        look.finish()


def _take(page: Here, session: Session, source: str, given: Sequence[links.TraitGiven]) -> int:
    new = links.record_traits(
        session,
        clock=page.app.clock,
        actor=page.actor,
        program=page.rulebook.program.key,
        source=source,
        given=given,
    )
    links.refresh_links(
        session,
        page.rulebook,
        clock=page.app.clock,
        actor=page.actor,
    )
    return new


def _read(page: Here, content: bytes, name: str) -> list[links.TraitGiven]:
    """Return the rows under the heading; an unknown kind is named with its row."""
    kinds = {kind.value: kind for kind in TraitKind}
    kinds |= {label(kind, lang): kind for kind in TraitKind for lang in ("zh", "en")}
    given: list[links.TraitGiven] = []
    faults: list[Fault] = []
    sheet = read_book_guarded(content, name).sheets[0]
    for number, row in enumerate(sheet.rows[1:], start=2):
        cells = [str(cell or "").strip() for cell in row[:_COLUMNS]]
        if not any(cells):
            continue
        cells += [""] * (_COLUMNS - len(cells))
        kind = kinds.get(cells[2])
        if kind is None:
            known = page.t("app.comma").join(label(k, page.lang) for k in TraitKind)
            faults.append(
                Fault(f"row {number}", "trait_kind_unknown", {"row": number, "known": known})
            )
        else:
            given.append(links.TraitGiven(cells[0], cells[1], kind, cells[3]))
    if faults:
        raise Invalid(faults)
    return given
