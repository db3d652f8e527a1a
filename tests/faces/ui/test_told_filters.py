"""An exported list says in words what narrowed it."""

from __future__ import annotations

from dataclasses import replace

from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.base.sheets import read_book
from marketplace.desk.factories import FactoryFilter
from marketplace.faces.ui.casework import listing as cases
from marketplace.faces.ui.office.listing import Asked, told_filters
from marketplace.faces.ui.office.taking import _maker, told_narrowing
from marketplace.faces.ui.session import Here
from marketplace.faces.ui.wording import band_words
from marketplace.features.complaints.kinds import CaseSort
from marketplace.features.complaints.queries import CaseFilter
from tests.features.conftest import world

__all__ = ["world"]


def here(lang: str) -> Here:
    """A page of which only words and program matter."""
    rulebook = load_rulebook(ROOT / "programs" / "putian-footwear.toml")
    return Here(app=None, actor=None, lang=lang, rulebook=rulebook)  # type: ignore[arg-type]


PLAIN = FactoryFilter(
    query="", districts=(), stages=(), statuses=(), bands=(), officers=(), sort="name"
)


def test_every_facet_the_search_and_the_order_are_told_in_both_languages():
    asked = Asked(
        replace(
            PLAIN,
            query="远行",
            districts=("350304", "350302"),
            statuses=("enrolled",),
            officers=("officer",),
            sort="points",
        ),
        3,
    )
    assert told_filters(here("zh"), asked) == (
        "搜索：远行；区县：荔城区、城厢区；状态：在库；经办人：officer；按扣分排序"
    )
    told = told_filters(here("en"), asked)
    assert told.startswith("Search: 远行; ")
    assert told.endswith("in order of Points")
    assert "350304" not in told


def test_an_unnarrowed_list_says_that_it_is_whole():
    assert told_filters(here("zh"), Asked(PLAIN, 1)) == "全部，未筛选；按名称排序"
    assert told_filters(here("en"), Asked(PLAIN, 1)).startswith("all of them, not narrowed; ")


def test_a_list_of_cases_names_its_facets_and_whether_only_overdue_ones_are_in_it():
    wanted = CaseFilter(
        query="远行", statuses=("open",), origins=("consumer", "right_holder"),
        officers=("0", "7"), late_only=True, sort=CaseSort.DUE,
    )  # fmt: skip
    told = cases.told_filters(here("zh"), wanted, {"0": "无人经办", "7": "林晓岚"})
    assert told == (
        "查找：远行；状态：处理中；来源：消费者、权利人投诉；经办人：无人经办、林晓岚；期限：已逾期；"
        "排序（未结的总在前）：期限最近的在前"
    )
    english = cases.told_filters(here("en"), wanted, {})
    assert english.startswith("Search: 远行; ")
    assert "overdue" in english


def test_every_other_list_says_what_was_chosen_and_leaves_out_what_was_not():
    narrowed = [("查找", ""), ("关联原因", "同一电话"), ("日期", "2026-11-02")]
    assert told_narrowing(here("zh"), narrowed) == "关联原因：同一电话；日期：2026-11-02"
    assert told_narrowing(here("zh"), []) == "全部，未筛选"


def test_the_file_that_is_taken_out_says_it_above_its_table_and_in_the_last_row_of_a_csv(world):
    """The stamp keeps the first line of a CSV for its headings, for scripts."""
    page = replace(here("zh"), app=world.app, actor=world.officer)
    taken = {
        form: _maker(
            page, "store_links", ("关联店铺", "关联店铺（关联原因：同一电话）"),
            ["一方", "另一方"], [["甲店", "乙店"]], {"form": form},
        )()
        for form in ("xlsx", "csv")
    }  # fmt: skip
    sheet = read_book(taken["xlsx"], "links.xlsx").sheets[0]
    assert sheet.name == "关联店铺"
    assert sheet.rows[0][0] == "关联店铺（关联原因：同一电话）"
    lines = taken["csv"].decode("utf-8-sig").splitlines()
    assert lines[:2] == ["一方,另一方", "甲店,乙店"]
    assert lines[2].startswith("关联店铺（关联原因：同一电话） ")


def test_a_band_is_told_by_the_points_of_the_program_file():
    """Another city's store closes at 26 points; the words would have said 48."""
    ours, ceramics = here("zh"), ROOT / "tests" / "programs" / "example-ceramics.toml"
    theirs = replace(ours, rulebook=load_rulebook(ceramics))
    told = [
        [band_words(page, key) for key in ("none", "low", "high", "closed", "gone")]
        for page in (ours, theirs)
    ]
    assert told == [
        ["无扣分", "1–23 分", "24–47 分", "48 分及以上", "—"],
        ["无扣分", "1–23 分", "24–25 分", "26 分及以上", "—"],
    ]
