"""A counted noun agrees with its number; no sentence says "1 days" or "day(s)"."""

from __future__ import annotations

import re

import pytest

from marketplace.base.words import keys, say


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 day late"), ("1", "1 day late"), (0, "0 days late"), (21, "21 days late")]
)  # fmt: skip
def test_a_noun_agrees_with_its_number(count, told):
    assert say("page.today.late", "en", days=count) == told


def test_a_verb_agrees_too():
    told = {n: say("complaints.mine_waits", "en", count=n) for n in (1, 2)}
    assert told == {1: "1 case waits for your answer", 2: "2 cases wait for your answer"}


def test_a_number_that_is_missing_is_a_bug_and_no_plural():
    with pytest.raises(KeyError):
        say("page.today.late", "en")


def test_no_sentence_leaves_the_plural_to_the_reader():
    assert [k for k, told in keys("en").items() if re.search(r"\w\((s|es|ies)\)", told)] == []


def test_every_counted_word_is_well_formed():
    counted = [k for k, told in keys("en").items() if re.search(r"\{\w+:[^}]*\|", told)]
    assert len(counted) > 100
    for key in counted:
        facts = dict.fromkeys(re.findall(r"\{(\w+)", keys("en")[key]), 1)
        assert not re.search(r"[{}|]", say(key, "en", **facts)), key
