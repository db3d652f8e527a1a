"""Two firms, a right holder with a checked right, and helpers that speak as people do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from marketplace.base.access import Actor, Role
from marketplace.features.complaints import commands
from marketplace.features.complaints.kinds import RefusalCode, RightKind, SellerAnswer
from marketplace.features.complaints.queries import CaseFilter, get_case, list_cases
from marketplace.features.complaints.rules import NoticeLine
from marketplace.features.progress.queries import time_zero
from marketplace.features.registry.commands import (
    confirm_holding,
    declare_store,
    record_factory,
)
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import Scene, account, make_firm, make_people, picture, uscc

WHY = "主图使用了我方注册商标图形"
LONG = "图形与注册商标不相同也不近似，请对照商标注册证上的图样逐项说明哪一处构成近似。"


@dataclass
class Intake:
    """A world with a firm, a right holder and his right."""

    world: World
    firm: Scene
    holder: Actor
    right_id: int

    def do(self, name: str, actor: Actor | None = None, /, **facts):
        """Run a command by its name, with whatever of rulebook and question it takes."""
        command = getattr(commands, name)
        code = command.__code__
        taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if "time_zero" in taken:
            facts.setdefault("time_zero", time_zero)
        first = (self.world.rulebook,) if "rulebook" in taken else ()
        return self.world.do(
            lambda s: command(
                s, *first, clock=self.world.clock, actor=actor or self.world.officer, **facts
            )
        )

    def line(self, item: str = "600001", *, row: int = 1, why: str = WHY, store: str = ""):
        return NoticeLine(row, store or f"T{self.firm.number}", item, why)

    def file(self, *lines: NoticeLine, **more):
        more.setdefault("statement", "我方确认通知内容真实，愿承担责任")
        actor = more.pop("actor", self.holder)
        right_id = more.pop("right_id", self.right_id)
        return self.do(
            "file_notice", actor, right_id=right_id, lines=list(lines) or [self.line()], **more
        )

    def cases(self, **wanted):
        return self.world.see(
            lambda s: list_cases(
                s, self.world.officer, clock=self.world.clock, program=PROGRAM,
                wanted=CaseFilter(**wanted),
            )
        )  # fmt: skip

    def case(self, case_id: int):
        return self.world.see(
            lambda s: get_case(s, self.world.officer, clock=self.world.clock, case_id=case_id)
        )

    def filed(self, item: str = "600001") -> tuple[int, int]:
        """File one listing; return its case and complaint."""
        number = self.file(self.line(item))["number"]
        line = next(n for n in self.cases().lines if n.item_no == item)
        assert number.startswith("N-20")
        return line.case_id, self.case(line.case_id).complaints[-1].complaint_id

    def answered(self, case_id: int, answer: SellerAnswer = SellerAnswer.STATEMENT) -> None:
        """Forward the case and let the owner answer."""
        self.do("forward_complaints", case_id=case_id)
        self.do(
            "answer_case", self.firm.owner, case_id=case_id, answer=answer,
            statement="图案由我厂自行设计，附设计图",
        )  # fmt: skip

    def refuse(self, complaint_id: int, **more) -> None:
        facts = {"code": RefusalCode.EVIDENCE_THIN, "reason": LONG, "next_step": "补正样图"}
        self.do("refuse_complaint", complaint_id=complaint_id, **{**facts, **more})

    def uphold(self, complaint_id: int, actor: Actor | None = None) -> bool:
        return self.do(
            "uphold_complaint", actor, complaint_id=complaint_id, reason="两人核对过图形相同"
        )


def make_holder(world: World, login: str, *, number: str = "7700099", mark: str = "云桥"):
    """Make a right holder's account with one checked right."""
    holder = account(world, Actor(0, login, login, Role.RIGHT_HOLDER, frozenset({PROGRAM})))
    world.do(
        lambda s: commands.register_right_holder(
            s, clock=world.clock, actor=world.officer, program=PROGRAM,
            name=f"（虚构）{login}公司", account_id=holder.account_id,
        )
    )  # fmt: skip
    right_id = world.do(
        lambda s: commands.register_right(
            s, clock=world.clock, actor=holder, kind=RightKind.TRADEMARK, mark=mark,
            number=number, nice_classes="25",
        )
    )  # fmt: skip
    world.do(
        lambda s: commands.add_right_document(
            s, world.rulebook, clock=world.clock, actor=holder, right_id=right_id,
            content=picture(), name="商标注册证.png", data_dir=world.app.data_dir,
        )
    )  # fmt: skip
    world.do(
        lambda s: commands.decide_right(
            s, clock=world.clock, actor=world.officer, right_id=right_id, verify=True
        )
    )
    return holder, right_id


@pytest.fixture
@built_once
def intake(world) -> Intake:
    make_people(world)
    firm = make_firm(world, products=0)
    holder, right_id = make_holder(world, "holder")
    return Intake(world, firm, holder, right_id)


@pytest.fixture
def outsider(intake) -> str:
    """The number of a store whose firm is registered and never enrolled."""
    world = intake.world
    made = world.do(
        lambda s: record_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            values={"name": "（虚构）莆田市未入库鞋业", "uscc": uscc(77)}, source="测试",
        )
    )  # fmt: skip
    holding = world.do(
        lambda s: declare_store(
            s, clock=world.clock, actor=world.officer, factory_id=made.factory_id,
            platform="示例平台", store_no="T77", name="第77店",
            from_on=date(2025, 1, 1), basis="执照",
        )
    )  # fmt: skip
    world.do(
        lambda s: confirm_holding(s, clock=world.clock, actor=world.officer, holding_id=holding)
    )
    return "T77"
