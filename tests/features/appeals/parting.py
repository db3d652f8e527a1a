"""Hands for tests of appeals: an office in which each does one thing, and what can be appealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from marketplace.base import audit
from marketplace.base.access import SYSTEM, Actor, Role
from marketplace.base.access.tables import AccountOperator, Capacity
from marketplace.base.clock import today
from marketplace.features.appeals import commands as appeals
from marketplace.features.appeals.kinds import AppealGround
from marketplace.features.complaints import commands as complaints
from marketplace.features.complaints.kinds import HearingWay, SellerAnswer
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import MeasureKind, Origin, StatementBasis
from marketplace.features.holds import commands as holds
from marketplace.features.progress.queries import time_zero
from marketplace.features.registry.kinds import StoreStatus
from tests.features.enforcement.dealing import minute, offenses, papers, status, suspension
from tests.features.holds.holding import BASIS, takings
from tests.features.scene import Scene

DIGEST = "cd" * 32
PLAN = "外包图样全部收回，改用自有楦型与图形，由设计主管逐款复核。"
BRAND = "示例标"

# One account each; `free` had no part in anything.
NAMES = (
    "opener", "recorder", "hearer", "suspender", "decider", "returner", "placer", "agreer",
    "extender", "taker1", "taker2", "taker3", "upholder1", "upholder2", "upholder3",
    "earlier", "tied", "free",
)  # fmt: skip


@dataclass
class House:
    """A firm and the people of the office, each of whom does one thing."""

    firm: Scene
    people: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A reviewer and an officer both may decide; what bars is what they did.
        for n, name in enumerate(NAMES):
            role = Role.REVIEWER if n % 2 else Role.OFFICER
            self.people[name] = replace(
                self.firm.world.officer, account_id=900 + n, login=name, role=role
            )

    def do(self, command: Callable[..., object], by: str, /, **facts: object):
        """Run a command by somebody of the office, with the rules where it takes them."""
        code = command.__code__
        taken = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        if "time_zero" in taken:
            facts.setdefault("time_zero", time_zero)
        first = (self.firm.world.rulebook,) if "rulebook" in taken else ()
        who = replace(self.people[by], role=facts.pop("role", self.people[by].role))
        return self.firm.do(
            lambda s: command(s, *first, clock=self.firm.clock, actor=who, **facts)
        )

    def finding(self, *, course: str | None = None) -> int:
        """Open a case, record its finding, hear the owner and uphold, each by another person."""
        found = self.suspected()
        self.do(
            complaints.hear_in_case, "hearer", case_id=self.case_id,
            way=HearingWay.IN_PERSON, statement="厂方当面说明：外包设计，不知情",
        )  # fmt: skip
        self.do(
            complaints.decide_in_case, "decider", case_id=self.case_id, uphold=True,
            reason="两人复核认定", course=course,
        )  # fmt: skip
        return found

    def suspected(self) -> int:
        """Open a case and record its finding with a piece of evidence."""
        self.case_id = self.do(
            complaints.open_case, "opener", store_id=self.firm.store_id, role=Role.OFFICER,
            origin=Origin.PROACTIVE_MODEL, item="600009", statement="图形近似",
        )  # fmt: skip
        found = self.do(
            complaints.record_case_finding, "recorder", case_id=self.case_id, listings=1,
            found_on=today(self.firm.clock), statement="图形近似", value_fen=8_000_000,
        )  # fmt: skip
        self.do(
            enforcement.add_evidence, "recorder", finding_id=found, name="网页取证图",
            holder="林晓岚", sha256=DIGEST, role=Role.OFFICER,
        )  # fmt: skip
        return found

    def statement(self, basis: StatementBasis, kind: MeasureKind) -> int:
        """Return the latest statement of a basis; it names this measure."""
        paper = next(p for p in papers(self.firm) if p.basis is basis)
        assert kind in {m.kind for m in paper.measures}
        return paper.statement_id


def after_finding(house: House) -> int:
    house.finding()
    return house.statement(StatementBasis.FINDING, MeasureKind.WARNING)


def after_course(house: House) -> int:
    house.finding(course="own_design")
    return house.statement(StatementBasis.FINDING, MeasureKind.COURSE)


def after_suspension(house: House) -> int:
    offenses(house.firm, 2)
    house.finding()
    return house.statement(StatementBasis.FINDING, MeasureKind.SUSPENSION)


def after_closure_by_points(house: House) -> int:
    offenses(house.firm, 3)
    house.finding()
    return house.statement(StatementBasis.FINDING, MeasureKind.CLOSURE)


def suspended_pending(house: House) -> int:
    found = house.suspected()
    house.do(
        enforcement.suspend_pending_decision, "suspender", finding_id=found,
        reason="样品已封存，等待认定期间先行暂停",
    )  # fmt: skip
    return house.statement(StatementBasis.PRIMA_FACIE, MeasureKind.INTERIM_SUSPENSION)


def after_suspended_before(house: House) -> int:
    suspended_pending(house)
    house.do(
        complaints.hear_in_case, "hearer", case_id=house.case_id, way=HearingWay.IN_PERSON,
        statement="厂方当面说明：外包设计，不知情",
    )  # fmt: skip
    house.do(
        complaints.decide_in_case, "decider", case_id=house.case_id, uphold=True,
        reason="两人复核认定",
    )  # fmt: skip
    return house.statement(StatementBasis.FINDING, MeasureKind.WARNING)


def plan_missing(house: House) -> int:
    after_suspension(house)
    firm = house.firm
    number = suspension(firm)
    firm.do(
        lambda s: enforcement.submit_plan(
            s, clock=firm.clock, actor=firm.owner, suspension_id=number, plan=PLAN
        )
    )
    house.do(
        enforcement.answer_plan, "returner", suspension_id=number, accepted=False,
        answer="没有说明旧图样如何处理",
    )  # fmt: skip
    firm.clock.advance(days=21)
    minute(firm)
    return house.statement(StatementBasis.PLAN_MISSING, MeasureKind.SUSPENSION)


def held(house: House) -> int:
    takings(house.firm, 9_000_000)
    found = house.finding()
    hold = house.do(
        holds.place_hold, "placer", finding_id=found, basis=BASIS, amount_fen=5_000_001,
        reason="同款商品多次被投诉为假货，需要留足退款",
    )  # fmt: skip
    house.do(
        holds.confirm_hold, "agreer", hold_id=hold, accept=True,
        reason="核对了证据和金额，意见如上",
    )  # fmt: skip
    house.firm.clock.advance(days=14)
    house.do(holds.extend_hold, "extender", hold_id=hold, reason="退款还没有办完，争议仍在")
    return house.statement(StatementBasis.PAYMENT_HOLD, MeasureKind.PAYMENT_HOLD)


def closed_by_complaints(house: House) -> int:
    firm = house.firm
    for n in (1, 2, 3):
        complaint, _how = house.do(
            complaints.receive_complaint, f"taker{n}", store_id=firm.store_id,
            origin=Origin.CONSUMER, item=f"60000{n}", text="收到的鞋与正品不同", brand=BRAND,
            role=Role.OFFICER,
        )  # fmt: skip
        case = house_case(firm, complaint)
        house.do(complaints.forward_complaints, "free", case_id=case)
        firm.do(
            lambda s, case=case: complaints.answer_case(
                s, firm.world.rulebook, clock=firm.clock, actor=firm.owner, case_id=case,
                answer=SellerAnswer.STATEMENT, statement="图案由我厂自行设计，附设计图",
            )
        )  # fmt: skip
        house.do(
            complaints.uphold_complaint, f"upholder{n}", complaint_id=complaint,
            reason="两人核对过图形相同",
        )  # fmt: skip
        firm.clock.advance(hours=73)
    assert status(firm) is StoreStatus.CLOSED
    return house.statement(StatementBasis.COMPLAINTS, MeasureKind.CLOSURE)


def house_case(firm: Scene, complaint_id: int) -> int:
    """Return the case a complaint is in."""
    from marketplace.features.complaints.tables import Complaint

    return firm.world.see(lambda s: s.get(Complaint, complaint_id).case_id)


def make_house(firm: Scene) -> House:
    """Return the office of a firm; one of it stands for the firm as well."""
    made = House(firm)
    firm.do(lambda s: _tie(s, firm, made.people["tied"]))
    return made


def _tie(session, firm: Scene, who: Actor) -> None:
    """Let somebody of the office stand for the firm as well."""
    from marketplace.base.access.tables import Account, AccountStatus

    session.add(
        Account(
            id=who.account_id, login="tied", name="tied", role=Role.OFFICER,
            status=AccountStatus.ACTIVE, created_at=firm.clock.now(),
        )
    )  # fmt: skip
    session.flush()
    session.add(
        AccountOperator(
            account_id=who.account_id, operator_id=firm.operator_id, capacity=Capacity.AGENT
        )
    )
    audit.record(
        session, clock=firm.clock, actor=SYSTEM, action="access.create_account",
        subject=f"account:{who.account_id}",
    )  # fmt: skip


def file(house: House, statement_id: int) -> int:
    firm = house.firm
    return firm.do(
        lambda s: appeals.file_appeal(
            s, firm.world.rulebook, clock=firm.clock, actor=firm.owner,
            statement_id=statement_id, ground=AppealGround.FACTS,
            text="所指的款是我们自有品牌，图形登记在先。",
        )
    )  # fmt: skip


def reject(house: House, appeal_id: int, by: str) -> None:
    house.do(
        appeals.decide_appeal, by, appeal_id=appeal_id, uphold=False,
        reason="登记在后，图形近似，原认定维持。",
    )  # fmt: skip
