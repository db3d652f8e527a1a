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
    known = [(int(i), str(n), str(f), u) for i, n, f, u in rows]
    folds = [fold for _, _, fold, _ in known]
    by_code = {u: (i, n, f) for i, n, f, u in known if u}
    found: list[Likeness] = []
    for row in reading.rows:
        name = row.values.get("name")
        if not name or outcomes.get(row.row) in {Outcome.REJECTED, Outcome.DUPLICATE}:
            continue
        fold, code = fold_name(str(name)), row.values.get("uscc")
        if code in by_code:
            factory_id, known_name, known_fold = by_code[code]
            if known_fold != fold:
                score = round(fuzz.ratio(fold, known_fold))
                found.append(
                    Likeness(row.row, str(name), factory_id, known_name, score, same_code=True)
                )
            continue
        found.extend(_similar(row.row, str(name), fold, code=code, known=known, folds=folds))
    return sorted(found, key=lambda one: (-one.score, one.row))


def _similar(
    row: int,
    name: str,
    fold: str,
    *,
    code: object,
    known: Sequence[tuple[int, str, str, str | None]],
    folds: Sequence[str],
) -> list[Likeness]:
    best = process.extractOne(fold, folds, scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM)
    if best is None:
        return []
    factory_id, known_name, _, known_code = known[best[2]]
    both_coded = code is not None and known_code is not None
    if both_coded and best[1] < 100:
        return []  # two valid codes and two names are two firms
    return [Likeness(row, name, factory_id, known_name, round(best[1]), same_code=False)]
