"""Takes what a store sold for into the books; with the simulated account a person says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, today
from marketplace.base.db.idempotency import once
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.money import MAX_FEN
from marketplace.base.text import normalize_prose
from marketplace.features.enforcement.queries.facts import holder_or_last, scope_of_store
from marketplace.features.holds.commands import booking
from marketplace.features.holds.kinds import MovementKind
from marketplace.features.holds.settlement import OF_THE_HOUSE, SettlementPort
from marketplace.features.registry.tables import Store


def record_takings(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    store_id: int,
    amount_fen: int,
    source: str,
    token: str | None = None,
    settlement: SettlementPort = OF_THE_HOUSE,
) -> str:
    """Record what stands to a store's account before it is paid out; return the receipt's number.

    Raises:
        NotFound: there is no such store, or not for this actor.
        Refused: not above zero, or no source.
        Invalid: for more than any account holds.
    """
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    holder = holder_or_last(session, store_id=store_id, day=today(clock))
    require(actor, "holds.record_takings", scope_of_store(session, store, holder))
    said = normalize_prose(source)[:1000]
    if amount_fen <= 0:
        raise Refused("amount_not_positive")
    if amount_fen > MAX_FEN:  # else the books of the whole program could not be added up
        raise Invalid(
            [Fault("value", "number_out_of_range", {"low": 0, "high": MAX_FEN // 100})]
        )
    if len(said) < 4:
        raise Refused("reason_missing")

    def work() -> Mapping[str, Any]:
        serial = booking.next_serial(session, store_id)
        receipt = settlement.deposit(
            session, clock=clock, token=f"takings:{store_id}:{serial}", store_id=store_id,
            amount_fen=amount_fen,
        )  # fmt: skip
        booking.move(
            session, clock=clock, by=actor, kind=MovementKind.TAKINGS, program=store.program,
            store_id=store_id, amount_fen=amount_fen, receipt=receipt, reason=said,
        )  # fmt: skip
        audit.record(
            session, clock=clock, actor=actor, action="holds.record_takings",
            subject=f"store:{store_id}", program=store.program,
            operator_id=holder[1] if holder else None, reason=said,
            facts={"amount_fen": amount_fen, "receipt": receipt},
        )  # fmt: skip
        return {"receipt": receipt}

    body = {"store": store_id, "amount": amount_fen, "source": said}
    scope = f"holds.record_takings:{actor.account_id}"
    found = once(session, clock=clock, token=token, scope=scope, body=body, work=work)
    return str(found["receipt"])
