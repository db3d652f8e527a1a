"""Random streams of two stores: the application, `replay-points` and the state of any day agree."""

from __future__ import annotations

import csv
import io
import random

import pytest
from sqlmodel import select

from marketplace.exchange.points_file import replay_file
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import EntryKind
from marketplace.features.enforcement.queries import state_of_store_at
from marketplace.features.enforcement.tables import PointsEntry
from marketplace.features.registry.kinds import StoreStatus
from marketplace.features.registry.tables import Store
from tests.features.enforcement.dealing import overturn, uphold
from tests.features.scene import Scene, make_firm, make_people

BRANDS = ("示例标", "另一标")


class Stream:
    """What happened, as the app did it and as a file tells it."""

    def __init__(self, world, seed: int) -> None:
        self.world = world
        self.rng = random.Random(seed)
        self.firms = [make_firm(world, number=n, products=0) for n in (1, 2)]
        self.standing: list[tuple[Scene, str, int | str]] = []
        self.rows: list[list[str]] = []
        self.marks: list[tuple[Scene, object, object]] = []

    def run(self, length: int) -> None:
        for n in range(length):
            self.world.clock.advance(hours=self.rng.choice((1, 30, 80)))
            firm = self.rng.choice(self.firms)
            step = self.rng.random()
            if step < 0.5:
                self.find(firm, n)
            elif step < 0.75:
                self.complain(firm, n)
            elif self.standing:
                self.reverse(n)

    def find(self, firm: Scene, n: int) -> None:
        finding = firm.finding(number=1000 * firm.number + n)
        uphold(firm, finding)
        self.told(firm, "finding", f"f{finding}")
        self.standing.append((firm, f"f{finding}", finding))

    def complain(self, firm: Scene, n: int) -> None:
        ref, brand = f"c{n}", self.rng.choice(BRANDS)
        firm.do(
            lambda s: enforcement.count_complaint(
                s,
                self.world.rulebook,
                clock=firm.clock,
                actor=self.world.reviewer,
                store_id=firm.store_id,
                brand=brand,
                complaint_ref=ref,
            )
        )
        self.told(firm, "upheld_complaint", ref, brand=brand)
        self.standing.append((firm, ref, ref))

    def reverse(self, n: int) -> None:
        firm, ref, what = self.standing.pop(self.rng.randrange(len(self.standing)))
        if isinstance(what, int):
            overturn(firm, what)
        else:
            firm.do(
                lambda s: enforcement.reverse_complaint(
                    s,
                    self.world.rulebook,
                    clock=firm.clock,
                    actor=self.world.deputy,
                    complaint_ref=what,
                )
            )
        self.told(firm, "reversal", f"r{n}", target=ref)

    def told(
        self, firm: Scene, event: str, ref: str, *, brand: str = "", target: str = ""
    ) -> None:
        at = self.world.clock.now()
        store = f"S{firm.number}"
        self.rows.append([store, at.isoformat(), event, ref, brand, target, ""])
        status = self.world.see(lambda s: s.get(Store, firm.store_id).status)
        self.marks.append((firm, at, status))

    def file(self) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["store", "at", "event", "ref", "brand", "target_ref", "intent"])
        writer.writerows(self.rows)
        return text.getvalue().encode()


def written(world, firm: Scene) -> list[PointsEntry]:
    wanted = select(PointsEntry).where(
        PointsEntry.store_id == firm.store_id, PointsEntry.kind != EntryKind.CLEARING
    )
    return world.see(lambda s: list(s.execute(wanted.order_by(PointsEntry.id)).scalars()))


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_the_app_the_replay_and_the_past_agree(world, seed):
    make_people(world)
    stream = Stream(world, seed)
    stream.run(16)
    ledger = replay_file(world.rulebook, stream.file(), "en")
    for firm in stream.firms:
        told = [row for row in ledger if row.store == f"S{firm.number}"]
        rows = written(world, firm)
        assert [r.points for r in rows] == [t.points for t in told]
        assert [r.offense for r in rows] == [t.offense for t in told]
        sums = [sum(r.points for r in rows[: n + 1]) for n in range(len(rows))]
        assert sums == [t.balance for t in told]
        assert [("closure" if r.measure == "closure" else "") for r in rows] == [
            ("closure" if t.measure == "closure" else "") for t in told
        ]
    for firm, at, status in stream.marks:
        then = world.see(
            lambda s, f=firm, a=at: state_of_store_at(
                s, world.officer, world.rulebook, store_id=f.store_id, at=a
            )
        )
        closed = StoreStatus.CLOSED
        assert (then.status is closed) == (status is closed)
