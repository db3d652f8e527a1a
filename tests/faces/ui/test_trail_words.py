"""The trail is told in words: no code of a subject, a field or a value reaches its reader."""

from __future__ import annotations

import re

import pytest

from marketplace.base.access import Role
from marketplace.base.audit import list_entries
from marketplace.base.db import read
from marketplace.base.words import has_key
from tests.architecture.sources import PACKAGE
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_pages import demo, visit  # noqa: F401 - fixtures

SUBJECT = re.compile(r'subject=f?"([a-z_]+):')
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")


def kinds_written() -> set[str]:
    """Return every kind of subject that a command names in its entries."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        found |= set(SUBJECT.findall(path.read_text("utf-8")))
    return found


def test_every_kind_of_subject_has_a_word():
    kinds = kinds_written()
    assert {"factory", "sample_item", "installation"} <= kinds
    assert {k for k in kinds if not has_key(f"trail.subject.{k}")} == set()


def test_every_field_that_the_demo_changed_has_a_word(demo):  # noqa: F811
    with read(demo.store) as session:
        fields = {c.field for e in list_entries(session, limit=1_000) for c in e.changes}
    assert {"status", "outcome", "quantity"} <= fields
    without = {
        f for f in fields if not has_key(f"field.{f}") and not has_key(f"trail.field.{f}")
    }
    assert without == set()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_a_change_of_a_verdict_is_told_in_words_with_the_name_of_who_made_it(visit, role):  # noqa: F811
    at = at_page(visit, role, "audit_trail")
    at.selectbox(key="what").set_value("sampling.correct_look").run()
    assert at.query_params["what"] in ("sampling.correct_look", ["sampling.correct_look"])
    told = next(m.value for m in at.markdown if "z-table" in m.value)
    assert "陈一舟（演示）（deputy）" in told
    # Which one it is, the seed of the installation says.
    assert re.search(r"抽样商品 \d+", told)
    assert "结果：看过，未发现问题 → 已不在售，没看成" in told
    assert "立案" not in told  # before and after no case was opened: that is no change
    assert not CODE.search(re.sub(r"<[^>]*>", " ", told))
