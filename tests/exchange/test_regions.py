from __future__ import annotations

import pytest

from tests.exchange.builders import PUTIAN, uscc


def place(**facts):
    told = {"uscc": None, "address": None, "district": None, "country": None} | facts
    found = PUTIAN(**told)
    return found.inside, found.district, found.code


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"uscc": uscc(1)}, (True, "350304", "")),
        ({"uscc": uscc(1, "350300")}, (True, None, "")),
        ({"uscc": uscc(1, "440305")}, (False, None, "row_outside_uscc")),
        # registered elsewhere, works here: the place of work counts
        ({"uscc": uscc(1, "440305"), "address": "莆田市秀屿区笏石镇"}, (True, "350305", "")),
        ({"address": "福建省莆田市荔城区新度镇工业路9号"}, (True, "350304", "")),
        ({"address": "莆田市工业路9号"}, (True, None, "")),
        ({"address": "工业路9号"}, (None, None, "")),
        ({"address": "广东省深圳市南山区科技路1号"}, (False, None, "row_outside_address")),
        ({"address": "福建省泉州市晋江市陈埭镇"}, (False, None, "row_outside_address")),
        ({"address": "上海市普陀区莆田路5号"}, (False, None, "row_outside_address")),
        ({"address": "1 Road, Licheng District, Putian, Fujian"}, (True, "350304", "")),
        (
            {"address": "99 Jinhu Road, Jintan City, Jiangsu"},
            (False, None, "row_outside_address"),
        ),
        ({"address": "莆田市荔城区", "country": "Peru"}, (False, None, "row_outside_country")),
        ({"address": "莆田市荔城区", "country": "中国"}, (True, "350304", "")),
        ({"district": "荔城区"}, (True, "350304", "")),
        ({"district": "莆田市荔城区"}, (True, "350304", "")),
        ({"district": "350322"}, (True, "350322", "")),
        ({"district": "莆田市"}, (True, None, "")),
        ({"district": "思明区"}, (False, None, "row_outside_district")),
        ({}, (None, None, "")),
    ],
)
def test_a_firm_is_placed_by_what_its_own_facts_tell(facts, expected):
    assert place(**facts) == expected
