"""What happens in each demo case: one script a state, all of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.base.access import SYSTEM
from marketplace.base.clock import today
from marketplace.features.complaints.kinds import (
    HearingWay,
    RefusalCode,
    SellerAnswer,
)
from marketplace.features.complaints.rules import NoticeLine
from marketplace.features.enforcement.kinds import Origin
from marketplace.upkeep.demo.intake_stage import (
    DECLARATION,
    MARK,
    SECOND_MARK,
    Case,
    Stage,
    Step,
    notice,
)

Script = tuple[int, str, Sequence[tuple[float, Step]]]
CURE = "补充商品图与注册图样的对照，标出相同或近似之处（虚构）"
THIN = "只附了一张商品主图，看不清鞋侧图形，不能与注册图样对照，无法判断是否近似（虚构）"
NOT = "鞋侧为两条平行直线，与注册图样的弧线不相同也不近似，整体观感差异明显（虚构）"


@dataclass(frozen=True, slots=True)
class Past:
    """A complaint of long ago: from whom, what the seller said, how it was answered."""

    origin: Origin
    text: str
    answer: SellerAnswer
    said: str
    refusal: RefusalCode | None
    reason: str
    closing: str


_FIXED = "商家已下架并改正，未另行认定发现（虚构）"
_NONE = "投诉不成立，没有发现侵权（虚构）"
PAST = (
    Past(Origin.CONSUMER, "收到的鞋鞋标与页面不同，怀疑不是正品（虚构）", SellerAnswer.STATEMENT,
         "页面用图有误，已更换并退款（虚构）", None, "核对实物照片与页面，鞋标确实不同（虚构）", _FIXED),
    Past(Origin.CONSUMER, "鞋底开胶，客服不处理（虚构）", SellerAnswer.STATEMENT,
         "质量问题，已按三包换货（虚构）", RefusalCode.NOT_INFRINGING,
         "这是质量纠纷，不涉及知识产权，已转请商家按三包规定处理（虚构）", _NONE),
    Past(Origin.INSPECTION, "巡查时看到标题写有他人品牌名（虚构）", SellerAnswer.CORRECTED,
         "已修改标题，并培训上架人员（虚构）", None, "标题使用他人商标，商家已改正（虚构）", _FIXED),
    Past(Origin.CONSUMER, "图案和别家一样，要求处理（虚构）", SellerAnswer.STATEMENT,
         "图案为自有登记作品，附登记证书（虚构）", RefusalCode.LICENSED,
         "商家出示了作品登记证书，时间早于对方销售时间，权属清楚（虚构）", _NONE),
    Past(Origin.CONSUMER, "怀疑是高仿（虚构）", SellerAnswer.STATEMENT,
         "为自有品牌，鞋标清晰（虚构）", RefusalCode.EVIDENCE_THIN,
         "没有购买凭证和实物照片，也没有说明像哪个品牌，无法核对（虚构）", _NONE),
)  # fmt: skip
PUBLIC_TEXTS = (
    ("某某代购小店（虚构）", "900001", "", "买到的鞋做工很差，怀疑是假的，请查一查（虚构）"),
    ("海雁岚旗舰店（虚构）", "https://shop.example/item?id=900002", MARK,
     "鞋侧的弧线和驰岳的很像，客服说是联名款但拿不出授权（虚构）"),
    ("沐风拓运动店（虚构）", "900003", "", "直播间说是大牌同厂原单，收到的鞋没有任何标识（虚构）"),
)  # fmt: skip


def plots(own: int, stores: Sequence[int]) -> list[Script]:
    """Return the scripts: the demo owner's own first, then one for every state of a case."""
    s = iter(stores)
    return [
        _own_answer(own),
        _own_hearing(own),
        _own_done(own),
        *_fresh(next(s)),
        _joined(next(s)),
        (next(s), "700301", (*_forwarded(9), (6, answer(SellerAnswer.COUNTER_NOTICE)))),
        (next(s), "700302", (*_countered(12),)),
        (next(s), "700303", (*_countered(21), (8, proceed))),
        (next(s), "700304", (*_countered(34), (3, end_waits))),
        (next(s), "700305", _forwarded(13)),
        (next(s), "700306", (*_answered(15), (11, uphold))),
        (next(s), "700307", (*_answered(26), (22, uphold), (21, record), (12, silent))),
        (next(s), "700308", (*_answered(28), (25, uphold), (24, record))),
        _found(next(s), "700309", 41),
        _found(next(s), "700310", 55, mark=SECOND_MARK),
        _dismissed(next(s), "700311"),
        _refused(next(s), "700312", THIN),
        _cured(next(s), "700313"),
        _malicious(next(s), "700314"),
        (next(s), "700315", (*_forwarded(19), (17, withdraw))),
        (next(s), "700316", ((4, opened(Origin.PROACTIVE_MODEL)),)),
        (next(s), "700317", ((8, opened(Origin.APPRAISAL)), (7.5, record), (3, in_person))),
        (next(s), "700318", ((2, opened(Origin.INSPECTION)), (1, assign))),
    ]


