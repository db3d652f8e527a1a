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
from marketplace.base.access.tables import Installation
from marketplace.base.clock import today
from marketplace.base.db import read, unit_of_work
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

Progress = Callable[[int, int], None]


def load_demo(app: App, *, progress: Progress | None = None) -> bool:
    """Load the demo program into an empty database; False when it is there already."""
    with read(app.store) as session:
        if session.execute(select(Installation).where(Installation.name == "demo")).first():
            return False
    with uncollected():
        bind_to(app, app.house)
        try:
            people = _tell(app, progress)
        finally:
            bind(app.store, app.house)
        refresh_derived(app)
        _look_back(app, people)
        keep_anchor(app)
    if progress:
        progress(1, 1)
    return True


def _tell(app: App, progress: Progress | None) -> People:
    """Write the history and play what came after it."""
    rng = random.Random(SEED)
    day = today(app.clock)
    told = stories(SEED, day - timedelta(days=day.weekday()))
    with unit_of_work(app.store) as session:
        people = make_people(session, app.clock, app.rulebook().program.key)
        pictures = store_pictures(session, app, PICTURES)
    ids: list[FactoryIds] = []
    for start in range(0, len(told), 20):
        bulk = Bulk()
        with unit_of_work(app.store) as session:
            ids.extend(
                write_factory(session, bulk, app, people, pictures, story, rng)
                for story in told[start : start + 20]
            )
            bulk.write(session)
        if progress:
            progress(min(start + 20, len(told)), len(told) + 20)
    with unit_of_work(app.store) as session:
        present.tie_owner(session, people, ids)
        session.add(Installation(name="demo", value="1"))
        _note(session, app)
    refresh_ranks(
        app
    )  # history was written past the events, and collections are filled by them
    keep_anchor(app)
    measured.tell(app, people, told, ids)
    play_intake(app, people, told, ids)
    present.play(app, people, told, ids)
    play_owner(app, people, told, ids)
    phones.play(app, people)
    files.send_files(app, people.officer)
    play_reports(app, people, told, ids)
    linked.play(app, people, told, ids)
    disputed.play(app, people, told, ids)
    referred.play(app, people, told, ids)
    return people


def _look_back(app: App, people: People) -> None:
    """Play what is made from lists and sums: reports and draws of samples."""
    quarterly.play(app, people)
    watched.play(app, people)
    sampled.play(app, people)
    asked.play(app)


def _note(session: Session, app: App) -> None:
    from marketplace.base import audit
    from marketplace.base.access import SYSTEM

    audit.record(
        session,
        clock=app.clock,
        actor=SYSTEM,
        action="upkeep.load_demo",
        subject="installation:demo",
        program=app.rulebook().program.key,
        facts={"seed": SEED},
    )
