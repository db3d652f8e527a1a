"""The list of cases: its filter, which is the page's address, its lines, its export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from html import escape
from io import BytesIO

import streamlit as st

from marketplace.base.access import Role
from marketplace.base.access.queries import accounts_with_role, names_of
from marketplace.base.clock import civil_day, today, working_days_between
from marketplace.base.db import write
from marketplace.base.sheets import ColumnSpec, TableSheet, write_xlsx
from marketplace.base.words import format_day, format_instant, label
from marketplace.exchange.exporting import record_export
from marketplace.faces.ui import kit
from marketplace.faces.ui.office import look
from marketplace.faces.ui.office.address import keep_list, narrow_again
from marketplace.faces.ui.office.due import due_badge
from marketplace.faces.ui.office.taking import told_narrowing
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, later, reading
from marketplace.features.complaints.kinds import CaseSort, CaseStatus, CaseStep, Turn
from marketplace.features.complaints.queries import CaseFilter, CaseLine, CasePage, list_cases
from marketplace.features.enforcement.kinds import Origin

ROWS = 15
PAGE = "case_pg"
_SORT, _AT = "sort", "pg"
_ANY = "any"  # in an address: no status is chosen, where none at all means the open ones
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: Mapping[str, type[StrEnum]] = {
    "status": CaseStatus,
    "step": CaseStep,
    "turn": Turn,
    "origin": Origin,
}
_FACETS = {"status": "statuses", "step": "steps", "turn": "turns", "origin": "origins"}


def asked() -> CaseFilter:
    """Return what the widgets, and so the address, ask for."""
    state = st.session_state

    def picked(name: str) -> tuple[str, ...]:
        return tuple(state.get(name) or ())

    return CaseFilter(
        query=str(state.get("q") or "").strip(),
        statuses=picked("status"),
        steps=picked("step"),
        turns=picked("turn"),
        origins=picked("origin"),
        officers=picked("officer"),
        late_only=bool(picked("late")),
        sort=CaseSort(state.get("sort") or CaseSort.DUE),
        page=int(state.get(PAGE) or 1),
        size=ROWS,
    )


def take_address() -> None:
    """Fill the widgets from the address when the page is opened; open cases without one."""
    if "status" not in st.session_state:
        narrow_again("cases")
    for name in (*_KINDS, "officer", "late"):
        if name not in st.session_state:
            told = st.query_params.get_all(name)
            if name == "status":
                told = told or [CaseStatus.OPEN.value]
            st.session_state[name] = [v for v in told if _is_known(name, v)]
    if "q" not in st.session_state:
        st.session_state["q"] = st.query_params.get("q", "")
    if _SORT not in st.session_state:
        told_sort = st.query_params.get(_SORT, "")
        known = told_sort in {one.value for one in CaseSort}
        st.session_state[_SORT] = CaseSort(told_sort) if known else CaseSort.DUE
    if PAGE not in st.session_state:
        number = st.query_params.get(_AT, "")
        st.session_state[PAGE] = max(1, int(number)) if number.isdigit() else 1
    if st.session_state.get("case_asked") != _narrowed():
        if "case_asked" in st.session_state:
            st.session_state[PAGE] = 1  # another filter begins at its first page
        st.session_state["case_asked"] = _narrowed()


def _is_known(name: str, value: str) -> bool:
    """Whether a facet can have this value; an old address may ask for what is no more."""
    if name in _KINDS:
        return value in set(_KINDS[name])
    return value == "1" if name == "late" else value.isascii() and value.isdecimal()


def _narrowed() -> str:
    """Return what the list is narrowed to and its order, the page apart."""
    names = (*_KINDS, "officer", "late", "q", _SORT)
    return repr([(name, st.session_state.get(name)) for name in names])


def pages(page: Here, found: CasePage) -> int:
    """Return how many pages there are; a page beyond the last becomes the last."""
    del page
    count = max(1, -(-found.matching // ROWS))
    if int(st.session_state.get(PAGE) or 1) > count:
        st.session_state[PAGE] = count
        st.rerun()
    return count


def write_address() -> None:
    """Make the address say what is asked, so that it can be kept and sent."""
    told = {n: list(st.session_state.get(n) or ()) for n in (*_KINDS, "officer", "late")}
    wanted = {name: values for name, values in told.items() if values}
    wanted.setdefault("status", [_ANY])
    if st.session_state.get(_SORT) not in {None, CaseSort.DUE}:
        wanted[_SORT] = [str(st.session_state[_SORT].value)]
    if int(st.session_state.get(PAGE) or 1) > 1:
        wanted[_AT] = [str(st.session_state[PAGE])]
    if st.session_state.get("q"):
        wanted["q"] = [st.session_state["q"]]
    if "lang" in st.query_params:
        wanted["lang"] = [st.query_params["lang"]]
    if {n: st.query_params.get_all(n) for n in st.query_params} != wanted:
        st.query_params.from_dict(wanted)
    keep_list("cases")


def search_bar(page: Here) -> None:
    """Show the search and the order above what narrows; on a phone too."""
    st.text_input(
        page.t("complaints.search"), key="q", placeholder=page.t("complaints.search_hint")
    )
    st.selectbox(
        page.t("complaints.sort"),
        list(CaseSort),
        key=_SORT,
        format_func=lambda one: label(one, page.lang),
    )


def narrowing() -> int:
    """Return how many values of facets narrow the list."""
    return sum(len(st.session_state.get(name) or ()) for name in (*_KINDS, "officer", "late"))


def filters(page: Here, found: CasePage) -> None:
    """Show the facets, each value with how many lines it would give."""
    for name in _KINDS:
        _facet(page, name, getattr(found, _FACETS[name]))
    st.pills(
        page.t("complaints.facet.late"),
        ["1"],
        selection_mode="multi",
        key="late",
        format_func=lambda _: plain(page.t("complaints.late_count", count=found.late)),
    )
    names = officer_names(page)
    chosen = st.session_state["officer"] or ()
    st.pills(
        page.t("complaints.facet.officer"),
        [v for v in found.officers if v in names]
        + [v for v in chosen if v not in found.officers],
        selection_mode="multi",
        key="officer",
        format_func=lambda v: plain(f"{names.get(v, '—')} {found.officers.get(v, 0)}"),
    )


def _facet(page: Here, name: str, counts: Mapping[str, int]) -> None:
    kind = _KINDS[name]

    def told(value: str) -> str:
        return f"{label(kind(value), page.lang)} {counts.get(value, 0)}"

    chosen = st.session_state[name] or ()
    known = [m.value for m in kind if counts.get(m.value) or m.value in chosen]
    st.pills(
        page.t(f"complaints.facet.{name}"),
        known,
        selection_mode="multi",
        key=name,
        format_func=lambda v: plain(told(v)),
    )


def officer_names(page: Here) -> dict[str, str]:
    """Return the program's officers by number as text; 0 is nobody."""
    program = page.rulebook.program.key
    with reading(page) as session:
        ids = accounts_with_role(session, program, Role.OFFICER)
        names = names_of(session, set(ids))
    return {"0": page.t("complaints.nobody"), **{str(n): name for n, name in names.items()}}