def _own_answer(own: int) -> Script:
    why = "鞋侧弧线与我方注册商标近似，请核对主图第 2 张（虚构）"
    return own, "600021", ((3, notice(MARK, "600021", why)), (2, forward))


def _own_hearing(own: int) -> Script:
    why = "详情页文字使用了我方商标名称（虚构）"
    return own, "600022", (
        (17, notice(MARK, "600022", why)), (16, forward), (14, answer(SellerAnswer.STATEMENT)),
        (10, uphold), (2, record),
    )  # fmt: skip


def _own_done(own: int) -> Script:
    why = "主图出现我方商标（虚构）"
    return own, "600023", (
        (60, notice(MARK, "600023", why)), (59, forward), (57, answer(SellerAnswer.STATEMENT)),
        (55, refuse(RefusalCode.NOT_INFRINGING, NOT)), (55, close),
    )  # fmt: skip


def _fresh(store_id: int) -> list[Script]:
    """A notice of several lines, one of which cannot be filed, still to be forwarded."""

    def file(stage: Stage, case: Case) -> None:
        store_no = stage.store_no(case.store_id)
        why = "鞋侧弧线与注册商标近似，见附图对照（虚构）"
        lines = [NoticeLine(n, store_no, str(700_100 + n), why) for n in range(1, 6)]
        stage.do(
            "file_notice", stage.holder, right_id=stage.rights[MARK], statement=DECLARATION,
            lines=[*lines, NoticeLine(6, "没有这家店（虚构）", "700200", why)],
        )  # fmt: skip

    return [(store_id, "700101", ((1, file),))]


def _joined(store_id: int) -> Script:
    """A consumer's complaint of the same listing joins the right holder's case."""

    def second(stage: Stage, case: Case) -> None:
        stage.do(
            "receive_complaint", store_id=case.store_id, origin=Origin.CONSUMER, item=case.item,
            text="收到的鞋与品牌官网的款式不同，怀疑是假货（虚构）", brand=MARK,
        )  # fmt: skip

    return store_id, "700205", (
        (5, notice(MARK, "700205", "商品标题和图案均近似（虚构）")), (4, forward), (2.2, second),
    )  # fmt: skip


def _forwarded(ago: float) -> tuple[tuple[float, Step], ...]:
    why = "商品图形与注册商标近似，已附对照图（虚构）"

    def file(stage: Stage, case: Case) -> object:
        return notice(MARK, case.item, why)(stage, case)

    return (ago, file), (ago - 1, forward)


def _answered(ago: float) -> tuple[tuple[float, Step], ...]:
    return *_forwarded(ago), (ago - 2, answer(SellerAnswer.STATEMENT))


def _countered(ago: float) -> tuple[tuple[float, Step], ...]:
    return (
        *_forwarded(ago),
        (ago - 3, answer(SellerAnswer.COUNTER_NOTICE)),
        (ago - 4, pass_on),
    )


def _found(store_id: int, item: str, ago: float, mark: str = MARK) -> Script:
    why = "鞋侧图形与注册商标相同（虚构）"
    return store_id, item, (
        (ago, notice(mark, item, why)), (ago - 1, forward),
        (ago - 3, answer(SellerAnswer.STATEMENT)), (ago - 5, uphold), (ago - 5.1, record),
        (ago - 8, in_person), (ago - 10, decide(uphold=True)),
    )  # fmt: skip


def _dismissed(store_id: int, item: str) -> Script:
    return store_id, item, (
        (30, opened(Origin.PROACTIVE_MODEL)), (29, record), (26, in_person),
        (24, decide(uphold=False)),
    )  # fmt: skip


def _refused(store_id: int, item: str, reason: str) -> Script:
    return store_id, item, (
        *_answered(22), (18, refuse(RefusalCode.EVIDENCE_THIN, reason)), (18, close),
    )  # fmt: skip


def _cured(store_id: int, item: str) -> Script:
    """Refused for thin evidence, filed again with more: the same thread, open again."""
    more = "补充：主图第 3 张鞋侧弧线与注册图样重合，附逐点对照（虚构）"
    return store_id, item, (
        *_answered(32), (29, refuse(RefusalCode.EVIDENCE_THIN, THIN)), (29, close),
        (6, notice(MARK, item, more)), (5, forward), (3, answer(SellerAnswer.CORRECTED)),
    )  # fmt: skip


