"""Printed dossiers: only the office gets one, and each says who took it, when and under which number."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from marketplace.base.access import Role
from marketplace.base.access.commands import create_account, create_first_admin
from marketplace.base.access.sessions import find_actor, open_session, resolve
from marketplace.base.access.tables import Capacity
from marketplace.base.audit import list_entries
from marketplace.faces.web import render
from marketplace.faces.web.papers import paper_routes
from marketplace.features.history.commands import record_earlier_record
from marketplace.features.history.kinds import EarlierKind, Reliability
from marketplace.features.progress.commands import (
    accept_enrollment,
    apply_enrollment,
    change_enrollment,
)
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.registry.commands import record_factory
from marketplace.features.registry.queries import get_factory
from tests.features.conftest import PROGRAM, World, world  # noqa: F401
from tests.features.once import built_once

USCC = "91350304MACLQN2XWF"
PASSWORD = "a-long-walk-in-new-shoes"


@dataclass
class Answer:
    """What the site answered."""

    status_code: int
    headers: dict[str, str]
    text: str


class Client:
    """Asks an ASGI app, as a server would."""

    def __init__(self, app: Starlette) -> None:
        self.app = app

    def get(self, address: str, headers: dict[str, str]) -> Answer:
        """Return the answer to one GET."""
        path, _, query = address.partition("?")
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "root_path": "",
            "query_string": query.encode(), "server": ("testserver", 80),
            "client": ("127.0.0.1", 5000),
            "headers": [(b"host", b"testserver")]
            + [(k.encode(), v.encode()) for k, v in headers.items()],
        }  # fmt: skip
        # In a thread of its own: browser tests leave a running loop in this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(self.app(scope, receive, send))).result()
        told = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
        body = b"".join(m.get("body", b"") for m in sent[1:])
        return Answer(sent[0]["status"], told, body.decode())


@dataclass
class Desk:
    """A site with one factory and an account of each role."""

    world: World
    factory_id: int
    accounts: dict[Role, int]

    @cached_property
    def client(self) -> Client:
        return Client(Starlette(routes=paper_routes(self.world.app)))

    def token(self, role: Role) -> str:
        """Sign somebody of a role in."""
        return open_session(
            self.world.app.store, clock=self.world.clock, account_id=self.accounts[role],
            owner=role is Role.OWNER, user_agent="test",
        )  # fmt: skip

    def as_role(self, role: Role) -> dict[str, str]:
        """Return the header by which the middleware names who it let in."""
        found = resolve(self.world.app.store, clock=self.world.clock, token=self.token(role))
        assert found is not None
        return {"x-app-session": found.public_id}

    def paper(self, role: Role | None, **headers: str) -> Answer:
        """Ask for the dossier's paper as somebody."""
        sent = {**(self.as_role(role) if role else {}), **headers}
        return self.client.get(f"/paper/factory/{self.factory_id}", headers=sent)


def make_desk(world: World) -> Desk:  # noqa: F811
    """Register one factory with a past, make accounts."""
    made = world.do(
        lambda s: record_factory(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            values={"name": "（虚构）潮声鞋业有限公司", "uscc": USCC, "phone": "13800001234"},
            source="工信局名单（虚构）",
        )
    )  # fmt: skip
    world.do(
        lambda s: record_earlier_record(
            s, clock=world.clock, actor=world.officer, factory_id=made.factory_id,
            kind=EarlierKind.PENALTY_DECISION, source="处罚台账（虚构）",
            reliability=Reliability.OFFICIAL, unit="pairs", quantity=312, reference_no="莆虚罚〔2019〕7号",
        )
    )  # fmt: skip
    world.do(
        lambda s: create_first_admin(
            s, clock=world.clock, login="chief", name="主任", password=PASSWORD
        )
    )
    chief = world.see(lambda s: find_actor(s, "chief"))
    accounts = {
        role: world.do(
            lambda s, role=role: create_account(
                s, clock=world.clock, actor=chief, login=f"p-{role.value}",
                name=f"人员{role.value}", role=role,
                password=None if role is Role.OWNER else PASSWORD,
                programs=[(PROGRAM, None)],
                operators=[(made.operator_id, Capacity.HEAD)] if role is Role.OWNER else [],
            )
        )
        for role in (Role.OFFICER, Role.AUDITOR, Role.OWNER, Role.MARKETER)
    }  # fmt: skip
    return Desk(world, made.factory_id, accounts)


desk = pytest.fixture(name="desk")(built_once(make_desk))


def test_an_officer_gets_the_dossier_with_its_past_and_a_masked_phone(desk: Desk):
    answer = desk.paper(Role.OFFICER)
    assert answer.status_code == 200
    assert "（虚构）潮声鞋业有限公司" in answer.text
    assert USCC in answer.text
    assert "莆虚罚〔2019〕7号" in answer.text
    assert "138****1234" in answer.text
    assert "13800001234" not in answer.text


