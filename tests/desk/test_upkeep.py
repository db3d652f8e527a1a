"""What the minute does beside expiry: program versions are kept, orphan files swept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.assembly import App
from marketplace.base.errors import NotFound
from marketplace.base.rulebook.load import parse_rulebook
from marketplace.base.rulebook.versions import Reused, find_reused_numbers
from marketplace.desk.programs import (
    get_rulebook_of,
    list_program_versions,
)
from marketplace.faces.cli.programs import sentence_of
from marketplace.upkeep.minute import keep_programs, run_minute
from tests.features.conftest import PROGRAM, World
from tests.features.conftest import world as world  # noqa: PLC0414
from tests.features.scene import make_firm, make_people


def edited(world: World) -> App:
    """The same house after the program file was changed: products hold two years now."""
    old = world.rulebook
    text = old.text.replace("version = 1", "version = 2", 1)
    new = parse_rulebook(text, "putian-footwear.toml")
    return replace(world.app, house=replace(world.app.house, rulebooks={PROGRAM: new}))


def test_each_version_of_a_program_is_kept_once(world: World) -> None:
    assert (keep_programs(world.app), keep_programs(world.app)) == (1, 0)
    world.clock.advance(days=1)
    changed = edited(world)
    assert (keep_programs(changed), keep_programs(world.app)) == (1, 0)
    kept = world.see(lambda s: list_program_versions(s, program=PROGRAM))
    assert [row.number for row in kept] == [1, 2]
    assert kept[1].in_force_from - kept[0].in_force_from == timedelta(days=1)


def test_a_number_that_stands_for_other_rules_is_noticed(world: World) -> None:
    """A remark changes no rule; a limit does, and papers name a version by its number."""
    keep_programs(world.app)
    text = world.rulebook.text
    remark = parse_rulebook("# a remark\n" + text, "p.toml")
    rule = parse_rulebook(
        text.replace("valid_days = { value = 365", "valid_days = { value = 300"), "p.toml"
    )
    raised = parse_rulebook(rule.text.replace("version = 1", "version = 2", 1), "p.toml")
    told = [
        world.see(lambda s, one=one: find_reused_numbers(s, rulebooks=[one]))
        for one in (world.rulebook, remark, rule, raised)
    ]
    assert told == [[], [], [Reused(PROGRAM, 1, world.clock.now())], []]
    assert "第 1 版" in sentence_of(told[2][0])


def test_a_decision_can_be_read_by_the_rules_in_force_when_it_was_made(world: World) -> None:
    run_minute(world.app)
    keep_programs(edited(world))
    then = world.see(lambda s: get_rulebook_of(s, sha256=world.rulebook.sha256))
    assert (then.program.version, then.sha256) == (1, world.rulebook.sha256)
    assert then.points == world.rulebook.points
    with pytest.raises(NotFound, match="program_version_not_found"):
        world.see(lambda s: get_rulebook_of(s, sha256="0" * 64))


def test_the_daily_sweep_removes_what_no_row_knows_and_nothing_else(world: World) -> None:
    make_people(world)
    make_firm(world, products=1)
    folder = world.app.data_dir / "files"
    known = sorted(path for path in folder.glob("??/*"))
    assert len(known) == 1
    orphan = folder / "ab" / ("ab" + "0" * 62)
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"left by a process that died")

    run_minute(world.app)

    assert sorted(path for path in folder.glob("??/*")) == known
    orphan.write_bytes(b"again")
    run_minute(world.app)
    assert orphan.exists(), "once a day"
    world.clock.advance(days=1)
    run_minute(world.app)
    assert not orphan.exists()
