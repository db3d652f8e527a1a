"""Hands for tests of measures: evidence, plans, courses, suspensions, who may overturn."""

from __future__ import annotations

from sqlmodel import Session, select

from marketplace.base.access import SYSTEM, Actor
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.queries import (
    StatementView,
    StoreState,
    list_statements,
    state_of_store_at,
)
from marketplace.features.enforcement.tables import StoreSuspension
from marketplace.features.progress.queries import time_zero
from marketplace.features.registry.tables import Store
from tests.features.scene import Scene

DIGEST = "ab" * 32


def uphold(firm: Scene, finding_id: int, **more) -> None:
    """Hear the owner, then uphold by the reviewer."""
    world = firm.world
    firm.do(
        lambda s: enforcement.hear_owner(
            s,
            clock=world.clock,
            actor=world.officer,
            finding_id=finding_id,
            statement="厂方说明情况",
        )
    )
    firm.do(
        lambda s: enforcement.decide_finding(
            s,
            world.rulebook,
            clock=world.clock,
            actor=world.reviewer,
            finding_id=finding_id,
            uphold=True,
            reason="两人复核认定",
            time_zero=time_zero,
            **more,
        )
    )


def offenses(firm: Scene, count: int, *, first: int = 0) -> list[int]:
    """Have findings upheld, an hour apart; return them."""
    found = []
    for n in range(first, first + count):
        firm.clock.advance(hours=1)
        found.append(firm.finding(number=n))
        uphold(firm, found[-1])
    return found


def overturn(firm: Scene, finding_id: int, *, by: Actor | None = None) -> None:
    """Overturn by the deputy, who had no part in it."""
    world = firm.world
    firm.do(
        lambda s: enforcement.overturn_finding(
            s,
            world.rulebook,
            clock=world.clock,
            actor=by or world.deputy,
            finding_id=finding_id,
            reason="复核后撤销",
        )
    )


def evidence(firm: Scene, finding_id: int, *, digest: str = DIGEST) -> int:
    """Keep a piece of evidence by its digest."""
    return firm.do(
        lambda s: enforcement.add_evidence(
            s,
            clock=firm.clock,
            actor=firm.world.officer,
            finding_id=finding_id,
            name="网页取证图",
            holder="林晓岚",
            sha256=digest,
        )
    )


def minute(firm: Scene) -> int:
    """Let the minute's work end what is over."""
    return firm.do(
        lambda s: enforcement.end_due_suspensions(
            s, firm.world.rulebook, clock=firm.clock, actor=SYSTEM
        )
    )


def papers(firm: Scene, actor: Actor | None = None) -> list[StatementView]:
    """Return the firm's statements, newest first."""
    return firm.world.see(
        lambda s: list_statements(s, actor or firm.owner, factory_id=firm.factory_id)
    )


def state(firm: Scene, at=None) -> StoreState:
    """Return the store as it stood at an instant; now without one."""
    return firm.world.see(
        lambda s: state_of_store_at(
            s,
            firm.owner,
            firm.world.rulebook,
            store_id=firm.store_id,
            at=at or firm.clock.now(),
        )
    )


def status(firm: Scene):
    """Return the store's own status, as the lists have it."""
    return firm.world.see(lambda s: s.get(Store, firm.store_id).status)


def suspension(firm: Scene) -> int:
    """Return the latest suspension's number."""

    def work(session: Session) -> int:
        rows = select(StoreSuspension.id).order_by(StoreSuspension.id.desc())
        return session.execute(rows).scalars().first()

    return firm.world.see(work)
