"""Every command and query x every role x own, other, elsewhere: the table decides, nothing leaks.

Generated: a new function with an actor is tried here without anybody writing a line; one that
takes something this file has no value for fails by name.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import get_type_hints

import pytest

from marketplace.base.access import Actor, Role, Scope, may
from marketplace.base.access.policy import TABLE
from marketplace.base.clock import month_index, today
from marketplace.base.db import unit_of_work
from marketplace.base.errors import MarketplaceError, NotAllowed, NotFound
from marketplace.desk.quarters import quarter_on
from marketplace.exchange.exporting import ExportFilter
from marketplace.exchange.importing.reaching import rows_in_reach
from marketplace.features.complaints.queries import CaseFilter
from marketplace.features.enforcement.commands import report_product
from marketplace.features.history.commands import record_earlier_record
from marketplace.features.history.kinds import EarlierKind, Reliability
from marketplace.features.progress.queries import is_enrolled, time_zero
from marketplace.features.promotion.queries import list_sampling_frame
from marketplace.features.promotion.tables import Fill, Slot
from marketplace.features.registry.commands import record_factory, submit_change_request
from marketplace.features.registry.kinds import ValueStatus
from marketplace.features.registry.queries import scope_of_operator
from marketplace.features.registry.tables import FieldValue, StoreHolding
from tests.architecture.test_policy import public_with_actor
from tests.features.complaints.conftest import make_holder
from tests.features.conftest import PROGRAM, World
from tests.features.enforcement.standing import measured_things
from tests.features.once import built_once
from tests.features.scene import (
    DAY,
    Scene,
    account,
    clear_windows,
    feature,
    make_firm,
    make_people,
    uscc,
)

OF_A_FIRM = {
    "operator_id", "factory_id", "factory_ids", "store_id", "brand_id", "trademark_id",
    "enrollment_id", "product_id", "finding_id", "request_id", "record_id", "holding_id",
    "value_id", "certification_id", "subject", "case_id", "complaint_id",
    "statement_id", "suspension_id", "course_id", "evidence_id", "complaint_ref", "appeal_id",
    "hold_id", "change_id",
}  # fmt: skip


def functions() -> list[tuple[str, Callable]]:
    """Every action and the function that does it."""
    found = []
    for area, module, node in public_with_actor():
        dotted = module.place.removesuffix(".py").replace("/", ".")
        function = getattr(importlib.import_module(dotted), node.name)
        found.append((f"{area}.{node.name}", inspect.unwrap(function)))
    return found


class _Tried(Exception):
    """The call came through."""

    def __init__(self, result: object) -> None:
        super().__init__()
        self.result = result


def try_out(world: World, function: Callable, arguments: dict[str, object]):
    """Call in a unit of work that is rolled back; return ("done", result) or ("refused", error)."""
    try:
        with unit_of_work(world.app.store) as session:
            raise _Tried(function(session=session, **arguments))
    except _Tried as tried:
        return "done", tried.result
    except MarketplaceError as error:
        return "refused", error
    except Exception as error:  # noqa: BLE001 - what bogus values do beyond the door is not asked
        return "broke", error


def things_of(scene: Scene) -> dict[str, object]:
    """The numbers of everything one firm has."""
    world = scene.world
    finding = scene.finding((scene.product_ids[0],), number=900 + scene.number)
    request = world.do(
        lambda s: submit_change_request(
            s,
            world.rulebook,
            clock=world.clock,
            actor=scene.owner,
            factory_id=scene.factory_id,
            values={"staff": 99},
        )
    )
    record, _ = world.do(
        lambda s: record_earlier_record(
            s,
            clock=world.clock,
            actor=world.officer,
            factory_id=scene.factory_id,
            kind=EarlierKind.PENALTY_DECISION,
            source="市监局",
            reliability=Reliability.OFFICIAL,
            unit="pairs",
            quantity=5,
            reference_no=f"P{scene.number}",
        )
    )
    for source, staff in (("甲", 10), ("乙", 20)):
        world.do(
            lambda s, source=source, staff=staff: record_factory(
                s,
                world.rulebook,
                clock=world.clock,
                actor=world.officer,
                values={
                    "name": f"（虚构）莆田市第{scene.number}鞋业有限公司",
                    "uscc": uscc(scene.number),
                    "staff": staff,
                },
                source=source,
            )
        )
    holding = world.see(
        lambda s: s.execute(
            StoreHolding.__table__.select().where(
                StoreHolding.__table__.c.factory_id == scene.factory_id
            )
        ).first()
    )
    conflict = world.see(
        lambda s: s.execute(
            FieldValue.__table__.select().where(
                FieldValue.__table__.c.status == ValueStatus.CONFLICT,
                FieldValue.__table__.c.entity_id == scene.factory_id,
            )
        ).first()
    )
    complaint, case = _complained(scene)
    return {
        "case_id": case,
        "complaint_id": complaint,
        "owner_account": scene.owner.account_id,
        "operator_id": scene.operator_id,
        "factory_id": scene.factory_id,
        "factory_ids": [scene.factory_id],
        "store_id": scene.store_id,
        "brand_id": scene.brand_id,
        "trademark_id": scene.trademark_id,
        "enrollment_id": scene.enrollment_id,
        "product_id": scene.product_ids[0],
        "finding_id": finding,
        "request_id": request,
        "change_id": scene.ask_for_name("Qinghe Two"),
        "record_id": record,
        "holding_id": holding.id,
        "value_id": conflict.id,
        "certification_id": scene.world.do(_certification(scene)),
        "subject": f"product:{scene.product_ids[0]}",
        **measured_things(scene, finding),
    }


def _complained(scene: Scene) -> tuple[int, int]:
    from marketplace.features.complaints.commands import receive_complaint
    from marketplace.features.complaints.tables import Complaint
    from marketplace.features.enforcement.kinds import Origin

    number, _ = scene.world.do(
        lambda s: receive_complaint(
            s, scene.world.rulebook, clock=scene.clock, actor=scene.world.officer,
            store_id=scene.store_id, origin=Origin.CONSUMER, item="1", text="收到的鞋与描述不符",
        )
    )  # fmt: skip
    return number, scene.world.see(lambda s: s.get(Complaint, number).case_id)


def _certification(scene: Scene):
    from marketplace.features.progress.commands import submit_certification

    def work(session):
        return submit_certification(
            session,
            scene.world.rulebook,
            clock=scene.clock,
            actor=scene.owner,
            factory_id=scene.factory_id,
            condition="real_name",
            facts={"number": "1"},
            evidence=_evidence(session, scene),
        )

    return work


def _evidence(session, scene: Scene):
    from marketplace.base.files import receive_file
    from tests.features.scene import picture

    rule = scene.world.rulebook.condition("real_name")
    return [
        (
            wanted.key,
            receive_file(
                session,
                clock=scene.clock,
                actor=scene.owner,
                content=picture(30 + scene.number),
                name="e.png",
                purpose="evidence",
                subject=f"factory:{scene.factory_id}",
                program=PROGRAM,
                operator_id=scene.operator_id,
                data_dir=scene.world.app.data_dir,
            ),
        )
        for wanted in rule.evidence
    ]


@pytest.fixture
@built_once
def ground(world):
    """Two firms with one of everything, a running collection, a report from the public."""
    make_people(world)
    admin = account(world, Actor(0, "admin", "admin", Role.ADMIN))
    spare = account(world, Actor(0, "spare", "spare", Role.MARKETER, frozenset({PROGRAM})))
    one, other = make_firm(world, number=1), make_firm(world, number=2)
    clear_windows(world)
    collection = feature(world, [one, other], slots=2)
    slot, fill = world.see(
        lambda s: (
            s.execute(Slot.__table__.select()).first().id,
            s.execute(Fill.__table__.select()).first().id,
        )
    )
    from marketplace.base.access import PUBLIC

    report = world.do(
        lambda s: report_product(
            s, clock=world.clock, actor=PUBLIC, program=PROGRAM, text="请核对这双鞋"
        )
    )
    holder, right = make_holder(world, "holder")
    shared = {
        "right_holder": holder,
        "right_id": right,
        "account_id": spare.account_id,
        "collection_id": collection,
        "slot_id": slot,
        "fill_id": fill,
        "report_id": report if isinstance(report, int) else 1,
        "officer_id": world.deputy.account_id,
        "program": PROGRAM,
    }
    return world, admin, {**shared, **things_of(one)}, {**shared, **things_of(other)}, one


def value_for(world: World, name: str, kind: object, things: Mapping[str, object]) -> object:
    """A value for a parameter: a thing of the firm, or any sound value of its kind."""
    if name in things:
        return things[name]
    known = {
        "clock": world.clock,
        "rulebook": world.rulebook,
        "is_enrolled": is_enrolled,
        "time_zero": time_zero,
        "scope_of": scope_of_operator,
        "frame_of": list_sampling_frame,
        "in_reach": rows_in_reach,
        "wanted": ExportFilter(),
        "month": month_index(today(world.clock)) - 1,
        "quarter": quarter_on(today(world.clock)).previous,
        "district": None,
        "data_dir": world.app.data_dir,
        "within_days": 30,
        "item_numbers": ["6000010"],
        "before": None,
        "after": {},
        "told": {},
        "content": b"",
        "use_id": 1,
    }
    if kind is CaseFilter:
        return CaseFilter()
    if name in known:
        return known[name]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    plain = {
        str: "足够长的理由",
        int: 1,
        bool: True,
        date: today(world.clock) - DAY,
        datetime: world.clock.now() - timedelta(hours=1),
    }
    if kind in plain:
        return plain[kind]
    origin = getattr(kind, "__origin__", None)
    if origin in {Mapping, dict}:
        return {}
    if origin in {Sequence, list, tuple}:
        return []
    if kind in {str | None, int | None, datetime | None}:
        return None
    pytest.fail(f"tests/base/access/test_matrix.py has no value for `{name}: {kind}`")


def arguments_for(world: World, function: Callable, things: Mapping[str, object]) -> dict:
    if function.__name__ == "issue_sign_in_link":
        things = {**things, "account_id": things["owner_account"]}
    hints = get_type_hints(function)
    signature = inspect.signature(function)
    return {
        name: value_for(world, name, hints.get(name), things)
        for name, parameter in signature.parameters.items()
        if name not in {"session", "actor"}
        and (parameter.default is inspect.Parameter.empty or name in things)
    }


def is_nothing(result: object) -> bool:
    """Tell whether an answer holds nothing: no row, no number above 0."""
    if is_dataclass(result) and not isinstance(result, type):
        return all(is_nothing(getattr(result, f)) for f in result.__dataclass_fields__)
    if isinstance(result, Mapping):
        return all(is_nothing(v) for v in result.values())
    if isinstance(result, list | tuple | set | frozenset):
        return all(is_nothing(v) for v in result)
    return result in {None, 0, ""}


def people(world: World, admin: Actor, one: Scene) -> dict[Role, Actor]:
    """One person of every role, working in the program; the owner owns the first firm."""
    given = frozenset({PROGRAM})
    return {
        Role.OFFICER: world.officer,
        Role.REVIEWER: world.reviewer,
        Role.MARKETER: world.marketer,
        Role.AUDITOR: world.auditor,
        Role.OWNER: one.owner,
        Role.ADMIN: admin,
        Role.RIGHT_HOLDER: Actor(901, "stranger", "stranger", Role.RIGHT_HOLDER, given),
        Role.APPRAISER: Actor(902, "appraiser", "appraiser", Role.APPRAISER, given),
        Role.PUBLIC: Actor(None, "public", "public", Role.PUBLIC),
    }


def test_who_has_no_row_gets_nothing_and_learns_nothing(ground):
    """A role without a row is refused before any value is looked at, whoever's thing it is."""
    world, admin, mine, theirs, one = ground
    leaks = []
    for action, function in functions():
        for role, actor in people(world, admin, one).items():
            if role in TABLE[action]:
                continue
            for things in (mine, theirs):
                arguments = arguments_for(world, function, things)
                how, what = try_out(world, function, {**arguments, "actor": actor})
                if how != "refused" or not isinstance(what, NotAllowed | NotFound):
                    leaks.append(f"{action} as {role.value}: {how} {what!r}")
    assert not leaks, "\n".join(leaks)


