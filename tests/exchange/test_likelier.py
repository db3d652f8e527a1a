"""A table taken for one of another kind is told, and never one that is what it was taken for."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest

from marketplace.base.errors import Refused
from marketplace.exchange.kinds import ImportKind
from marketplace.exchange.likelier import likelier_kind
from marketplace.exchange.templates import write_template
from tests.exchange.builders import read, uscc, xlsx

CHOICES = {"district": ["荔城区"], "category": ["跑步鞋"], "origin": ["权利人投诉"]}


def headings_as(kind: ImportKind, content: bytes) -> tuple[str, ...] | None:
    """What is read as the heading of a kind; None where none is found."""
    with suppress(Refused):
        return read(kind.value, content).headings
    return None


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", list(ImportKind))
def test_a_template_read_as_another_kind_is_refused_or_said_to_be_rather_its_own(kind, lang):
    file = io.BytesIO()
    write_template(kind, file, lang=lang, choices=CHOICES)
    for taken_for in ImportKind:
        headings = headings_as(taken_for, file.getvalue())
        if headings is None:
            assert taken_for is not kind
            continue
        told = likelier_kind(taken_for, headings)
        # An English template's notes may be taken for the table: then nothing can be told.
        assert told is (None if taken_for is kind else kind) or (told is None and lang == "en")


def test_a_ledger_of_penalties_is_no_list_of_firms_and_a_poor_list_of_firms_stays_one():
    ledger = [
        "序号",
        "单位名称",
        "统一社会信用代码",
        "处罚决定书文号",
        "处罚日期",
        "违法行为",
        "罚款（万元）",
    ]
    row = [
        "1",
        "莆田市虚构鞋业有限公司",
        uscc(1),
        "莆市监处〔2024〕9号",
        "2024-03-05",
        "虚构行为",
        "2",
    ]
    headings = read("factories", xlsx([ledger, row])).headings
    assert likelier_kind(ImportKind.FACTORIES, headings) is ImportKind.EARLIER_RECORDS
    poor = read("factories", xlsx([["单位名称", "备注"], [row[1], ""]])).headings
    assert likelier_kind(ImportKind.FACTORIES, poor) is None
