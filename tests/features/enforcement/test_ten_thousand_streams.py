"""Ten thousand random streams: the application's rules, `replay-points` and a reference agree."""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import dataclass
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
NAMES = ("warning", "points", "suspension")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = ("finding", "upheld_complaint", "reversal")


Row = tuple[int | None, int, int, str]  # offense, points, balance, measure
NOBODYS, ANOTHERS = -2, -3  # a reversal of what there is not, and of another store's


@dataclass(frozen=True)
class Step:
    """One event of a stream: hours since the beginning, and the place a reversal takes back."""

    kind: str
    hour: int
    brand: str = ""
    target: int = -1


def stream(rng: random.Random) -> list[Step]:
    """Draw up to twelve events; a reversal names an earlier one, some twice, some none of ours."""
    steps: list[Step] = []
    hour = 0
    for place in range(rng.randint(1, LONGEST)):
        hour += rng.choice((0, 1, 71, 72, 73, 200))
        kind = rng.choices(KINDS, (5, 5, 3))[0] if place else "finding"
        brand = rng.choice(("甲", "乙")) if kind == "upheld_complaint" else ""
        target = -1
        if kind == "reversal":
            target = rng.choice((*range(place), rng.choice((NOBODYS, ANOTHERS))))
        steps.append(Step(kind, hour, brand, target))
    return steps


def is_refused(steps: list[Step], place: int) -> bool:
    """Tell whether a reversal names nothing of its store, a reversal, or what was reversed."""
    step = steps[place]
    if step.kind != "reversal":
        return False
    before = {s.target for n, s in enumerate(steps[:place]) if not is_refused(steps, n)}
    known = step.target >= 0 and steps[step.target].kind != "reversal"
    return not known or step.target in before


def reference(steps: list[Step]) -> list[Row]:
    """Work everything out anew after every event, from the interview's words alone."""
    told, gone, before, was = [], set(), 0, False
    for n, step in enumerate(steps):
        gone.add(step.target)
        balance, number, closed, last, counted = 0, 0, False, {}, Counter()
        for place, one in enumerate(steps[: n + 1]):
            if place in gone or one.kind == "reversal":
                continue
            measure = "already_closed" if closed else "none"
            if one.kind == "finding":
                number, cost = number + 1, COSTS[min(number, 3)]
                balance += 0 if closed else cost
                measure = measure if closed else NAMES[min(number, 3) - 1]
            elif not closed and one.hour - last.get(one.brand, -72) >= 72:
                last[one.brand], counted[one.brand] = one.hour, counted[one.brand] + 1
            if not closed and (balance >= 48 or 3 in counted.values()):
                closed, measure = True, "closure"
        if step.kind == "reversal":
            measure = "reopened" if was and not closed else "none"
            measure = "refused" if is_refused(steps, n) else measure
        offense = number if step.kind == "finding" else None
        told.append((offense, balance - before, balance, measure))
        before, was = balance, closed
    return told


def by_rules(steps: list[Step]) -> list[Row]:
    """Ask what the commands ask before they write an entry, and keep the entries they would."""
    told: list[Row] = []
    lines: list[LedgerLine] = []
    for n, step in enumerate(steps):
        at = BEGIN + timedelta(hours=step.hour)
        offense, points = None, 0
        match step.kind:
            case "finding":
                score = score_next(RULES, lines, at)
                offense, points = score.offense, score.points
                measure = score.measure.value if score.measure else "already_closed"
                lines.append(LedgerLine(n, EntryKind.SCORE, points, None, at))
            case "upheld_complaint":
                counted = count_next(RULES, lines, brand=step.brand, at=at)
                measure = "closure" if counted.closes else "none"
                measure = "already_closed" if counted.already_closed else measure
                lines.append(LedgerLine(n, EntryKind.COMPLAINT, 0, None, at, step.brand))
            case _ if is_refused(steps, n):
                measure = "refused"  # the commands refuse it: nothing is written
            case _:
                undone = take_back(RULES, lines, entry_id=step.target, at=at)
                points, measure = undone.points, "reopened" if undone.reopens else "none"
                lines.append(LedgerLine(n, EntryKind.REVERSAL, points, step.target, at))
        balance = sum(line.points for line in lines)
        assert state_at(RULES, lines, at).balance == balance
        told.append((offense, points, balance, measure))
    return told


def by_command_line(streams: list[list[Step]], folder: Path) -> list[list[Row]]:
    """Write every stream as a store of one file, shuffled, and read the ledger back."""
    rows = [
        [
            f"S{s}", (BEGIN + timedelta(hours=step.hour, seconds=n)).isoformat(), step.kind,
            f"{s}-{n}", step.brand, named(s, step.target), ("knowing", "unknowing", "")[n % 3],
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
    ran = CliRunner().invoke(build(), arguments)
    assert ran.exit_code == 0, ran.output
    told: list[list[Row]] = [[] for _ in streams]
    with (folder / "out.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            store, place = row["ref"].split("-")
            assert row["store"] == f"S{store}"
            assert int(place) == len(told[int(store)])  # by instant, none left out
            offense = int(row["offense"]) if row["offense"] else None
            given = (offense, int(row["points"]), int(row["balance"]), row["measure"])
            told[int(store)].append(given)
    return told


def named(store: int, target: int) -> str:
    """Return the ref of what a reversal names; another store's first event is a finding."""
    return {-1: "", NOBODYS: "nobody", ANOTHERS: f"{(store + 1) % STREAMS}-0"}.get(
        target, f"{store}-{target}"
    )


def test_ten_thousand_streams_come_out_the_same_three_ways(tmp_path):
    rng = random.Random(SEED)
    streams = [stream(rng) for _ in range(STREAMS)]
    written = by_command_line(streams, tmp_path)
    seen = Counter()
    for steps, lines in zip(streams, written, strict=True):
        wanted = reference(steps)
        assert lines == wanted, steps
        assert by_rules(steps) == wanted, steps
        seen.update(measure for *_, measure in wanted)
    # The streams are worth comparing: everything that can follow follows often.
    assert len(streams) == STREAMS == 10_000
    assert seen.keys() == {
        "warning", "points", "suspension", "closure", "already_closed", "reopened", "none",
        "refused",
    }  # fmt: skip
    assert min(seen.values()) > 400
