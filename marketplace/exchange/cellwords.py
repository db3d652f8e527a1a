"""The words people write for nothing, for yes and for no, and those a spreadsheet writes for errors."""

from __future__ import annotations

import re

from marketplace.base.sheets import UNCALCULATED, Cell
from marketplace.exchange.plain import plain as normalize

_NOTHING = frozenset(
    [
        "无",
        "没有",
        "暂无",
        "未知",
        "不详",
        "不明",
        "待查",
        "待补",
        "待补充",
        "待定",
        "待核",
        "待核实",
        "待确认",
        "未填",
        "未填报",
        "未提供",
        "未登记",
        "未办理",
        "办理中",
        "暂缺",
        "缺",
        "空",
        "-",
        "--",
        "—",
        "——",
        "/",
        "//",
        "\\",
        ".",
        "、",
        "…",
        "...",
        "n/a",
        "n.a.",
        "na",
        "nil",
        "none",
        "null",
        "unknown",
        "tbd",
        "?",
        "？",
        "（空）",
        "(空)",
        "（空白）",
        "(空白)",
        "[空]",
        "(blank)",
        "blank",
    ]
)
# 暂未办理, 正在办理中, 未办证, 无营业执照: said in more words.
_NOTHING_AT_LENGTH = re.compile(
    r"(?:暂|尚|目前|还|正在|仍)*(?:未|没有?|无|缺|正在)?(?:申请|申领|办理?|取得|登记|领取|注册|提供|填写?|补)"
    r"(?:营业执照|执照|证照|证|照|代码|信用代码|手续)?(?:中)?"
    r"|(?:营业执照|执照|证照|证|代码|信用代码|手续)?(?:正在|尚在|还在|在)?(?:办理|申请|申领|补办|换领|变更)中"
    r"|待(?:办|办理|申领|取得|核发)"
    r"|(?:暂|尚|目前|还)*(?:未|没有?|无|缺)(?:营业执照|执照|证照|证|照|代码|信用代码|统一社会信用代码|电话|手机)"
)
YES = frozenset(
    [
        "是",
        "有",
        "规上",
        "规模以上",
        "规上企业",
        "已",
        "对",
        "√",
        "✓",
        "✔",
        "y",
        "yes",
        "true",
        "t",
        "1",
        "是的",
        "属于",
        "☑",
        "✅",
        "■",
        "v",
        "在规",
        "四上",
        "四上企业",
        "规上工业",
        "规上工业企业",
        "规模以上工业",
        "规模以上工业企业",
        "规模以上企业",
        "入规",
        "已入规",
        "已入库",
        "已纳规",
        "已上规",
        "已达规",
        "above",
        "above-scale",
    ]
)
NO = frozenset(
    [
        "否",
        "无",
        "没有",
        "规下",
        "规模以下",
        "非规上",
        "不是",
        "未",
        "×",
        "x",
        "✗",
        "✘",
        "n",
        "no",
        "false",
        "f",
        "0",
        "不属于",
        "小微",
        "小微企业",
        "☐",
        "□",
        "✕",
        "✖",
        "╳",
        "☒",
        "规下企业",
        "规下工业",
        "规模以下企业",
        "规模以下工业",
        "非规上企业",
        "非四上",
        "非规模以上",
        "非规",
        "未入规",
        "未入库",
        "未纳规",
        "未上规",
        "未达规",
        "不在规",
        "不是规上",
        "below",
    ]
)
# What a spreadsheet shows where a formula failed.
_ERRORS = frozenset(
    [
        "#ref!",
        "#value!",
        "#div/0!",
        "#name?",
        "#null!",
        "#num!",
        "#spill!",
        "#calc!",
        "#n/a",
        UNCALCULATED.casefold(),
    ]
)


def is_nothing(cell: Cell) -> bool:
    """Tell whether a cell is blank or says that there is no value."""
    if not isinstance(cell, str):
        return cell is None
    text = normalize(cell).casefold()
    return not text or text in _NOTHING or _NOTHING_AT_LENGTH.fullmatch(text) is not None


def is_error(cell: Cell) -> bool:
    """Tell whether a formula failed here or was never worked out: nobody knows the value."""
    return isinstance(cell, str) and normalize(cell).casefold() in _ERRORS
