"""An administrator makes an account; whoever has it signs in, and is out when it is disabled."""

from __future__ import annotations

import pytest

from tests.journeys.pace import ready

pytestmark = pytest.mark.browser


def test_a_new_officer_works_and_is_out_at_his_next_click(site, visit):
    admin = visit("admin")
    admin.goto(f"{site}/")
    ready(admin)
    admin.get_by_text("新建工作人员账号").click()
    ready(admin)
    form = admin.locator(".st-key-card_staff")
    form.get_by_role("textbox", name="登录名").fill("newcomer")
    form.get_by_role("textbox", name="姓名").fill("新来（演示）")
    password = form.get_by_role("textbox", name="初始密码").input_value()
    form.get_by_role("button", name="建立账号").click()
    ready(admin)
    admin.locator(".st-key-card_accounts").get_by_text("newcomer").wait_for()

    worker = visit()
    worker.goto(f"{site}/auth/login")
    worker.fill("input[name=login]", "newcomer")
    worker.fill("input[name=password]", password)
    worker.click("form[action='/auth/login'] button[type=submit]")
    worker.wait_for_url(f"{site}/")
    ready(worker)
    assert worker.locator("h1").inner_text() == "今日"

    admin.reload()
    ready(admin)
    admin.get_by_text("停用或恢复、改岗位、重设密码").click()
    admin.wait_for_timeout(500)
    card = admin.locator(".st-key-card_change")
    box = card.locator('[data-testid="stSelectbox"] input').first
    box.click()
    box.press_sequentially("newcomer")
    admin.wait_for_timeout(500)
    box.press("Enter")
    card.get_by_role("textbox", name="理由").fill("试用结束，停用")
    card.get_by_role("button", name="停用", exact=True).click()
    ready(admin)
    worker.goto(f"{site}/factories")
    worker.wait_for_timeout(1_500)
    assert "共 1" not in worker.content()
    assert worker.locator('[data-testid="stDataFrame"]').count() == 0
