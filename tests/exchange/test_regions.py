from __future__ import annotations

from pathlib import Path

import pytest

from marketplace.base.rulebook import load_rulebook
from marketplace.exchange.regions import region_table
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


def test_the_region_of_the_program_file_places_towns_and_zones():
    path = Path(__file__).parents[2] / "programs" / "putian-footwear.toml"
    table = region_table(load_rulebook(path))

    def found(address):
        told = table(uscc=None, address=address, district=None, country=None)
        return told.inside, told.district

    assert found("福建省莆田市湄洲湾北岸经济开发区东埔镇1号") == (True, "zone:beian")
    assert found("莆田市忠门镇1号") == (True, "zone:beian")  # a town of the zone
    assert found("枫亭镇兴业街1号") == (True, "350322")
    assert found("浙江省某市江口镇1号") == (False, None)  # another city's town of that name
    assert found("福建省漳州市东海镇1号") == (False, None)
    told = table(uscc=None, address=None, district="湄洲湾北岸经济开发区", country=None)
    assert told.district == "zone:beian"
