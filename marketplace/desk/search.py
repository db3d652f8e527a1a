"""Finds things by Chinese, English and pinyin, two-character words included.

Text is kept as tokens: every Chinese character by itself, Latin words whole, and for each
Chinese run its pinyin and initials. A query of Chinese characters is a phrase of single
characters; a Latin query matches by prefix. The same tokens serve both databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.text import normalize
from marketplace.desk.tables import SearchEntry

_CJK = re.compile(r"[\u3400-\u9fff]")
_RUN = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")
_SEPARATOR = " "


def tokens_of(texts: Iterable[str | None]) -> str:
    """Return the tokens of some names, space-separated, with a sentinel between names."""
    parts: list[str] = []
    for text in texts:
        if not text:
            continue
        for run in _RUN.findall(normalize(text).lower()):
            parts.extend(list(run) if _CJK.match(run) else [run])
        parts.append("|")
        parts.extend(_pinyin(text))
        parts.append("|")
    return f" {_SEPARATOR.join(parts)} "


def index_entry(
    session: Session,
    *,
    kind: str,
    entity_id: int,
    program: str,
    operator_id: int | None,
    texts: Iterable[str | None],
) -> None:
    """Write what one thing can be found by."""
    tokens = tokens_of(texts)
    row = session.execute(
        select(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.entity_id == entity_id)
    ).scalar()
    if row is None:
        row = SearchEntry(
            kind=kind,
            entity_id=entity_id,
            program=program,
            operator_id=operator_id,
            tokens=tokens,
        )
    row.program, row.operator_id, row.tokens = program, operator_id, tokens
    session.add(row)


def matching(kind: str, query: str) -> sa.Select[int] | None:
    """Return a subquery of the entity numbers of a kind that match, or None for no query."""
    wanted = _patterns(query)
    if not wanted:
        return None
    statement = sa.select(col(SearchEntry.entity_id)).where(col(SearchEntry.kind) == kind)
    for pattern in wanted:
        statement = statement.where(col(SearchEntry.tokens).like(pattern, escape="\\"))
    return statement


def _patterns(query: str) -> list[str]:
    patterns = []
    for run in _RUN.findall(normalize(query).lower()):
        # Characters are single tokens, so a phrase is characters with spaces; a Latin run is the
        # beginning of a token.
        if _CJK.match(run):
            patterns.append(f"% {' '.join(run)} %")
        else:
            patterns.append(f"% {run}%")
    return patterns


def _pinyin(text: str) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    found: list[str] = []
    for run in re.findall(r"[\u3400-\u9fff]+", text):
        full = lazy_pinyin(run)
        initials = lazy_pinyin(run, style=Style.FIRST_LETTER)
        # Every start in the run, so that 白塘 in 莆田市白塘里 is found by "baitang" and "bt".
        for i in range(len(full)):
            found.append("".join(full[i:]))
            found.append("".join(initials[i:]))
    return found
