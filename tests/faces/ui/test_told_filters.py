"""An exported list says in words what narrowed it."""

from __future__ import annotations

from dataclasses import replace

from marketplace.base.rulebook import load_rulebook
from marketplace.base.settings import ROOT
from marketplace.desk.factories import FactoryFilter
from marketplace.faces.ui.office.listing import Asked, told_filters
from marketplace.faces.ui.session import Here


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
