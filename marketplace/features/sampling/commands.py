"""Draws listings once a quarter and keeps what was seen of each; nothing of it is ever changed.

The seed is nobody's choice (decision 0071); a look told wrong is corrected by a later entry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, add_working_days, today
from marketplace.base.errors import NotFound, Refused
from marketplace.base.keys import KeyRing
from marketplace.base.keys.signing import sign
from marketplace.base.rulebook import Rulebook
from marketplace.base.seeding import ALGORITHM, frame_digest
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.complaints.commands import open_case
from marketplace.features.complaints.kinds import CaseStatus
from marketplace.features.complaints.rules import listing_key
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.kinds import FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.registry.queries import scope_of_factory
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.rules import (
    SEED_PURPOSE,
    FrameListing,
    Stratum,
    choose,
    quarter_start,
    rates_of,
    seed_content,
    seed_of,
    strata,
)
from marketplace.features.sampling.tables import SampleDraw, SampleItem, SampleLook

FrameOf = Callable[[Session, str], Sequence[FrameListing]]

_LEAST_NOTE = 4


def draw_listings(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    frame_of: FrameOf,
) -> int:
    """Draw this quarter's listings by the rates of their categories; return the draw.

    `frame_of` gives the listings on sale of a program's enrolled firms; their rows are kept by a
    feature above this one. The seed is signed into being from program and quarter: asking again
    is the same draw.

    Raises:
        Refused: nothing to draw.
    """
    program = rulebook.program.key
    require(actor, "sampling.draw_listings", Scope(program=program))
    quarter = quarter_start(today(clock))
    known = session.execute(
        select(SampleDraw.id).where(
            SampleDraw.program == program, SampleDraw.quarter_from == quarter
        )
    ).scalar()
    if known is not None:
        return int(known)
    keys: KeyRing = session.info["keys"]
    proof = sign(keys, SEED_PURPOSE, seed_content(program, quarter))
    frame = frame_of(session, program)
    layers = strata(frame, rates_of(rulebook))
    chosen = choose(frame, layers, seed=seed_of(proof))
    if not chosen:
        raise Refused("sampling_nothing_to_draw")
    row = _keep(session, rulebook, clock, actor, proof, frame, layers)
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
            "seed": row.seed, "seed_proof": proof, "quarter": quarter,
            "frame_size": row.frame_size, "frame_sha256": row.frame_sha256,
            "algorithm": ALGORITHM, "drawn": [one.key for one in chosen],
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
        NotFound: no such drawn listing, or of a firm out of reach.
        Refused: looked at before, or without words on what was seen.
    """
    item, drawn = _load(session, item_id)
    require(actor, "sampling.record_look", scope_of_factory(session, item.factory_id))
    said = _said(note)
    if _latest(session, item_id) is not None:
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


def correct_look(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    item_id: int,
    outcome: SampleOutcome,
    note: str,
    reason: str,
) -> int:
    """Keep another entry of what was seen, which counts from now on; return it.

    The entries before it stay readable. A case that a look opened is no slip of the pen: it is
    decided in the case, and only one closed with nothing found may be told as something else.

    Raises:
        NotFound: no such drawn listing, or of a firm out of reach.
        Refused: not looked at yet, nothing changed, no reason, or its case is open or upheld.
    """
    item, drawn = _load(session, item_id)
    require(actor, "sampling.correct_look", scope_of_factory(session, item.factory_id))
    said, why = _said(note), normalize_prose(reason)[:1000]
    before = _latest(session, item_id)
    if before is None:
        raise Refused("sampling_not_looked")
    if len(normalize(why)) < _LEAST_NOTE:
        raise Refused("reason_missing")
    if (before.outcome, before.note) == (outcome, said):
        raise Refused("sampling_nothing_changed")
    case_id = None
    if outcome is SampleOutcome.CASE_OPENED:
        case_id = before.case_id or _case_of(session, rulebook, clock, actor, item, said)
    else:
        _refuse_its_case(session, before)
    row = SampleLook(
        item_id=item_id, outcome=outcome, note=said, case_id=case_id, corrects=before.key,
        reason=why, looked_by=actor.account_id or 0, looked_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="sampling.correct_look",
        subject=f"sample_item:{item_id}",
        program=drawn.program,
        operator_id=item.operator_id,
        reason=why,
        before={"outcome": before.outcome, "note": before.note, "case": before.case_id},
        after={"outcome": outcome, "note": said, "case": case_id},
        facts={"draw": drawn.key, "corrects": before.key},
    )
    return row.key


def _load(session: Session, item_id: int) -> tuple[SampleItem, SampleDraw]:
    item = session.get(SampleItem, item_id)
    drawn = session.get(SampleDraw, item.draw_id) if item else None
    if item is None or drawn is None:
        raise NotFound("sample_item_not_found", item_id=item_id)
    return item, drawn


def _said(note: str) -> str:
    said = normalize_prose(note)[:1000]
    if len(normalize(said)) < _LEAST_NOTE:
        raise Refused("sampling_note_missing", least=_LEAST_NOTE)
    return said


def _latest(session: Session, item_id: int) -> SampleLook | None:
    """Return the entry that counts: a correction is always younger than what it corrects."""
    found: SampleLook | None = session.execute(
        select(SampleLook)
        .where(SampleLook.item_id == item_id)
        .order_by(col(SampleLook.id).desc())
        .limit(1)
    ).scalar()
    return found


def _refuse_its_case(session: Session, before: SampleLook) -> None:
    case = session.get(InfringementCase, before.case_id) if before.case_id else None
    if case is None:
        return
    if case.status is CaseStatus.OPEN:
        raise Refused("sampling_case_open", number=case.number)
    finding = session.get(Finding, case.finding_id) if case.finding_id else None
    if finding is not None and finding.status is FindingStatus.UPHELD:
        raise Refused("sampling_case_upheld", number=case.number)


def _keep(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    who: Actor,
    proof: str,
    frame: Sequence[FrameListing],
    layers: Sequence[Stratum],
) -> SampleDraw:
    row = SampleDraw(
        program=rulebook.program.key,
        quarter_from=quarter_start(today(clock)),
        seed=seed_of(proof),
        seed_proof=proof,
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
