"""Tries a file and takes it in; keeps the trial of the file that is on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from marketplace.base.errors import MarketplaceError
from marketplace.exchange.importing import ImportRequest, ImportResult, run_import
from marketplace.exchange.kinds import ImportKind
from marketplace.faces.ui import kit
from marketplace.faces.ui.session import Here
from marketplace.features.enforcement.kinds import Origin

_KEY = "import_trial"


@dataclass(frozen=True, slots=True)
class Upload:
    """The file on the page and what the page says about it."""

    kind: ImportKind
    content: bytes
    filename: str
    source: str
    source_on: date | None
    confirms_stores: bool
    sheet: str = ""
    origin: Origin | None = None

    def request(self, overrides: Mapping[str, str]) -> ImportRequest:
        """Return what is asked to be imported."""
        return ImportRequest(
            kind=self.kind,
            content=self.content,
            filename=self.filename,
            source=self.source,
            source_on=self.source_on,
            overrides=overrides,
            confirms_stores=self.confirms_stores,
            sheet=self.sheet,
            origin=self.origin,
        )


def try_file(page: Here, upload: Upload, overrides: Mapping[str, str]) -> ImportResult | None:
    """Return what would become of the file; None when it cannot be read, saying why.

    The same file with the same choices is tried once.
    """
    request = upload.request(overrides)
    mark = (request.digest, replace(request, content=b""), sorted(overrides.items()))
    kept = st.session_state.get(_KEY)
    if kept is not None and kept[0] == repr(mark):
        result: ImportResult = kept[1]
        return result
    tried = _run(page, request, dry_run=True, words="importing.trying")
    if tried is not None:
        st.session_state[_KEY] = (repr(mark), tried)
    return tried


def take_file(page: Here, upload: Upload, overrides: Mapping[str, str]) -> ImportResult | None:
    """Import the file; None when it was refused, saying why."""
    done = _run(page, upload.request(overrides), dry_run=False, words="importing.taking")
    if done is not None:
        st.session_state.pop(_KEY, None)
    return done


def _run(
    page: Here, request: ImportRequest, *, dry_run: bool, words: str
) -> ImportResult | None:
    bar = st.progress(0.0, text=page.t(words, done=0, total=0))
    try:
        return run_import(
            page.app.store,
            page.rulebook,
            request,
            clock=page.app.clock,
            actor=page.actor,
            dry_run=dry_run,
            progress=_mover(page, bar, words),
        )
    except MarketplaceError as error:
        kit.error_box(error, page.lang)
        if error.code.startswith("import_header_not_found"):
            kit.note(page.t("importing.no_header_next"))
        return None
    finally:
        bar.empty()


def _mover(page: Here, bar: object, words: str) -> Callable[[int, int], None]:
    def move(done: int, total: int) -> None:
        text = page.t(words, done=done, total=total)
        bar.progress(done / total if total else 1.0, text=text)  # type: ignore[attr-defined]

    return move
