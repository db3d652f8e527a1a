"""Ten thousand random streams: the application's rules, `replay-points` and a reference agree."""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner

from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.faces.cli.main import build
from marketplace.features.enforcement.kinds import EntryKind
from marketplace.features.enforcement.rules import (
    LedgerLine,
    count_next,
    score_next,
    state_at,
    take_back,
)

RULES = load_rulebook(ROOT / "programs" / "putian-footwear.toml")
STREAMS, LONGEST, SEED = 10_000, 12, 20150204
COSTS = (0, 2, 24, 24)  # the interview: warning, 2, 24, 24; every later one as the fourth
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("finding", "upheld_complaint", "reversal")


@dataclass(frozen=True)
class Step:
    """One event of a stream: hours since the beginning, and the place a reversal takes back."""

    kind: str
    hour: int
    brand: str = ""
    target: int = -1


@dataclass
class Told:
    """What one side says after every event: points of the event, balance, whether closed."""

    rows: list[tuple[int, int, bool]] = field(default_factory=list)


def stream(rng: random.Random) -> list[Step]:
    """Draw up to twelve events; every reversal names an earlier event, some of them twice."""
    steps: list[Step] = []
    hour = 0
    for place in range(rng.randint(1, LONGEST)):
        hour += rng.choice((0, 1, 71, 72, 73, 200))
        kind = rng.choices(KINDS, (5, 5, 3))[0] if place else "finding"
        brand = rng.choice(("甲", "乙")) if kind == "upheld_complaint" else ""
        target = rng.randrange(place) if kind == "reversal" else -1
        steps.append(Step(kind, hour, brand, target))
    return steps


def reference(steps: list[Step]) -> Told:
    """Work everything out anew after every event, from the interview's words alone."""
    told, gone, before = Told(), set(), 0
    for n, step in enumerate(steps):
        gone.add(step.target)
        balance, number, closed, last, counted = 0, 0, False, {}, Counter()
        for place, one in enumerate(steps[: n + 1]):
            if one.kind == "finding" and place not in gone:
                number, cost = number + 1, COSTS[min(number, 3)]
                balance += 0 if closed else cost
            counts = one.kind == "upheld_complaint" and place not in gone and not closed
            if counts and one.hour - last.get(one.brand, -72) >= 72:
                last[one.brand], counted[one.brand] = one.hour, counted[one.brand] + 1
            closed = closed or balance >= 48 or 3 in counted.values()
        told.rows.append((balance - before, balance, closed))
        before = balance
    return told


def by_rules(steps: list[Step]) -> Told:
    """Ask what the commands ask before they write an entry, and keep the entries they would."""
    told, lines = Told(), []
    undone: set[int] = set()
    for n, step in enumerate(steps):
        at = BEGIN + timedelta(hours=step.hour)
        match step.kind:
            case "finding":
                points = score_next(RULES, lines, at).points
                lines.append(LedgerLine(n, EntryKind.SCORE, points, None, at))
            case "upheld_complaint":
                count_next(RULES, lines, brand=step.brand, at=at)
                lines.append(LedgerLine(n, EntryKind.COMPLAINT, 0, None, at, step.brand))
            case _ if step.target in undone or steps[step.target].kind == "reversal":
                points = 0  # the commands refuse it: nothing is written
            case _:
                points = take_back(RULES, lines, entry_id=step.target, at=at).points
                lines.append(LedgerLine(n, EntryKind.REVERSAL, points, step.target, at))
                undone.add(step.target)
        then = state_at(RULES, lines, at)
        given = lines[-1].points if lines[-1].entry_id == n else 0
        told.rows.append((given, sum(line.points for line in lines), then.closed))
        assert then.balance == told.rows[-1][1]
    return told


def by_command_line(streams: list[list[Step]], folder: Path) -> list[Told]:
    """Write every stream as a store of one file, shuffled, and read the ledger back."""
    rows = [
        [
            f"S{s}", (BEGIN + timedelta(hours=step.hour, seconds=n)).isoformat(), step.kind,
            f"{s}-{n}", step.brand, f"{s}-{step.target}" if step.target >= 0 else "", "",
        ]
        for s, steps in enumerate(streams)
        for n, step in enumerate(steps)
    ]  # fmt: skip
    random.Random(SEED).shuffle(rows)
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["store", "at", "event", "ref", "brand", "target_ref", "intent"])
        writer.writerows(rows)
    arguments = ["replay-points", "--program", "putian-footwear"]
    arguments += ["--in", str(folder / "in.csv"), "--out", str(folder / "out.csv")]
    CliRunner().invoke(build(), arguments)
    told = [Told() for _ in streams]
    closed = [False] * len(streams)
    with (folder / "out.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            store = int(row["store"][1:])
            closed[store] |= row["measure"] == "closure"
            closed[store] &= row["measure"] != "reopened"
            told[store].rows.append((int(row["points"]), int(row["balance"]), closed[store]))
    return told


def test_ten_thousand_streams_come_out_the_same_three_ways(tmp_path):
    rng = random.Random(SEED)
    streams = [stream(rng) for _ in range(STREAMS)]
    written = by_command_line(streams, tmp_path)
    ends = Counter()
    for steps, line in zip(streams, written, strict=True):
        wanted = reference(steps)
        assert line.rows == wanted.rows, steps
        assert by_rules(steps).rows == wanted.rows, steps
        ends[wanted.rows[-1][2]] += 1
        ends["reopened"] += any(
            a[2] and not b[2] for a, b in zip(wanted.rows, wanted.rows[1:], strict=False)
        )
    # The streams are worth comparing: plenty closed, plenty open again, plenty never closed.
    assert ends[True] > 1_000
    assert ends[False] > 1_000
    assert ends["reopened"] > 100
