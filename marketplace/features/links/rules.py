"""Decides what ties stores and firms together, and what belongs to one group.

Pure. A link is a suspicion: nothing here, and nothing built on it, may score, lapse, suspend,
rank or count (domain §3b, interview rule 3). It must not read earlier records.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from marketplace.base.rulebook.conduct import LinkRules
from marketplace.features.links.kinds import LinkReason, LinkSource

Subject = str  # "store:12", "operator:3", "firm:<digest>" (an affiliate not in the register)
_MOST = 100


@dataclass(frozen=True, slots=True)
class Tie:
    """Two subjects known to belong together by themselves: a holding, a declared affiliate."""

    left: Subject
    right: Subject
    reason: LinkReason
    source: LinkSource
    told: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """Something a subject has that another may have too; `key` is a commitment, never the value.

    `shown` is the masked form people may read.
    """

    subject: Subject
    reason: LinkReason
    key: str
    shown: str
    source: LinkSource
    told: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a subject by its 64-bit perceptual hash."""

    subject: Subject
    bits: int
    shown: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything links are derived from."""

    ties: tuple[Tie, ...] = ()
    traits: tuple[Trait, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """One link: two subjects (in order), why, by what, how strong, known from where."""

    left: Subject
    right: Subject
    reason: LinkReason
    via_key: str
    via_shown: str
    strength: int
    source: LinkSource
    told: str

    @property
    def identity(self) -> tuple[Subject, Subject, LinkReason, str]:
        """What makes it the same link when it is derived or imported again."""
        return self.left, self.right, self.reason, self.via_key


def derive(rules: LinkRules, facts: Facts) -> list[Derived]:
    """Return every link the facts give, in a fixed order; the same facts give the same list.

    What is shared by more than `shared_by_at_most` says nothing (a bookkeeping agent's phone) and
    ties nobody. Two things that one confirmed holding ties already need no second reason.
    """
    found: dict[tuple[Subject, Subject, LinkReason, str], Derived] = {}
    for tie in facts.ties:
        left, right = _ordered(tie.left, tie.right)
        _keep(rules, found, left, right, tie.reason, "", "", tie.source, tie.told)
    together = _held_together(facts.ties)
    for (reason, key), having in _by_key(facts.traits).items():
        subjects = sorted(having)
        if not 2 <= len(subjects) <= rules.shared_by_at_most:
            continue
        for left, right in combinations(subjects, 2):
            if together.get(left, left) == together.get(right, right):
                continue
            one = having[right]
            _keep(rules, found, left, right, reason, key, one.shown, one.source, one.told)
    _pictures(rules, facts.pictures, together, found)
    return [found[identity] for identity in sorted(found)]


def pair_strengths(links: Iterable[Derived]) -> dict[tuple[Subject, Subject], int]:
    """Return how strong two subjects are tied: the points of their different reasons, at most 100."""
    reasons: dict[tuple[Subject, Subject], dict[LinkReason, int]] = defaultdict(dict)
    for link in links:
        known = reasons[link.left, link.right]
        known[link.reason] = max(known.get(link.reason, 0), link.strength)
    return {pair: min(_MOST, sum(points.values())) for pair, points in reasons.items()}


def group_of(
    rules: LinkRules, links: Iterable[Derived], start: Subject
) -> dict[Subject, tuple[tuple[Subject, Subject], ...]]:
    """Return subject → the shortest way to it from `start`, as pairs; `start` itself with none.

    Only pairs tied at least as strong as `joins_from` lead on; equal ways are chosen in order of
    names, so that the answer is the same at every run.
    """
    near: dict[Subject, list[Subject]] = defaultdict(list)
    for (left, right), strength in pair_strengths(links).items():
        if strength >= rules.joins_from:
            near[left].append(right)
            near[right].append(left)
    ways: dict[Subject, tuple[tuple[Subject, Subject], ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there in sorted(near[here]):
            if there not in ways:
                ways[there] = (*ways[here], _ordered(here, there))
                waiting.append(there)
    return ways


def groups(rules: LinkRules, links: Sequence[Derived]) -> list[tuple[Subject, ...]]:
    """Return every group of two or more subjects, each sorted, largest first."""
    left = {s for link in links for s in (link.left, link.right)}
    found = []
    while left:
        group = set(group_of(rules, links, min(left)))
        left -= group
        if len(group) > 1:
            found.append(tuple(sorted(group)))
    return sorted(found, key=lambda g: (-len(g), g))


def _keep(
    rules: LinkRules,
    found: dict[tuple[Subject, Subject, LinkReason, str], Derived],
    left: Subject,
    right: Subject,
    reason: LinkReason,
    key: str,
    shown: str,
    source: LinkSource,
    told: str,
) -> None:
    strength = rules.strength.get(reason.value, 0)
    if strength and left != right:
        link = Derived(left, right, reason, key, shown, strength, source, told)
        found.setdefault(link.identity, link)


def _by_key(traits: Iterable[Trait]) -> dict[tuple[LinkReason, str], dict[Subject, Trait]]:
    shared: dict[tuple[LinkReason, str], dict[Subject, Trait]] = defaultdict(dict)
    for trait in traits:
        shared[trait.reason, trait.key].setdefault(trait.subject, trait)
    return shared


def _held_together(ties: Iterable[Tie]) -> Mapping[Subject, Subject]:
    """Return store → its operator, for confirmed holdings: they are one without further reason."""
    return {_store_of(tie): _other_of(tie) for tie in ties if tie.reason is LinkReason.OPERATES}


def _store_of(tie: Tie) -> Subject:
    return tie.left if tie.left.startswith("store:") else tie.right


def _other_of(tie: Tie) -> Subject:
    return tie.right if tie.left.startswith("store:") else tie.left


def _pictures(
    rules: LinkRules,
    pictures: Sequence[Picture],
    together: Mapping[Subject, Subject],
    found: dict[tuple[Subject, Subject, LinkReason, str], Derived],
) -> None:
    """Tie subjects whose pictures are nearly the same; a picture half the town uses ties nobody."""
    if not rules.strength.get(LinkReason.PICTURE.value) or len(pictures) < 2:
        return
    import numpy as np

    bits = np.array([p.bits for p in pictures], dtype=np.uint64)
    for n, one in enumerate(pictures):
        close = np.flatnonzero(np.bitwise_count(bits ^ bits[n]) <= rules.picture_bits)
        subjects = {
            together.get(p.subject, p.subject) for p in (pictures[int(i)] for i in close)
        }
        if not 2 <= len(subjects) <= rules.shared_by_at_most:
            continue
        for i in close[close > n]:
            other = pictures[int(i)]
            mine, theirs = one.subject, other.subject
            if together.get(mine, mine) != together.get(theirs, theirs):
                left, right = _ordered(mine, theirs)
                _keep(
                    rules, found, left, right, LinkReason.PICTURE, "", other.shown,
                    LinkSource.PICTURE, one.shown,
                )  # fmt: skip


def _ordered(one: Subject, other: Subject) -> tuple[Subject, Subject]:
    return (one, other) if one <= other else (other, one)
