"""Draws by rotation along an index and stops when full, however many products there are.

SQL narrows by what `offer_rank` keeps; whoever fills slots asks the rules about what was drawn.
The order is that of `rules.rotation_order`: products never featured bowl by bowl from the seed's
first, then those featured longest ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base.clock import Clock, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.promotion import rules
from marketplace.features.promotion.rules import Candidate
from marketplace.features.promotion.tables import OfferRank

RANK: sa.Table = OfferRank.__table__  # type: ignore[attr-defined]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_END = 1 << 62
_LEAST = 48  # rows of a page: fewer cost as much to ask for


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a drawing gives: products in slot order, then spare ones; all that was looked at."""

    chosen: tuple[int, ...]
    spare: tuple[int, ...]
    looked_at: tuple[int, ...]
    bowls: int


def draw_by_rotation(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    seed: int,
    open_slots: int,
    spares: int,
    cap_per_group: int,
    category: str | None = None,
    taken: Mapping[int, int] | None = None,
    without: AbstractSet[int] = frozenset(),
) -> Drawn:
    """Draw for the open slots and the spares; `taken` counts what groups hold already.

    Callers check access. It ends once as many groups that hold nothing were met as slots are
    open: `choose` gives each of them one before anybody a second, so whoever comes later has no
    part in it.
    """
    taken = taken or {}
    bowls = rules.bowls_for(session.execute(_highest()).scalar() or 0)
    ordered: list[Candidate] = []
    fresh: set[int] = set()
    for one in _walk(
        session, _asked(rulebook, clock, category), seed=seed, bowls=bowls,
        page=max(_LEAST, (open_slots + spares) * 3 // 2),
    ):  # fmt: skip
        if one.product_id in without:
            continue
        ordered.append(one)
        if not taken.get(one.group):
            fresh.add(one.group)
        if len(fresh) >= open_slots and len(ordered) >= open_slots + spares:
            break
    chosen = rules.choose(
        ordered, open_slots=open_slots, taken=taken, cap_per_group=cap_per_group
    )
    there = set(chosen)
    spare = [one for one in ordered if one not in there][: max(spares, 0)]
    return Drawn(
        chosen=tuple(one.product_id for one in chosen),
        spare=tuple(one.product_id for one in spare),
        looked_at=tuple(one.product_id for one in ordered),
        bowls=bowls,
    )


def microseconds(at: datetime | None) -> int:
    """Return an instant as microseconds since 1970, 0 for none."""
    return 0 if at is None else (at - _EPOCH) // _MICROSECOND


def fits(rulebook: Rulebook, clock: Clock) -> sa.ColumnElement[bool]:
    """Return the condition that a kept row may be featured now, as `rules.eligibility` says."""
    return sa.and_(*(c.params(**_bounds(rulebook, clock)) for c in _fitting()))


def _fitting() -> list[sa.ColumnElement[bool]]:
    one = RANK.c
    return [
        one.ready == 1,
        one.until_day > sa.bindparam("day", type_=sa.Integer()),
        one.stock >= sa.bindparam("least", type_=sa.Integer()),
        one.stock_as_of_us >= sa.bindparam("since", type_=sa.BigInteger()),
    ]


def _bounds(rulebook: Rulebook, clock: Clock) -> dict[str, Any]:
    rule = rulebook.featuring
    oldest = clock.now() - timedelta(days=rule.stock_max_age_days)
    return {
        "day": today(clock).toordinal(),
        "least": rule.min_stock,
        "since": microseconds(oldest),
    }


def _asked(rulebook: Rulebook, clock: Clock, category: str | None) -> dict[str, Any]:
    narrowed = {} if category is None else {"category": category}
    return {"program": rulebook.program.key, **_bounds(rulebook, clock), **narrowed}


@cache
def _highest() -> sa.Select[Any]:
    return sa.select(sa.func.max(RANK.c.product_id))


@cache
def _stretch(*, featured: bool, narrowed: bool) -> sa.Select[Any]:
    """Built once: a stretch of products never featured, or of those that were."""
    one = RANK.c
    place = one.last_featured_us if featured else one.draw
    wanted = [
        one.program == sa.bindparam("program", type_=sa.String()),
        one.last_featured_us > 0 if featured else one.last_featured_us == 0,
        place >= sa.bindparam("low", type_=sa.BigInteger()),
        place < sa.bindparam("high", type_=sa.BigInteger()),
        *_fitting(),
    ]
    if narrowed:
        wanted.append(one.category == sa.bindparam("category", type_=sa.String()))
    return (
        sa.select(place, one.product_id, one.group_id, one.draw)
        .where(*wanted)
        .order_by(one.last_featured_us, one.draw, one.product_id)
        .limit(sa.bindparam("rows", type_=sa.Integer()))
    )


def _walk(
    session: Session, asked: Mapping[str, Any], *, seed: int, bowls: int, page: int
) -> Iterator[Candidate]:
    """Yield candidates in the order of rotation."""
    first = rules.first_bowl(seed, bowls)
    width = (1 << rules.DRAW_BITS) // bowls
    # Where there is one bowl, it must be seen whole: it holds fewer than `ONE_BOWL`.
    whole = rules.ONE_BOWL if bowls == 1 else page

    def lot(row: Any) -> tuple[int, str]:
        bowl = (rules.bowl_of(row[3], bowls) - first) % bowls
        return bowl, rules.lot_of(seed, row[1])

    narrowed = "category" in asked
    never = _stretch(featured=False, narrowed=narrowed)
    once = _stretch(featured=True, narrowed=narrowed)
    for statement, low, high, step, rows in (
        (never, first * width, bowls * width, width, whole),
        (never, 0, first * width, width, whole),
        (once, 1, _END, 1, page),
    ):
        given = {**asked, "high": high}
        for part in _parts(session, statement, given, low=low, step=step, rows=rows):
            for row in sorted(part, key=lot):
                yield Candidate(row[1], row[2])


def _parts(
    session: Session,
    statement: sa.Select[Any],
    given: Mapping[str, Any],
    *,
    low: int,
    step: int,
    rows: int,
) -> Iterator[Sequence[Any]]:
    """Yield rows that share one step of the place, whole: a page may end in the midst of one."""
    part_of: Callable[[Any], int] = lambda row: row[0] // step  # noqa: E731
    while low < given["high"]:
        found = session.execute(statement, {**given, "low": low, "rows": rows}).all()
        ended = len(found) < rows
        parts = [list(some) for _place, some in groupby(found, part_of)]
        if not ended and len(parts) == 1:
            rows *= 2  # one step is longer than the page
            continue
        yield from parts if ended else parts[:-1]
        if ended:
            return
        low = part_of(parts[-1][0]) * step
