"""Gathers what links are derived from and whose a subject is; never shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Scope
from marketplace.base.files.tables import FileUse
from marketplace.base.keys import KeyRing
from marketplace.base.text import fold_name
from marketplace.features.links.commitments import commitment_of, masked
from marketplace.features.links.kinds import LinkReason, LinkSource, LinkStatus
from marketplace.features.links.rules import Derived, Facts, Picture, Tie, Trait
from marketplace.features.links.tables import LinkPicture, StoreLink, StoreTrait
from marketplace.features.registry.kinds import HoldingStatus
from marketplace.features.registry.tables import (
    Affiliate,
    Factory,
    Operator,
    Store,
    StoreHolding,
)

PICTURE_PURPOSE = "listing_picture"  # pictures of a store's listings, kept under `store:<n>`


def subject_of_store(store_id: int) -> str:
    """Return how links name a store."""
    return f"store:{store_id}"


def subject_of_operator(operator_id: int) -> str:
    """Return how links name an operator."""
    return f"operator:{operator_id}"


def gather(session: Session, *, program: str) -> Facts:
    """Return every fact of a program that links are derived from."""
    keys: KeyRing = session.info["keys"]
    return Facts(
        ties=(*_holdings(session, program), *_affiliates(session, program, keys)),
        traits=(*_of_operators(session, program, keys), *_of_stores(session, program)),
        pictures=tuple(_pictures(session, program)),
    )


def links_of_program(session: Session, *, program: str) -> list[StoreLink]:
    """Return every link of a program, cut and gone ones too."""
    return list(
        session.execute(
            select(StoreLink).where(StoreLink.program == program).order_by(col(StoreLink.id))
        ).scalars()
    )


def standing_links(session: Session, *, program: str) -> list[Derived]:
    """Return the links that stand, as the rules take them; for rules, never shown."""
    rows = session.execute(
        select(StoreLink)
        .where(StoreLink.program == program, StoreLink.status == LinkStatus.STANDING)
        .order_by(col(StoreLink.id))
    ).scalars()
    return [as_derived(row) for row in rows]


def cut_affiliates(session: Session, *, program: str) -> set[frozenset[int]]:
    """Return the pairs of operators whose tie as affiliates was cut as false; callers check access."""
    rows = session.execute(
        select(StoreLink.left_ref, StoreLink.right_ref).where(
            StoreLink.program == program,
            StoreLink.reason == LinkReason.AFFILIATE,
            StoreLink.status == LinkStatus.CUT,
        )
    ).all()
    begin = subject_of_operator(0)[:-1]
    return {
        frozenset(int(ref.removeprefix(begin)) for ref in pair)
        for pair in rows
        if all(ref.startswith(begin) for ref in pair)
    }


def as_derived(row: StoreLink) -> Derived:
    """Return a kept link as the rules take it."""
    return Derived(
        left=row.left_ref,
        right=row.right_ref,
        reason=row.reason,
        via_key=row.via_mac,
        via_shown=row.via_shown,
        strength=row.strength,
        source=row.source,
        told=row.source_text,
    )


def scope_of_subject(session: Session, program: str, subject: str) -> Scope:
    """Return whose a subject is: of an operator's first factory, or of the program alone."""
    kind, _, number = subject.partition(":")
    operator_id: int | None = None
    if kind == "operator" and number.isdigit():
        operator_id = int(number)
    elif kind == "store" and number.isdigit():
        operator_id = holder_of(session, int(number))
    if operator_id is None:
        return Scope(program=program)
    district = session.execute(
        select(Factory.district)
        .where(Factory.operator_id == operator_id)
        .order_by(col(Factory.id))
    ).scalar()
    return Scope(program=program, district=district, operator_id=operator_id)


def districts_of(session: Session, refs: Iterable[str]) -> dict[str, str | None]:
    """Return ref → the district of its operator's first factory, for many at once."""
    operators = {ref: int(number) for ref in set(refs) for number in _number(ref, "operator")}
    stores = {ref: int(number) for ref in set(refs) for number in _number(ref, "store")}
    latest = session.execute(
        _holders().where(col(StoreHolding.store_id).in_(sorted(stores.values())))
    ).all()
    holders = {int(row[0]): int(row[1]) for row in reversed(latest)}
    operators |= {ref: holders[n] for ref, n in stores.items() if n in holders}
    first = session.execute(
        sa.select(col(Factory.operator_id), col(Factory.district))
        .where(col(Factory.operator_id).in_(sorted(set(operators.values()))))
        .order_by(col(Factory.id).desc())
    )
    places = {int(row[0]): row[1] for row in first}
    return {ref: places.get(operator) for ref, operator in operators.items()}


def _number(ref: str, wanted: str) -> tuple[str, ...]:
    kind, _, number = ref.partition(":")
    return (number,) if kind == wanted and number.isdigit() else ()


