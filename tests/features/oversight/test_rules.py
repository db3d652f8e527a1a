"""The statistics of oversight: a pattern against chance, a draw by seed, an error rate with interval."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.oversight.kinds import (
    DecisionKind,
    Judgment,
    PlacingKind,
    ShareStanding,
    ViewCause,
    ViewKind,
)
from marketplace.features.oversight.rules import (
    Decision,
    Placing,
    Span,
    View,
    cause_of,
    concentration,
    draw,
    error_rate,
    fast_decisions,
    frame_digest,
    rotation_pairs,
    speeds,
)
from marketplace.features.oversight.rules.concentration import tail

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def decided(
    entity_id: int,
    *,
    by: int = 1,
    factory_id: int = 1,
    minutes: float | None = 60,
    kind: DecisionKind = DecisionKind.FINDING,
    district: str = "350304",
) -> Decision:
    sent = None if minutes is None else NOW - timedelta(minutes=minutes)
    return Decision(
        kind, entity_id, NOW, by, sent, 1, factory_id, district, frozenset({by}),
        FindingStatus.UPHELD,
    )  # fmt: skip


# --- concentration


def test_the_tail_is_the_hypergeometric_one():
    # 10 decisions, 5 of the person, 5 about the factory, all five shared: 1 / C(10,5) = 1/252
    assert tail([(10, 5, 5)], 5) == pytest.approx(1 / 252)
    assert tail([(10, 5, 5)], 0) == pytest.approx(1.0)
    # two independent strata, one of one each: 1/2 * 1/2 that both fall to the person
    assert tail([(2, 1, 1), (2, 1, 1)], 2) == pytest.approx(0.25)


def test_a_person_who_always_decides_on_one_factory_is_put_before_the_auditor():
    rows = [decided(n, by=1, factory_id=7) for n in range(6)]
    rows += [decided(10 + n, by=2, factory_id=8 + n) for n in range(6)]
    found = concentration(rows, min_decisions=5, threshold=0.01)
    [pair] = found.pairs
    assert (pair.person, pair.factory_id, pair.together, pair.of_factory) == (1, 7, 6, 6)
    assert pair.p == pytest.approx(1 / 924)  # 1 / C(12,6)
    assert pair.expected == pytest.approx(3.0)  # 6 of 12 are his
    assert found.compared == 1  # the other factories have one decision each
    assert found.by_chance == pytest.approx(0.01)


def test_where_one_person_decides_everything_nothing_is_compared():
    found = concentration(
        [decided(n, by=1, factory_id=7) for n in range(20)], min_decisions=5, threshold=0.01
    )
    assert found.pairs == ()
    assert (found.compared, found.alone, found.decisions) == (0, 20, 20)


def test_people_of_other_districts_are_not_compared_with():
    """Who works in one district only never had the other's factories to decide on."""
    rows = [decided(n, by=1, factory_id=7, district="350304") for n in range(6)]
    rows += [decided(10 + n, by=2, factory_id=8, district="350303") for n in range(6)]
    assert concentration(rows, min_decisions=5, threshold=0.5).compared == 0


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 4), st.sampled_from(list(DecisionKind))),
        max_size=40,
    )
)
def test_a_probability_is_one_and_pairs_are_never_more_than_compared(told):
    rows = [decided(n, by=b, factory_id=f, kind=k) for n, (b, f, k) in enumerate(told)]
    found = concentration(rows, min_decisions=1, threshold=0.9)
    assert len(found.pairs) <= found.compared
    assert all(0 <= pair.p <= 0.9 for pair in found.pairs)
    assert all(2 <= pair.together <= pair.of_factory for pair in found.pairs)


# --- speed


def test_decisions_minutes_after_submission_are_listed_fastest_first():
    rows = [decided(1, minutes=4), decided(2, minutes=1), decided(3, minutes=5)]
    assert [d.entity_id for d in fast_decisions(rows, minutes=5)] == [2, 1]  # 5 is not under 5


def test_a_median_needs_enough_and_an_unknown_submission_is_not_timed():
    rows = [decided(n, minutes=m) for n, m in enumerate((1, 10, 20, 30, 40))]
    rows += [decided(9, minutes=None), decided(10, by=2, minutes=3)]
    one, two = speeds(rows, minutes=5, min_decisions=5)
    assert (one.person, one.timed, one.fast, one.median_minutes) == (1, 5, 1, 20)
    assert (two.person, two.timed, two.fast, two.median_minutes) == (2, 1, 1, None)


def test_a_decision_before_its_last_submission_has_no_time():
    assert decided(1, minutes=-5).minutes is None


# --- draws


