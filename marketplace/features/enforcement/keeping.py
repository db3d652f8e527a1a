"""What commands on findings have in common: no text is cut, and every step is in the trail."""

from __future__ import annotations

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import Actor
from marketplace.base.clock import Clock
from marketplace.base.errors import Fault
from marketplace.features.enforcement.tables import Finding


def too_long(place: str, text: str, longest: int) -> list[Fault]:
    """Refuse what would not be kept whole: an engine cuts nothing, and nobody's words are cut."""
    return [Fault(place, "text_too_long", {"longest": longest})] if len(text) > longest else []


def trail_finding(
    session: Session,
    clock: Clock,
    actor: Actor,
    action: str,
    finding: Finding,
    *,
    reason: str | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    """Record a step of a finding in the trail."""
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action=action,
        subject=f"finding:{finding.key}",
        program=finding.program,
        operator_id=finding.operator_id,
        reason=reason,
        facts=facts,
    )
