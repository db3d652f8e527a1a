"""Has an owner dispute records of the compliance score: one accepted, one rejected, one waiting."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base.access import Actor, Role
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import Capacity
from marketplace.base.db import read, write
from marketplace.features.credit import commands as credit
from marketplace.features.credit.queries import get_score
from marketplace.upkeep.demo.history import FactoryIds
from marketplace.upkeep.demo.people import People, make_account
from marketplace.upkeep.demo.story import Plot, Story

_SAID = (
    ("链接由前任运营代管期间上架，交接记录已提交（虚构）", True),
    ("当日商品已下架，认定数量有误（虚构）", False),
    ("该店当时已转让，转让协议可查（虚构）", None),
)


def play(app: App, people: People, told: Sequence[Story], ids: Sequence[FactoryIds]) -> None:
    """File as many disputes as the firm has records against it, at most three."""
    own = next(i for s, i in zip(told, ids, strict=True) if s.plot is Plot.RELAPSE)
    owner = write(app.store, lambda s: _owner(s, app, people, own.operator_id))
    if owner is None:
        return
    with read(app.store) as session:
        found = get_score(
            session, owner, app.rulebook(), clock=app.clock, operator_id=own.operator_id
        )
    against = (
        [e for c in found.components if c.most_points < 0 for e in c.events] if found else []
    )
    for event, (said, accept) in zip(against, _SAID, strict=False):
        number = _file(app, owner, own.operator_id, event.ref, said)
        if accept is not None:
            _decide(app, people, number, accept=accept)


def _owner(session: Session, app: App, people: People, operator_id: int) -> Actor | None:
    account_id = make_account(
        session, app.clock, people.admin, login="owner4", name="吴老板（演示）",
        role=Role.OWNER, program=app.rulebook().program.key,
        operators=[(operator_id, Capacity.HEAD)],
    )  # fmt: skip
    return actor_of(session, account_id)


def _file(app: App, owner: Actor, operator_id: int, event_ref: str, said: str) -> int:
    return write(
        app.store,
        lambda s: credit.file_dispute(
            s,
            app.rulebook(),
            clock=app.clock,
            actor=owner,
            operator_id=operator_id,
            event_ref=event_ref,
            statement=said,
        ),
    )


def _decide(app: App, people: People, dispute_id: int, *, accept: bool) -> None:
    write(
        app.store,
        lambda s: credit.decide_dispute(
            s,
            clock=app.clock,
            actor=people.deputy,
            dispute_id=dispute_id,
            accept=accept,
            reason="核对交接记录属实（虚构）" if accept else "下架时间晚于发现时间（虚构）",
        ),
    )
