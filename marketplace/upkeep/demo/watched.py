"""Gives the auditor something to look at: files opened, decisions drawn, half of them judged.

One person decided every condition of one firm (`history` writes that), one looked at files of a
firm without any task there; both are made up and prove nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.assembly import App
from marketplace.base.access import Actor
from marketplace.base.clock import today
from marketplace.base.db import housekeeping_write, read, write
from marketplace.base.files.tables import FileOpening, FileUse
from marketplace.features.oversight.commands import draw_decisions, record_verdict
from marketplace.features.oversight.kinds import DecisionKind, Judgment
from marketplace.features.oversight.queries import DrawDetail, get_draw
from marketplace.upkeep.demo.people import People

# (file, days ago, who): of some firms nothing waited then, and nobody had a task there.
_LOOKS = tuple(
    (number, days + 3 * number, login)
    for number in range(4)
    for days, login in ((75, "deputy"), (140, "reviewer"), (210, "officer"))
)
_JUDGED = (
    (Judgment.CORRECT, "材料齐全，适用规则无误（虚构）"),
    (Judgment.CORRECT, "与现场记录一致（虚构）"),
    (Judgment.WRONG, "缺一份佐证材料，当时不应通过（虚构）"),
    (Judgment.CORRECT, "理由充分，时限内作出（虚构）"),
    (Judgment.CANNOT_TELL, "原始照片未留存，无从核对（虚构）"),
)


def play(app: App, people: People) -> None:
    """Open some files; draw twice, judge half of the first draw and correct one verdict."""
    _open_files(app, people)
    first = _draw(app, people.auditor, seed="20150203", wanted=10, kinds=tuple(DecisionKind))
    for item, (judgment, reason) in zip(first.items, _JUDGED, strict=False):
        _judge(app, people.auditor, item.item_id, judgment, reason)
    again = _again(app, people.auditor, first.draw.draw_id).items[3]
    if again.current is not None:
        _judge(
            app, people.auditor, again.item_id, Judgment.CORRECT,
            "复看留痕后更正说明：先经第一人同意（虚构）", replaces=again.current.verdict_id,
        )  # fmt: skip
    _draw(app, people.auditor, seed="莆田-2026-秋", wanted=6, kinds=(DecisionKind.PRODUCT,))


def _open_files(app: App, people: People) -> None:
    with read(app.store) as session:
        uses = _uses(session)
    with housekeeping_write(app.store) as session:
        for number, days, login in _LOOKS:
            if number < len(uses):
                who: Actor = getattr(people, login)
                session.add(
                    FileOpening(
                        use_id=uses[number],
                        account_id=who.account_id or 0,
                        opened_at=app.clock.now() - timedelta(days=days, hours=number),
                    )
                )


def _uses(session: Session) -> Sequence[int]:
    """Return one file of each firm that has some, by number."""
    return list(
        session.execute(
            sa.select(sa.func.min(col(FileUse.id)))
            .where(col(FileUse.operator_id).is_not(None))
            .group_by(col(FileUse.operator_id))
            .order_by(sa.func.min(col(FileUse.id)).desc())
        ).scalars()
    )


def _draw(
    app: App, auditor: Actor, *, seed: str, wanted: int, kinds: Sequence[DecisionKind]
) -> DrawDetail:
    day = today(app.clock)
    number = write(
        app.store,
        lambda s: draw_decisions(
            s, app.rulebook(), clock=app.clock, actor=auditor, kinds=kinds,
            since=day - timedelta(days=180), until=day, seed=seed, wanted=wanted,
        ),
    )  # fmt: skip
    return _again(app, auditor, number)


def _again(app: App, auditor: Actor, draw_id: int) -> DrawDetail:
    with read(app.store) as session:
        return get_draw(session, auditor, draw_id=draw_id)


def _judge(
    app: App,
    auditor: Actor,
    item_id: int,
    judgment: Judgment,
    reason: str,
    *,
    replaces: int | None = None,
) -> None:
    write(
        app.store,
        lambda s: record_verdict(
            s, clock=app.clock, actor=auditor, item_id=item_id, judgment=judgment,
            reason=reason, replaces_id=replaces,
        ),
    )  # fmt: skip
