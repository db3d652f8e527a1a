"""Draws by rotation along an index and stops when full, however many products there are.

SQL narrows by what `offer_rank` keeps; whoever fills slots asks the rules about what was drawn.
The order is that of `rules.rotation_order`: products never featured bowl by bowl from the seed's
first, then those featured longest ago.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from marketplace.base.clock import Clock, civil_day, today
from marketplace.base.rulebook import Rulebook
from marketplace.features.promotion import rules
from marketplace.features.promotion.rules import Candidate
from marketplace.features.promotion.tables import OfferRank

RANK: sa.Table = OfferRank.__table__  # type: ignore[attr-defined]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_END = 1 << 62
_LAST = itemgetter(-1)
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
    shown_from: datetime | None = None,
    taken: Mapping[int, int] | None = None,
    without: AbstractSet[int] = frozenset(),
) -> Drawn:
    """Draw for the open slots and the spares; `taken` counts what groups hold already.

    What is not verified any more on the day `shown_from` would leave before anybody saw it.

    Callers check access. It ends once as many groups that hold nothing were met as slots are
    open: `choose` gives each of them one before anybody a second, so whoever comes later has no
    part in it.
    """
    taken = {group: held for group, held in (taken or {}).items() if held}
    connection = session.connection()
    bowls = rules.bowls_for(connection.execute(_highest()).scalar() or 0)
    asked = _asked(rulebook, clock, category)
    if shown_from is not None:
        asked["day"] = max(asked["day"], civil_day(shown_from).toordinal())
    wanted = open_slots + max(spares, 0)
    ordered: list[Candidate] = []
    fresh: set[int] = set()
    for part in _walk(
        connection, asked, seed=seed, bowls=bowls, page=max(_LEAST, wanted * 4 // 3)
    ):
        some = [(number, group) for number, group, *_ in part if number not in without]
        ordered += some
        fresh.update([group for _number, group in some if group not in taken])
        if len(fresh) >= open_slots and len(ordered) >= wanted:
            break
    chosen = rules.choose(
        ordered, open_slots=open_slots, taken=taken, cap_per_group=cap_per_group
    )
    there = {number for number, _group in chosen}
    rest = (number for number, _group in ordered if number not in there)
    return Drawn(
        chosen=tuple([number for number, _group in chosen]),
        spare=tuple(islice(rest, max(spares, 0))),
        looked_at=tuple([number for number, _group in ordered]),
        bowls=bowls,
    )


def microseconds(at: datetime | None) -> int:
    """Return an instant as microseconds since 1970, 0 for none."""
    return 0 if at is None else (at - _EPOCH) // _MICROSECOND


def fits(rulebook: Rulebook, clock: Clock) -> sa.ColumnElement[bool]:
    """Return the condition that a kept row may be featured now, as `rules.eligibility` says."""
    return sa.and_(*_fitting(**_bounds(rulebook, clock)))


def _fitting(*, day: Any, least: Any, since: Any) -> list[sa.ColumnElement[bool]]:
    one = RANK.c
    return [
        one.ready == 1,
        one.until_day > day,
        one.stock >= least,
        one.stock_as_of_us >= since,
    ]


def _bounds(rulebook: Rulebook, clock: Clock) -> dict[str, int]:
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
        *_fitting(
            day=sa.bindparam("day", type_=sa.Integer()),
            least=sa.bindparam("least", type_=sa.Integer()),
            since=sa.bindparam("since", type_=sa.BigInteger()),
        ),
    ]
    if narrowed:
        wanted.append(one.category == sa.bindparam("category", type_=sa.String()))
    return (
        sa.select(one.product_id, one.group_id, one.draw, *([place] if featured else []))
        .where(*wanted)
        .order_by(one.last_featured_us, one.draw, one.product_id)
        .limit(sa.bindparam("rows", type_=sa.Integer()))
    )


def _walk(
    connection: sa.Connection, asked: Mapping[str, Any], *, seed: int, bowls: int, page: int
) -> Iterator[Sequence[Any]]:
    """Yield rows of number, group and draw in the order of rotation, some at a time."""
    first = rules.first_bowl(seed, bowls)
    width = (1 << rules.DRAW_BITS) // bowls
    # Where there is one bowl, it must be seen whole: it holds fewer than `ONE_BOWL`.
    whole = rules.ONE_BOWL if bowls == 1 else page
    lot = rules.lot_of

    def within_bowl(row: Any) -> bytes:
        return lot(seed, row[0])

    def by_bowl(row: Any) -> tuple[int, bytes]:
        return (rules.bowl_of(row[2], bowls) - first) % bowls, lot(seed, row[0])

    narrowed = "category" in asked
    never = _stretch(featured=False, narrowed=narrowed)
    for low, high in ((first * width, bowls * width), (0, first * width)):
        given = {**asked, "high": high}
        for part in _parts(connection, never, given, low=low, step=width, rows=whole):
            yield sorted(part, key=within_bowl)
    once = _stretch(featured=True, narrowed=narrowed)
    for part in _parts(connection, once, {**asked, "high": _END}, low=1, step=1, rows=page):
        yield sorted(part, key=by_bowl)


def _parts(
    connection: sa.Connection,
    statement: sa.Select[Any],
    given: Mapping[str, Any],
    *,
    low: int,
    step: int,
    rows: int,
) -> Iterator[Sequence[Any]]:
    """Yield rows that share one step of their last column, whole.

    A page may end in the midst of a step: its rows are asked for again with the next page.
    """
    while low < given["high"]:
        found = connection.execute(statement, {**given, "low": low, "rows": rows}).all()
        ended, start = len(found) < rows, 0
        while start < len(found):
            upper = (found[start][-1] // step + 1) * step
            end = bisect_left(found, upper, lo=start, key=_LAST)
            if end == len(found) and not ended:
                break
            yield found[start:end]
            start = end
        if ended:
            return
        if start == 0:
            rows *= 2  # one step is longer than the page
        else:
            low = found[start][-1] // step * step
