"""Says which tables the open analysis has and what each column is; pure.

Types are those of the Frictionless Table Schema (specs.frictionlessdata.io). The meaning of each
column stands in the words, in both languages, under `analysis.<table>.<column>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Value = str | int | float | None
Line = Mapping[str, Value]
Type = Literal["string", "integer", "number", "yearmonth", "boolean"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: type, unit (empty where it has none), the key it points to, allowed codes."""

    name: str
    type: Type
    unit: str = ""
    required: bool = False
    points_to: str = ""
    codes: tuple[str, ...] = ()
    least: int | None = None


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table; `key` makes a row unique and `order` is how the rows lie."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(c.name for c in self.columns)


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything of one export: rows by table, how many are in it, and on what it rests."""

    program: str
    program_zh: str
    program_en: str
    rules_version: int
    rules_sha256: str
    as_of: date
    last_month: str
    sources: tuple[str, ...]
    rows: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows leave the house."""
        return sum(len(rows) for rows in self.rows.values())


def _count(name: str, unit: str, *, required: bool = False) -> Column:
    return Column(name, "integer", unit, required=required, least=0)


_OPERATOR = Column("operator", "string", required=True, points_to="operators")
_MONTH = Column("month", "yearmonth", required=True)
_LOOKED = (
    _count("checked", "listings"),
    _count("listed", "listings"),
    _count("sold", "units"),
)
_FOUND = (
    _count("findings", "findings", required=True),
    _count("infringing_listings", "listings", required=True),
    _count("overturned_findings", "findings", required=True),
)

STATES = ("observed_none", "observed_some", "not_observed")

TABLES: tuple[TableSpec, ...] = (
    TableSpec(
        "operators",
        ("operator",),
        (
            Column("operator", "string", required=True),
            Column("draw_order", "integer", "rank", required=True, least=1),
            Column("entry_month", "yearmonth"),
            Column("exit_month", "yearmonth"),
            Column("exit_reason", "string"),
            Column("state_before", "string", codes=STATES),
            _count("stores", "stores", required=True),
        ),
    ),
    TableSpec(
        "store_months",
        ("operator", "store", "month"),
        (
            _OPERATOR,
            Column("store", "string", required=True),
            _MONTH,
            *_LOOKED,
            *_FOUND,
            Column("in_rates", "boolean", required=True),
        ),
    ),
    TableSpec(
        "operator_months",
        ("operator", "month"),
        (
            _OPERATOR,
            _MONTH,
            Column("months_since_entry", "integer", "months"),
            Column("state_before", "string", codes=STATES),
            Column("exit_reason", "string"),
            _count("store_months_checked", "store-months", required=True),
            *_LOOKED,
            *_FOUND,
            _count("near_misses", "listings", required=True),
            _count("inspections", "inspections", required=True),
            _count("complaints", "complaints"),
            _count("samples", "samples"),
        ),
    ),
    TableSpec(
        "findings",
        ("finding",),
        (
            Column("finding", "string", required=True),
            Column("operator", "string", points_to="operators"),
            Column("store", "string"),
            Column("found_month", "yearmonth"),
            Column("decided_month", "yearmonth"),
            Column("origin", "string", required=True),
            Column("basis", "string", required=True),
            Column("status", "string", required=True),
            Column("infringing_listings", "integer", "listings", least=1),
            Column("triggered_entry", "boolean", required=True),
            Column("in_rates", "boolean", required=True),
        ),
    ),
    TableSpec(
        "milestones",
        (),
        (
            Column("milestone", "string", required=True),
            Column("days", "number", "days", required=True, least=0),
            Column("reached", "boolean", required=True),
        ),
    ),
    TableSpec(
        "rules",
        ("rule",),
        (
            Column("rule", "string", required=True),
            Column("value", "string", required=True),
        ),
    ),
    TableSpec(
        "published",
        ("figure", "item", "measure"),
        (
            Column("figure", "string", required=True),
            Column("item", "string"),
            Column("measure", "string", required=True),
            Column("number", "number"),
            Column("text", "string"),
        ),
    ),
)

TABLE: Mapping[str, TableSpec] = {t.name: t for t in TABLES}
