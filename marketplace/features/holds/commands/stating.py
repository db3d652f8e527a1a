"""States the reasons of a hold through the statements of enforcement; a step of commands."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base.access import Actor
from marketplace.base.clock import Clock, start_of
from marketplace.base.rulebook import Rulebook
from marketplace.base.rulebook.holds import HoldBasis
from marketplace.base.words import format_day
from marketplace.features.enforcement.commands import closing, reasons
from marketplace.features.enforcement.kinds import MeasureKind, StatementBasis
from marketplace.features.enforcement.queries.facts import load_finding
from marketplace.features.enforcement.statement import MeasureSaid
from marketplace.features.enforcement.tables import StatementOfReasons
from marketplace.features.holds.tables import PaymentHold


def state(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    by: Actor,
    hold: PaymentHold,
    basis: HoldBasis,
    reason: str | None = None,
) -> StatementOfReasons:
    """Give the statement of a hold as it stands now, of what is still held of it."""
    finding, _scope = load_finding(session, hold.finding_id)
    holder = None
    if hold.factory_id is not None and hold.operator_id is not None:
        holder = (hold.factory_id, hold.operator_id)
    place = f"holds.bases.{rulebook.holds.place_of(basis.key)}"
    names = {"zh": basis.name_zh, "en": basis.name_en}
    law = {"zh": basis.law_zh, "en": basis.law_en}
    facts: dict[str, object] = {
        "amount_fen": hold.remaining_fen or hold.amount_fen,
        "disputed_fen": hold.disputed_fen,
        "review_on": format_day(hold.review_on),
    }
    return reasons.issue(
        session, rulebook, clock=clock, by=by, store=closing.locked(session, hold.store_id),
        holder=holder, finding=finding,
        grounds=reasons.Grounds(
            basis=StatementBasis.PAYMENT_HOLD,
            reason=reason or hold.reason,
            rules=(
                reasons.cite(
                    rulebook, "hold", f"{place}.review_days", basis=names, law=law,
                    review_days=basis.review_days, grace_days=rulebook.holds.grace_days,
                ),
                reasons.cite(
                    rulebook, "hold_longest", f"{place}.max_days", max_days=basis.max_days
                ),
            ),
            measures=(
                MeasureSaid(MeasureKind.PAYMENT_HOLD, facts, start_of(hold.until_on)),
            ),
        ),
    )  # fmt: skip
