"""Reads the lines of a notice and says of each, at once, everything there is to say about it.

Pure: what the house already knows comes in as `Known`. A warning holds a line back until it was
confirmed; what was confirmed stays so for every later pass.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from marketplace.base.text import fold_name, normalize, normalize_prose
from marketplace.features.complaints.kinds import LineIssue, LineOutcome

_LEAST_WHY, _MOST_WHY = 5, 2_000
_NUMBER = re.compile(r"\d{5,}")
_HEADS = {"店铺", "店铺编号", "store", "shop", "店铺名称", "store no"}
_BLOCKING = frozenset(
    {
        LineIssue.STORE_MISSING,
        LineIssue.STORE_UNKNOWN,
        LineIssue.STORE_AMBIGUOUS,
        LineIssue.ITEM_MISSING,
        LineIssue.WHY_MISSING,
        LineIssue.WHY_LONG,
        LineIssue.REPEATED,
    }
)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line as it was written; `row` is its 1-based place in what was pasted."""

    row: int
    store: str
    item: str
    why: str


@dataclass(frozen=True, slots=True)
class StoreFound:
    """A store of the register."""

    store_id: int
    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows: stores by folded number or name, and earlier complaints.

    `open_cases` maps a listing to its open case; the others map a listing to this complainant's
    own complaint on the same right: open, upheld, refused (with its text).
    """

    stores: Mapping[str, tuple[StoreFound, ...]] = field(default_factory=dict)
    open_cases: Mapping[str, int] = field(default_factory=dict)
    open_own: Mapping[str, int] = field(default_factory=dict)
    upheld_own: Mapping[str, int] = field(default_factory=dict)
    refused_own: Mapping[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What becomes of a line: every issue, the store, and the complaint it touches.

    `earlier` is the open complaint a duplicate repeats, or the refused one that is cured.
    """

    line: NoticeLine
    outcome: LineOutcome
    issues: tuple[LineIssue, ...]
    store_id: int | None = None
    store_name: str = ""
    key: str = ""
    case_id: int | None = None
    earlier: int | None = None

    @property
    def unconfirmed(self) -> tuple[LineIssue, ...]:
        """The warnings that a person may confirm."""
        return tuple(i for i in self.issues if is_warning(i))


def is_warning(issue: LineIssue) -> bool:
    """Tell whether an issue can be confirmed rather than only cured."""
    return issue not in _BLOCKING and issue is not LineIssue.OPEN_ALREADY


