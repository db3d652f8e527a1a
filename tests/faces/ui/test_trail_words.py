"""The trail is told in words: no code of a subject, a field or a value reaches its reader."""

from __future__ import annotations

import re

import pytest
from sqlmodel import col, select

from marketplace.base.access import Role
from marketplace.base.access.tables import Account
from marketplace.base.audit import list_entries
from marketplace.base.db import read
from marketplace.base.words import has_key, say
from marketplace.features.oversight.kinds import DecisionKind
from marketplace.features.oversight.tables import OversightItem
from tests.architecture.sources import PACKAGE
from tests.faces.ui.test_desk_forms import at_page
from tests.faces.ui.test_pages import demo, visit  # noqa: F401 - fixtures
from tests.faces.ui.test_people_pages import opened, text_of

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


def test_verifying_says_plainly_when_there_was_nothing_outside_to_compare_with(demo, visit):  # noqa: F811
    at = at_page(visit, Role.AUDITOR, "audit_trail")
    label = say("trail.verify", "zh")
    next(b for b in at.button if b.label == label).click().run()
    assert "留痕完整" in text_of(at)  # the demo signed its trail when it was loaded
    assert "没有 anchors.jsonl" not in text_of(at)
    anchors = demo.data_dir / "anchors.jsonl"
    aside = anchors.rename(anchors.with_name("aside"))
    next(b for b in at.button if b.label == label).click().run()
    aside.rename(anchors)
    assert "没有 anchors.jsonl" in text_of(at)


def test_a_replay_names_who_acted_as_the_trail_does(demo, visit):  # noqa: F811
    with read(demo.store) as session:
        names = dict(session.execute(select(Account.login, Account.name)).all())
        item = session.execute(
            select(OversightItem.id).where(OversightItem.kind == DecisionKind.FINDING)
        ).scalars().first()  # fmt: skip
    at = visit(Role.AUDITOR)
    at.query_params["id"] = str(item)
    at.switch_page("views/replay.py").run()
    told = text_of(at)
    acted = [login for login in ("officer", "reviewer", "deputy") if login in told]
    assert acted
    for login in acted:
        assert told.count(login) == told.count(f"{names[login]}（{login}）")


def test_an_owner_reads_no_login_and_no_name_of_the_office(demo, visit):  # noqa: F811
    """What was done to him says which office did it (the statement of reasons), not who."""
    with read(demo.store) as session:
        staff = session.execute(
            select(Account.login, Account.name).where(
                col(Account.role).not_in([Role.OWNER, Role.RIGHT_HOLDER])
            )
        ).all()
        owners = session.execute(select(Account.login).where(Account.role == Role.OWNER))
        owners = sorted(owners.scalars())
    seen = ""
    for login in owners:
        for page in ("my_measures", "my_cases", "my_messages"):
            told = text_of(opened(demo, visit, login, page))
            found = {
                w
                for one in staff
                for w in one
                if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", told)
            }
            assert found == set(), (login, page)
            seen += told
    assert "关闭店铺" in seen
    assert "经办人" in seen
