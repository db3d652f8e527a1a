"""Reads what would be drawn, what was drawn, and what was seen of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, Scope, may, require
from marketplace.base.access.queries import names_of
from marketplace.base.clock import Clock, today
from marketplace.base.errors import NotFound
from marketplace.base.keys import KeyRing
from marketplace.base.keys.signing import is_signed, public_key
from marketplace.base.rulebook import Rulebook
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.queries import scopes_of_factories
from marketplace.features.registry.tables import Factory, Store
from marketplace.features.sampling.kinds import SampleOutcome, SeedStanding
from marketplace.features.sampling.rules import (
    SEED_PURPOSE,
    FrameListing,
    Stratum,
    quarter_start,
    rates_of,
    seed_content,
    seed_of,
    strata,
)
from marketplace.features.sampling.tables import SampleDraw, SampleItem, SampleLook

FrameOf = Callable[[Session, str], Sequence[FrameListing]]


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """What this quarter's draw would take now; `draw_id` where it was drawn already."""

    quarter_from: date
    draw_id: int | None
    frame_size: int
    strata: tuple[Stratum, ...]

    @property
    def wanted(self) -> int:
        """How many listings would be drawn."""
        return sum(layer.wanted for layer in self.strata)


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """What was written of a drawn listing once; `reason` says why it corrects the one before.

    `is_upheld` is of the case's finding, None undecided.
    """

    outcome: SampleOutcome
    note: str
    reason: str
    case_id: int | None
    case_number: str
    is_upheld: bool | None
    looked_by: str
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One drawn listing; `entries` are what was written of it, oldest first: the last one counts."""

    item_id: int
    position: int
    category: str
    platform: str
    item_no: str
    url: str
    store_name: str
    factory_id: int
    factory_name: str
    entries: tuple[SampleEntry, ...]

    @property
    def now(self) -> SampleEntry | None:
        """What counts; None while nobody has looked."""
        return self.entries[-1] if self.entries else None

    @property
    def outcome(self) -> SampleOutcome | None:
        """What the look ended with; None while nobody has looked."""
        return self.now.outcome if self.now else None


@dataclass(frozen=True, slots=True)
class SampleDrawRow:
    """One draw and how far it is; `looked` leaves out what was gone.

    The seed follows from `seed_proof`, the signature of program and quarter under `seed_key`.
    `is_late` tells that some listing waits and the day to be done by is over.
    """

    draw_id: int
    program: str
    quarter_from: date
    seed: str
    seed_proof: str
    seed_key: str
    seed_standing: SeedStanding
    algorithm: str
    frame_size: int
    frame_sha256: str
    strata: tuple[Stratum, ...]
    due_on: date
    drawn_by: str
    drawn_at: datetime
    drawn: int
    looked: int
    gone: int
    cases: int
    upheld: int
    is_late: bool

    @property
    def waiting(self) -> int:
        """How many drawn listings nobody has looked at."""
        return self.drawn - self.looked - self.gone


def get_sampling_plan(
    session: Session, actor: Actor, rulebook: Rulebook, *, clock: Clock, frame_of: FrameOf
) -> SamplingPlan:
    """Return what a draw would take from the frame of now."""
    program = rulebook.program.key
    require(actor, "sampling.get_sampling_plan", Scope(program=program))
    quarter = quarter_start(today(clock))
    known = session.execute(
        select(SampleDraw.id).where(
            SampleDraw.program == program, SampleDraw.quarter_from == quarter
        )
    ).scalar()
    frame = frame_of(session, program)
    return SamplingPlan(quarter, known, len(frame), strata(frame, rates_of(rulebook)))


def list_sample_draws(
    session: Session, actor: Actor, *, clock: Clock, program: str
) -> list[SampleDrawRow]:
    """Return every draw of a program, the latest first."""
    require(actor, "sampling.list_sample_draws", Scope(program=program))
    rows = session.execute(
        select(SampleDraw)
        .where(SampleDraw.program == program)
        .order_by(col(SampleDraw.quarter_from).desc())
    ).scalars()
    return [_draw(session, clock, row, _items(session, row.key)) for row in rows]


def get_sample_draw(
    session: Session, actor: Actor, *, clock: Clock, draw_id: int
) -> tuple[SampleDrawRow, list[SampleRow]]:
    """Return a draw with its listings in the order drawn.

    Who reaches some districts gets the listings of theirs, while the counts are the draw's.

    Raises:
        NotFound: there is none with this number.
    """
    row = session.get(SampleDraw, draw_id)
    if row is None:
        raise NotFound("sample_draw_not_found", draw_id=draw_id)
    require(actor, "sampling.get_sample_draw", Scope(program=row.program))
    items = _items(session, draw_id)
    scopes = scopes_of_factories(session, {item.factory_id for item in items})
    mine = [
        item
        for item in items
        if may(actor, "sampling.get_sample_draw", scopes[item.factory_id])
    ]
    return _draw(session, clock, row, items), mine


@dataclass(frozen=True, slots=True)
class UnfinishedDraw:
    """A draw of which listings wait to be looked at."""

    draw_id: int
    quarter_from: date
    due_on: date
    drawn: int
    waiting: int


def list_unfinished_draws(
    session: Session, actor: Actor, *, program: str
) -> list[UnfinishedDraw]:
    """Return the draws of which some listing was not looked at, soonest due first."""
    require(actor, "sampling.list_unfinished_draws", Scope(program=program))
    first = sa.and_(
        col(SampleLook.item_id) == col(SampleItem.id), col(SampleLook.corrects).is_(None)
    )
    drawn = sa.func.count(col(SampleItem.id))
    looked = sa.func.count(col(SampleLook.id))
    rows = session.execute(
        sa.select(
            col(SampleDraw.id), col(SampleDraw.quarter_from), col(SampleDraw.due_on),
            drawn, drawn - looked,
        )
        .join(SampleItem, col(SampleItem.draw_id) == col(SampleDraw.id))
        .outerjoin(SampleLook, first)
        .where(col(SampleDraw.program) == program)
        .group_by(col(SampleDraw.id), col(SampleDraw.quarter_from), col(SampleDraw.due_on))
        .having(drawn > looked)
        .order_by(col(SampleDraw.due_on), col(SampleDraw.id))
    )  # fmt: skip
    return [UnfinishedDraw(*row) for row in rows]


def _items(session: Session, draw_id: int) -> list[SampleRow]:
    columns: tuple[Any, ...] = (SampleItem, col(Store.name), col(Factory.name))
    rows = session.execute(
        sa.select(*columns)
        .join(Store, col(Store.id) == col(SampleItem.store_id))
        .join(Factory, col(Factory.id) == col(SampleItem.factory_id))
        .where(col(SampleItem.draw_id) == draw_id)
        .order_by(col(SampleItem.position))
    ).all()
    entries = _entries(session, draw_id)
    return [
        SampleRow(
            item_id=item.key,
            position=item.position,
            category=item.category,
            platform=item.platform,
            item_no=item.item_no,
            url=item.url,
            store_name=store,
            factory_id=item.factory_id,
            factory_name=factory,
            entries=tuple(entries.get(item.key, ())),
        )
        for item, store, factory in rows
    ]


def _entries(session: Session, draw_id: int) -> dict[int, list[SampleEntry]]:
    columns: tuple[Any, ...] = (SampleLook, InfringementCase, Finding)
    rows = session.execute(
        sa.select(*columns)
        .join(SampleItem, col(SampleItem.id) == col(SampleLook.item_id))
        .outerjoin(InfringementCase, col(InfringementCase.id) == col(SampleLook.case_id))
        .outerjoin(Finding, col(Finding.id) == col(InfringementCase.finding_id))
        .where(col(SampleItem.draw_id) == draw_id)
        .order_by(col(SampleLook.id))
    ).all()
    people = names_of(session, {look.looked_by for look, _c, _f in rows})
    found: dict[int, list[SampleEntry]] = {}
    for look, case, finding in rows:
        found.setdefault(look.item_id, []).append(_entry(look, case, finding, people))
    return found


def _entry(
    look: SampleLook,
    case: InfringementCase | None,
    finding: Finding | None,
    people: dict[int, str],
) -> SampleEntry:
    decided = finding is not None and finding.status is not FindingStatus.SUSPECTED
    return SampleEntry(
        outcome=look.outcome,
        note=look.note,
        reason=look.reason,
        case_id=case.key if case else None,
        case_number=case.number if case else "",
        is_upheld=finding.status is FindingStatus.UPHELD if finding and decided else None,
        looked_by=people.get(look.looked_by, "—"),
        looked_at=look.looked_at,
    )


def _standing(row: SampleDraw, key: str) -> SeedStanding:
    if not row.seed_proof:
        return SeedStanding.CHOSEN
    content = seed_content(row.program, row.quarter_from)
    follows = seed_of(row.seed_proof) == row.seed and is_signed(key, row.seed_proof, content)
    return SeedStanding.DERIVED if follows else SeedStanding.BROKEN


def _draw(
    session: Session, clock: Clock, row: SampleDraw, items: Sequence[SampleRow]
) -> SampleDrawRow:
    who = row.drawn_by or 0
    keys: KeyRing = session.info["keys"]
    key = public_key(keys, SEED_PURPOSE)
    gone = sum(i.outcome is SampleOutcome.GONE for i in items)
    told = sum(i.outcome is not None for i in items)
    return SampleDrawRow(
        draw_id=row.key,
        program=row.program,
        quarter_from=row.quarter_from,
        seed=row.seed,
        seed_proof=row.seed_proof,
        seed_key=key,
        seed_standing=_standing(row, key),
        algorithm=row.algorithm,
        frame_size=row.frame_size,
        frame_sha256=row.frame_sha256,
        strata=tuple(
            Stratum(category, told["rate"], told["size"])
            for category, told in sorted(row.strata.items())
        ),
        due_on=row.due_on,
        drawn_by=names_of(session, {who}).get(who, "—"),
        drawn_at=row.drawn_at,
        drawn=len(items),
        looked=told - gone,
        gone=gone,
        cases=sum(i.outcome is SampleOutcome.CASE_OPENED for i in items),
        upheld=sum(i.now is not None and i.now.is_upheld is True for i in items),
        is_late=told < len(items) and row.due_on < today(clock),
    )
