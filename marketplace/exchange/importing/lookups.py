"""Finds the firm or store a row speaks of; when the register cannot tell, the row is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz, process
from sqlmodel import Session, col, select

from marketplace.base.text import fold_name, normalize
from marketplace.exchange.faults import RowFault, Value
from marketplace.exchange.importing.taking import Rejected
from marketplace.features.registry.kinds import FactoryStatus
from marketplace.features.registry.tables import Factory, Operator, Store

_SIMILAR = 85.0
# What a portion's session has asked already.
_FIRMS, _NAMED, _NAMES = "import.firms", "import.named", "import.names"


@dataclass(frozen=True, slots=True)
class Firm:
    """The factory and operator a row belongs to."""

    factory_id: int
    operator_id: int


def find_firm(
    session: Session, program: str, values: Mapping[str, Value], *, name_field: str
) -> Firm:
    """Return the firm with the row's code, without one the only firm of exactly that name.

    Raises:
        Rejected: unknown, or several firms of that name; the fault proposes a similar name.
    """
    firm = known_firm(session, program, values, name_field=name_field)
    if firm is not None:
        return firm
    code, name = values.get("uscc"), values.get(name_field)
    column = "uscc" if code else name_field
    if not name:
        raise Rejected(RowFault(column, "row_factory_unknown", str(code or "")))
    named = _named(session, program, str(name), without_code=bool(code))
    operators = {firm.operator_id for firm in named}
    if operators:
        facts = {"count": len(operators)}
        raise Rejected(RowFault(name_field, "row_factory_ambiguous", str(name), facts))
    similar = _similar_name(session, program, str(name))
    if similar:
        facts_similar = {"similar": similar}
        raise Rejected(
            RowFault(column, "row_factory_similar", str(code or name), facts_similar)
        )
    raise Rejected(RowFault(column, "row_factory_unknown", str(code or name)))


def known_firm(
    session: Session, program: str, values: Mapping[str, Value], *, name_field: str
) -> Firm | None:
    """Return the firm a row speaks of; None where the register cannot tell."""
    code, name = values.get("uscc"), values.get(name_field)
    if code:
        firm = _coded(session, program, str(code))
        if firm is not None:
            return firm
    found = _named(session, program, str(name), without_code=bool(code)) if name else []
    return found[0] if len({firm.operator_id for firm in found}) == 1 else None


def expect_firms(
    session: Session, program: str, *, codes: Collection[str], names: Collection[str] = ()
) -> None:
    """Ask once for the firms a portion speaks of; `find_firm` need not ask for them again.

    For kinds that write no firm, and as long as the session, which takes one portion.
    """
    coded: dict[str, Firm | None] = dict.fromkeys(codes)
    named: dict[str, list[tuple[Firm, bool]]] = {fold_name(name): [] for name in names}
    statement = _listed(program).add_columns(col(Operator.uscc), col(Operator.name_fold))
    spoken_of = sa.or_(
        col(Operator.uscc).in_(set(codes)), col(Operator.name_fold).in_(set(named))
    )
    for factory_id, operator_id, code, fold in session.execute(statement.where(spoken_of)):
        firm = Firm(int(factory_id), int(operator_id))
        if coded.get(code, firm) is None:
            coded[code] = firm
        if fold in named:
            named[fold].append((firm, code is None))
    session.info[_FIRMS] = coded
    session.info[_NAMED] = named


def _coded(session: Session, program: str, code: str) -> Firm | None:
    known: Mapping[str, Firm | None] = session.info.get(_FIRMS, {})
    if code in known:
        return known[code]
    row = session.execute(_listed(program).where(col(Operator.uscc) == code)).first()
    return None if row is None else Firm(int(row[0]), int(row[1]))


def _named(session: Session, program: str, name: str, *, without_code: bool) -> list[Firm]:
    """The listed firms of exactly a name.

    Where the row gives a code that nobody has, a draft of this name is the firm whose code is
    still missing.
    """
    fold = fold_name(name)
    known: Mapping[str, list[tuple[Firm, bool]]] = session.info.get(_NAMED, {})
    if fold in known:
        return [firm for firm, is_draft in known[fold] if is_draft or not without_code]
    statement = _listed(program).where(col(Operator.name_fold) == fold)
    if without_code:
        statement = statement.where(col(Operator.uscc).is_(None))
    return [Firm(int(row[0]), int(row[1])) for row in session.execute(statement)]


def _listed(program: str) -> Any:
    """The firms on the lists, the oldest first."""
    return (
        sa.select(col(Factory.id), col(Factory.operator_id))
        .join(Operator, col(Operator.id) == col(Factory.operator_id))
        .where(col(Operator.program) == program, col(Factory.status) != FactoryStatus.ARCHIVED)
        .order_by(col(Factory.id))
    )


def find_store(
    session: Session, program: str, platform: Value, store_no: Value
) -> Store | None:
    """Return a store by its number; without a platform only where one store has it.

    Raises:
        Rejected: when stores of several platforms have the number.
    """
    statement = select(Store).where(Store.program == program, Store.store_no == str(store_no))
    found = list(session.execute(statement.order_by(col(Store.id))).scalars())
    return choose_store(found, platform, store_no)


def stores_numbered(
    session: Session, program: str, numbers: Collection[str]
) -> dict[str, list[Store]]:
    """Return the stores with each of some numbers, the oldest first."""
    statement = select(Store).where(
        Store.program == program, col(Store.store_no).in_(set(numbers))
    )
    found: dict[str, list[Store]] = {}
    for store in session.execute(statement.order_by(col(Store.id))).scalars():
        found.setdefault(store.store_no, []).append(store)
    return found


def choose_store(found: Sequence[Store], platform: Value, store_no: Value) -> Store | None:
    """Return which of the stores with a number is meant; see `find_store`.

    Raises:
        Rejected: when stores of several platforms have the number.
    """
    if platform:
        named = [s for s in found if normalize(s.platform) == str(platform)]
        nameless = [s for s in found if s.platform == UNNAMED_PLATFORM]
        return next(iter((*named, *nameless)), None)
    if len(found) > 1:
        raise Rejected(RowFault("platform", "row_platform_needed", str(store_no)))
    return next(iter(found), None)


# A platform's own file does not say which platform it is; a list of stores says it later.
UNNAMED_PLATFORM = "未注明"


def _similar_name(session: Session, program: str, name: str) -> str | None:
    """Return the most similar name of the register, to be proposed and never taken."""
    names: dict[str, str] | None = session.info.get(_NAMES)
    if names is None:  # read once for a portion
        found = sa.select(col(Operator.name_fold), col(Operator.name))
        rows = session.execute(found.where(col(Operator.program) == program))
        names = session.info[_NAMES] = {str(fold): str(full) for fold, full in rows}
    best = process.extractOne(
        fold_name(name), list(names), scorer=fuzz.ratio, score_cutoff=_SIMILAR
    )
    return None if best is None else names[best[0]]
