"""The rules on payment holds: read from the file, faults told, silent where a text is older."""

from __future__ import annotations

import re

import pytest

from marketplace.base.errors import Invalid
from marketplace.base.rulebook import load_rulebook, parse_rulebook
from marketplace.base.settings import ROOT

OURS = ROOT / "programs" / "putian-footwear.toml"


def faults(*changes: tuple[str, str]) -> set[str]:
    text = OURS.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(Invalid) as refused:
        parse_rulebook(text, "changed.toml")
    return {f.code for f in refused.value.faults}


def test_every_basis_says_where_it_stands_and_ends():
    rules = load_rulebook(OURS).holds
    assert rules.second_person_fen == 5_000_000  # 50,000 yuan
    for basis in rules.bases:
        assert basis.law_zh
        assert basis.law_en
        assert basis.review_days + rules.grace_days <= basis.max_days


def test_a_text_kept_before_these_rules_holds_nothing():
    text = OURS.read_text("utf-8")
    start = text.index("[holds]")
    older = text[:start] + text[text.index("[[enforcement.categories]]", start) :]
    older = re.sub(r"\n  \{ measure = \"payment_hold\".*", "", older)
    assert parse_rulebook(older, "older.toml").holds.bases == ()


def test_a_hold_that_an_appeal_would_pause_is_refused():
    paused = ('measure = "payment_hold", effect = "kept"',
              'measure = "payment_hold", effect = "paused"')  # fmt: skip
    assert faults(paused) == {"hold_never_paused"}


def test_a_review_after_the_end_and_a_basis_said_twice_are_refused():
    late = ("review_days = { value = 14,", "review_days = { value = 58,")  # 58 + 3 > 60
    twice = ('key = "consumer_refunds"', 'key = "counterfeit_goods"')
    assert faults(late, twice) == {"hold_review_too_late", "hold_basis_twice"}
