"""The stage on which demo complaints are played: who acts, on which clock, on which listing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from marketplace.assembly import App
from marketplace.base.access import Actor
from marketplace.base.clock import FixedClock
from marketplace.base.db import read, write
from marketplace.features.complaints import commands
from marketplace.features.complaints.rules import NoticeLine
from marketplace.features.complaints.tables import Complaint, InfringementCase
from marketplace.features.progress.queries import time_zero
from marketplace.features.registry.tables import Store
from marketplace.upkeep.demo.people import People

MARK = "驰岳（虚构）"
SECOND_MARK = "野渡（虚构）"
DECLARATION = "我方是上述权利的合法权利人，通知内容真实，通知错误造成损失的依法承担责任。"

Step = Callable[["Stage", "Case"], object]


@dataclass
class Case:
    """One script while it plays; `case_id` and `complaint_id` come with its first step."""

    store_id: int
    item: str
    case_id: int = 0
    complaint_id: int = 0


@dataclass
class Stage:
    """Who plays, on which clock, and how a command is run."""

    app: App
    people: People
    holder: Actor
    owner: Actor
    clock: FixedClock
    rights: dict[str, int] = field(default_factory=dict)

    def do(self, name: str, actor: Actor | None = None, /, **facts: Any) -> Any:
        """Run a command by its name with what of rulebook and question it takes."""
        command: Any = getattr(commands, name)
        code = command.__code__
        taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if "time_zero" in taken:
            facts.setdefault("time_zero", time_zero)
        first = (self.app.rulebook(),) if "rulebook" in taken else ()
        who = actor or self.people.officer
        return write(
            self.app.store,
            lambda s: command(s, *first, clock=self.clock, actor=who, **facts),
        )

    def store_no(self, store_id: int) -> str:
        """Return a store's number, as a complainant would write it."""
        with read(self.app.store) as session:
            store = session.get(Store, store_id)
            return store.store_no if store else ""

    def note_ids(self, case: Case) -> None:
        """Keep which case and complaint the first step made."""
        with read(self.app.store) as session:
            row = session.execute(
                select(Complaint.id, Complaint.case_id)
                .join(InfringementCase, col(InfringementCase.id) == col(Complaint.case_id))
                .where(
                    InfringementCase.store_id == case.store_id,
                    InfringementCase.item_no == case.item,
                )
                .order_by(col(Complaint.id).desc())
            ).first()
        if row is not None:
            case.complaint_id, case.case_id = int(row[0] or 0), int(row[1])


def notice(mark: str, item: str, why: str) -> Step:
    """Return the step of filing a listing by the right holder (or the officer for another)."""

    def step(stage: Stage, case: Case) -> None:
        who = stage.holder if mark == MARK else stage.people.officer
        stage.do(
            "file_notice", who, right_id=stage.rights[mark], statement=DECLARATION,
            lines=[NoticeLine(1, stage.store_no(case.store_id), item, why)],
        )  # fmt: skip
        stage.note_ids(case)

    return step