def parse_lines(text: str) -> list[NoticeLine]:
    """Return the lines of a paste from a spreadsheet or a CSV: store, listing, why.

    Tabs win over commas; heading rows are left out, empty rows are skipped, order and row numbers
    stay those of the paste. Further columns belong to the reason. A quotation mark that is never
    closed is a sign like any other: it takes no line along with it.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = "\t" if "\t" in plain else ","
    if delimiter == ",":
        plain = plain.replace("，", ",")
    found: list[NoticeLine] = []
    for row, cells in enumerate(_cells(plain, delimiter), start=1):
        told = [normalize(cell) for cell in cells]
        if not any(told) or told[0].casefold() in _HEADS:
            continue
        told += [""] * (3 - len(told))
        # Where commas divide, a full-width one was taken for one of them above; else prose stays.
        why = " ".join(part for part in map(normalize_prose, cells[2:]) if part)
        found.append(NoticeLine(row, told[0], told[1], why))
    return found


def _cells(plain: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(plain), delimiter=delimiter, strict=True))
    except csv.Error:
        return [line.split(delimiter) for line in plain.split("\n")]


def item_of(text: str) -> str:
    """Return the item number a text names: a number as it is, of a link its `id` or last number.

    Empty when there is none; a link without any number counts as its host and path,
    and one that is broken as it is written.
    """
    plain = normalize(text)
    if "://" not in plain:
        return plain.replace(" ", "")[:120]
    try:
        parts = urlsplit(plain)
    except ValueError:  # `https://[x`: no link, and still what somebody pasted
        return plain.replace(" ", "")[:120]
    query = dict(parse_qsl(parts.query))
    for name in ("id", "item_id", "itemId", "goods_id"):
        if query.get(name):
            return query[name][:120]
    numbers = _NUMBER.findall(parts.path)
    return (numbers[-1] if numbers else f"{parts.netloc}{parts.path}".rstrip("/"))[:120]


def listing_key(store_id: int, item: str) -> str:
    """Return what tells listings apart: the store and the item number, whatever its case."""
    return f"{store_id}:{item_of(item).casefold()}"[:160]


def judge_lines(
    lines: Sequence[NoticeLine], known: Known, acknowledged: frozenset[LineIssue]
) -> list[LineVerdict]:
    """Judge every line; all issues of a line in one pass, in the order of the paste."""
    seen: set[str] = set()
    found = []
    for line in lines:
        verdict = _judge(line, known, acknowledged, seen)
        found.append(verdict)
        if verdict.key:
            seen.add(verdict.key)
    return found


def _judge(
    line: NoticeLine, known: Known, acknowledged: frozenset[LineIssue], seen: set[str]
) -> LineVerdict:
    stores = known.stores.get(fold_name(line.store), ()) if line.store else ()
    issues = _form_issues(line, stores)
    store = stores[0] if len(stores) == 1 else None
    if store is None or not item_of(line.item):
        return LineVerdict(line, LineOutcome.REJECTED, tuple(issues))
    key = listing_key(store.store_id, line.item)
    if key in seen:
        issues.append(LineIssue.REPEATED)
    issues += _record_issues(line, store, key, known)
    refused = known.refused_own.get(key)
    earlier = known.open_own.get(key) or (refused[0] if refused else None)
    case_id = known.open_cases.get(key)
    outcome = _outcome(issues, acknowledged, cures=refused is not None, joins=case_id)
    return LineVerdict(
        line, outcome, tuple(issues), store.store_id, store.name, key, case_id, earlier
    )


def _form_issues(line: NoticeLine, stores: Sequence[StoreFound]) -> list[LineIssue]:
    issues = []
    if not line.store:
        issues.append(LineIssue.STORE_MISSING)
    elif not stores:
        issues.append(LineIssue.STORE_UNKNOWN)
    elif len(stores) > 1:
        issues.append(LineIssue.STORE_AMBIGUOUS)
    if not item_of(line.item):
        issues.append(LineIssue.ITEM_MISSING)
    if len(line.why) < _LEAST_WHY:
        issues.append(LineIssue.WHY_MISSING)
    if (
        len(line.why) > _MOST_WHY
    ):  # a complaint keeps no more; nobody's words are cut in silence
        issues.append(LineIssue.WHY_LONG)
    return issues


def _record_issues(
    line: NoticeLine, store: StoreFound, key: str, known: Known
) -> list[LineIssue]:
    issues = []
    if key in known.open_own:
        issues.append(LineIssue.OPEN_ALREADY)
    if key in known.upheld_own:
        issues.append(LineIssue.UPHELD_ALREADY)
    if store.closed:
        issues.append(LineIssue.STORE_CLOSED)
    refused = known.refused_own.get(key)
    if refused is not None and fold_name(refused[1]) == fold_name(line.why):
        issues.append(LineIssue.UNCHANGED)
    return issues


def _outcome(
    issues: Sequence[LineIssue],
    acknowledged: frozenset[LineIssue],
    *,
    cures: bool,
    joins: int | None,
) -> LineOutcome:
    if any(issue in _BLOCKING for issue in issues):
        return LineOutcome.REJECTED
    if LineIssue.OPEN_ALREADY in issues:
        return LineOutcome.DUPLICATE
    if any(is_warning(issue) and issue not in acknowledged for issue in issues):
        return LineOutcome.CONFIRM
    if cures:
        return LineOutcome.CURED
    return LineOutcome.JOINED if joins is not None else LineOutcome.FILED
