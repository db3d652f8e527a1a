"""What the office types stays until its deed is done, and with the one thing it was meant for."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.base.access import Role
from marketplace.base.db import read
from marketplace.desk.tables import FormDraft
from marketplace.desk.todo import TaskKind, list_todo
from marketplace.faces.ui import navigation
from marketplace.features.complaints.kinds import ComplaintStatus, NoticeState
from marketplace.features.complaints.tables import Complaint
from tests.faces.ui.test_keeping import _actor, kept
from tests.faces.ui.test_pages import demo, visit  # noqa: F401 - fixtures

FACES = Path(navigation.__file__).parent
# Choices, single words and passwords, which must not be kept: a plain form does for them.
PLAIN = {
    "casework/bulk.py",
    "casework/dialogs.py",
    "deciding/evidence.py",
    "dossier/forms_firm.py",
    "dossier/uploads.py",
    "importing/drafts.py",
    "importing/remembered.py",
    "views/accounts.py",
}
OTHERS = {"mine", "promoting", "holder"}


@dataclass(frozen=True)
class Deed:
    """A form of a dialog: where, what is typed, what it lacks at first."""

    role: Role
    dialog: str
    form: str
    typed: dict[str, str]
    lacking: dict[str, str]


AFFILIATE = Deed(
    Role.OFFICER,
    "affiliate",
    "affiliate_{}",
    {"relation": "同一控制人"},
    {"name": "（虚构）甲"},
)
EDIT = Deed(
    Role.OFFICER,
    "edit",
    "edit_firm_{}",
    {"name_en": "Fictional Shoes", "uscc": "91350300"},  # ten signs are missing
    {"uscc": "", "reason": "按执照更正"},
)


def at_page(visit, role, name, /, **address):  # noqa: F811
    at = visit(role)
    for key in [k for k in at.query_params if k != "lang"]:
        del at.query_params[key]
    at.run()
    at.switch_page(f"views/{name}.py")
    for key, value in address.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, at.exception
    return at


def open_dialog(at, name):
    at.session_state["z_asking"] = (name, at.session_state["z_where"])
    at.run()
    assert not at.exception, at.exception
    return at


def fields(at, form):
    """Return the kept text fields of one form by their own names."""
    return {
        key.split(f"_{form}_", 1)[1]: field
        for key, field in kept(at).items()
        if f"_{form}_" in key
    }


def fill(at, form, words):
    for name, text in words.items():
        fields(at, form)[name].set_value(text).run()


def press(at, form, choice=""):
    start = f"send_{form}_{choice}"
    next(b for b in at.button if b.key and b.key.startswith(start)).click().run()
    assert not at.exception, at.exception
    return at


def is_refused(at):
    return any('role="alert"' in str(m.value) for m in at.markdown)


def drafts(demo, form):  # noqa: F811
    with read(demo.store) as session:
        return session.execute(select(FormDraft).where(FormDraft.form == form)).all()


@pytest.mark.parametrize("deed", [AFFILIATE, EDIT], ids=lambda d: d.dialog)
def test_words_refused_for_one_firm_stay_and_lend_themselves_to_no_other(demo, visit, deed):  # noqa: F811
    form = deed.form.format(1)
    at = open_dialog(at_page(visit, deed.role, "dossier", id="1"), deed.dialog)
    fill(at, form, deed.typed)
    assert is_refused(press(at, form))
    assert {n: fields(at, form)[n].value for n in deed.typed} == deed.typed

    other = open_dialog(at_page(visit, deed.role, "dossier", id="2"), deed.dialog)
    assert not fields(other, form)
    assert {f.value for f in fields(other, deed.form.format(2)).values()} == {""}

    again = open_dialog(at_page(visit, deed.role, "dossier", id="1"), deed.dialog)
    assert {n: fields(again, form)[n].value for n in deed.typed} == deed.typed
    fill(again, form, deed.lacking)
    press(again, form)
    assert again.toast
    assert not drafts(demo, form)
    anew = open_dialog(at_page(visit, deed.role, "dossier", id="1"), deed.dialog)
    assert {f.value for f in fields(anew, form).values()} == {""}


def test_a_decision_sent_back_for_a_reason_keeps_what_was_written(demo, visit):  # noqa: F811
    with read(demo.store) as session:
        officer = _actor(session, _account(session, "officer"))
        tasks = list_todo(session, officer, demo.rulebook("putian-footwear"), clock=demo.clock)
    first, second = [t for t in tasks if t.kind is TaskKind.CERTIFICATION][:2]
    form = f"decide_certification_{first.entity_id}"
    address = {"kind": "certification", "id": str(first.entity_id)}
    at = at_page(visit, Role.OFFICER, "decide", **address)
    fill(at, form, {"reason": "门牌照片看不清，请补拍"})
    assert is_refused(press(at, form, "returned"))  # no reason code was chosen
    assert fields(at, form)["reason"].value == "门牌照片看不清，请补拍"

    other = at_page(
        visit, Role.OFFICER, "decide", kind="certification", id=str(second.entity_id)
    )
    assert fields(other, f"decide_certification_{second.entity_id}")["reason"].value == ""

    again = at_page(visit, Role.OFFICER, "decide", **address)
    assert fields(again, form)["reason"].value == "门牌照片看不清，请补拍"
    code = next(s for s in again.selectbox if s.key and s.key.endswith(f"{form}_code"))
    code.set_value("unreadable").run()
    press(again, form, "returned")
    assert not drafts(demo, form)


def test_an_answer_refused_as_too_short_stays_with_its_complaint(demo, visit):  # noqa: F811
    with read(demo.store) as session:
        rows = session.execute(
            select(Complaint.id, Complaint.case_id).where(
                Complaint.status == ComplaintStatus.OPEN,
                Complaint.state == NoticeState.FORWARDED,
            )
        ).all()
    number, case_id = rows[0]
    form = f"refuse_{number}"
    at = open_dialog(at_page(visit, Role.OFFICER, "case", id=str(case_id)), f"refuse_{number}")
    fill(at, form, {"reason": "太短"})
    assert is_refused(press(at, form))
    assert fields(at, form)["reason"].value == "太短"
    again = open_dialog(at_page(visit, Role.OFFICER, "case", id=str(case_id)), form)
    assert fields(again, form)["reason"].value == "太短"
    fill(
        again,
        form,
        {"reason": "权利证书的商品范围不含拖鞋，与所投诉的商品不相符，请核对后再提交。" * 2},
    )
    press(again, form)
    assert not drafts(demo, form)


def test_no_plain_form_of_the_office_takes_sentences():
    """`st.form` keeps what is typed in the browser only; a refusal or a lost line loses it."""
    found, tall = set(), set()
    for path in FACES.rglob("*.py"):
        name = str(path.relative_to(FACES))
        if name.split("/", maxsplit=1)[0] in OTHERS:
            continue
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        found |= {name} if "form" in calls else set()
        tall |= {name} if "text_area" in calls else set()
    assert found == PLAIN
    assert tall == {"keeping.py", "views/check_items.py"}


def _account(session, login):
    from marketplace.base.access.tables import Account

    return session.execute(select(Account.id).where(Account.login == login)).scalar_one()