def lines(page: Here, shown: Sequence[CaseLine]) -> None:
    """Show one page of cases; the whole line opens the case."""
    day = today(page.app.clock)
    for line in shown:
        is_open = line.status is CaseStatus.OPEN
        mark = due_badge(page, line.due_on, day) if is_open else _closed(page, line)
        who = label(line.turn, page.lang) if is_open else ""
        told = " · ".join(
            part
            for part in (
                label(line.origin, page.lang),
                page.t("complaints.of_item", item=line.item_no),
                page.t("complaints.count_of", count=line.complaints) if line.complaints else "",
                _clock(page, line, day),
            )
            if part
        )
        with st.container(key=f"q_case_{line.case_id}"):
            kit.markup(
                f'<div class="z-q"><b>{escape(line.number)} · {escape(line.store_name)}</b>{mark}'
                f'<span class="muted">{escape(told)}</span>'
                f'<span class="muted">{escape(_step(page, line, who))}</span></div>'
            )
            st.page_link(
                "views/case.py",
                label=f"{page.t('complaints.open_one')} {line.number}",
                query_params={"id": str(line.case_id)},
            )


def _clock(page: Here, line: CaseLine, day: date) -> str:
    """Say how long a case has run: to its end, or to today."""
    end = day if line.closed_at is None else civil_day(line.closed_at)
    days = working_days_between(civil_day(line.opened_at), end, page.rulebook.calendar)
    word = "waited" if line.closed_at is None else "took_days"
    return page.t(f"complaints.{word}", days=days)


