"""What subjects are called, for the office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Factory, Operator, Store


@dataclass(frozen=True, slots=True)
class SubjectName:
    """What a subject is called; `factory_id` leads to its dossier."""

    ref: str
    kind: str  # store | operator | firm
    name: str
    status: StoreStatus | None = None
    platform: str | None = None
    store_no: str | None = None
    factory_id: int | None = None


def names_of_subjects(
    session: Session, refs: Iterable[str], *, firms: dict[str, str] | None = None
) -> dict[str, SubjectName]:
    """Return ref → name; a firm outside the register is called as its declaration calls it."""
    wanted = set(refs)
    stores = _numbers(wanted, "store")
    operators = _numbers(wanted, "operator")
    found = {
        ref: SubjectName(ref, "firm", (firms or {}).get(ref, ref.partition(":")[2][:8]))
        for ref in wanted
        if ref.startswith("firm:")
    }
    for number, name, status, platform, store_no in session.execute(
        sa.select(
            col(Store.id),
            col(Store.name),
            col(Store.status),
            col(Store.platform),
            col(Store.store_no),
        ).where(col(Store.id).in_(stores))
    ):
        ref = f"store:{number}"
        found[ref] = SubjectName(ref, "store", name, status, platform, store_no)
    for number, name, factory_id in session.execute(
        sa.select(col(Operator.id), col(Operator.name), sa.func.min(col(Factory.id)))
        .outerjoin(Factory, col(Factory.operator_id) == col(Operator.id))
        .where(col(Operator.id).in_(operators))
        .group_by(col(Operator.id), col(Operator.name))
    ):
        ref = f"operator:{number}"
        found[ref] = SubjectName(ref, "operator", name, factory_id=factory_id)
    return found


def _numbers(refs: Iterable[str], kind: str) -> list[int]:
    return sorted(
        int(number)
        for ref in refs
        for head, _, number in (ref.partition(":"),)
        if head == kind and number.isdigit()
    )
