"""Draws listings once a quarter and keeps what was seen of each; nothing of it is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlmodel import Session, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.errors import NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.seeding import ALGORITHM, frame_digest
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.complaints.commands import open_case
from marketplace.features.complaints.kinds import CaseStatus
from marketplace.features.complaints.rules import listing_key
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.rules import (
    FrameListing,
    Stratum,
    choose,
    quarter_start,
    rates_of,
    strata,
)
from marketplace.features.sampling.tables import SampleDraw, SampleItem, SampleLook

FrameOf = Callable[[Session, str], Sequence[FrameListing]]

_LEAST_NOTE = 4
_LONGEST_SEED = 60


def draw_listings(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    seed: str,
    frame_of: FrameOf,
) -> int:
    """Draw this quarter's listings by the rates of their categories; return the draw.

    `frame_of` gives the listings on sale of a program's enrolled firms; their rows are kept by a
    feature above this one. The same seed again is the same draw.

    Raises:
        Refused: without a seed, drawn this quarter by another one, or nothing to draw.
    """
    program = rulebook.program.key
    require(actor, "sampling.draw_listings", Scope(program=program))
    seed = normalize(seed)[:_LONGEST_SEED]
    if not seed:
        raise Refused("sampling_no_seed")
    quarter = quarter_start(today(clock))
    known: SampleDraw | None = session.execute(
        select(SampleDraw).where(
            SampleDraw.program == program, SampleDraw.quarter_from == quarter
        )
    ).scalar()
    if known is not None:
        if known.seed == seed:
            return known.key
        raise Refused("sampling_drawn_already", seed=known.seed)
    frame = frame_of(session, program)
    layers = strata(frame, rates_of(rulebook))
    chosen = choose(frame, layers, seed=seed)
    if not chosen:
        raise Refused("sampling_nothing_to_draw")
    row = _keep(session, rulebook, clock, actor, seed, frame, layers)
    for position, one in enumerate(chosen, start=1):
        session.add(_item(row.key, position, one))
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="sampling.draw_listings",
        subject=f"sample_draw:{row.key}",
        program=program,
        facts={
            "seed": seed, "quarter": quarter, "frame_size": row.frame_size,
            "frame_sha256": row.frame_sha256, "algorithm": ALGORITHM,
            "drawn": [one.key for one in chosen],
        },
    )  # fmt: skip
    return row.key


def record_look(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    item_id: int,
    outcome: SampleOutcome,
    note: str,
) -> int:
    """Keep what was seen of a drawn listing; return the look. A suspicion opens its case.

    A case of the listing that is open already is named instead of a second one.

    Raises:
        NotFound: no such drawn listing.
        Refused: looked at before, or without words on what was seen.
    """
    item = session.get(SampleItem, item_id)
    drawn = session.get(SampleDraw, item.draw_id) if item else None
    if item is None or drawn is None:
        raise NotFound("sample_item_not_found", item_id=item_id)
    require(actor, "sampling.record_look", Scope(program=drawn.program))
    said = normalize_prose(note)[:1000]
    if len(normalize(said)) < _LEAST_NOTE:
        raise Refused("sampling_note_missing", least=_LEAST_NOTE)
    before = session.execute(
        select(SampleLook.id).where(SampleLook.item_id == item_id)
    ).scalar()
    if before is not None:
        raise Refused("sampling_looked_already")
    case_id = None
    if outcome is SampleOutcome.CASE_OPENED:
        case_id = _case_of(session, rulebook, clock, actor, item, said)
    row = SampleLook(
        item_id=item_id, outcome=outcome, note=said, case_id=case_id,
        looked_by=actor.account_id or 0, looked_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="sampling.record_look",
        subject=f"sample_item:{item_id}",
        program=drawn.program,
        operator_id=item.operator_id,
        reason=said,
        facts={"outcome": outcome, "draw": drawn.key, "case": case_id},
    )
    return row.key


def _keep(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    seed: str,
    frame: Sequence[FrameListing],
    layers: Sequence[Stratum],
) -> SampleDraw:
    row = SampleDraw(
        program=rulebook.program.key,
        quarter_from=quarter_start(today(clock)),
        seed=seed,
        algorithm=ALGORITHM,
        frame_size=len(frame),
        frame_sha256=frame_digest(one.key for one in frame),
        strata={
            x.category: {"rate": x.rate, "size": x.size, "drawn": x.wanted} for x in layers
        },
        rulebook_sha256=rulebook.sha256,
        due_on=add_working_days(
            today(clock), rulebook.sampling.look_working_days, rulebook.calendar
        ),
        drawn_by=who.account_id,
        drawn_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def _item(draw_id: int, position: int, one: FrameListing) -> SampleItem:
    return SampleItem(
        draw_id=draw_id, position=position, category=one.category or "",
        listing_id=one.listing_id, product_id=one.product_id, store_id=one.store_id,
        factory_id=one.factory_id, operator_id=one.operator_id, platform=one.platform,
        item_no=one.item_no, url=one.url,
    )  # fmt: skip


def _case_of(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    item: SampleItem,
    said: str,
) -> int:
    open_now = session.execute(
        select(InfringementCase.id).where(
            InfringementCase.listing_key == listing_key(item.store_id, item.item_no),
            InfringementCase.status == CaseStatus.OPEN,
        )
    ).scalar()
    if open_now is not None:
        return int(open_now)
    return open_case(
        session, rulebook, clock=clock, actor=who, store_id=item.store_id,
        origin=Origin.PROACTIVE_MODEL, item=item.item_no, statement=said,
    )  # fmt: skip
