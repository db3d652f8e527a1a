"""What a file must pass to be kept: its content, its account's quota; and who may see it then."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from marketplace.base.access import Role
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.errors import Invalid, NotFound, Refused
from marketplace.base.files import Cleaned, clean_file, open_file, receive_file
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.exchange.importing import ImportRequest, run_import
from marketplace.exchange.kinds import ImportKind
from marketplace.features.complaints.commands import Enclosure, send_public_complaint
from marketplace.features.registry.commands import record_factory
from marketplace.features.registry.tables import ImportBatch
from tests.features.conftest import PROGRAM, World, world
from tests.features.scene import picture, uscc
from tests.hostile import PDFS, PICTURES, TABLES

__all__ = ["world"]  # a fixture

MB = 1024**2


def firm(world: World, number: int) -> int:
    made = world.do(
        lambda s: record_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            values={"name": f"（虚构）{number}号鞋厂", "uscc": uscc(number)}, source="名单",
        )
    )  # fmt: skip
    return made.operator_id


def send(world: World, actor, content, *, operator_id=None, name="a.png", purpose="evidence"):
    return world.do(
        lambda s: receive_file(
            s, clock=world.clock, actor=actor, content=content, name=name, purpose=purpose,
            subject="factory:1", program=PROGRAM, operator_id=operator_id,
            data_dir=world.app.data_dir,
        )
    )  # fmt: skip


def state(world: World) -> list[int]:
    """How much there is of everything a refused file could leave behind."""
    folder = world.app.data_dir / "files"
    rows = [
        world.see(lambda s, t=table: s.execute(sa.select(sa.func.count(t.id))).scalar_one())
        for table in (StoredFile, FileUse, AuditEntry, ImportBatch)
    ]
    return [*rows, sum(path.is_file() for path in folder.rglob("*"))]


def test_no_command_keeps_anything_of_a_hostile_file(world: World):
    operator = firm(world, 1)
    owner = world.owner(operator)
    before = state(world)
    for name in ("text-bomb.png", "half.jpg", "drawing.png", "packed.pdf"):
        make, code = {**PICTURES, **PDFS}[name]
        content = make()
        for purpose in ("license", "product"):
            with pytest.raises(Refused) as refused:
                send(world, owner, content, operator_id=operator, name=name, purpose=purpose)
            assert (refused.value.code, refused.value.facts["file"]) == (code, name)
        with pytest.raises(Invalid) as invalid:
            world.do(
                lambda s, name=name, content=content: send_public_complaint(
                    s, world.rulebook, clock=world.clock, actor=world.officer, shop="店",
                    item="600001", text="卖的不是同一双鞋，图形近似。", data_dir=world.app.data_dir,
                    enclosures=[Enclosure("好.png", picture()), Enclosure(name, content)],
                )
            )  # fmt: skip
        assert [(f.code, f.facts["file"]) for f in invalid.value.faults] == [(code, name)]
    for name in ("lying.xlsx", "far-row.xlsx", "zero.csv", "mixed.csv"):
        make, code, place = TABLES[name]
        request = ImportRequest(ImportKind.FACTORIES, make(), name)
        with pytest.raises(Refused) as refused:
            run_import(
                world.app.store, world.rulebook, request, clock=world.clock, actor=world.officer
            )
        assert refused.value.code == code
        assert {"file": name, **place}.items() <= refused.value.facts.items()
    # The file sent along with the hostile one was written before; its row was taken back.
    assert state(world)[:-1] == before[:-1]
    assert state(world)[-1] <= before[-1] + 1


def test_a_file_cleaned_before_its_command_is_kept_as_one_that_was_not(world: World):
    ready = clean_file(picture(90), "a.png")
    uses = [send(world, world.officer, content) for content in (picture(90), ready)]
    kept = [
        world.see(
            lambda s, u=u: open_file(s, world.officer, use_id=u, data_dir=world.app.data_dir)
        )
        for u in uses
    ]
    assert kept[0] == kept[1] == (ready.content, "image/png", "a.png")


def claim(world: World, who, *, files: int, megabytes: int, operator_id=None) -> None:
    """Let an account have kept so many files before, of so much together."""

    def work(session):
        row = StoredFile(
            sha256=f"{who.account_id:064}", size_bytes=megabytes * MB // files,
            media_type="image/png", stored_at=world.clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.execute(
            sa.insert(FileUse),
            [
                {
                    "file_id": row.key, "program": PROGRAM, "operator_id": operator_id,
                    "subject": "factory:1", "purpose": "evidence", "name": "a.png",
                    "uploaded_by": who.account_id, "uploaded_at": world.clock.now(),
                }
            ]
            * files,
        )  # fmt: skip
        send_in(session)

    def send_in(session):
        receive_file(
            session, clock=world.clock, actor=world.reviewer, content=CLEAN, name="x",
            purpose="evidence", subject="factory:1", program=PROGRAM,
            data_dir=world.app.data_dir,
        )  # fmt: skip

    world.do(work)


CLEAN = Cleaned(b"\x89PNG", "image/png", 1, 1)


def test_an_owner_keeps_so_much_and_so_many_for_a_firm(world: World):
    one, two = firm(world, 1), firm(world, 2)
    for account, files, megabytes in ((50, 10, 500), (51, 2_000, 1)):
        owner = world.owner(one, two, account_id=account)
        claim(world, owner, files=files, megabytes=megabytes, operator_id=one)
        with pytest.raises(Refused) as full:
            send(world, owner, CLEAN, operator_id=one)
        assert full.value.code == "file_quota"
        assert full.value.facts["used_files"] == files
        assert (full.value.facts["limit_mb"], full.value.facts["limit_files"]) == (500, 2_000)
        send(world, owner, CLEAN, operator_id=two)
    # Neither another account of the firm nor the office is held up by it.
    send(world, world.owner(one, account_id=52), CLEAN, operator_id=one)
    send(world, world.officer, CLEAN, operator_id=one)


def test_the_office_sends_so_much_within_a_day(world: World):
    for who, files, megabytes in ((world.officer, 8, 1_024), (world.deputy, 1_000, 1)):
        claim(world, who, files=files, megabytes=megabytes)
        with pytest.raises(Refused) as full:
            send(world, who, CLEAN)
        assert full.value.code == "file_quota_day"
    world.clock.advance(hours=24, seconds=1)
    for who in (world.officer, world.deputy):
        send(world, who, CLEAN)


def test_another_firms_file_and_one_that_is_not_are_the_same_to_a_stranger(world: World):
    one, two = firm(world, 1), firm(world, 2)
    use = send(world, world.owner(one), picture(), operator_id=one)

    def look(actor, use_id):
        return world.see(
            lambda s: open_file(s, actor, use_id=use_id, data_dir=world.app.data_dir)
        )

    assert look(world.owner(one), use)[1] == "image/png"
    stranger = world.owner(two, account_id=51)
    assert stranger.role is Role.OWNER
    for number in (use, use + 999):
        with pytest.raises(NotFound):
            look(stranger, number)
