"""Takes facts about stores that can tie them: entered by an officer, or imported in a table.

Only a keyed commitment and the masked form are kept; the value itself is forgotten here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.errors import Fault, Invalid, NotFound
from marketplace.base.keys import KeyRing
from marketplace.base.text import normalize
from marketplace.features.links.commitments import commitment_of, masked
from marketplace.features.links.kinds import LinkReason, LinkSource, TraitKind
from marketplace.features.links.queries import scope_of_subject, subject_of_store
from marketplace.features.links.tables import StoreTrait
from marketplace.features.registry.queries import stores_in_reach
from marketplace.features.registry.tables import Store


@dataclass(frozen=True, slots=True)
class TraitGiven:
    """One row of an imported table: which store, what kind, the value."""

    platform: str
    store_no: str
    kind: TraitKind
    value: str


def record_trait(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    kind: TraitKind,
    value: str,
    source: str,
) -> bool:
    """Record a fact about a store; False when it is known already.

    Raises:
        NotFound: when there is no such store.
        Invalid: for an empty value or no source.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    scope = scope_of_subject(session, store.program, subject_of_store(store_id))
    require(actor, "links.record_trait", scope)
    if not normalize(source):
        raise Invalid([Fault("source", "field_missing")])
    if not _keep(session, clock, actor, store, kind, value, LinkSource.OFFICER, source):
        return False
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="links.record_trait",
        subject=f"store:{store_id}",
        program=store.program,
        operator_id=scope.operator_id,
        facts={"kind": kind, "source": normalize(source)},
    )
    return True


def record_traits(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    program: str,
    source: str,
    given: Sequence[TraitGiven],
) -> int:
    """Take a table of facts, whole or not at all; return how many were new.

    Raises:
        Invalid: with every faulty row, placed as `row 2`; a store out of reach is one unknown.
    """
    action = "links.record_traits"
    require(actor, action, Scope(program=program))
    stores = {
        (normalize(s.platform), normalize(s.store_no)): s
        for s in session.execute(
            select(Store).where(
                Store.program == program,
                col(Store.store_no).in_(sorted({normalize(g.store_no) for g in given})),
            )
        ).scalars()
    }
    days = {(store.key, today(clock)) for store in stores.values()}
    mine = stores_in_reach(session, actor, action, program=program, days=days)
    faults = [] if normalize(source) else [Fault("source", "field_missing")]
    kept: Counter[str] = Counter()
    for number, one in enumerate(given, start=2):
        store = stores.get((normalize(one.platform), normalize(one.store_no)))
        if store is None or (store.key, today(clock)) not in mine:
            faults.append(Fault(f"row {number}", "trait_store_unknown", {"row": number}))
        elif not _is_told(one.kind, one.value):
            faults.append(Fault(f"row {number}", "trait_value_empty", {"row": number}))
        elif not faults and _keep(
            session, clock, actor, store, one.kind, one.value, LinkSource.IMPORT, source
        ):
            kept[one.kind.value] += 1
    if faults:
        raise Invalid(faults)
    if kept:
        audit.record(
            session,
            clock=clock,
            actor=actor,
            action=action,
            subject=f"program:{program}",
            program=program,
            facts={"source": normalize(source), "new": dict(kept), "rows": len(given)},
        )
    return kept.total()


def _is_told(kind: TraitKind, value: str) -> bool:
    from marketplace.features.links.commitments import canonical

    return bool(canonical(LinkReason(kind.value), value))


def _keep(
    session: Session,
    clock: Clock,
    actor: Actor,
    store: Store,
    kind: TraitKind,
    value: str,
    by: LinkSource,
    source: str,
) -> bool:
    keys: KeyRing = session.info["keys"]
    reason = LinkReason(kind.value)
    mac = commitment_of(keys, reason, value)
    if not mac:
        raise Invalid([Fault("value", "field_missing")])
    known = session.execute(
        select(StoreTrait.id).where(
            StoreTrait.store_id == store.key,
            StoreTrait.kind == kind,
            StoreTrait.value_mac == mac,
        )
    ).scalar()
    if known is not None:
        return False
    session.add(
        StoreTrait(
            program=store.program,
            store_id=store.key,
            kind=kind,
            value_mac=mac,
            shown=masked(reason, value)[:200],
            source=by,
            source_text=normalize(source)[:200],
            recorded_by=actor.account_id,
            recorded_at=clock.now(),
        )
    )
    session.flush()
    return True
