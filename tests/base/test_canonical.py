"""Equal content has one byte form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.canonical import canonical_json, digest


class Color(StrEnum):
    RED = "red"


def test_the_form_is_sorted_tight_and_readable():
    value = {"b": [1, True, None], "a": "鞋", "c": Color.RED}
    assert canonical_json(value).decode() == '{"a":"鞋","b":[1,true,null],"c":"red"}'


def test_days_instants_and_bytes_have_a_form():
    value = [date(2026, 3, 1), datetime(2026, 3, 1, 1, tzinfo=UTC), b"\x00\xff"]
    assert canonical_json(value) == b'["2026-03-01","2026-03-01T01:00:00+00:00","00ff"]'


@pytest.mark.parametrize("value", [1.5, float("nan"), Decimal("1.5"), object()])
def test_what_has_no_single_form_is_refused(value: object):
    with pytest.raises(TypeError, match="no canonical form"):
        canonical_json({"x": value})


def test_a_digest_is_the_sha_256_of_the_form():
    # printf '{}' | sha256sum
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), plain))
def test_the_order_of_keys_does_not_matter(value: dict[str, object]):
    turned = dict(reversed(list(value.items())))
    assert digest(turned) == digest(value)


@given(st.sets(st.integers()))
def test_a_set_has_one_form(numbers: set[int]):
    assert digest(numbers) == digest(frozenset(sorted(numbers, reverse=True)))
