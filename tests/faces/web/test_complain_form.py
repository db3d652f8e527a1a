"""The public complaint form: one press one complaint, pictures cleaned, refusals that say the cure."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from marketplace.base.errors import NotAllowed, NotFound
from marketplace.base.files import open_file
from marketplace.features.complaints import commands
from marketplace.features.complaints.kinds import PublicState
from marketplace.features.complaints.queries import get_case, list_public_complaints
from tests.faces.web.visitor import Answer, Visitor
from tests.features.conftest import World
from tests.features.once import built_once
from tests.features.scene import Scene, make_firm, make_people, picture

TEXT = "收到的鞋鞋标与页面上的完全不同"
CODE = r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}"


@pytest.fixture
@built_once
def firm(world: World) -> Scene:
    make_people(world)
    return make_firm(world, products=0)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def filled(visitor: Visitor, **more: str) -> dict[str, str]:
    """Open the form and fill it in."""
    given = {"shop": "第1店", "item": "600001", "text": TEXT, "brand": "", "contact": ""}
    return {**hidden(visitor.get("/complain").text), **given, **more}


def code_of(answer: Answer) -> str:
    assert answer.status == 200
    return re.findall(CODE, answer.text)[0]


def rows(world: World):
    return world.see(
        lambda s: list_public_complaints(
            s, world.officer, world.rulebook, state=PublicState.NEW
        )
    )


def test_pressing_twice_gives_one_complaint_and_the_same_code(world, firm, visitor):
    form = filled(visitor)
    first, again = (code_of(visitor.post_form("/complain", form)) for _ in range(2))
    assert first == again
    assert [row.code for row in rows(world)] == [first]


def test_a_form_sent_before_with_other_words_is_not_swallowed(world, firm, visitor):
    form = filled(visitor)
    visitor.post_form("/complain", form)
    changed = visitor.post_form("/complain", {**form, "item": "600002"})
    assert changed.status == 409
    assert "已经提交过" in changed.text
    code_of(visitor.post_form("/complain", {**form, **hidden(changed.text), "item": "600002"}))
    assert [row.item for row in rows(world)] == ["600001", "600002"]


def test_the_thanks_name_the_code_the_day_and_what_happens_next(firm, visitor):
    taken = visitor.post_form("/complain", filled(visitor))
    for told in ("请记下回执码", "2026-11-30", "接下来", "先听店铺说明", "查看进度"):
        assert told in taken.text.replace("2026年11月30日", "2026-11-30"), told


def test_a_picture_is_kept_for_the_office_and_for_nobody_else(world, firm, visitor):
    sent = visitor.post_form(
        "/complain", filled(visitor), [("files", "鞋标.png", picture()), ("files", "", b"")]
    )
    assert "收到的文件" in sent.text
    code_of(sent)
    [row] = rows(world)
    [(name, use_id)] = row.files
    assert name == "鞋标.png"

    def opened(actor):
        return world.see(
            lambda s: open_file(s, actor, use_id=use_id, data_dir=world.app.data_dir)
        )

    assert opened(world.officer)[1] == "image/png"
    other = replace(world.officer, role=world.marketer.role)
    for actor in (firm.owner, other):
        with pytest.raises((NotAllowed, NotFound)):
            opened(actor)
    case_id = world.do(
        lambda s: commands.take_public_complaint(
            s, world.rulebook, clock=world.clock, actor=world.officer,
            public_id=row.public_id, store_id=firm.store_id, item="600001",
        )
    )  # fmt: skip
    case = world.see(lambda s: get_case(s, world.officer, clock=world.clock, case_id=case_id))
    assert case.files == row.files


def test_every_file_that_cannot_be_taken_is_named_with_its_cure(world, firm, visitor):
    bad = visitor.post_form(
        "/complain",
        filled(visitor),
        [("files", "表.xlsx", b"PK\x03\x04 not a picture"), ("files", "好.png", picture())],
    )
    assert bad.status == 422
    assert "“表.xlsx”不是 JPG、PNG、WebP 图片或 PDF，不能收。" in bad.text
    assert "好.png" not in bad.text
    assert TEXT in bad.text  # nothing typed is lost
    many = visitor.post_form(
        "/complain", filled(visitor), [("files", f"{n}.png", picture(n)) for n in range(4)]
    )
    assert "最多传 3 个文件，这次是 4 个" in many.text
    assert rows(world) == []


def test_whoever_chose_files_is_told_to_choose_them_again_and_nobody_else(firm, visitor):
    again = "要附的请再选一次"
    short = filled(visitor, text="鞋标不同")  # four characters, ten are asked for
    with_file = visitor.post_form("/complain", short, [("files", "鞋标.png", picture())])
    assert with_file.status == 422
    assert again in with_file.text
    without = visitor.post_form("/complain", short)
    assert without.status == 422
    assert again not in without.text


def test_a_body_beyond_all_files_together_is_refused_unread(firm, visitor):
    huge = [("files", "大.png", b"0" * (26 * 2**20))]  # 3 files of 8 MB and one for the rest
    answer = visitor.post_form("/complain", filled(visitor), huge)
    assert answer.status == 413
    assert "每个不超过 8 MB" in answer.text


def test_an_hour_takes_five_and_a_refused_one_uses_nothing_up(world, firm, visitor):
    for _ in range(3):
        assert visitor.post_form("/complain", filled(visitor, text="假的")).status == 422
    for n in range(5):
        code_of(visitor.post_form("/complain", filled(visitor, item=f"60000{n}")))
    sixth = visitor.post_form("/complain", filled(visitor, item="600009"))
    assert sixth.status == 429
    assert "最多提交 5 件。请在 60 分钟后再试" in sixth.text
    assert "600009" in sixth.text
    world.clock.advance(minutes=61)
    code_of(visitor.post_form("/complain", filled(visitor, item="600009")))
    assert len(rows(world)) == 6
