"""The factory list's filter, which is the page's address, and the table people see and export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from marketplace.base.words import format_day, has_key
from marketplace.desk.factories import FactoryFilter, FactoryLine
from marketplace.faces.ui.office.address import keep_list, narrow_again
from marketplace.faces.ui.office.taking import told_narrowing
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import band_words, condition_name, district_name, stage_name
from marketplace.features.progress.kinds import LEFT, EnrollmentStatus

FACETS = ("district", "stage", "status", "band", "officer")
SORTS = ("name", "due", "progress", "points", "enrolled")
_PAGE = "pg"


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter as the widgets have it, and the page number."""

    wanted: FactoryFilter
    number: int

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The address's query, in a fixed order, without what is at its default."""
        one = self.wanted
        chosen = (one.districts, one.stages, one.statuses, one.bands, one.officers)
        found = [("q", one.query)] if one.query else []
        for name, values in zip(FACETS, chosen, strict=True):
            found += [(name, value) for value in values]
        found += [("sort", one.sort)] if one.sort != SORTS[0] else []
        return found

    @property
    def query(self) -> str:
        """The address's query as text, for a kept view."""
        return urlencode(self.pairs)

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not any(name != "sort" for name, _ in self.pairs)

    @property
    def narrowing(self) -> int:
        """How many values of facets narrow the list."""
        return sum(name in FACETS for name, _ in self.pairs)


def take_address() -> None:
    """Fill the widgets from the address when the page is opened."""
    if "f_q" in st.session_state:
        return
    narrow_again("factories")
    _fill({name: st.query_params.get_all(name) for name in ("q", "sort", *FACETS)})
    number = st.query_params.get(_PAGE, "1")
    st.session_state["f_pg"] = int(number) if number.isdigit() and int(number) > 0 else 1


def take_query(query: str) -> None:
    """Fill the widgets from a kept view's query."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query):
        found.setdefault(name, []).append(value)
    _fill(found)
    st.session_state["f_pg"] = 1


def asked() -> Asked:
    """Return what the widgets ask for."""
    state = st.session_state

    def picked(name: str) -> tuple[str, ...]:
        return tuple(state.get(f"f_{name}") or ())

    wanted = FactoryFilter(
        query=str(state.get("f_q") or "").strip(),
        districts=picked("district"),
        stages=picked("stage"),
        statuses=picked("status"),
        bands=picked("band"),
        officers=picked("officer"),
        sort=str(state["f_sort"]),
    )
    return Asked(wanted, int(state.get("f_pg") or 1))


def write_address(now: Asked) -> None:
    """Make the address say what is asked, so that it can be kept and sent."""
    target: dict[str, list[str]] = {}
    for name, value in now.pairs:
        target.setdefault(name, []).append(value)
    if now.number > 1:
        target[_PAGE] = [str(now.number)]
    kept = {name: st.query_params.get_all(name) for name in st.query_params}
    if "lang" in kept:
        target["lang"] = kept["lang"]
    if kept != target:
        st.query_params.from_dict(target)
    keep_list("factories")


def first_page() -> None:
    """Go back to the first page; what a changed filter calls."""
    st.session_state["f_pg"] = 1


def facet_word(page: Here, name: str, value: str) -> str:
    """Return the word of a facet's value."""
    if name == "district":
        return district_name(page, value)
    if name == "stage":
        return stage_name(page, value)
    if name == "officer":
        return value
    if name == "band":
        return band_words(page, value)
    word = f"page.factories.{name}.{value}"
    return page.t(word) if has_key(word) else "—"  # an old address or kept view may ask for it


def told_filters(page: Here, now: Asked) -> str:
    """Say what narrows the list and how it is ordered; an export without it would look whole."""
    chosen: dict[str, list[str]] = {}
    for name, value in now.pairs:
        if name in FACETS:
            chosen.setdefault(name, []).append(facet_word(page, name, value))
    comma = page.t("app.comma")
    narrowed = [(page.t("page.factories.search"), now.wanted.query)] + [
        (page.t(f"page.factories.facet.{name}"), comma.join(values))
        for name, values in chosen.items()
    ]
    order = page.t(f"page.factories.sorts.{now.wanted.sort}")
    return told_narrowing(page, narrowed, order=order)


def in_order(page: Here, name: str, counted: Mapping[str, int]) -> list[str]:
    """Return a facet's values in the order of the program, not of the alphabet."""
    orders = {
        "district": [region.code for region in page.rulebook.regions],
        "stage": [stage.key for stage in page.rulebook.stages],
        "status": ["draft", "registered", *EnrollmentStatus],
        "band": [band.key for band in page.rulebook.points.bands],
    }
    order = [str(value) for value in orders.get(name, [])]
    return sorted(counted, key=lambda v: (order.index(v) if v in order else len(order), v))


def headings(page: Here) -> dict[str, str]:
    """Return column → heading, in the order of an export."""
    return {
        "name": page.t("field.name"),
        "uscc": page.t("field.uscc"),
        "district": page.t("field.district"),
        "stage": page.t("page.factories.facet.stage"),
        "status": page.t("page.factories.facet.status"),
        "next": page.t("page.factories.next"),
        "holder": page.t("page.factories.holder"),
        "due": page.t("page.factories.due"),
        "progress": page.t("officer.list.progress"),
        "points": page.t("page.factories.points"),
        "officer": page.t("page.factories.facet.officer"),
    }


def as_told(line: FactoryLine) -> FactoryLine:
    """Return a line as people read it: who has left the program has no next step."""
    if line.status not in LEFT:
        return line
    return line._replace(next_step=None, holder="nobody", due_on=None)


def cells(page: Here, line: FactoryLine) -> dict[str, str | int]:
    """Return column → what stands there for one factory."""
    line = as_told(line)
    return {
        "name": line.name,
        "uscc": line.uscc or page.t("page.factories.no_uscc"),
        "district": district_name(page, line.district),
        "stage": stage_name(page, line.stage),
        "status": page.t(f"page.factories.status.{line.status}"),
        "next": condition_name(page, line.next_step) or "—",
        "holder": page.t(f"page.factories.holders.{line.holder}"),
        "due": format_day(line.due_on),
        "progress": f"{line.done}/{line.total}",
        "points": line.points,
        "officer": line.officer or page.t("officer.list.no_officer"),
    }


def export_rows(page: Here, lines: Sequence[FactoryLine]) -> list[list[str | int]]:
    """Return the rows of an export, without phones and names of owners."""
    return [list(cells(page, line).values()) for line in lines]


def _fill(found: Mapping[str, Sequence[str]]) -> None:
    state = st.session_state
    state["f_q"] = next(iter(found.get("q", [])), "")
    sort = next(iter(found.get("sort", [])), SORTS[0])
    state["f_sort"] = sort if sort in SORTS else SORTS[0]
    for name in FACETS:
        state[f"f_{name}"] = list(found.get(name, []))