def _holders() -> sa.Select[int, int]:
    """Select (store, operator), the one that holds a store now before those that once did."""
    return (
        sa.select(col(StoreHolding.store_id), col(Factory.operator_id))
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .where(col(StoreHolding.status) != HoldingStatus.REJECTED)
        .order_by(
            (col(StoreHolding.status) == HoldingStatus.CONFIRMED).desc(),
            col(StoreHolding.until_on).is_(None).desc(),
            col(StoreHolding.from_on).desc(),
        )
    )


def holder_of(session: Session, store_id: int) -> int | None:
    """Return the operator that holds a store now, else the one that held or declared it last."""
    row = session.execute(_holders().where(col(StoreHolding.store_id) == store_id)).first()
    return None if row is None else int(row[1])


def _holdings(session: Session, program: str) -> Iterator[Tie]:
    rows = session.execute(
        sa.select(
            col(StoreHolding.store_id),
            col(Factory.operator_id),
            col(StoreHolding.status),
            col(StoreHolding.basis),
        )
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .join(Store, col(Store.id) == col(StoreHolding.store_id))
        .where(
            col(Store.program) == program,
            col(StoreHolding.status) != HoldingStatus.REJECTED,
            col(StoreHolding.until_on).is_(None),
        )
        .order_by(col(StoreHolding.id))
    )
    for store_id, operator_id, status, basis in rows:
        confirmed = status is HoldingStatus.CONFIRMED
        yield Tie(
            subject_of_store(store_id),
            subject_of_operator(operator_id),
            LinkReason.OPERATES if confirmed else LinkReason.DECLARED,
            LinkSource.REGISTER if confirmed else LinkSource.OWNER,
            basis,
        )


def _affiliates(session: Session, program: str, keys: KeyRing) -> Iterator[Tie]:
    """Tie an operator to an affiliate: to the registered firm of that code or name, if any."""
    by_code: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for number, code, name in session.execute(
        sa.select(col(Operator.id), col(Operator.uscc), col(Operator.name_fold))
        .where(col(Operator.program) == program)
        .order_by(col(Operator.id).desc())
    ):
        by_name[name] = number
        if code:
            by_code[code] = number
    rows = session.execute(
        select(Affiliate)
        .join(Operator, col(Operator.id) == col(Affiliate.operator_id))
        .where(Operator.program == program)
        .order_by(col(Affiliate.id))
    ).scalars()
    for row in rows:
        known = by_code.get(row.uscc or "") or by_name.get(fold_name(row.name))
        name = row.uscc or row.name
        firm = f"firm:{commitment_of(keys, LinkReason.AFFILIATE, name)[:24]}"
        other = firm if known is None else subject_of_operator(known)
        yield Tie(
            subject_of_operator(row.operator_id),
            other,
            LinkReason.AFFILIATE,
            LinkSource.OWNER,
            f"{row.name} · {row.relation}"[:200],
        )


def _of_operators(session: Session, program: str, keys: KeyRing) -> Iterator[Trait]:
    rows = session.execute(
        sa.select(
            col(Operator.id),
            col(Operator.phone),
            col(Operator.legal_representative),
            col(Factory.address),
        )
        .outerjoin(Factory, col(Factory.operator_id) == col(Operator.id))
        .where(col(Operator.program) == program)
        .order_by(col(Operator.id), col(Factory.id))
    )
    for operator_id, phone, person, address in rows:
        for reason, value in (
            (LinkReason.PHONE, phone),
            (LinkReason.PERSON, person),
            (LinkReason.ADDRESS, address),
        ):
            key = commitment_of(keys, reason, value or "")
            if key:
                yield Trait(
                    subject_of_operator(operator_id),
                    reason,
                    key,
                    masked(reason, value)[:200],
                    LinkSource.REGISTER,
                )


def _of_stores(session: Session, program: str) -> Iterator[Trait]:
    rows = session.execute(
        select(StoreTrait).where(StoreTrait.program == program).order_by(col(StoreTrait.id))
    ).scalars()
    for row in rows:
        yield Trait(
            subject_of_store(row.store_id),
            LinkReason(row.kind.value),
            row.value_mac,
            row.shown,
            row.source,
            row.source_text,
        )


def _pictures(session: Session, program: str) -> Iterator[Picture]:
    rows = session.execute(
        sa.select(col(FileUse.subject), col(LinkPicture.bits), col(FileUse.name))
        .join(LinkPicture, col(LinkPicture.file_id) == col(FileUse.file_id))
        .where(
            col(FileUse.program) == program,
            col(FileUse.purpose) == PICTURE_PURPOSE,
            col(FileUse.withdrawn_at).is_(None),
            col(LinkPicture.bits) != "",
        )
        .order_by(col(FileUse.id))
    )
    for subject, bits, name in rows:
        yield Picture(subject, int(bits, 16), name)
