"""A list says in its address how it is narrowed; one of its lines leads back to it as it was."""

from __future__ import annotations

from sqlmodel import select

from marketplace.base.access import AccountStatus, Role
from marketplace.base.access.tables import Account
from marketplace.base.db import read
from marketplace.features.referrals.kinds import ReferralStatus
from marketplace.features.referrals.tables import Referral
from tests.faces.ui.test_desk_forms import at_page, fields, press
from tests.faces.ui.test_pages import demo, visit  # noqa: F401 - fixtures


def queue_of(at):
    return [b.key for b in at.button if b.key and b.key.startswith("open_")]


def test_the_queue_is_narrowed_by_its_address_and_stays_so_from_one_thing_to_the_next(visit):  # noqa: F811
    at = at_page(visit, Role.OFFICER, "decide", only="link_review")
    keys = queue_of(at)
    assert keys
    assert all(key.startswith("open_link_review_") for key in keys)
    at.button(key=keys[-1]).click().run()
    assert at.query_params["only"] == "link_review"
    assert at.query_params["id"] == keys[-1].rsplit("_", 1)[1]
    # A kind that nothing waits of, or an unknown one, hides nothing.
    assert len(queue_of(at_page(visit, Role.OFFICER, "decide", only="nonsense"))) > len(keys)


def test_a_lead_leads_back_to_the_list_as_it_was_narrowed(demo, visit):  # noqa: F811
    with read(demo.store) as session:
        number = session.execute(
            select(Referral.id).where(Referral.status == ReferralStatus.SENT)
        ).scalars()
        first = str(min(number))
    at = at_page(visit, Role.OFFICER, "referrals", status="sent", id=first)
    at.button(key="way_back").click().run()
    assert not at.exception
    assert "id" not in at.query_params  # loaded again, the list opens and not the lead
    assert at.selectbox(key="status").value == "sent"


def test_an_administrator_finds_an_account_and_lets_it_in_again(demo, visit):  # noqa: F811
    at = at_page(visit, Role.ADMIN, "accounts")
    at.selectbox(key="role").set_value("officer").run()
    assert at.query_params["role"] == "officer"
    told = next(m.value for m in at.markdown if "个账号" in m.value)
    with read(demo.store) as session:
        officers = session.execute(
            select(Account.id).where(Account.role == Role.OFFICER)
        ).scalars()
        account = session.execute(select(Account.id).where(Account.login == "deputy")).scalar()
        assert f"<b>{len(list(officers))} 个账号</b>" in told
    for form, word in (("disable", "试停用一天"), ("enable", "试停用已结束")):
        whose = next(s for s in at.selectbox if s.label == "账号")
        whose.set_value(next(o for o in whose.options if o.startswith("deputy"))).run()
        fields(at, f"{form}_{account}")["reason"].set_value(word).run()
        press(at, f"{form}_{account}")
        with read(demo.store) as session:
            status = session.execute(
                select(Account.status).where(Account.id == account)
            ).scalar_one()
        at.run()
        wanted = AccountStatus.DISABLED if form == "disable" else AccountStatus.ACTIVE
        assert status is wanted
