"""The office takes a department's file in: template, upload, columns, trial, import, report."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.words import format_instant, label
from marketplace.exchange.importing import ImportResult, sheet_names, source_of
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.templates import write_template
from marketplace.faces.ui import kit
from marketplace.faces.ui.importing import showing
from marketplace.faces.ui.importing.history import counted, status_badge
from marketplace.faces.ui.importing.trial import Upload, take_file, try_file
from marketplace.faces.ui.office import look
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, page_for, reading
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.registry.queries import list_import_batches

_STORES = {ImportKind.EXPOSURE, ImportKind.STORES}


def choose_kind(page: Here) -> ImportKind:
    """Show what can be imported and the template of it."""
    with st.container(key="card_kind"):
        kit.section(page.t("importing.step_kind"), page.t("importing.step_kind_sub"))
        asked = st.query_params.get("kind")
        known = [kind.value for kind in ImportKind]
        kind = st.segmented_control(
            page.t("importing.kind"),
            list(ImportKind),
            default=ImportKind(asked) if asked in known else ImportKind.FACTORIES,
            format_func=lambda k: plain(label(k, page.lang)),
            label_visibility="collapsed",
            required=True,
        )
        chosen = ImportKind(kind or ImportKind.FACTORIES)
        st.query_params["kind"] = chosen.value
        buffer = BytesIO()
        districts = [
            r.name_zh if page.lang == "zh" else r.name_en for r in page.rulebook.regions
        ]
        categories = [c.name_zh for c in page.rulebook.product.categories]
        write_template(
            chosen,
            buffer,
            lang=page.lang,
            choices={
                "district": districts,
                "category": categories,
                "origin": [label(origin, page.lang) for origin in Origin],
            },
        )
        st.download_button(
            page.t("importing.template"),
            data=buffer.getvalue(),
            file_name=page.t("importing.template_name", kind=label(chosen, page.lang)),
            on_click="ignore",
        )
    return chosen


def receive(page: Here, kind: ImportKind) -> Upload | None:
    """Show the upload and whose data it is."""
    with st.container(key="card_upload"):
        kit.section(page.t("importing.step_file"), page.t("importing.step_file_sub"))
        turn = st.session_state.setdefault("import_turn", 0)
        file = st.file_uploader(
            page.t("importing.file"),
            type=["xlsx", "csv", "txt"],
            key=f"import_file_{turn}",
        )
        if file is None:
            return None
        left, right = st.columns(2)
        source = left.text_input(
            page.t("importing.source"),
            value=source_of(file.name),
            max_chars=200,
            help=page.t("importing.source_help"),
        )
        source_on = right.date_input(
            page.t("importing.source_on"), value=None, help=page.t("importing.source_on_help")
        )
        confirms = kind in _STORES and st.checkbox(page.t("importing.confirm_stores"))
        origin = choose_origin(page) if kind is ImportKind.COMPLAINTS else None
        return Upload(
            kind, file.getvalue(), file.name, source, source_on, confirms, origin=origin
        )


def choose_origin(page: Here) -> Origin | None:
    """Ask where complaints come from whose rows do not say it."""
    chosen: Origin | None = st.selectbox(
        page.t("importing.origin"),
        [None, *Origin],
        format_func=lambda o: label(o, page.lang) if o else page.t("importing.origin_none"),
        help=page.t("importing.origin_help"),
        key="import_origin",
    )
    return chosen


def preview(page: Here, upload: Upload) -> None:
    """Show the trial and offer the import."""
    mark = sha256(upload.content).hexdigest()[:12]
    upload = replace(upload, sheet=st.session_state.get(f"import_sheet_{mark}") or "")
    # Columns are chosen for one kind and one sheet; another one has its own.
    of_sheet = f"{upload.kind.value}_{mark}_{upload.sheet}"
    overrides: dict[str, str] = st.session_state.get(f"import_choice_{of_sheet}", {})
    tried = try_file(page, upload, overrides)
    if tried is None:
        showing.choose_other_sheet(page, sheet_names(upload.content, upload.filename), mark)
        return
    with st.container(key="card_trial"):
        kit.section(page.t("importing.step_trial"), page.t("importing.step_trial_sub"))
        showing.rather(page, tried.reading)
        showing.choose_sheet(page, tried.reading, mark)
        showing.what_was_taken(page, tried.reading)
        fresh = showing.choose_columns(page, tried.reading, of_sheet)
        if fresh and {**overrides, **fresh} != overrides:
            st.session_state[f"import_choice_{of_sheet}"] = {**overrides, **fresh}
            st.rerun()
        showing.counts(page, tried.counts)
        showing.aside(page, tried)
        showing.lines_table(page, tried.reading, tried.lines)
        into = sum(
            tried.counts.get(o.value, 0)
            for o in (Outcome.INSERTED, Outcome.UPDATED, Outcome.DRAFT)
        )
        if into == 0:
            refused = tried.counts.get(Outcome.REJECTED.value, 0) > 0
            kit.note(page.t("importing.none_fit" if refused else "importing.nothing_new"))
        sent = st.button(page.t("importing.go", count=into), type="primary", disabled=into == 0)
        showing.downloads(page, tried)
    if sent:
        done = take_file(page, upload, overrides)
        if done is not None:
            st.session_state["import_done"] = done
            st.session_state["import_turn"] += 1
            st.rerun()


def report(page: Here, done: ImportResult) -> None:
    """Show what became of the file that was just taken in."""
    with st.container(key="card_done"):
        kit.section(
            page.t("importing.done", number=done.batch_id or 0),
            page.t("importing.done_sub", source=done.source),
        )
        if done.reading.other_sheets:
            others = page.t("app.comma").join(done.reading.other_sheets)
            kit.note(page.t("importing.other_sheets", sheets=others))
        showing.counts(page, done.counts)
        showing.lines_table(page, done.reading, done.lines)
        showing.downloads(page, done)
        left, right = st.columns(2)
        if done.reading.kind is ImportKind.COMPLAINTS:
            left.page_link("views/cases.py", label=page.t("importing.to_cases"))
        else:
            left.page_link("views/factories.py", label=page.t("importing.to_list"))
            right.page_link("views/decide.py", label=page.t("importing.to_conflicts"))
        if st.button(page.t("importing.another")):
            st.session_state.pop("import_done", None)
            st.rerun()


def earlier(page: Here) -> None:
    """Name the last imports; each with its report and its undo stands in the history."""
    with reading(page) as session:
        batches = list_import_batches(
            session, page.actor, program=page.rulebook.program.key, limit=3
        )
    with st.container(key="card_earlier"):
        kit.section(page.t("importing.earlier"))
        if not batches:
            kit.empty(page.t("importing.none_yet"))
            return
        kit.rows(
            [
                (
                    f"{b.number} · {label(ImportKind(b.kind), page.lang)} · {b.source}",
                    f"{format_instant(b.imported_at)} · {counted(page, b)}",
                    status_badge(page, b),
                )
                for b in batches
            ]
        )
        st.page_link("views/imports.py", label=page.t("importing.to_history"))


here = page_for(Role.OFFICER)
look.head(here.t("page.import_file.title"), here.t("importing.question"))
finished = st.session_state.get("import_done")
if finished is not None:
    report(here, finished)
else:
    wanted = choose_kind(here)
    given = receive(here, wanted)
    if given is not None:
        preview(here, given)
earlier(here)
