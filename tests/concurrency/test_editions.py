"""Two officers who issue the same quarter, or its corrected edition, at the same instant."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from marketplace.base import audit
from marketplace.desk.issues.commands import issue_quarter, reissue_quarter
from marketplace.desk.issues.queries import list_issues
from tests.concurrency.conftest import HANDS, together
from tests.desk.test_quarter_editions import Q3, QUARTERLY, compose, overturn_one
from tests.features.conftest import World
from tests.features.scene import make_people
from tests.features.watched import watch_firm


def test_a_quarter_and_its_correction_are_issued_once_and_the_others_are_told(world: World):
    make_people(world)
    world.clock.at = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
    months = {m: (100, [2]) for m in range(Q3.previous.first, Q3.last + 1)}
    firms = [watch_firm(world, n, enrolled_on=None, months=months) for n in range(3)]
    content = compose(world).to_json()
    shared = {"clock": world.clock, "quarter": Q3, "district": None}

    def first(actor):
        return lambda: world.do(
            lambda s: issue_quarter(s, world.rulebook, actor=actor, content=content, **shared)
        )

    whose = [world.officer, world.deputy] * (HANDS // 2)
    answers = together([first(who) for who in whose])
    assert Counter(a.refused for a in answers) == {None: 1, "quarter_issued": HANDS - 1}

    world.clock.at += timedelta(days=10)
    overturn_one(world, firms[0][1])
    corrected = compose(world).to_json()

    def again(actor):
        return lambda: world.do(
            lambda s: reissue_quarter(
                s, world.rulebook, actor=actor, content=corrected,
                reason="申诉成立，一次发现被推翻", **shared,
            )
        )  # fmt: skip

    answers = together([again(who) for who in whose])
    assert Counter(a.refused for a in answers) == {None: 1, "edition_unchanged": HANDS - 1}
    issues = world.see(lambda s: list_issues(s, world.officer, **QUARTERLY))
    assert sorted(i.edition for i in issues) == [1, 2]
    assert audit.verify(world.app.store).findings == []
