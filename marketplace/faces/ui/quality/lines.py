"""Tells one kind of line: its columns, its rows, and where each is put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from marketplace.base.access import Role
from marketplace.base.clock import month_label
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import field_name, plain_value, source_name
from marketplace.features.compliance.kinds import QualityKind
from marketplace.features.compliance.marks.quality import QualityLine
from marketplace.features.registry.queries import ConflictRow

EXPOSURE_IMPORT = "/import_file?kind=exposure"
FIELDS = "fields"


@dataclass(frozen=True, slots=True)
class Listed:
    """A table of lines; `links` leads to the dossier, `deeds` to where a line is put right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]
    right: frozenset[int]
    deeds: tuple[tuple[str, str], ...]


def listed(page: Here, kind: QualityKind, lines: Sequence[QualityLine]) -> Listed:
    """Return the table of one kind."""
    columns = ("factory", "store", "months", *columns_of(kind))
    return Listed(
        heads=tuple(page.t(f"quality.table.{name}") for name in columns),
        rows=tuple(
            (x.factory_name, x.store_name, _months(x), *(_cell(x, c) for c in columns[3:]))
            for x in lines
        ),
        links=tuple(f"/dossier?id={x.factory_id}" for x in lines),
        right=frozenset(
            n
            for n, name in enumerate(columns)
            if name not in {*columns[:3], "source", "was_source"}
        ),
        deeds=tuple(_deed(page, x) for x in lines),
    )


def columns_of(kind: QualityKind) -> tuple[str, ...]:
    """Return what a kind tells beside factory, store and months."""
    match kind:
        case QualityKind.MISSING:
            return ("count",)
        case QualityKind.LATE:
            return ("days", "source")
        case QualityKind.DISAGREEING:
            return ("was", "was_source", "now", "source")
        case QualityKind.UNWATCHED:
            return ("listings",)
        case QualityKind.TOO_MANY:
            return ("checked", "listings", "source")
        case QualityKind.UNHELD:
            return ("reports",)
        case _:
            assert_never(kind)


def number_of(x: QualityLine, column: str) -> int | str | None:
    """Return what a line has in one of these columns: a number, or whose number it is."""
    if column == "count":
        return x.months
    if column in {"was_source", "source"}:
        return x.was_source if column == "was_source" else x.source
    return x.was if column in {"was", "checked"} else x.now


def fields_listed(
    page: Here, fields: Sequence[ConflictRow]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return heads and rows of the profile fields on which sources disagree."""
    heads = ("factory", "field", "held", "held_source", "other", "other_source")
    rows: list[tuple[str, ...]] = [
        (
            f.factory_name,
            field_name(page, f.field),
            plain_value(f.current),
            source_name(page, f.current_source),
            plain_value(f.value),
            source_name(page, f.source),
        )
        for f in fields
    ]
    return tuple(page.t(f"quality.table.{name}") for name in heads), rows


def _cell(x: QualityLine, column: str) -> str:
    found = number_of(x, column)
    if found is None:
        return "—"
    return found if isinstance(found, str) else f"{found:,}"


def _months(x: QualityLine) -> str:
    first = month_label(x.first)
    return first if x.first == x.last else f"{first} – {month_label(x.last)}"


def _deed(page: Here, x: QualityLine) -> tuple[str, str]:
    """Numbers are put right by import, holders and findings in the dossier; others only look."""
    by_import = {QualityKind.MISSING, QualityKind.DISAGREEING, QualityKind.TOO_MANY}
    if page.actor.role is not Role.OFFICER:
        return page.t("quality.look"), f"/dossier?id={x.factory_id}"
    if x.kind in by_import:
        return page.t("quality.import"), EXPOSURE_IMPORT
    return page.t("quality.settle"), f"/dossier?id={x.factory_id}"
