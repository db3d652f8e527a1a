"""Loads the demo program: history in bulk, the present through the commands people use.

History is written row by row with one entry in the trail a factory; everything of the last weeks
goes through commands, so that messages, work lists and the trail are as real use leaves them.
Loading again changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session, select

from marketplace.assembly import App, bind
from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.access.queries import LOADING, is_demo_whole
from marketplace.base.access.tables import Installation
from marketplace.base.clock import today
from marketplace.base.db import read, synced_later, unit_of_work
from marketplace.base.garbage import uncollected
from marketplace.base.settings import ROOT
from marketplace.upkeep.demo import (
    asked,
    disputed,
    files,
    linked,
    measured,
    phones,
    present,
    quarterly,
    referred,
    sampled,
    watched,
)
from marketplace.upkeep.demo.bulk import Bulk
from marketplace.upkeep.demo.history import FactoryIds, write_factory
from marketplace.upkeep.demo.hours import bind_to
from marketplace.upkeep.demo.intake import play_intake
from marketplace.upkeep.demo.owner_day import play_owner
from marketplace.upkeep.demo.people import People, make_people
from marketplace.upkeep.demo.pictures import store_pictures
from marketplace.upkeep.demo.reports import play_reports
from marketplace.upkeep.demo.story import stories
from marketplace.upkeep.minute import keep_anchor, refresh_derived, refresh_ranks

SEED = 20_150_203
PICTURES = ROOT / "data" / "demo-pictures"

AT_ONCE = 20  # factories written in one unit of work
STEPS = 6 + 9 + 1 + 4  # of writing, of playing, of keeping lists, of looking back

Progress = Callable[[int, int], None]


def load_demo(app: App, *, progress: Progress | None = None) -> bool:
    """Load the demo program into an empty database; False when it is there already.

    Raises:
        Unavailable: when a load was broken off before: what it left is of no use.
    """
    with read(app.store) as session:
        if is_demo_whole(session, folder=app.data_dir):
            return False
    steps = _Steps(progress or (lambda _done, _total: None))
    with uncollected():
        with synced_later(app.store):
            people = _tell(app, steps)
            refresh_derived(app)
            steps.done()
            _look_back(app, people, steps)
        with unit_of_work(app.store) as session:
            _mark(session, "1")
            _note(session, app)
        keep_anchor(app)
    return True


class _Steps:
    """Counts the steps; one takes a few tenths of a second to a few seconds."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._done = progress, 0

    def done(self) -> None:
        """Tell that one more is done."""
        self._done += 1
        self._progress(self._done, STEPS)


def _tell(app: App, steps: _Steps) -> People:
    """Write the history and play what came after it; lists and sums are made afterwards."""
    bind_to(app, app.house)
    try:
        return _tell_all(app, steps)
    finally:
        bind(app.store, app.house)


def _tell_all(app: App, steps: _Steps) -> People:
    rng = random.Random(SEED)
    day = today(app.clock)
    told = stories(SEED, day - timedelta(days=day.weekday()))
    with unit_of_work(app.store) as session:
        session.add(Installation(name="demo", value=LOADING))
        people = make_people(session, app.clock, app.rulebook().program.key)
        pictures = store_pictures(session, app, PICTURES)
    ids: list[FactoryIds] = []
    for start in range(0, len(told), AT_ONCE):
        bulk = Bulk()
        with unit_of_work(app.store) as session:
            ids.extend(
                write_factory(session, bulk, app, people, pictures, story, rng)
                for story in told[start : start + AT_ONCE]
            )
            bulk.write(session)
        steps.done()
    with unit_of_work(app.store) as session:
        present.tie_owner(session, people, ids)
        _note(session, app)
    refresh_ranks(app)  # history was written past the events; collections are filled by ranks
    keep_anchor(app)
    for play in (measured.tell, play_intake, present.play, play_owner):
        play(app, people, told, ids)
        steps.done()
    phones.play(app, people)
    files.send_files(app, people.officer)
    steps.done()
    for play in (play_reports, linked.play, disputed.play, referred.play):
        play(app, people, told, ids)
        steps.done()
    return people


def _look_back(app: App, people: People, steps: _Steps) -> None:
    """Play what is made from lists and sums: reports and draws of samples."""
    for play in (quarterly.play, watched.play, sampled.play):
        play(app, people)
        steps.done()
    asked.play(app)
    steps.done()


def _mark(session: Session, value: str) -> None:
    row = session.execute(select(Installation).where(Installation.name == "demo")).scalar_one()
    row.value = value


def _note(session: Session, app: App) -> None:
    audit.record(
        session,
        clock=app.clock,
        actor=SYSTEM,
        action="upkeep.load_demo",
        subject="installation:demo",
        program=app.rulebook().program.key,
        facts={"seed": SEED},
    )
