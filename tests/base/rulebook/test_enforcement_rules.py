"""Category policies inherit what they leave out; what does not fit together is said all at once."""

from __future__ import annotations

import pytest

from marketplace.base.errors import Invalid
from marketplace.base.rulebook import load_rulebook, parse_rulebook
from marketplace.base.settings import ROOT

PUTIAN = ROOT / "programs" / "putian-footwear.toml"
RULES = load_rulebook(PUTIAN).enforcement


def faults(text: str) -> dict[str, str]:
    """Return code → place of what the loader refuses."""
    with pytest.raises(Invalid) as refused:
        parse_rulebook(text, "p")
    return {fault.code: fault.place for fault in refused.value.faults}


def policy(key: str, more: str = "") -> str:
    return f'\n[[enforcement.categories]]\nkey = "{key}"\nname_zh = "例"\nname_en = "e.g."\n{more}\n'


def test_what_a_category_leaves_out_comes_from_the_nearest_above():
    running = RULES.category("running")
    assert running is not None
    assert running.price_floor_fen == 7_900  # its own
    assert running.sampling_rate == 0.05  # of sports
    assert running.tests == ("GB/T 15107-2013",)  # of all footwear
    assert [RULES.given_by("running", name) for name in ("price_floor_fen", "tests")] == [
        "running",
        "all_footwear",
    ]


def test_an_unknown_category_has_no_policy():
    assert RULES.category("hats") is None
    assert RULES.inherits_from("all_footwear") is None


def test_every_product_category_needs_a_policy_once_there_are_any():
    text = PUTIAN.read_text("utf-8")
    cut = text.replace('key = "kids"\ninherits', 'key = "toddlers"\ninherits')
    assert faults(cut)["category_without_policy"] == "p: enforcement.categories"


def test_a_parent_that_is_not_there_a_circle_and_a_double_are_named():
    text = PUTIAN.read_text("utf-8")
    found = faults(
        text
        + policy("lost", 'inherits = "nowhere"')
        + policy("one", 'inherits = "two"')
        + policy("two", 'inherits = "one"')
        + policy("lost")
    )
    assert found["category_unknown"] == "p: enforcement.categories.lost.inherits"
    assert found["category_circle"].startswith("p: enforcement.categories.")
    assert found["category_twice"] == "p: enforcement.categories.lost.key"


def test_a_suspension_longer_than_the_longest_is_refused():
    text = PUTIAN.read_text("utf-8").replace(
        "suspension_days = { value = 21,", "suspension_days = { value = 22,", 1
    )
    assert "suspension_too_long" in faults(text)


def test_instances_need_both_their_terms_and_a_measure_is_ruled_once():
    text = PUTIAN.read_text("utf-8")
    found = faults(
        text.replace(
            "decide_working_days = { value = [10, 15]", "decide_working_days = { value = [10]"
        ).replace('{ measure = "takedown", effect', '{ measure = "points", effect', 1)
    )
    assert set(found) == {"appeal_instances_differ", "measure_twice"}


def test_a_program_kept_before_these_rules_existed_still_loads():
    text = PUTIAN.read_text("utf-8")
    old = text[: text.index("[enforcement.measures]")] + text[text.index("[[people]]") :]
    rules = parse_rulebook(old, "old").enforcement
    assert rules.category("running") is None
    assert (rules.measures.longest_suspension_days, rules.appeals.file_working_days) == (
        21,
        (15, 10),
    )
