"""Says which rows may be firms the register already has under other words.

It proposes and decides nothing: two firms may well share a name's beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from rapidfuzz import fuzz, process
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, require
from marketplace.base.text import fold_name
from marketplace.exchange.kinds import ImportKind, Outcome
from marketplace.exchange.reading import Reading
from marketplace.features.registry.kinds import FactoryStatus
from marketplace.features.registry.tables import Factory, Operator

SIMILAR_FROM = 88.0
_MOST_COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """A row that may be a known firm; `score` 0–100, `same_code` when only the name differs."""

    row: int
    name: str
    known_factory_id: int
    known_name: str
    score: int
    same_code: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """A firm of the register."""

    factory_id: int
    name: str
    fold: str
    uscc: str | None


class _Register:
    """Finds the firm most like a name."""

    def __init__(self, known: Sequence[_Known]) -> None:
        """Sort the firms by what they can be compared by."""
        self._known = known
        self._uncoded = [one for one in known if one.uscc is None]
        self._folds = [one.fold for one in known]
        self._uncoded_folds = [one.fold for one in self._uncoded]
        self._by_fold: dict[str, _Known] = {}
        for one in known:
            self._by_fold.setdefault(one.fold, one)

    def like(self, fold: str, *, coded: bool) -> tuple[_Known, int] | None:
        """Return the firm most like a name, and how much (0-100).

        Two valid codes and two names are two firms: with a code of its own, a row is compared
        with firms that have none, and beyond that only its very name counts.
        """
        same = self._by_fold.get(fold)
        if same is not None:
            return same, 100
        some, folds = (
            (self._uncoded, self._uncoded_folds) if coded else (self._known, self._folds)
        )
        best = process.extractOne(fold, folds, scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM)
        return None if best is None else (some[best[2]], round(best[1]))


def likely_same(
    session: Session,
    actor: Actor,
    *,
    program: str,
    reading: Reading,
    outcomes: dict[int, Outcome],
) -> list[Likeness]:
    """Return rows that look like a known firm without being recognized as it, the surest first.

    A row with a known firm's code under another name is told too: the code decides, a person
    should look.
    """
    require(actor, "registry.list_conflicts", Scope(program=program))
    if reading.kind is not ImportKind.FACTORIES:
        return []
    rows = session.execute(
        select(Factory.id, Operator.name, Operator.name_fold, Operator.uscc)
        .join(Operator, sa.and_(col(Operator.id) == Factory.operator_id))
        .where(Operator.program == program, col(Factory.status) != FactoryStatus.ARCHIVED)
        .order_by(col(Factory.id))
        .limit(_MOST_COMPARED)
    ).all()
    known = [_Known(int(i), str(n), str(f), u) for i, n, f, u in rows]
    register = _Register(known)
    by_code = {one.uscc: one for one in known if one.uscc}
    found: list[Likeness] = []
    for row in reading.rows:
        name = row.values.get("name")
        if not name or outcomes.get(row.row) in {Outcome.REJECTED, Outcome.DUPLICATE}:
            continue
        fold, code = fold_name(str(name)), row.values.get("uscc")
        if code in by_code:
            same = by_code[code]
            if same.fold != fold:
                score = round(fuzz.ratio(fold, same.fold))
                found.append(
                    Likeness(
                        row.row, str(name), same.factory_id, same.name, score, same_code=True
                    )
                )
            continue
        like = register.like(fold, coded=code is not None)
        if like is not None:
            one, score = like
            found.append(
                Likeness(row.row, str(name), one.factory_id, one.name, score, same_code=False)
            )
    return sorted(found, key=lambda one: (-one.score, one.row))
