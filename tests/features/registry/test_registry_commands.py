"""Admitting, correcting and asking for changes; every value keeps where it came from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from marketplace.base.audit.tables import AuditEntry
from marketplace.base.clock import today
from marketplace.base.errors import Invalid, NotAllowed, NotFound, Refused
from marketplace.features.registry import commands as registry
from marketplace.features.registry import queries
from marketplace.features.registry.kinds import ChangeStatus, FactoryStatus
from marketplace.features.registry.tables import StoreHolding
from tests.features.conftest import PROGRAM, World
from tests.features.once import built_once
from tests.features.scene import DAY, Scene, make_firm, make_people, uscc


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def entries(world: World) -> int:
    return len(world.see(lambda s: list(s.execute(select(AuditEntry.seq)).scalars())))


def record(world: World, values: dict, *, source="商务局", actor=None):
    return world.do(
        lambda s: registry.record_factory(
            s,
            world.rulebook,
            clock=world.clock,
            actor=actor or world.officer,
            values=values,
            source=source,
        )
    )


def edit(firm: Scene, values: dict, *, actor=None):
    return firm.do(
        lambda s: registry.edit_factory(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=actor or firm.world.officer,
            factory_id=firm.factory_id,
            values=values,
            reason="现场核对",
        )
    )


def profile(firm: Scene):
    return firm.world.see(
        lambda s: queries.get_factory(s, firm.world.officer, factory_id=firm.factory_id)
    )


def test_a_code_that_cannot_be_one_names_its_place_and_what_is_expected(world: World) -> None:
    good = uscc(900)
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    with pytest.raises(Invalid) as caught:
        record(world, {"name": "（虚构）甲鞋厂", "uscc": wrong, "staff": -3})
    faults = {f.place: f for f in caught.value.faults}
    assert faults["uscc"].code == "uscc_check_digit"
    assert faults["uscc"].facts["expected"] == good[-1]
    assert faults["staff"].code == "number_out_of_range"


@pytest.mark.parametrize("written", ["{} ", "{:.4}-{}", "lower", "full width"])
def test_a_code_is_the_same_however_it_is_written(world: World, written: str) -> None:
    code = uscc(901)
    forms = {
        "{} ": f" {code} ",
        "{:.4}-{}": f"{code[:4]}-{code[4:]}",
        "lower": code.lower(),
        "full width": "".join(chr(ord(c) + 0xFEE0) for c in code),
    }
    values = {"name": "（虚构）乙鞋厂", "address": "莆田市荔城区1号"}
    first = record(world, {**values, "uscc": code})
    again = record(world, {**values, "uscc": forms[written]})
    assert (again.factory_id, again.outcome.value) == (first.factory_id, "unchanged")


def test_a_firm_without_a_code_is_a_draft_until_its_code_comes(world: World) -> None:
    values = {"name": "（虚构）丙鞋厂", "address": "莆田市荔城区9号"}
    draft = record(world, values)
    assert draft.outcome.value == "draft"
    full = record(world, {**values, "uscc": uscc(902)})
    assert (full.factory_id, full.outcome.value) == (draft.factory_id, "updated")


def test_another_source_opens_a_conflict_that_a_person_settles(world: World) -> None:
    make_people(world)
    values = {"name": "（虚构）丁鞋厂", "uscc": uscc(903), "address": "莆田市荔城区9号"}
    made = record(world, {**values, "staff": 100}, source="商务局")
    other = record(world, {**values, "staff": 140}, source="税务局")
    assert (other.changed, other.conflicts) == ((), ("staff",))
    (conflict,) = world.see(lambda s: queries.list_conflicts(s, world.officer, program=PROGRAM))
    assert (conflict.current, conflict.value, conflict.source) == ("100", "140", "税务局")

    def settle():
        return world.do(
            lambda s: registry.settle_conflict(
                s,
                clock=world.clock,
                actor=world.officer,
                value_id=conflict.value_id,
                take=True,
                reason="以税务为准",
            )
        )

    settle()
    with pytest.raises(Refused, match="conflict_settled"):
        settle()
    found = world.see(
        lambda s: queries.get_factory(s, world.officer, factory_id=made.factory_id)
    )
    assert found.staff == 140


def test_a_save_that_changes_nothing_writes_nothing(firm: Scene) -> None:
    edit(firm, {"staff": 80})
    before = entries(firm.world)
    assert edit(firm, {"staff": 80}) == ()
    assert entries(firm.world) == before


def test_a_code_another_firm_holds_is_refused(firm: Scene) -> None:
    make_firm(firm.world, number=2, products=0)
    with pytest.raises(Invalid) as caught:
        edit(firm, {"uscc": uscc(2)})
    assert [(f.place, f.code) for f in caught.value.faults] == [("uscc", "uscc_taken")]


def test_officers_of_another_district_and_other_roles_may_not_edit(firm: Scene) -> None:
    elsewhere = replace(firm.world.officer, limits=frozenset({("putian-footwear", "350322")}))
    for actor in (elsewhere, firm.owner, firm.world.marketer, firm.world.auditor):
        with pytest.raises((NotAllowed, NotFound)):
            edit(firm, {"staff": 5}, actor=actor)


def ask(firm: Scene, values: dict, *, actor=None):
    return firm.do(
        lambda s: registry.submit_change_request(
            s,
            firm.world.rulebook,
            clock=firm.clock,
            actor=actor or firm.owner,
            factory_id=firm.factory_id,
            values=values,
        )
    )


def answer(firm: Scene, number: int, *, approve=True, reason="", actor=None):
    firm.do(
        lambda s: registry.decide_change_request(
            s,
            clock=firm.clock,
            actor=actor or firm.world.officer,
            request_id=number,
            approve=approve,
            reason=reason,
        )
    )


def test_an_owners_edit_is_a_request_that_an_officer_approves(firm: Scene) -> None:
    number = ask(firm, {"staff": 55})
    assert profile(firm).staff is None
    with pytest.raises(Refused, match="change_request_waits"):
        ask(firm, {"staff": 56})
    answer(firm, number)
    assert profile(firm).staff == 55
    assert ask(firm, {"staff": 55}) is None, "nothing differs, nothing is asked"
    with pytest.raises(Refused, match="decided_already"):
        answer(firm, number)


def test_a_phone_that_cannot_be_one_is_refused_before_anybody_checks_it(firm: Scene) -> None:
    for told in ("12345", "13800001111、123"):
        with pytest.raises(Invalid) as caught:
            ask(firm, {"phone": told})
        assert [(f.place, f.code) for f in caught.value.faults] == [("phone", "phone_unlikely")]
    assert ask(firm, {"phone": "１３８００００１１１１、0594-2695588"}) is not None


def test_nobody_registers_or_corrects_a_phone_that_cannot_be_one(firm: Scene) -> None:
    for wrong in (
        lambda: record(firm.world, {"name": "（虚构）新鞋厂", "phone": "12ab"}),
        lambda: edit(firm, {"phone": "12ab"}),
    ):
        with pytest.raises(Invalid) as caught:
            wrong()
        assert [(f.place, f.code) for f in caught.value.faults] == [("phone", "phone_unlikely")]
    edit(firm, {"phone": "0594-2695588"})


def test_a_request_is_returned_with_a_reason_and_changes_nothing(firm: Scene) -> None:
    number = ask(firm, {"staff": 55})
    with pytest.raises(Refused, match="reason_missing"):
        answer(firm, number, approve=False, reason="x")
    answer(firm, number, approve=False, reason="请附社保清单")
    (row,) = firm.world.see(
        lambda s: queries.list_change_requests(s, firm.owner, factory_id=firm.factory_id)
    )
    assert (row.status, row.reason) == (ChangeStatus.RETURNED, "请附社保清单")
    assert profile(firm).staff is None


def test_nobody_decides_his_own_request_or_asks_for_what_is_not_his(firm: Scene) -> None:
    number = ask(firm, {"staff": 55})
    same_person = replace(firm.world.officer, account_id=firm.owner.account_id)
    with pytest.raises(Refused, match="author_never_decides"):
        answer(firm, number, actor=same_person)
    with pytest.raises(Invalid) as caught:
        ask(firm, {"uscc": uscc(5)})
    assert [(f.place, f.code) for f in caught.value.faults] == [("uscc", "field_not_yours")]


def test_a_holding_counts_once_confirmed_and_never_overlaps(firm: Scene) -> None:
    other = make_firm(firm.world, number=2, products=0)
    taken = firm.do(
        lambda s: registry.declare_store(
            s,
            clock=firm.clock,
            actor=other.owner,
            factory_id=other.factory_id,
            platform="示例平台",
            store_no="T1",
            name="第1店",
            from_on=today(firm.clock) - 500 * DAY,
            basis="自报",
        )
    )
    with pytest.raises(Refused, match="holding_overlaps"):
        firm.do(
            lambda s: registry.confirm_holding(
                s, clock=firm.clock, actor=firm.world.officer, holding_id=taken
            )
        )
    held = firm.world.see(
        lambda s: queries.holder_on(s, store_id=firm.store_id, day=today(firm.clock))
    )
    assert held == (firm.factory_id, firm.operator_id)
    number = firm.world.see(
        lambda s: s.execute(
            select(StoreHolding.id).where(StoreHolding.factory_id == firm.factory_id)
        ).scalar_one()
    )
    with pytest.raises((NotAllowed, NotFound)):
        firm.do(
            lambda s: registry.end_holding(
                s,
                clock=firm.clock,
                actor=firm.owner,
                holding_id=number,
                until_on=today(firm.clock),
                reason="转让",
            )
        )


def test_a_phone_is_masked_and_shown_only_for_a_reason(firm: Scene) -> None:
    edit(firm, {"phone": "13800138000"})
    assert "13800138000" not in str(profile(firm))

    def unmask(reason: str):
        return firm.do(
            lambda s: registry.unmask_phone(
                s,
                clock=firm.clock,
                actor=firm.world.officer,
                operator_id=firm.operator_id,
                reason=reason,
            )
        )

    with pytest.raises(Refused, match="reason_missing"):
        unmask("")
    before = entries(firm.world)
    assert unmask("电话回访") == "13800138000"
    assert entries(firm.world) == before + 1


def test_an_affiliate_is_declared_once_its_code_in_one_form(firm: Scene) -> None:
    def declare(code: str):
        return firm.do(
            lambda s: registry.declare_affiliate(
                s,
                clock=firm.clock,
                actor=firm.owner,
                operator_id=firm.operator_id,
                name="（虚构）戊公司",
                relation="同一控制人",
                uscc=code,
            )
        )

    code = uscc(904)
    assert declare(code) == declare(f" {code[:9]}-{code[9:].lower()} ")
    with pytest.raises(Invalid) as caught:
        declare("91350304")
    assert [(f.place, f.code) for f in caught.value.faults] == [("uscc", "uscc_length")]


def test_only_a_draft_can_be_archived(firm: Scene) -> None:
    with pytest.raises(Refused, match="only_drafts_archived"):
        firm.do(
            lambda s: registry.archive_factory(
                s,
                clock=firm.clock,
                actor=firm.world.officer,
                factory_id=firm.factory_id,
                reason="重复登记",
            )
        )
    assert profile(firm).status is FactoryStatus.REGISTERED


def test_what_a_colleague_changed_meanwhile_is_not_overwritten_unseen(firm: Scene) -> None:
    seen = {"staff": profile(firm).staff, "address": profile(firm).address}
    edit(firm, {"staff": 111})

    def save(staff: int, shown: dict) -> tuple[str, ...]:
        return firm.do(
            lambda s: registry.edit_factory(
                s, firm.world.rulebook, clock=firm.clock, actor=firm.world.officer,
                factory_id=firm.factory_id, values={"staff": staff, "address": "演示路9号"},
                reason="", seen=shown,
            )
        )  # fmt: skip

    with pytest.raises(Invalid) as caught:
        save(222, seen)
    # Only the number is disputed; the address nobody else touched is no fault, and not saved yet.
    assert [(f.place, f.code, f.facts["now"]) for f in caught.value.faults] == [
        ("staff", "changed_meanwhile", "111")
    ]
    assert profile(firm).staff == 111
    assert save(222, {**seen, "staff": 111}) == ("address", "staff")  # seen, and meant
    assert save(222, seen) == ()  # what stands there already undoes nothing
