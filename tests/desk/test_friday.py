"""The Friday page: counted by stated rules, frozen when issued, corrected only beside itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.base.clock import month_index, month_start, today
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.desk.friday import (
    FridayContent,
    change_since,
    compose_friday,
    from_json,
    recount,
)
from marketplace.desk.friday.wording import as_text, tell_number, tell_remark
from marketplace.desk.issues import Number, differences
from marketplace.desk.issues.commands import issue_friday
from marketplace.desk.issues.kinds import IssueKind
from marketplace.desk.issues.queries import get_issue, list_issues
from marketplace.features.compliance.commands import record_exposure
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.enforcement.commands import hear_owner, record_monthly_findings
from marketplace.features.enforcement.kinds import Origin
from tests.features.compliance.town import Town
from tests.features.conftest import PROGRAM
from tests.features.once import built_once
from tests.features.scene import make_firm, make_people
from tests.features.watched import watch_firm


@pytest.fixture
@built_once
def firm(world):
    make_people(world)
    return make_firm(world, products=1)


def compose(world, *, district=None, actor=None):
    return world.see(
        lambda s: compose_friday(
            s, actor or world.officer, world.rulebook, clock=world.clock, district=district
        )
    )


def month(world, firm, back: int, checked: int, found: int) -> None:
    index = month_index(today(world.clock)) - back
    world.do(
        lambda s: record_exposure(
            s,
            clock=world.clock,
            actor=world.officer,
            store_id=firm.store_id,
            month=index,
            kind=ExposureKind(world.rulebook.compliance.exposure_kind),
            quantity=checked,
            source="平台月报",
        )
    )
    world.do(
        lambda s: record_monthly_findings(
            s,
            clock=world.clock,
            actor=world.officer,
            store_id=firm.store_id,
            month=index,
            origin=Origin.PROACTIVE_MODEL,
            listings=found,
            source="平台月报",
        )
    )


def issue(world, content, *, district=None):
    return world.do(
        lambda s: issue_friday(
            s,
            clock=world.clock,
            actor=world.officer,
            program=PROGRAM,
            district=district,
            content=content.to_json(),
        )
    )


def test_the_five_numbers_count_what_their_definitions_say(world, firm):
    month(world, firm, 1, 2_000, 6)
    firm.uphold(firm.finding())
    content = compose(world)
    assert {n.key: (n.count, n.n) for n in content.numbers} == {
        "enrolled": (1, None),
        "verified_week": (1, None),
        "upheld_week": (1, None),
        "rate_month": (6, 2_000),
        "overdue": (0, None),
    }
    assert content.number("rate_month").per_thousand == 3.0  # 6 / 2,000 x 1,000
    world.clock.advance(days=7)
    again = compose(world)
    assert (again.number("verified_week").count, again.number("upheld_week").count) == (0, 0)


def test_a_district_counts_its_own(world, firm):
    assert compose(world, district="350304").number("enrolled").count == 1
    assert compose(world, district="350303").number("enrolled").count == 0


def test_a_month_nobody_looked_at_has_no_rate(world, firm):
    number = compose(world).number("rate_month")
    assert (number.n, number.per_thousand) == (0, None)


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        # 2 of 17 findings: exact share 0.015-0.364, ratio 0.02-0.57
        ((5_000, [5] * 15), (5_000, [5] * 2), "rate_fell_findings"),
        ((5_000, [5] * 2), (5_000, [5] * 15), "rate_rose_findings"),
        # 100 listings to 20, but one finding each month: found together, they prove nothing
        ((5_000, [100]), (5_000, [20]), "rate_unclear_findings"),
        ((5_000, [1] * 25), (5_000, [1] * 24), "rate_unclear_listings"),
        # nothing found in either month shows no change
        ((5_000, []), (5_000, []), "rate_unclear_findings"),
        # 25 / 60 = 0.42, times exp(1.96 x sqrt(1/25 + 1/60)) = 1.59: below 0.67
        ((5_000, [1] * 60), (5_000, [1] * 25), "rate_fell_listings"),
        ((5_000, [1] * 25), (5_000, [1] * 60), "rate_rose_listings"),
        # half as much was checked in the same store
        ((10_000, [5] * 30), (5_000, [5] * 2), "rate_fell_less_looking_findings"),
        ((10_000, [1] * 99), (5_000, [1] * 25), "rate_fell_less_looking_listings"),
        ((10, [3]), (10, []), "rate_too_little"),  # 3 of 10 to 0 of 10 says nothing
    ],
)
def test_a_rate_falls_or_rises_by_the_rule_of_every_figure(world, before, now, code):
    last = month_index(today(world.clock)) - 1
    # Entering in the later month keeps the change out of the dispersion, which is 1 then.
    entry = date(last // 12, last % 12 + 1, 1)
    watch_firm(world, 1, enrolled_on=entry, months={last - 1: before, last: now})
    content = compose(world)
    assert content.remarks[0].code == code
    for lang in ("zh", "en"):
        told = tell_remark(content.remarks[0], world.rulebook, lang)
        assert f"{now[0]:,}" in told


def test_fewer_findings_of_more_listings_are_not_said_to_be_fewer_listings(world):
    last = month_index(today(world.clock)) - 1
    entry = date(last // 12, last % 12 + 1, 1)
    months = {last - 1: (5_000, [1] * 15), last: (5_000, [40] * 2)}
    watch_firm(world, 1, enrolled_on=entry, months=months)
    remark = compose(world).remarks[0]
    assert remark.code == "rate_fell_findings"
    told = tell_remark(remark, world.rulebook, "en")
    # 15 listings became 80: what fell are the findings, and the sentence says so.
    assert told.startswith("Findings per 1,000 listings checked fell")
    assert "2 in 5,000, the month before 15 in 5,000" in told
    assert "bare count: 80, the month before 15." in told


def test_few_findings_make_the_months_listings_a_bare_count_on_the_whole_page(world):
    last = month_index(today(world.clock)) - 1
    entry = date(last // 12, last % 12 + 1, 1)
    months = {last - 1: (5_000, [1] * 15), last: (5_000, [40] * 2)}
    watch_firm(world, 1, enrolled_on=entry, months=months)
    content = compose(world)
    assert from_json(content.to_json()).is_bare
    told = tell_number(content.number("rate_month"), content, "en", bare=content.is_bare)
    assert (told.name, told.value, told.unit) == (
        "Infringing listings last month",
        "80",
        "of 5,000 checked",
    )
    assert "bare count" in told.change
    assert "16.0" not in as_text(content, world.rulebook, "en", title="t")  # 80 per 5,000
    issued = replace(  # as a page of before kept it
        content,
        remarks=tuple(
            replace(r, facts={k: v for k, v in r.facts.items() if k != "few"})
            for r in content.remarks
        ),
    )
    assert "16.0" in as_text(issued, world.rulebook, "en", title="t")


def test_from_twenty_findings_the_month_has_a_rate(world):
    last = month_index(today(world.clock)) - 1
    entry = date(last // 12, last % 12 + 1, 1)
    months = {last - 1: (5_000, [1] * 25), last: (5_000, [1] * 24)}
    watch_firm(world, 1, enrolled_on=entry, months=months)
    content = compose(world)
    assert not content.is_bare
    told = tell_number(content.number("rate_month"), None, "en", bare=content.is_bare)
    assert told.value == "4.8"


def test_fewer_inspections_are_less_looking_on_the_friday_page_too(world):
    town = Town(world, firms=1)
    last = month_index(today(world.clock)) - 1
    for month, findings in ((last - 1, 15), (last, 2)):
        for _each in range(findings):
            town.find(town.stores[0], month_start(month), 1)
        town.report(town.stores[0], month, 5_000)
    assert compose(world).remarks[0].code == "rate_fell_findings"
    for day in (1, 2):  # two inspections the month before, none in the month that fell
        town.inspect(town.factories[0], month_start(last - 1) + timedelta(days=day))
    assert compose(world).remarks[0].code == "rate_fell_less_looking_findings"


def test_two_factories_of_one_firm_are_one_unit_as_in_every_figure(world):
    town = Town(world, firms=1)
    town.branch(town.operators[0], number=2, district="350303")
    last = month_index(today(world.clock)) - 1
    for store in town.stores:
        for _each in range(8):
            town.find(store, month_start(last - 1), 1)
        town.report(store, last - 1, 5_000)
    town.report(town.stores[0], last, 5_000)
    # Each store is looked at as before, the firm half as much: less looking.
    assert compose(world).remarks[0].code.startswith("rate_fell_less_looking")


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        # 25 in 5,000 are 5 per 1,000, times and over exp(1.96 / sqrt(25)) = 1.48.
        ([1] * 60, [1] * 25, "95% 区间：每千件 3.4–7.4 件（拟泊松）。"),
        # 2 findings: Garwood 0.242 and 7.225, over 5 thousands.
        ([5] * 15, [5] * 2, "本月每千件发现次数的精确 95% 区间：0.0–1.4。"),
    ],
)
def test_the_rate_of_the_month_carries_its_interval(world, before, now, told):
    last = month_index(today(world.clock)) - 1
    entry = date(last // 12, last % 12 + 1, 1)
    watch_firm(
        world, 1, enrolled_on=entry, months={last - 1: (5_000, before), last: (5_000, now)}
    )
    remark = compose(world).remarks[0]
    assert tell_remark(remark, world.rulebook, "zh").endswith(told)
    assert "95% interval of the month" in tell_remark(remark, world.rulebook, "en")
    older = replace(remark, facts={k: v for k, v in remark.facts.items() if k != "low"})
    assert "95%" not in tell_remark(older, world.rulebook, "zh")


def test_what_is_overdue_is_the_same_number_whoever_counts_it(world, firm):
    # Heard, it waits for a decision, which whoever recorded it may not take.
    finding = firm.finding()
    world.do(
        lambda s: hear_owner(
            s,
            clock=world.clock,
            actor=world.officer,
            finding_id=finding,
            statement="不清楚",
        )
    )
    product = firm.draft("waits", shade=90)
    firm.report(product, "R-waits")
    firm.submit(product)  # which officers do not decide
    world.clock.advance(days=60)
    told = [compose(world, actor=who) for who in (world.officer, world.deputy, world.reviewer)]
    assert {task.kind for task in told[0].overdue} >= {"finding", "product"}
    assert told[1:] == [told[0]] * 2


def test_what_is_past_its_day_names_who_holds_it(world, firm):
    from marketplace.features.registry.commands import assign_officer, submit_change_request

    world.do(
        lambda s: assign_officer(
            s,
            clock=world.clock,
            actor=world.officer,
            factory_ids=[firm.factory_id],
            officer_id=world.deputy.account_id,
        )
    )
    world.do(
        lambda s: submit_change_request(
            s,
            world.rulebook,
            clock=world.clock,
            actor=firm.owner,
            factory_id=firm.factory_id,
            values={"staff": 90},
        )
    )
    world.clock.advance(days=60)
    content = compose(world)
    assert content.overdue_total == 1
    assert content.overdue[0].held_by == "deputy"
    assert content.overdue[0].days > 30
    assert "deputy" in as_text(content, world.rulebook, "zh", title="周五一页")


def test_an_issue_is_frozen_and_a_later_correction_stands_beside_it(world, firm):
    month(world, firm, 1, 2_000, 6)
    content = compose(world)
    assert issue(world, content) == 1
    with pytest.raises(Refused, match="issued_today"):
        issue(world, content)
    month(world, firm, 1, 2_500, 6)  # the platform corrects its report
    friday = {"program": PROGRAM, "kind": IssueKind.FRIDAY}
    (listed,) = world.see(lambda s: list_issues(s, world.officer, **friday))
    assert (listed.number, listed.period) == (1, "2026-11-23")
    row = world.see(lambda s: get_issue(s, world.officer, number=1, **friday))
    assert from_json(row.content) == content
    now = world.see(lambda s: recount(s, world.officer, world.rulebook, day=row.issued_on))
    assert differences(content.numbers, now) == [
        (Number("rate_month", 6, 2_000), Number("rate_month", 6, 2_500))
    ]
    world.clock.advance(days=7)
    assert issue(world, compose(world)) == 2


def test_a_change_is_of_counts_or_of_rates_and_needs_an_issue_before():
    def page(*numbers: Number) -> FridayContent:
        return FridayContent("2026-11-20", numbers, (), (), 0)

    before = page(Number("enrolled", 90), Number("rate_month", 20, 10_000))
    assert change_since(Number("enrolled", 96), before) == 6
    # 30 / 10,000 - 20 / 10,000 = 1.0 per 1,000
    assert change_since(Number("rate_month", 30, 10_000), before) == pytest.approx(1.0)
    assert change_since(Number("rate_month", 0, 0), before) is None
    assert change_since(Number("overdue", 3), before) is None
    assert change_since(Number("enrolled", 96), None) is None


def test_who_is_elsewhere_or_promotes_learns_nothing(world, firm):
    with pytest.raises(NotAllowed):
        compose(world, actor=world.marketer)
    away = replace(world.officer, limits=frozenset({("putian-footwear", "350303")}))
    with pytest.raises(NotFound):
        compose(world, actor=away, district="350304")
    with pytest.raises(NotAllowed, match="whole_program_reach"):
        compose(world, actor=away)
    with pytest.raises(NotAllowed):  # an auditor reads what was issued
        compose(world, actor=world.auditor)
