"""The whole path as five people walk it: three messy files, a firm, a shoe, a finding, a lapse.

Officer, the firm's head on a phone, reviewer, marketer and anybody from the street; Chinese, and
English where the public reads. Pictures of the way are kept under tests/screenshots.
"""

from __future__ import annotations

import pytest

from tests.journeys import path_of_a_firm as firm
from tests.journeys import path_of_a_shoe as shoe
from tests.journeys.pace import ready
from tests.journeys.test_import_files import SHARED, report_of, upload
from tests.journeys.walking import Walk

pytestmark = pytest.mark.browser

FILES = (
    ("factories", "1_工信局_鞋企名单.xlsx", 31),
    ("earlier-records", "2_市监局_处罚台账.xlsx", None),
    ("exposure", "3_平台_店铺月报.csv", None),
)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared files are not here")
def test_three_departments_files_begin_the_path(site, visit):
    """Each is tried, looked at and taken in as it is; the same list again brings nothing."""
    officer = visit("officer")
    walk = Walk(site, visit, taken=80)
    for kind, name, inserted in FILES:
        upload(officer, site, kind, str(SHARED / name))
        assert officer.locator('[data-testid="stException"]').count() == 0
        tried = report_of(officer, "下载逐行结果")
        assert all(r["reason"] for r in tried if r["outcome"] == "rejected")
        if inserted is not None:
            assert sum(r["outcome"] == "inserted" for r in tried) == inserted
        walk.shot(officer, f"import-{kind}")
        officer.get_by_role("button", name="确认导入").click()
        officer.get_by_text("已导入，批号").wait_for(timeout=120_000)
        ready(officer)
        done = report_of(officer, "下载逐行结果")
        assert [r["outcome"] for r in done] == [r["outcome"] for r in tried]
    upload(officer, site, "factories", str(SHARED / FILES[0][1]))
    again = report_of(officer, "下载逐行结果")
    assert not {r["outcome"] for r in again} & {"inserted", "updated"}
    assert officer.outside == []


def test_five_people_walk_from_registration_to_a_lapse(site, visit):
    walk = Walk(site, visit)
    officer, reviewer, marketer = visit("officer"), visit("reviewer"), visit("marketer")
    firm.register(walk, officer)
    phone = firm.enter_by_link(walk, walk.known["link"])
    firm.hand_in(walk, phone)
    firm.brand_and_mark(walk, phone)
    firm.look_and_accept(walk, officer)
    firm.draft(walk, phone)
    firm.send_in(walk, phone)
    firm.verify(walk, reviewer)

    shoe.feature(walk, marketer)
    shoe.look_as_public(walk)
    shoe.open_dossier_of_a_shown_shoe(walk, officer)
    shoe.record(walk, officer)
    other_phone = shoe.be_heard(walk)
    shoe.decide(walk, reviewer)
    shoe.see_it_gone(walk, other_phone)
    shoe.chart_and_friday(walk, officer)
    for page in (officer, phone, reviewer, marketer, other_phone):
        assert page.outside == []