def test_the_draw_can_be_computed_by_anybody():
    keys = [f"finding:{n}" for n in range(1, 21)]
    by_hand = sorted(keys, key=lambda k: hashlib.sha256(f"2026-11|{k}".encode()).hexdigest())
    assert draw(keys, seed="2026-11", count=5) == by_hand[:5]
    assert draw(keys, seed="2026-12", count=5) != by_hand[:5]


def test_the_frame_digest_is_over_sorted_lines():
    told = hashlib.sha256(b"appeal:2\nfinding:1").hexdigest()
    assert frame_digest(["finding:1", "appeal:2"]) == told


@given(
    st.sets(st.integers(1, 500), max_size=60), st.text(min_size=1, max_size=8),
    st.integers(1, 80),
)  # fmt: skip
def test_a_draw_is_without_replacement_and_a_shorter_one_is_its_beginning(ids, seed, count):
    keys = [f"finding:{n}" for n in sorted(ids)]
    whole = draw(reversed(keys), seed=seed, count=count)
    assert len(whole) == len(set(whole)) == min(count, len(keys))
    assert set(whole) <= set(keys)
    assert draw(keys, seed=seed, count=count // 2) == whole[: count // 2]


# --- the error rate


def test_the_error_rate_is_exact_and_leaves_out_what_nobody_judged():
    told = [Judgment.WRONG, *[Judgment.CORRECT] * 9, Judgment.CANNOT_TELL, None, None]
    found = error_rate(told, frame=400)
    assert (found.wrong, found.told, found.cannot_tell, found.open) == (1, 10, 1, 2)
    assert found.rate == 0.1
    # Clopper-Pearson of 1 in 10: 0.25 % to 44.5 %
    assert found.interval == (
        pytest.approx(0.00253, abs=1e-5),
        pytest.approx(0.44502, abs=1e-5),
    )


def test_without_a_clear_judgment_there_is_no_rate():
    found = error_rate([None, Judgment.CANNOT_TELL], frame=2)
    assert (found.rate, found.interval) == (None, None)


# --- views


def view(at: datetime = NOW, person: int = 1) -> View:
    return View(ViewKind.FILE, 1, person, 5, at, "营业执照.png")


def test_a_view_without_anything_near_it_has_no_cause():
    assert cause_of(view(), [], within_days=14) is None
    others = Span(6, NOW, NOW, ViewCause.DEED, 1)  # another operator's
    someone = Span(5, NOW, NOW, ViewCause.DEED, 2)  # somebody else's deed
    assert cause_of(view(), [others, someone], within_days=14) is None


@pytest.mark.parametrize(
    ("days", "cause"), [(14, ViewCause.DEED), (15, None), (-14, ViewCause.DEED)]
)
def test_a_deed_gives_a_cause_within_the_days_before_and_after(days, cause):
    deed = Span(5, NOW - days * DAY, NOW - days * DAY, ViewCause.DEED, 1)
    assert cause_of(view(), [deed], within_days=14) is cause


def test_an_open_matter_gives_anybody_of_the_office_a_cause_and_the_own_firm_comes_first():
    open_one = Span(5, NOW - 200 * DAY, None, ViewCause.OPEN)
    own = Span(5, NOW - 900 * DAY, None, ViewCause.OWN_FIRM, 1)
    assert cause_of(view(person=2), [open_one, own], within_days=14) is ViewCause.OPEN
    assert cause_of(view(person=1), [open_one, own], within_days=14) is ViewCause.OWN_FIRM


# --- rotation


def placings(shares: dict[int, int], pool: frozenset[int]) -> list[Placing]:
    return [
        Placing(PlacingKind.PIN, 4, operator, pool)
        for operator, count in shares.items()
        for _ in range(count)
    ]


def test_a_marketer_who_pins_one_operator_most_of_the_time_stands_out():
    # 12 pins, 10 operators could have each: rotation gives 1.2, he gave 9
    pairs = rotation_pairs(
        placings({1: 9, 2: 1, 3: 1, 4: 1}, frozenset(range(1, 11))), min_placings=10
    )
    first = pairs[0]
    assert (first.operator_id, first.got, first.placings) == (1, 9, 12)
    assert first.expected == pytest.approx(1.2)
    assert first.standing is ShareStanding.MORE
    assert first.interval[0] == pytest.approx(0.4281, abs=1e-4)  # Clopper-Pearson of 9 in 12
    assert {p.standing for p in pairs[1:]} == {ShareStanding.AS_EXPECTED}


def test_under_the_least_number_nothing_is_said():
    [pair] = rotation_pairs(placings({1: 9}, frozenset({1, 2})), min_placings=10)
    assert pair.standing is ShareStanding.TOO_FEW


def test_who_got_a_slot_could_have_had_it_even_if_the_pool_forgot_him():
    [pair] = rotation_pairs(placings({1: 1}, frozenset({2})), min_placings=1)
    assert pair.expected == pytest.approx(0.5)
