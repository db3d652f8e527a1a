"""The pages of payment holds where two people are needed: who proposes never agrees."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlmodel import col

from marketplace.assembly import App
from marketplace.base.access import Role
from marketplace.base.access.sessions import actor_of
from marketplace.base.access.tables import Account
from marketplace.base.db import read, write
from marketplace.base.rulebook.holds import HoldRules
from marketplace.features.enforcement.kinds import FindingStatus
from marketplace.features.enforcement.tables import Finding, FindingDetail
from marketplace.features.holds import commands as holds
from tests.faces.ui.opening import open_view
from tests.faces.ui.test_pages import demo, shown, visit, visits_to  # noqa: F401 - fixtures

LARGE = 6_000_000  # above the 50,000 yuan of the program file


@pytest.fixture
def proposed(demo: App) -> int:  # noqa: F811
    """A hold of 60,000 yuan by the officer, on an upheld finding that names no value."""
    with read(demo.store) as session:
        finding_id, store_id = session.execute(
            sa.select(col(Finding.id), col(Finding.store_id))
            .outerjoin(FindingDetail, col(FindingDetail.finding_id) == col(Finding.id))
            .where(
                col(Finding.status) == FindingStatus.UPHELD,
                col(Finding.factory_id).is_not(None),
                col(FindingDetail.value_fen).is_(None),
            )
            .limit(1)
        ).one()
        officer = actor_of(
            session,
            session.execute(
                sa.select(col(Account.id)).where(col(Account.login) == "officer")
            ).scalar_one(),
        )
    write(
        demo.store,
        lambda s: holds.record_takings(
            s, clock=demo.clock, actor=officer, store_id=store_id, amount_fen=LARGE,
            source="模拟结算单", token="large",
        ),
    )  # fmt: skip
    return write(
        demo.store,
        lambda s: holds.place_hold(
            s, demo.rulebook(), clock=demo.clock, actor=officer, finding_id=finding_id,
            basis="consumer_refunds", amount_fen=LARGE, disputed_fen=LARGE,
            reason="整批退款未办完，先留足争议金额", token="large",
        ),
    )  # fmt: skip


def page(visit, role: Role, name: str, **address: str):  # noqa: F811
    at = visit(role)
    for key in list(at.query_params):
        if key != "lang":
            del at.query_params[key]
    for key, value in address.items():
        at.query_params[key] = value
    return open_view(at, name)


def buttons(at) -> set[str]:
    return {button.label for button in at.button}


def text(at) -> str:
    return "\n".join(str(m.value) for m in at.markdown)


def test_who_proposed_is_told_to_wait_and_another_agrees_from_the_page(visit, proposed):  # noqa: F811
    own = page(visit, Role.OFFICER, "holds", id=str(proposed))
    assert not own.exception
    assert "由您提出，请另一人复核。" in text(own)
    assert "第二人复核" not in buttons(own)
    other = page(visit, Role.REVIEWER, "holds", id=str(proposed))
    assert "第二人复核" in buttons(other)
    auditor = page(visit, Role.AUDITOR, "holds", id=str(proposed))
    assert "60,000" in text(auditor)
    assert not {"第二人复核", "恢复结算"} & buttons(auditor)
    at = page(visit, Role.REVIEWER, "holds", id=str(proposed))
    next(b for b in at.button if b.label == "第二人复核").click().run()
    reason = next(t for t in at.text_area if t.key.endswith(f"_hold_confirm_{proposed}_reason"))
    reason.set_value("核对了退款清单，金额相符").run()
    start = f"send_hold_confirm_{proposed}_confirm_"
    next(b for b in at.button if b.key and b.key.startswith(start)).click().run()
    assert not at.exception
    after = page(visit, Role.REVIEWER, "holds", id=str(proposed))
    assert {"恢复结算"} <= buttons(after)
    assert "账平" in text(page(visit, Role.AUDITOR, "holds"))


def test_a_filter_without_a_match_says_so_and_an_unknown_number_is_refused(visit):  # noqa: F811
    empty = page(visit, Role.AUDITOR, "holds", status="pending", basis="many_complaints")
    assert "没有符合筛选的货款暂缓" in text(empty)
    gone = page(visit, Role.AUDITOR, "holds", id="99999")
    assert "没有找到这笔货款暂缓" in text(gone)


def test_a_program_without_rules_on_holds_says_so_and_offers_none(demo, monkeypatch):  # noqa: F811
    rules = {
        key: book.model_copy(update={"holds": HoldRules()})
        for key, book in demo.house.rulebooks.items()
    }
    bare = replace(demo, house=replace(demo.house, rulebooks=rules))
    go = visits_to(bare, monkeypatch)
    assert "没有依据，就不能暂缓任何货款" in text(page(go, Role.OFFICER, "holds"))
    dossier = page(go, Role.OFFICER, "dossier", id="1", part="conduct")
    assert "暂缓货款" not in buttons(dossier)
