"""One person's details go from every place they stand in; the trail holds and says that they went."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import PUBLIC, Actor, Role
from marketplace.base.db import metadata, read
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.features.complaints.commands import send_public_complaint
from marketplace.features.enforcement.commands import report_product
from marketplace.features.registry.commands import record_factory, submit_change_request
from marketplace.features.registry.kinds import ChangeStatus
from marketplace.features.registry.tables import ChangeRequest, Factory
from marketplace.upkeep.erasing import erase
from tests.features.conftest import PROGRAM, World

ADMIN = Actor(9, "admin", "admin", Role.ADMIN, frozenset())
PHONES = ("13811112222", "13833334444", "13855556666")
PERSON = "欧阳不凡"


def everything(world: World) -> str:
    with read(world.app.store) as session:
        return "\n".join(
            repr(tuple(row))
            for table in metadata.sorted_tables
            for row in session.execute(sa.select(table))
        )


def ask(world: World, who: str, *, actor: Actor = ADMIN, dry_run: bool = False):
    return erase(world.app, actor=actor, who=who, reason="本人申请删除", dry_run=dry_run)


def record(world: World, source: str, **values: str) -> None:
    world.do(
        lambda s: record_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer, source=source,
            values={"name": "（虚构）远帆鞋厂", "address": "莆田市荔城区8号", **values},
        )
    )  # fmt: skip


@pytest.fixture
def operator_id(world: World) -> int:
    """A firm with a phone, another one a second source gives, and a third its owner asks for."""
    record(world, "甲", phone=PHONES[0], legal_representative=PERSON)
    record(world, "乙", phone=PHONES[1])

    def submit(session: Session) -> int:
        factory = session.execute(select(Factory)).scalar_one()
        submit_change_request(
            session, world.rulebook, clock=world.clock, actor=world.owner(factory.operator_id),
            factory_id=factory.key, values={"phone": PHONES[2]},
        )  # fmt: skip
        return factory.operator_id

    return world.do(submit)


def test_nothing_of_a_person_is_left_and_the_trail_verifies(world: World, operator_id: int):
    before = everything(world)
    assert all(told in before for told in (*PHONES, PERSON))
    who = f"operator:{operator_id}"
    tried = ask(world, who, dry_run=True)
    assert everything(world) == before
    erased = ask(world, who)
    # phone and name; what two sources said of the phone and one of the name; one request; one
    # sealed entry of the admission
    assert erased == tried == {"fields": 2, "sources": 3, "requests": 1, "entries": 1}
    after = everything(world)
    assert [told for told in (*PHONES, PERSON) if told in after] == []
    assert audit.verify(world.app.store).is_intact
    with read(world.app.store) as session:
        asked = session.execute(select(ChangeRequest)).scalar_one()
        done = audit.list_entries(session, action="registry.erase_personal")
        destroyed = audit.list_entries(session, action="audit.erase_person")
    assert asked.status is ChangeStatus.WITHDRAWN  # there is nothing in it to decide on
    assert [(e.subject, e.actor_login, e.reason) for e in (*done, *destroyed)] == [
        (who, "admin", "本人申请删除")
    ] * 2
    with pytest.raises(Refused, match="nothing_to_erase"):
        ask(world, who)
    if world.app.store.dialect == "sqlite":
        place = Path(world.app.store.writing.url.database)
        content = b"".join(p.read_bytes() for p in place.parent.glob(f"{place.name}*"))
        assert [told for told in (*PHONES, PERSON) if told.encode() in content] == []


def test_the_contact_of_whoever_reported_or_complained_goes_and_what_was_said_stays(
    world: World,
):
    number = world.do(
        lambda s: report_product(
            s, clock=world.clock, actor=PUBLIC, program=PROGRAM, text="鞋舌上没有印",
            contact=PHONES[0],
        )
    )  # fmt: skip
    code = world.do(
        lambda s: send_public_complaint(
            s, world.rulebook, clock=world.clock, actor=PUBLIC, shop="某店", item="某款",
            text="收到的鞋与图片不一样，质量差", contact=PHONES[1],
        )
    )  # fmt: skip
    for who in (f"report:{number}", f"complaint:{code}"):
        assert ask(world, who) == {"contacts": 1}
        with pytest.raises(Refused, match="nothing_to_erase"):
            ask(world, who)
    after = everything(world)
    assert [told for told in PHONES if told in after] == []
    assert "鞋舌上没有印" in after
    assert "收到的鞋与图片不一样" in after
    assert audit.verify(world.app.store).is_intact


def test_only_an_administrator_erases_and_only_with_a_reason(world: World, operator_id: int):
    before = everything(world)
    for actor in (world.officer, world.reviewer, world.auditor, world.owner(operator_id)):
        for who in (f"operator:{operator_id}", "report:R260101-000001", "complaint:X"):
            with pytest.raises(NotAllowed):
                ask(world, who, actor=actor)
    with pytest.raises(Refused, match="reason_missing"):
        erase(world.app, actor=ADMIN, who=f"operator:{operator_id}", reason=" ")
    for who in ("operator:999", "report:R260101-000001", "complaint:X"):
        with pytest.raises(NotFound):
            ask(world, who)
    for who in (
        "operator:",
        "operator:²",
        "operator:1e9",
        "phone:138",
        "",
        "operator:99999999999",
    ):
        with pytest.raises(Refused, match="person_unreadable"):
            ask(world, who)
    assert everything(world) == before
