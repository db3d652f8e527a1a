"""What ties stores: derived from facts alone, the same at every run, cut by nothing but people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.base.rulebook.conduct import LinkRules
from marketplace.features.links.kinds import LinkReason, LinkSource
from marketplace.features.links.rules import (
    Derived,
    Facts,
    Picture,
    Tie,
    Trait,
    derive,
    group_of,
    groups,
    pair_strengths,
)

RULES = LinkRules(
    strength={
        "operates": 100, "affiliate": 100, "payee": 90, "phone": 70, "address": 40,
        "picture": 40, "person": 30,
    },
    joins_from=60,
    shared_by_at_most=3,
    picture_bits=6,
)  # fmt: skip


def trait(subject: str, reason: LinkReason, key: str) -> Trait:
    return Trait(subject, reason, key, "***", LinkSource.IMPORT)


def holds(store: str, operator: str) -> Tie:
    return Tie(store, operator, LinkReason.OPERATES, LinkSource.REGISTER)


def test_one_phone_ties_two_stores_and_an_address_alone_does_not():
    facts = Facts(
        traits=(
            trait("store:1", LinkReason.PHONE, "p"),
            trait("store:2", LinkReason.PHONE, "p"),
            trait("store:2", LinkReason.ADDRESS, "a"),
            trait("store:3", LinkReason.ADDRESS, "a"),
        )
    )
    links = derive(RULES, facts)
    # phone 70 >= 60 joins; address 40 < 60 is shown and joins nobody.
    assert pair_strengths(links) == {("store:1", "store:2"): 70, ("store:2", "store:3"): 40}
    assert groups(RULES, links) == [("store:1", "store:2")]


def test_different_reasons_add_up_and_the_same_reason_twice_does_not():
    facts = Facts(
        traits=tuple(
            trait(s, reason, key)
            for s in ("store:1", "store:2")
            for reason, key in (
                (LinkReason.ADDRESS, "a"), (LinkReason.ADDRESS, "b"), (LinkReason.PERSON, "n"),
            )
        )
    )  # fmt: skip
    # address 40 (two of them still 40) + person 30 = 70
    assert pair_strengths(derive(RULES, facts)) == {("store:1", "store:2"): 70}


def test_what_many_share_says_nothing():
    """A bookkeeping agent's phone: four share it, three are allowed."""
    four = Facts(traits=tuple(trait(f"store:{n}", LinkReason.PHONE, "p") for n in range(4)))
    three = Facts(traits=four.traits[:3])
    assert derive(RULES, four) == []
    assert len(derive(RULES, three)) == 3  # 3 of 2 = three pairs


def test_what_one_firm_holds_needs_no_second_reason():
    facts = Facts(
        ties=(holds("store:1", "operator:1"), holds("store:2", "operator:1")),
        traits=(
            trait("store:1", LinkReason.PHONE, "p"),
            trait("store:2", LinkReason.PHONE, "p"),
            trait("operator:1", LinkReason.PHONE, "p"),
        ),
    )
    assert {k.reason for k in derive(RULES, facts)} == {LinkReason.OPERATES}


def test_the_way_leads_over_the_firms():
    """Closed store 1 – firm 1 – (payee) – firm 2 – store 2."""
    facts = Facts(
        ties=(holds("store:1", "operator:1"), holds("store:2", "operator:2")),
        traits=(
            trait("operator:1", LinkReason.PAYEE, "k"),
            trait("operator:2", LinkReason.PAYEE, "k"),
        ),
    )
    ways = group_of(RULES, derive(RULES, facts), "store:1")
    assert ways["store:2"] == (
        ("operator:1", "store:1"),
        ("operator:1", "operator:2"),
        ("operator:2", "store:2"),
    )


def test_nearly_the_same_picture_ties_and_a_different_one_does_not():
    facts = Facts(
        pictures=(
            Picture("store:1", 0b1111, "a.png"),
            Picture("store:2", 0b1100, "b.png"),  # 2 bits away: the same picture, resized
            Picture("store:3", 0xFFFF_0000, "c.png"),  # 20 bits away: another picture
        )
    )
    links = derive(RULES, facts)
    assert [(k.left, k.right, k.reason) for k in links] == [
        ("store:1", "store:2", LinkReason.PICTURE)
    ]


_subjects = st.sampled_from([f"store:{n}" for n in range(6)] + ["operator:1", "operator:2"])
_traits = st.lists(
    st.builds(
        trait,
        _subjects,
        st.sampled_from([LinkReason.PHONE, LinkReason.PAYEE, LinkReason.ADDRESS]),
        st.sampled_from("abc"),
    ),
    max_size=14,
)


@given(_traits, st.randoms())
def test_the_order_of_facts_changes_nothing(traits, rng):
    shuffled = list(traits)
    rng.shuffle(shuffled)
    one, other = (
        derive(RULES, Facts(traits=tuple(traits))),
        derive(RULES, Facts(traits=tuple(shuffled))),
    )
    assert [k.identity for k in one] == [k.identity for k in other]


@given(_traits)
def test_a_group_is_the_same_from_each_of_its_members(traits):
    links = derive(RULES, Facts(traits=tuple(traits)))
    for group in groups(RULES, links):
        for member in group:
            assert set(group_of(RULES, links, member)) == set(group)


@given(_traits, st.data())
def test_taking_a_link_away_never_makes_a_group_larger(traits, data):
    links = derive(RULES, Facts(traits=tuple(traits)))
    if not links:
        return
    cut: Derived = data.draw(st.sampled_from(links))
    left = [k for k in links if k != cut]
    for start in {s for k in links for s in (k.left, k.right)}:
        assert set(group_of(RULES, left, start)) <= set(group_of(RULES, links, start))
