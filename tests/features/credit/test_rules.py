"""The score: bounded, monotone, fading back to where it rests."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.features.credit.rules import Event, score

RULES = load_rulebook(ROOT / "programs" / "putian-footwear.toml").conduct.credit
DAY = date(2026, 11, 23)
KEYS = [c.key for c in RULES.components]
DOWN = [c.key for c in RULES.components if c.direction == "down"]
UP = [c.key for c in RULES.components if c.direction == "up"]


def event(component: str, days_ago: int, number: int = 1) -> Event:
    return Event(component, f"{component}:{number}", DAY - timedelta(days=days_ago), "")


def test_without_events_it_rests_where_the_program_says():
    assert score(RULES, [], DAY).points == 70


@pytest.mark.parametrize(
    ("events", "points"),
    [
        # 1 fresh offense, half of 40 after 2: 40 * (1 - 0.5^(1/2)) = 11.7; 70 - 11.7 = 58.3
        ([event("offenses", 0)], 58),
        # 2 fresh offenses: half of 40 = 20; 70 - 20 = 50
        ([event("offenses", 0, 1), event("offenses", 0, 2)], 50),
        # 1 offense a year old weighs 0.5: 40 * (1 - 0.5^(0.25)) = 6.4; 70 - 6.4 = 63.6
        ([event("offenses", 365)], 64),
        # 3 fresh near misses heeded: half of 10 = 5; 70 + 5 = 75
        ([event("near_misses", 0, n) for n in range(3)], 75),
        # 1 fresh suspension: half of 15 = 7.5; 70 - 7.5 = 62.5, to even 62
        ([event("suspensions", 0)], 62),
    ],
)
def test_known_scores(events, points):
    assert score(RULES, events, DAY).points == points


def test_what_is_unknown_or_to_come_does_nothing():
    strange = [event("earlier_record", 1), event("link", 1), event("offenses", -3)]
    assert score(RULES, strange, DAY).points == 70


events = st.lists(
    st.builds(event, st.sampled_from(KEYS), st.integers(0, 4000), st.integers(1, 99)),
    max_size=40,
)


@given(events)
def test_it_stays_between_0_and_100(given_events):
    assert 0 <= score(RULES, given_events, DAY).points <= 100


@given(events, st.sampled_from(DOWN), st.integers(0, 4000))
def test_one_more_fault_never_raises_it(given_events, key, days):
    worse = [*given_events, event(key, days, 1000)]
    assert score(RULES, worse, DAY).points <= score(RULES, given_events, DAY).points


@given(events, st.sampled_from(UP), st.integers(0, 4000))
def test_one_more_merit_never_lowers_it(given_events, key, days):
    better = [*given_events, event(key, days, 1000)]
    assert score(RULES, better, DAY).points >= score(RULES, given_events, DAY).points


@given(events)
def test_without_new_events_it_fades_to_where_it_rests(given_events):
    later = DAY + timedelta(days=365 * 40)
    assert score(RULES, given_events, later).points == RULES.neutral_points


@given(st.lists(st.builds(event, st.sampled_from(DOWN), st.integers(0, 900)), max_size=12))
def test_faults_alone_only_fade(given_events):
    now = score(RULES, given_events, DAY).points
    assert now <= score(RULES, given_events, DAY + timedelta(days=90)).points <= 70


def test_no_component_moves_it_further_than_its_weight():
    found = score(RULES, [event(k, 0, n) for k in KEYS for n in range(500)], DAY)
    for component in found.components:
        assert abs(component.effect_points) <= abs(component.most_points)
    assert sum(c.weight_points for c in RULES.components if c.direction == "down") == 70
    assert sum(c.weight_points for c in RULES.components if c.direction == "up") == 30