def _malicious(store_id: int, item: str) -> Script:
    def mark(stage: Stage, case: Case) -> None:
        stage.do(
            "mark_malicious", stage.people.reviewer, complaint_id=case.complaint_id,
            reason="明知对方有授权书仍以同一理由通知，已两次书面提醒（虚构）",
        )  # fmt: skip

    return store_id, item, (
        *_answered(46), (42, refuse(RefusalCode.LICENSED, "商家出示的授权书由投诉人本人签发，期限至明年年底，授权范围包括本商品（虚构）")),
        (42, close), (41, mark),
    )  # fmt: skip


def forward(stage: Stage, case: Case) -> None:
    """The officer tells the seller."""
    stage.do("forward_complaints", case_id=case.case_id)


def answer(how: SellerAnswer) -> Step:
    """The seller answers; the demo owner himself, the officer for others."""
    said = {
        SellerAnswer.STATEMENT: "图案由外包公司提供，我厂事先不知情，愿意配合核对（虚构）",
        SellerAnswer.CORRECTED: "已于当天下架并更换图案，附截图（虚构）",
        SellerAnswer.COUNTER_NOTICE: "图案为我厂 2024 年自行设计，有设计底稿和打样记录，声明不侵权（虚构）",
    }

    def step(stage: Stage, case: Case) -> None:
        stage.do("answer_case", case_id=case.case_id, answer=how, statement=said[how])

    return step


def pass_on(stage: Stage, case: Case) -> None:
    """The counter-notice goes to the complainant."""
    stage.do("pass_on_counter", complaint_id=case.complaint_id)


def proceed(stage: Stage, case: Case) -> None:
    """The right holder goes to court within the wait."""
    stage.do(
        "record_proceedings", stage.holder, complaint_id=case.complaint_id,
        reference="某区人民法院，（2026）民初 0123 号（虚构）",
    )  # fmt: skip


def end_waits(stage: Stage, case: Case) -> None:
    """The minute ends what ran out."""
    del case
    stage.do("end_waits", SYSTEM)


def uphold(stage: Stage, case: Case) -> None:
    """A second officer upholds the complaint."""
    stage.do(
        "uphold_complaint", stage.people.deputy, complaint_id=case.complaint_id,
        reason="与注册图样逐点对照，鞋侧图形近似（虚构）",
    )  # fmt: skip


def refuse(code: RefusalCode, reason: str) -> Step:
    """A second officer refuses it with how to cure."""

    def step(stage: Stage, case: Case) -> None:
        stage.do(
            "refuse_complaint", stage.people.deputy, complaint_id=case.complaint_id, code=code,
            reason=reason, next_step=CURE,
        )  # fmt: skip

    return step


def withdraw(stage: Stage, case: Case) -> None:
    """The right holder takes his complaint back."""
    stage.do(
        "withdraw_complaint", stage.holder, complaint_id=case.complaint_id,
        reason="双方已和解（虚构）",
    )  # fmt: skip


def close(stage: Stage, case: Case) -> None:
    """The case is closed without a finding."""
    stage.do("close_case", stage.people.deputy, case_id=case.case_id, reason=_NONE)


def record(stage: Stage, case: Case) -> None:
    """The officer records what he saw; the owner is invited to speak."""
    stage.do(
        "record_case_finding", case_id=case.case_id, listings=1,
        found_on=today(stage.clock),
        statement="鞋侧图形疑似与受保护商标近似，涉及 1 件商品（虚构）", brand=MARK,
    )  # fmt: skip


def in_person(stage: Stage, case: Case) -> None:
    """The owner says his side in person."""
    _hear(stage, case, HearingWay.IN_PERSON, "厂方说明：外包设计，事先不知情，已下架（虚构）")


def silent(stage: Stage, case: Case) -> None:
    """The owner said nothing within his days."""
    _hear(stage, case, HearingWay.SILENT, "已两次电话告知，期满未作说明（虚构）")


def _hear(stage: Stage, case: Case, way: HearingWay, said: str) -> None:
    stage.do("hear_in_case", case_id=case.case_id, way=way, statement=said)


def decide(*, uphold: bool) -> Step:
    """The reviewer decides the finding."""
    reason = "两人对照后一致认定近似（虚构）" if uphold else "图形为通用装饰线，不近似（虚构）"

    def step(stage: Stage, case: Case) -> None:
        stage.do(
            "decide_in_case", stage.people.reviewer, case_id=case.case_id, uphold=uphold,
            reason=reason,
        )  # fmt: skip

    return step


def opened(origin: Origin) -> Step:
    """The office opens a case nobody complained of."""
    facts: dict[str, Any] = {
        "origin": origin,
        "statement": "图形疑似近似受保护商标，待核对（虚构）",
    }

    def step(stage: Stage, case: Case) -> None:
        case.case_id = stage.do("open_case", store_id=case.store_id, item=case.item, **facts)

    return step


def assign(stage: Stage, case: Case) -> None:
    """The case is given to the officer."""
    officer = stage.people.officer.account_id
    stage.do("assign_case", case_id=case.case_id, officer_id=officer)
