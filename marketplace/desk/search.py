"""Finds things by Chinese, English and pinyin, two-character words included.

Text is kept as tokens: every two neighboring Chinese characters and the last one of a run, Latin
words whole, and for each Chinese run its pinyin and initials from every start. A query of Chinese
characters is a phrase of such pairs, which finds what LIKE would find; a Latin query matches the
beginning of a word. SQLite asks its FTS5 table, PostgreSQL a GIN index over the same tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, col, select

from marketplace.base.text import normalize
from marketplace.desk.ddl import FULL_TEXT, PG_TOKENS
from marketplace.desk.tables import SearchEntry

MADE_BY = 3  # raised when a thing gets other tokens: older entries are made again
_CJK = re.compile(r"[\u3400-\u9fff]")
_CJK_RUN = re.compile(r"[\u3400-\u9fff]+")
_RUN = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")


def tokens_of(texts: Iterable[str | None]) -> str:
    """Return the tokens of some names, space-separated, with a sentinel between names."""
    parts: list[str] = []
    for text in texts:
        if not text:
            continue
        for run in _RUN.findall(normalize(text).lower()):
            parts.extend(_pairs(run) if _CJK.match(run) else [run])
        parts.append("|")
        parts.extend(_pinyin(text))
        parts.append("|")
    return f" {' '.join(parts)} "


@dataclass(frozen=True, slots=True)
class Findable:
    """One thing and the texts it is found by."""

    entity_id: int
    program: str
    operator_id: int | None
    texts: tuple[str | None, ...]


def index_entries(session: Session, kind: str, things: Sequence[Findable]) -> None:
    """Write what many things of a kind can be found by; what is so already is not touched."""
    known = {
        row.entity_id: row
        for row in session.execute(
            _entries_asked(), {"kind": kind, "ids": [thing.entity_id for thing in things]}
        ).scalars()
    }
    new: list[dict[str, Any]] = []
    for thing in things:
        values: dict[str, Any] = {
            "program": thing.program,
            "operator_id": thing.operator_id,
            "tokens": tokens_of(thing.texts),
            "made_by": MADE_BY,
        }
        row = known.get(thing.entity_id)
        if row is None:
            new.append({"kind": kind, "entity_id": thing.entity_id, **values})
            continue
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    if new:
        session.execute(sa.insert(SearchEntry.__table__), new)  # type: ignore[attr-defined]


@cache
def _entries_asked() -> Any:
    return select(SearchEntry).where(
        SearchEntry.kind == sa.bindparam("kind"),
        col(SearchEntry.entity_id).in_(sa.bindparam("ids", expanding=True)),
    )


def matching(kind: str, query: str) -> sa.Select[int] | None:
    """Return a subquery of the entity numbers of a kind that match, or None for no query."""
    runs = _RUN.findall(normalize(query).lower())
    if not runs:
        return None
    return (
        sa.select(col(SearchEntry.entity_id))
        .where(col(SearchEntry.kind) == kind)
        .where(_Holds(sa.literal(_for_sqlite(runs)), sa.literal(_for_postgresql(runs))))
        .where(*(_phrase_stands(run) for run in runs if _CJK.match(run) and len(run) > 2))
    )


class _Holds(FunctionElement[bool]):
    """The tokens of a search entry hold every word of a query; each engine asks its own index."""

    type = sa.Boolean()
    inherit_cache = True
    name = "search_holds"


@compiles(_Holds, "sqlite")
def _sqlite_holds(element: _Holds, compiler: Any, **options: Any) -> str:
    match = compiler.process(next(iter(element.clauses)), **options)
    return f"search_entry.id IN (SELECT rowid FROM {FULL_TEXT} WHERE {FULL_TEXT} MATCH {match})"  # noqa: S608  a bound value


@compiles(_Holds, "postgresql")
def _postgresql_holds(element: _Holds, compiler: Any, **options: Any) -> str:
    wanted = compiler.process(list(element.clauses)[1], **options)
    return f"{PG_TOKENS} @@ CAST({wanted} AS tsquery)"


def _for_sqlite(runs: list[str]) -> str:
    """Words are quoted, so that nothing in them is an operator."""
    told = []
    for run in runs:
        if not _CJK.match(run) or len(run) == 1:
            told.append(f'"{run}" *')
        else:
            told.append(f'"{" ".join(_pairs(run)[:-1])}"')
    return " AND ".join(told)


def _for_postgresql(runs: list[str]) -> str:
    """The index knows no places: that the pairs of a phrase stand together is asked beside it."""
    told = []
    for run in runs:
        if not _CJK.match(run) or len(run) == 1:
            told.append(f"'{run}':*")
        else:
            told.extend(f"'{pair}'" for pair in _pairs(run)[:-1])
    return " & ".join(told)


def _phrase_stands(run: str) -> sa.ColumnElement[bool]:
    return col(SearchEntry.tokens).like(f"% {' '.join(_pairs(run)[:-1])} %")


def _pairs(run: str) -> list[str]:
    """白塘里 is 白塘, 塘里, 里."""
    return [run[i : i + 2] for i in range(len(run))]


def _pinyin(text: str) -> list[str]:
    return [token for run in _CJK_RUN.findall(text) for token in _pinyin_of_run(run)]


@lru_cache(maxsize=4096)  # 鞋业有限公司 and the names of streets come again and again
def _pinyin_of_run(run: str) -> tuple[str, ...]:
    """Every start in the run, so that 白塘 in 莆田市白塘里 is found by "baitang" and "bt"."""
    from pypinyin import Style, lazy_pinyin

    full = lazy_pinyin(run)
    initials = lazy_pinyin(run, style=Style.FIRST_LETTER)
    return tuple("".join(parts[i:]) for i in range(len(full)) for parts in (full, initials))