def test_an_owner_sees_and_does_nothing_with_another_firm(ground):
    world, _admin, _mine, theirs, one = ground
    leaks, asked = [], 0
    for action, function in functions():
        if Role.OWNER not in TABLE[action] or may(one.owner, action, Scope(program=PROGRAM)):
            continue
        arguments = arguments_for(world, function, theirs)
        if not set(arguments) & OF_A_FIRM:
            continue  # it asks for nothing of anybody else's
        asked += 1
        how, what = try_out(world, function, {**arguments, "actor": one.owner})
        refused = how == "refused" and isinstance(what, NotAllowed | NotFound)
        if not refused and not (how == "done" and is_nothing(what)):
            leaks.append(f"{action}: {how} {what!r}"[:300])
    assert not leaks, "\n".join(leaks)
    assert asked > 25


@pytest.mark.parametrize("where", ["another program", "another district"])
def test_the_office_of_elsewhere_sees_and_does_nothing_here(ground, where):
    """Whoever works for another program or district is refused, or finds nothing."""
    world, admin, mine, _theirs, one = ground
    # Some things belong to a program as a whole; only the program keeps them apart.
    leaks, asked = [], 0
    for action, function in functions():
        for role in (Role.OFFICER, Role.REVIEWER, Role.MARKETER, Role.AUDITOR):
            away = replace(
                people(world, admin, one)[role],
                programs=frozenset({"another"}) if where == "another program" else {PROGRAM},
                limits=frozenset({(PROGRAM, "350303")}),
            )
            reach = TABLE[action].get(role)
            here = Scope(program=PROGRAM, district="350304", operator_id=1)
            if reach is None or may(away, action, here):
                continue
            of_a_firm = _names_a_firm(function) and action not in OF_THE_PROGRAM
            if where == "another district" and not of_a_firm:
                continue
            asked += 1
            arguments = arguments_for(world, function, mine)
            how, what = try_out(world, function, {**arguments, "actor": away})
            refused = how == "refused" and isinstance(what, NotAllowed | NotFound)
            if not refused and not (how == "done" and is_nothing(what)):
                leaks.append(f"{action} as {role.value}: {how} {what!r}"[:300])
    assert not leaks, "\n".join(leaks)
    assert asked > 60


# A collection shows goods of the whole program, and whoever arranges it chooses among all.
OF_THE_PROGRAM = {"promotion.pin_product"}


def _names_a_firm(function: Callable) -> bool:
    return bool(OF_A_FIRM & set(inspect.signature(function).parameters))


# Whose password is set is decided by who asks, not by the table alone.
BY_PERSON = {"access.set_password"}


def test_who_has_a_row_comes_through_the_door(ground):
    """What lies beyond may refuse for its own reasons; the door itself must not."""
    world, admin, mine, _theirs, one = ground
    shut = []
    for action, function in functions():
        for role, actor in people(world, admin, one).items():
            if role not in TABLE[action] or action in BY_PERSON:
                continue
            arguments = arguments_for(world, function, mine)
            how, what = try_out(world, function, {**arguments, "actor": actor})
            if how == "refused" and getattr(what, "code", "") in {
                "not_allowed",
                "not_found_here",
            }:
                shut.append(f"{action} as {role.value}: {what!r}")
    assert not shut, "\n".join(shut)


def test_every_action_with_an_actor_is_tried():
    assert {action for action, _ in functions()} <= set(TABLE)
    assert len(functions()) > 120
