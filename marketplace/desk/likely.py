"""Says which known firms a new one may be. It proposes and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from rapidfuzz import fuzz, process
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, narrow
from marketplace.base.text import fold_name
from marketplace.features.registry.kinds import FactoryStatus
from marketplace.features.registry.tables import Factory, Operator

SIMILAR_FROM = 82.0  # of 100; below that names of one trade all look alike
MOST = 5
_MOST_COMPARED = 20_000
_INSIDE_FROM = 4  # letters from which a short name inside a longer one is no chance


@dataclass(frozen=True, slots=True)
class Likely:
    """A known firm that may be the same; `score` 0–100, 100 when the code is the same."""

    factory_id: int
    name: str
    uscc: str | None
    score: int
    same_code: bool


def likely_factories(
    session: Session, actor: Actor, *, program: str, name: str, uscc: str | None
) -> list[Likely]:
    """Return firms this actor may see that look like the one named, the surest first."""
    rows = session.execute(
        select(Factory.id, Factory.name, Factory.name_fold, Operator.uscc)
        .join(Operator, sa.and_(col(Operator.id) == Factory.operator_id))
        .where(
            Factory.program == program,
            col(Factory.status) != FactoryStatus.ARCHIVED,
            *narrow(
                actor,
                "desk.list_factories",
                program_column=Factory.program,
                district_column=Factory.district,
                operator_column=Factory.operator_id,
            ),
        )
        .order_by(col(Factory.id))
        .limit(_MOST_COMPARED)
    ).all()
    known = {int(i or 0): (str(n), str(f), u) for i, n, f, u in rows}
    found = {
        i: Likely(i, n, u, 100, same_code=True)
        for i, (n, _f, u) in known.items()
        if uscc and u == uscc
    }
    fold = fold_name(name)
    if fold:
        folds = {i: f for i, (_n, f, _u) in known.items()}
        for _text, score, i in process.extract(
            fold, folds, scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM, limit=MOST
        ):
            n, _f, u = known[i]
            both_coded = bool(uscc and u) and score < 100
            if i not in found and not both_coded:  # two valid codes and two names are two firms
                found[i] = Likely(i, n, u, round(score), same_code=False)
        # Typed without its city and kind of firm, a name is too short to look alike as a whole.
        inside = [i for i, f in folds.items() if fold in f] if len(fold) >= _INSIDE_FROM else []
        for i in inside:
            n, _f, u = known[i]
            if i not in found and not (uscc and u):
                found[i] = Likely(i, n, u, round(SIMILAR_FROM), same_code=False)
    return sorted(found.values(), key=lambda one: (-one.score, one.factory_id))[:MOST]
