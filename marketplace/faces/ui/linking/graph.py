"""Draws a group from left to right by how far things are from where one started.

The table beside it says the same in words; the drawing is for the eye only, asks nobody outside
and is the same at every run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from marketplace.base.draw.svg import Drawing
from marketplace.base.draw.tokens import Token
from marketplace.features.links.kinds import LinkReason
from marketplace.features.links.queries import Group, Member
from marketplace.features.links.rules import Derived
from marketplace.features.registry.kinds import StoreStatus

MOST_NODES = 28
_WIDTH, _ROW, _TOP, _SIDE = 960, 58, 34, 90
_NAME = 11

Place = dict[str, tuple[float, float]]


def draw(group: Group, reason_word: Callable[[LinkReason], str]) -> str:
    """Return the drawing of a group as SVG; at most MOST_NODES, the nearest ones."""
    shown = group.members[:MOST_NODES]
    places, height = _placed(shown)
    drawing = Drawing(_WIDTH, height)
    for (left, right), links in _by_pair(group.links).items():
        if left in places and right in places:
            _line(drawing, places[left], places[right], links, reason_word)
    for member in shown:
        _node(drawing, places[member.subject.ref], member, is_start=member.steps == 0)
    return drawing.render()


def _placed(members: Sequence[Member]) -> tuple[Place, int]:
    columns: dict[int, list[str]] = defaultdict(list)
    for member in members:
        columns[member.steps].append(member.subject.ref)
    tallest = max(len(refs) for refs in columns.values())
    height = _TOP * 2 + _ROW * tallest
    last = max(columns)
    places: Place = {}
    for step, refs in columns.items():
        x = _SIDE + (_WIDTH - 2 * _SIDE) * (step / last if last else 0.5)
        gap = (height - 2 * _TOP) / len(refs)
        for n, ref in enumerate(refs):
            places[ref] = (x, _TOP + gap * (n + 0.5))
    return places, height


def _by_pair(links: Sequence[Derived]) -> dict[tuple[str, str], list[Derived]]:
    pairs: dict[tuple[str, str], list[Derived]] = defaultdict(list)
    for link in links:
        pairs[link.left, link.right].append(link)
    return pairs


def _line(
    drawing: Drawing,
    one: tuple[float, float],
    other: tuple[float, float],
    links: Sequence[Derived],
    reason_word: Callable[[LinkReason], str],
) -> None:
    """A confirmed holding is a plain line, a suspicion a dashed one with its reason."""
    known = all(link.reason is LinkReason.OPERATES for link in links)
    drawing.line(
        *one, *other, Token.LINE if known else Token.AMBER,
        width=1.4 if known else 1.8, dash=None if known else "5 4",
    )  # fmt: skip
    if not known:
        words = "、".join(sorted({reason_word(link.reason) for link in links}))
        x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
        drawing.text(x, y - 5, words, Token.AMBER, size=11, anchor="middle")


def _node(
    drawing: Drawing, place: tuple[float, float], member: Member, *, is_start: bool
) -> None:
    x, y = place
    subject = member.subject
    match subject.status:
        case StoreStatus.CLOSED:
            drawing.square(x, y, Token.SEAL, r=7)
        case StoreStatus.SUSPENDED:
            drawing.diamond(x, y, Token.AMBER, r=8)
        case StoreStatus.OPEN:
            drawing.dot(x, y, Token.AFTER, r=7)
        case _:
            drawing.dot(x, y, Token.MUTED, r=5)
    name = subject.name.removeprefix("（虚构）")
    short = name if len(name) <= _NAME else f"{name[:_NAME]}…"
    drawing.text(x, y + 22, short, size=12, anchor="middle", bold=is_start)
    if member.points is not None:
        drawing.text(x, y - 12, str(member.points), Token.MUTED, size=11, anchor="middle")
