"""What a package tells and leaves out, when an answer is late, how outcomes are counted."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.features.referrals.kinds import OutcomeKind, Redaction
from marketplace.features.referrals.rules import (
    EvidenceFact,
    Facts,
    FindingFact,
    Lead,
    Outcome,
    StoreFact,
    Subject,
    cohorts,
    is_overdue,
    package,
    quarter_of,
)

DAY = date(2026, 11, 23)
FACTS = Facts(
    number="XS-2026-0001",
    program="示例项目",
    agency="示例监管部门",
    title="线索",
    statement="所见如下",
    prepared_on=DAY,
    subject=Subject(
        "甲公司", "91350304MA0000001X", "张三", "13800001111", "甲厂", None, "路一号"
    ),
    stores=(StoreFact("平台", "T1", "店", DAY, None, "营业执照", True),),
    findings=(
        FindingFact(
            "f1", "T1", DAY, DAY, "inspection", "护标", 3, "图形近似", "已说明", "认定"
        ),
    ),
    evidence=(EvidenceFact("照片.png", "ab" * 32, 10, "image/png"),),
)


def lead(number: int, sent: date, *, answered: date | None = None, declined=False, agency="m"):
    return Lead(number, agency, sent, sent + timedelta(days=9), answered, declined)


def test_what_is_left_out_stands_as_null_and_is_named():
    told = package(FACTS, [Redaction.PHONE, Redaction.HEARING])
    assert told["subject"]["phone"] is None
    assert told["findings"][0]["hearing"] is None
    assert told["left_out"] == ["hearing", "phone"]
    assert told["subject"]["legal_representative"] == "张三"
    assert "13800001111" not in str(told)


@given(st.sets(st.sampled_from(Redaction)))
def test_a_package_has_one_shape_for_every_agency_and_never_tells_of_complainants(out):
    told = package(FACTS, out)
    assert set(told) == set(package(FACTS, []))
    assert told["never_included"] == [
        "complainant",
        "earlier_record",
        "self_disclosure",
        "linked_store",
    ]
    assert told["evidence"] == [
        {"name": "照片.png", "sha256": "ab" * 32, "size_bytes": 10, "media_type": "image/png"}
    ]


def test_an_answer_is_late_only_after_its_last_day():
    assert is_overdue(DAY, None, DAY) is False
    assert is_overdue(DAY, None, DAY + timedelta(days=1)) is True
    assert is_overdue(DAY, DAY, DAY + timedelta(days=9)) is False


def test_quarters_end_with_march_june_september_december():
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31))
    assert [quarter_of(d) for d in days] == ["2026-Q1", "2026-Q2", "2026-Q4"]


def test_an_outcome_counts_in_the_quarter_its_lead_was_sent():
    old, new, newer = date(2026, 8, 1), date(2026, 11, 1), date(2026, 11, 3)
    found = cohorts(
        [
            lead(1, old, answered=old),
            lead(2, new),
            lead(3, newer, answered=newer, declined=True),
        ],
        [
            Outcome(1, OutcomeKind.FILED_CASE, 1),
            Outcome(1, OutcomeKind.ARRESTED, 4),
            Outcome(2, OutcomeKind.DETAINED, 2),
        ],
        DAY,
    )
    late, early = found
    assert (late.quarter, late.leads, late.acknowledged, late.declined) == ("2026-Q4", 2, 0, 1)
    # lead 2 went out on 1 November and was due on the 10th; the youngest is 20 days old
    assert (late.overdue, late.followed_days) == (1, 20)
    assert (late.counts[OutcomeKind.DETAINED], late.counts[OutcomeKind.ARRESTED]) == (2, 0)
    assert (early.quarter, early.counts[OutcomeKind.FILED_CASE]) == ("2026-Q3", 1)
    assert early.counts[OutcomeKind.ARRESTED] == 4
    assert early.counts[OutcomeKind.DETAINED] == 0


@given(st.lists(st.tuples(st.sampled_from(OutcomeKind), st.integers(1, 50)), max_size=20))
def test_no_count_flows_into_another(told):
    counts = cohorts([lead(1, DAY)], [Outcome(1, k, n) for k, n in told], DAY)[0].counts
    for kind in OutcomeKind:
        assert counts[kind] == sum(n for k, n in told if k is kind)