def export_button(page: Here, found: CasePage, wanted: CaseFilter) -> None:
    """Offer the whole result as a workbook; it is recorded when it is taken."""
    st.download_button(
        page.t("complaints.export", count=found.matching),
        data=_maker(page, wanted),
        file_name=f"cases-{today(page.app.clock)}.xlsx",
        mime=_XLSX,
        key="export_cases",
        icon=":material/download:",
        on_click="ignore",
    )


def headings(page: Here) -> list[str]:
    """Return the headings of the export; who complained is not among them."""
    names = (
        "number", "store", "factory", "item", "origin", "complaints", "status", "step", "turn",
        "due", "officer", "opened",
    )  # fmt: skip
    return [page.t(f"complaints.column.{name}") for name in names]


def told_filters(page: Here, wanted: CaseFilter, names: Mapping[str, str]) -> str:
    """Say what narrows the list of cases; `names` are those of the officers."""
    comma = page.t("app.comma")
    narrowed = [(page.t("complaints.search"), wanted.query)] + [
        (
            page.t(f"complaints.facet.{name}"),
            comma.join(label(kind(v), page.lang) for v in getattr(wanted, _FACETS[name])),
        )
        for name, kind in _KINDS.items()
    ]
    narrowed += [
        (
            page.t("complaints.facet.officer"),
            comma.join(names.get(o, o) for o in wanted.officers),
        ),
        (
            page.t("complaints.facet.late"),
            page.t("complaints.late_only") if wanted.late_only else "",
        ),
    ]
    order = page.t(
        "officer.list.export_filter",
        name=page.t("complaints.sort"),
        values=label(wanted.sort, page.lang),
    )
    return page.t("officer.list.export_and").join((told_narrowing(page, narrowed), order))


def _maker(page: Here, wanted: CaseFilter) -> Callable[[], bytes]:
    names = officer_names(page)

    def make(page: Here) -> bytes:
        with reading(page) as session:
            rows = list_cases(
                session, page.actor, clock=page.app.clock,
                program=page.rulebook.program.key, wanted=replace(wanted, page=1, size=None),
            ).lines  # fmt: skip
        stamp = write(
            page.app.store,
            lambda s: record_export(
                s, clock=page.app.clock, actor=page.actor, program=page.rulebook.program.key,
                kind="cases", rows=len(rows), wanted={"query": repr(wanted)},
            ),
        )  # fmt: skip
        buffer = BytesIO()
        sheet = TableSheet(
            name=page.t("page.cases.title"),
            columns=tuple(ColumnSpec(head) for head in headings(page)),
            rows=[_cells(page, line, names) for line in rows],
            title=page.t(
                "officer.list.export_of",
                title=page.t("page.cases.title"),
                filters=told_filters(page, wanted, names),
            ),
            stamp=stamp.line(page.lang),
        )
        write_xlsx([sheet], buffer)
        return buffer.getvalue()

    return later(page, make)


def _cells(page: Here, line: CaseLine, names: dict[str, str]) -> list[str | int]:
    return [
        line.number, line.store_name, line.factory_name or "—", line.item_no,
        label(line.origin, page.lang), line.complaints, label(line.status, page.lang),
        label(line.step, page.lang), label(line.turn, page.lang), format_day(line.due_on),
        names.get(str(line.officer_id or 0), "—"), format_instant(line.opened_at),
    ]  # fmt: skip


def _closed(page: Here, line: CaseLine) -> str:
    tone = "good" if line.status is CaseStatus.NOT_FOUND else "gray"
    return kit.badge(label(line.status, page.lang), tone)


def _step(page: Here, line: CaseLine, who: str) -> str:
    step = label(line.step, page.lang)
    return page.t("complaints.step_at", step=step, who=who) if who else step


def nothing(page: Here, found: CasePage) -> None:
    """Show the empty state: no case at all, or none that matches."""
    word = "none" if found.total == 0 else "none_match"
    look.empty(page.t(f"complaints.{word}"), page.t(f"complaints.{word}_hint"))
