"""Affiliates and contract-manufacturing history, declared by the owner or an officer."""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, Role, require
from marketplace.base.access.tables import Account
from marketplace.base.clock import Clock
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid
from marketplace.base.identifiers import check_uscc, clean_uscc
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.registry.events import AffiliateDeclared
from marketplace.features.registry.queries import scope_of_factory, scope_of_operator
from marketplace.features.registry.tables import Affiliate, ContractWork


def declare_affiliate(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    operator_id: int,
    name: str,
    relation: str,
    uscc: str | None = None,
) -> int:
    """Record an affiliate of an operator; the same one twice changes nothing.

    But that the office tells it too is kept: what an owner tells of another firm counts against
    that firm only with its own word or the office's.

    Raises:
        Invalid: for a missing name or a USCC that cannot be one.
    """
    scope = scope_of_operator(session, operator_id)
    require(actor, "registry.declare_affiliate", scope)
    name, code = normalize(name), clean_uscc(uscc or "") or None
    faults = [] if name else [Fault("name", "name_missing")]
    if code and (fault := check_uscc(code)) is not None:
        faults.append(Fault("uscc", fault.code, fault.facts))
    if faults:
        raise Invalid(faults)
    row: Affiliate | None = session.execute(
        select(Affiliate).where(
            Affiliate.operator_id == operator_id, Affiliate.name == name, Affiliate.uscc == code
        )
    ).scalar()
    if row is not None and not _attests(session, actor, row):
        return row.key
    if row is None:
        row = Affiliate(
            operator_id=operator_id,
            name=name,
            uscc=code,
            relation=normalize(relation),
            declared_at=clock.now(),
        )
    row.declared_by = actor.account_id
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.declare_affiliate",
        subject=f"operator:{operator_id}",
        program=scope.program,
        operator_id=operator_id,
        after={"name": name, "uscc": code, "relation": row.relation},
    )
    announce(session, AffiliateDeclared(operator_id, str(scope.program)))
    return row.key


def _attests(session: Session, who: Actor, row: Affiliate) -> bool:
    """Tell whether somebody of the office tells what only an owner told so far."""
    teller = session.get(Account, row.declared_by) if row.declared_by else None
    return who.role is not Role.OWNER and teller is not None and teller.role is Role.OWNER


def record_contract_work(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    factory_id: int,
    from_year: int,
    kind: str,
    until_year: int | None = None,
    pairs_per_year: int | None = None,
    note: str | None = None,
) -> int:
    """Record a stretch of contract manufacturing; the years are inclusive.

    Raises:
        Invalid: for years that cannot be.
    """
    scope = scope_of_factory(session, factory_id)
    require(actor, "registry.record_contract_work", scope)
    faults = []
    if not 1949 <= from_year <= 2100:
        faults.append(Fault("from_year", "number_out_of_range", {"low": 1949, "high": 2100}))
    if until_year is not None and until_year < from_year:
        faults.append(Fault("until_year", "ends_before_it_starts"))
    if pairs_per_year is not None and pairs_per_year < 0:
        faults.append(
            Fault("pairs_per_year", "number_out_of_range", {"low": 0, "high": 200_000_000})
        )
    if faults:
        raise Invalid(faults)
    row = ContractWork(
        factory_id=factory_id,
        from_year=from_year,
        until_year=until_year,
        kind=normalize(kind),
        pairs_per_year=pairs_per_year,
        note=normalize_prose(note or "") or None,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="registry.record_contract_work",
        subject=f"factory:{factory_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        after={"from_year": from_year, "until_year": until_year, "kind": row.kind},
    )
    return row.key