def test_the_paper_of_a_firm_that_left_names_no_next_step(desk: Desk):
    world = desk.world  # noqa: F811
    operator_id = world.see(
        lambda s: get_factory(s, world.officer, factory_id=desk.factory_id).operator_id
    )
    at = {"clock": world.clock}
    enrollment = world.do(
        lambda s: apply_enrollment(
            s, **at, actor=world.officer, operator_id=operator_id,
            signed_on=date(2026, 11, 20), signed_by="负责人",
        )
    )  # fmt: skip
    world.do(lambda s: accept_enrollment(s, **at, actor=world.deputy, enrollment_id=enrollment))
    assert "下一步：" in desk.paper(Role.OFFICER).text
    world.do(
        lambda s: change_enrollment(
            s, **at, actor=world.officer, enrollment_id=enrollment,
            status=EnrollmentStatus.REMOVED, reason="搬离莆田",
        )
    )  # fmt: skip
    text = desk.paper(Role.OFFICER).text
    assert "已于 2026-11-23 离开项目" in text
    assert "下一步：" not in text


def test_the_paper_says_that_nothing_was_found_and_not_a_bare_none(desk: Desk):
    conduct = desk.paper(Role.OFFICER).text.partition("入库后的情况")[2].partition("<h2>")[0]
    assert "没有个案发现。" in conduct


@pytest.mark.parametrize("paper", ["factory", "friday", "quarter", "referral"])
def test_a_paper_whose_number_nothing_can_have_is_not_found(desk: Desk, paper: str):
    answer = desk.client.get(f"/paper/{paper}/{2**63}", headers=desk.as_role(Role.OFFICER))
    assert answer.status_code == 404


def test_the_paper_says_who_took_it_when_and_under_which_number(desk: Desk):
    text = desk.paper(Role.OFFICER).text
    numbers = set(re.findall(r"EX-20261123-[0-9A-F]{8}", text))
    assert len(numbers) == 1
    # 2026-11-23 00:00 UTC is 08:00 in Shanghai
    stamp = f"人员officer {numbers.pop()} 2026-11-23 08:00"
    assert text.count(f"<span>{stamp}</span>") == 4  # the watermark, down the whole page


def test_taking_a_paper_leaves_an_entry_with_its_number(desk: Desk):
    text = desk.paper(Role.AUDITOR).text
    number = re.search(r"EX-20261123-[0-9A-F]{8}", text)
    assert number is not None
    entries = desk.world.see(
        lambda s: list_entries(
            s, action="exchange.record_export", subject=f"export:{number[0]}"
        )
    )
    assert [(e.actor_login, e.facts["kind"]) for e in entries] == [
        ("p-auditor", "dossier_paper")
    ]
    assert entries[0].facts["wanted"] == {"factory_id": desk.factory_id}


@pytest.mark.parametrize("role", [Role.OWNER, Role.MARKETER])
def test_nobody_else_learns_that_there_is_a_paper(desk: Desk, role: Role):
    answer = desk.paper(role)
    assert (answer.status_code, answer.text) == (404, "not found")
    missing = desk.client.get("/paper/factory/9999", headers=desk.as_role(role))
    assert (missing.status_code, missing.text) == (404, "not found")


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(desk: Desk):
    answer = desk.paper(None)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/auth/login?next=/paper/factory/{desk.factory_id}"


def test_a_made_up_session_is_nobody(desk: Desk):
    assert desk.paper(None, **{"x-app-session": "guess"}).status_code == 303


def test_a_page_elsewhere_cannot_make_a_browser_print(desk: Desk):
    answer = desk.paper(Role.OFFICER, **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/dossier?id={desk.factory_id}"
    taken = desk.world.see(lambda s: list_entries(s, action="exchange.record_export"))
    assert taken == []


def test_the_paper_is_never_kept_by_a_cache_and_is_a4(desk: Desk):
    answer = desk.paper(Role.OFFICER)
    assert answer.headers["cache-control"] == "private, no-store"
    assert '<link rel="stylesheet" href="/assets/paper.css">' in answer.text
    sheet = (Path(render.__file__).parent / "static" / "paper.css").read_text("utf-8")
    assert re.search(r"@page\s*{[^}]*size: A4;", sheet)


def test_the_paper_speaks_the_language_asked_for(desk: Desk):
    english = desk.client.get(
        f"/paper/factory/{desk.factory_id}?lang=en", headers=desk.as_role(Role.OFFICER)
    )
    assert '<html lang="en">' in english.text
    assert "Internal paper of the program office" in english.text
