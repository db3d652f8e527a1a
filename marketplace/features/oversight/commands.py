"""The auditor draws decisions by a seed and judges each; nothing of it is ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Scope, require
from marketplace.base.clock import Clock, today
from marketplace.base.errors import Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize, normalize_prose
from marketplace.features.oversight.kinds import DecisionKind, Judgment
from marketplace.features.oversight.queries import frame_of, require_item
from marketplace.features.oversight.rules import ALGORITHM, draw, frame_digest, key_of
from marketplace.features.oversight.tables import (
    OversightDraw,
    OversightItem,
    OversightVerdict,
)

_LEAST_REASON = 4
_LONGEST_SEED = 60


def draw_decisions(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    kinds: Sequence[DecisionKind],
    since: date,
    until: date,
    seed: str,
    wanted: int,
) -> int:
    """Draw `wanted` decisions of a period (both days inclusive) by a seed; return the draw.

    The same request again is the same draw. A smaller frame is drawn whole.

    Raises:
        Refused: without kinds or seed, too many, a period that is none or has not come, or an
            empty frame.
    """
    program = rulebook.program.key
    require(actor, "oversight.draw_decisions", Scope(program=program))
    seed = normalize(seed)[:_LONGEST_SEED]
    most = rulebook.oversight.most_drawn
    _require_sound(clock, kinds, since, until, seed)
    if not 1 <= wanted <= most:
        raise Refused("oversight_too_many", most=most)
    kinds_key = ",".join(k.value for k in DecisionKind if k in set(kinds))
    known = session.execute(
        select(OversightDraw.id).where(
            OversightDraw.program == program,
            OversightDraw.seed == seed,
            OversightDraw.kinds_key == kinds_key,
            OversightDraw.period_from == since,
            OversightDraw.period_until == until,
            OversightDraw.wanted == wanted,
        )
    ).scalar()
    if known is not None:
        return int(known)
    frame = frame_of(session, actor, program=program, since=since, until=until, kinds=kinds)
    if not frame:
        raise Refused("oversight_frame_empty")
    by_key = {key_of(d.kind, d.entity_id): d for d in frame}
    row = OversightDraw(
        program=program,
        seed=seed,
        kinds_key=kinds_key,
        period_from=since,
        period_until=until,
        wanted=wanted,
        algorithm=ALGORITHM,
        frame_size=len(by_key),
        frame_sha256=frame_digest(by_key),
        drawn_by=actor.account_id,
        drawn_at=clock.now(),
    )
    session.add(row)
    session.flush()
    chosen = draw(by_key, seed=seed, count=wanted)
    for position, key in enumerate(chosen, start=1):
        d = by_key[key]
        session.add(
            OversightItem(
                draw_id=row.key, position=position, kind=d.kind, entity_id=d.entity_id,
                operator_id=d.operator_id, factory_id=d.factory_id, decided_by=d.by,
                decided_at=d.at, outcome=d.outcome.value,
                people={"accounts": sorted(d.people)},
            )
        )  # fmt: skip
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="oversight.draw_decisions",
        subject=f"oversight_draw:{row.key}",
        program=program,
        facts={
            "seed": seed, "kinds": kinds_key, "frame_size": row.frame_size,
            "frame_sha256": row.frame_sha256, "drawn": chosen, "algorithm": ALGORITHM,
        },
    )  # fmt: skip
    return row.key


def record_verdict(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    item_id: int,
    judgment: Judgment,
    reason: str,
    replaces_id: int | None = None,
) -> int:
    """Judge a drawn decision; return the verdict. A correction names the verdict it stands in for.

    Raises:
        NotFound: no such drawn decision, or out of reach.
        Refused: one's own decision, without a reason, or another verdict stands meanwhile.
    """
    item, drawn = require_item(session, actor, "oversight.record_verdict", item_id)
    if actor.account_id in set(item.people.get("accounts", ())):
        raise Refused("oversight_own_decision")
    if len(normalize(reason)) < _LEAST_REASON:
        raise Refused("reason_missing")
    last = session.execute(
        select(OversightVerdict)
        .where(OversightVerdict.item_id == item_id)
        .order_by(col(OversightVerdict.id).desc())
        .limit(1)
    ).scalar()
    if (last.key if last else None) != replaces_id:
        raise Refused("oversight_judged_meanwhile")
    row = OversightVerdict(
        item_id=item_id,
        judgment=judgment,
        reason=normalize_prose(reason)[:1000],
        judged_by=actor.account_id or 0,
        judged_at=clock.now(),
        replaces_id=replaces_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="oversight.record_verdict",
        subject=f"oversight_item:{item_id}",
        program=drawn.program,
        reason=row.reason,
        facts={"decision": key_of(item.kind, item.entity_id), "draw": drawn.key},
        before={"judgment": last.judgment.value} if last else None,
        after={"judgment": judgment.value},
    )
    return row.key


def _require_sound(
    clock: Clock, kinds: Sequence[DecisionKind], since: date, until: date, seed: str
) -> None:
    if not kinds:
        raise Refused("oversight_no_kinds")
    if not seed:
        raise Refused("oversight_no_seed")
    if since > until or until > today(clock):
        raise Refused("oversight_period")
