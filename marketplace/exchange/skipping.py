"""Decides which rows below the heading are no data: totals, remarks, signatures, sections.

A row that carries a well-formed code is data whatever else it says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from marketplace.base.identifiers import check_uscc, clean_uscc
from marketplace.base.sheets import Cell
from marketplace.base.sheets.cells import is_blank
from marketplace.exchange.columns import ColumnMapping
from marketplace.exchange.faults import shown
from marketplace.exchange.fields import ANCHORS
from marketplace.exchange.heading import Located
from marketplace.exchange.headwords import heading_key
from marketplace.exchange.kinds import SkipReason
from marketplace.exchange.plain import plain as normalize

_TOTAL = re.compile(
    r"(?:[一二三四五六七八九十\d]{1,2}[、.])?(?:其中|本页|本表|全市|全县|全区|[\u4e00-\u9fff\d]{1,9}(?:区|县|市|镇|乡|街道|年度?|季度?|月份?|局))?"
    r"(?:合计|小计|总计|共计|累计|总数|汇总|平均|平均值|均值|占比|grandtotal|subtotal|total|sum|average)"
    r"(?:数|家数|值)?(?:[::]|[(（])?(?:共?\d[\d,.]*(?:家|户|个|双|万双|人|条|件)?(?:企业|鞋企)?)?[)）]?"
    r"|.{1,15}(?:合计|小计|总计)|(?:合计|小计|总计)(?:[(（][^()（）]{1,12}[)）]|[::].{0,40})"
)
_COUNT = re.compile(r"(?:以上)?(?:合计|共计|共有|共)\d+(?:家|户|个|条|件)(?:企业|鞋企)?[.。]?")
# 1家 in the column of names, beside 其中：规上企业.
_COUNTED = re.compile(r"共?\d+(?:家|户|个|条|件|款|双|人)")
_REMARK = re.compile(
    r"(?:注|备注|说明|附注|附|填表说明|填报说明|填报人|填表人|制表人?|审核人?|复核人?|联系人|联系电话"
    r"|单位负责人|分管领导|主管领导|经办人|负责人|填报日期|填报时间|填报单位|填报|制表日期|制表单位|打印日期|打印时间|数据来源|资料来源|来源|统计口径|统计时间|报送单位|报送日期|note|notes|remark|remarks"
    r"|source|preparedby|reviewedby)\d?(?:[(（][^)）]{1,8}[)）])?[::].*|(?:数据截至|dataasof|asof)\d{4}.*|[*※].+|(?:以上|以下)(?:数据|名单|内容).*|.*以下空白.*|.*本页无正文.*|第\d+页.*|page\d+.*",
    re.DOTALL,
)
_BARE_REMARK = re.compile(r"(?:填表|填报)?(?:说明|备注|附注|注)[::]?")
_SEALED = re.compile(r"[^\d]{0,30}[(（](?:盖章|公章|印章|签章|签字|签名|章)[)）].{0,20}")
# 2、产能按设计产能填报: what stands alone in the column of names and is no name.
_SENTENCE = re.compile(
    r"[(（]?[\d一二三四五六七八九十]{1,2}[)）、.:].+|.*[。;!?].*|.{4,},.{4,}"
)
_PLACE = re.compile(
    r"(?:[一二三四五六七八九十\d]{1,2}[、.])?[\u4e00-\u9fff]{1,8}(?:区|县|市|镇|乡|街道|管委会)"
    r"(?:[(（].{1,12}[)）])?[::]?"
)
_ORDINAL = re.compile(r"[(]?[一二三四五六七八九十\d]{1,3}[)、.]?")
_ASKED = re.compile(r"[(（]?(?:必填|选填|非必填|可选|可不填|自动).{0,30}", re.DOTALL)
_EXAMPLE = re.compile(r"[(\[【]?(?:示例|样例|填写示例|填报示例|example)[)\]】::]?.*", re.DOTALL)
_CODE = re.compile(r"[0-9A-Z]{18}")
_LABEL = re.compile(r"[^\d:：]{2,14}[:：].{0,30}|[(（][^()（）\d]{1,12}[)）]", re.DOTALL)
_DAY = re.compile(r"(?:\d{4}|20xx)?年?[\d.\-/x]{0,6}月?\d{0,2}日?")
_WRITTEN_DAY = re.compile(r"20\d{2}(?:年|[-./])\d{1,2}(?:月|[-./])(?:\d{1,2}日?)?")
_ASKING = re.compile(r"[^\d:：]{2,14}[:：]")
_DATED = re.compile(r"(?:制表|填表|填报|编制|打印|报送|上报|导出)(?:日期|时间)[:：]?")
_FIRM = re.compile(
    r".{2,}(?:公司|厂|合作社|经营部|商行|作坊|工作室|加工点|鞋行|鞋店)(?:\(.*\))?"
)
_COMPARED = re.compile(
    r".{0,6}(?:同比|环比|比上年|较上年|增长率?|增速|增幅|增减|占比|比重|累计占比|比例)(?:增长|增减|[±+%(（)）])*[::]?"
)
_PERCENT = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?|[-/—]")
_ISSUED = re.compile(
    r"(?:\d{4}|[〇零一二三四五六七八九○]{4})年[\d一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?"
)
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_FEWEST_NUMBERED = 3
_SHORT = 20
_CALLED_EXAMPLE = re.compile(r"[(\[【](?:填写|填报)?(?:示例|样例|example)[)\]】]")
_NUMBER = re.compile(r"\d+(?:\.0)?")


def why_skipped(row: Sequence[Cell], index: int, located: Located) -> SkipReason | None:
    """Return why a row is no data row, or None when it is one (or quite blank).

    Args:
        row: its cells.
        index: its 0-based place in the sheet.
        located: the heading above it.
    """
    filled = [(i, _key(cell)) for i, cell in enumerate(row) if not is_blank(cell)]
    if not filled:
        return None
    if _is_example(row, located.mapping):
        return SkipReason.EXAMPLE
    if _has_code(row, located.mapping):
        return None
    texts = [text for _, text in filled]
    if _are_column_numbers(texts):
        return SkipReason.COLUMN_NUMBERS
    if _repeats_heading(row, located):
        return SkipReason.REPEATED_HEADER
    if _is_total(filled, located) or _is_comparison(filled, located):
        return SkipReason.TOTAL
    if _is_remark(texts) or _is_signature(filled, located) or _is_issued(texts):
        return SkipReason.REMARK
    return _why_alone(filled, index, located) or _why_unmapped(filled, located)


def _are_column_numbers(texts: Sequence[str]) -> bool:
    """甲 乙 1 2 3 below a heading, as statistical forms number their columns."""
    plain = [text.strip("()[]【】") for text in texts]
    letters = [text for text in plain if len(text) == 1 and text in _STEMS]
    numbers = [int(text) for text in plain if re.fullmatch(r"\d{1,2}", text)]
    known = len(letters) + len(numbers) == len(plain) >= _FEWEST_NUMBERED
    in_turn = numbers == list(range(1, len(numbers) + 1))
    return known and in_turn and "".join(letters) in _STEMS


def _is_total(filled: list[tuple[int, str]], located: Located) -> bool:
    """A word for a total in one of the first cells; right of a firm's name it is a remark."""
    name = located.mapping.find("name")
    for index, text in filled[:4]:
        if name is not None and index == name.index:
            if _FIRM.fullmatch(text):
                return False
            if _COUNTED.fullmatch(text):
                return True
        if _TOTAL.fullmatch(text) or _COUNT.fullmatch(text):
            return True
    return False


def _is_comparison(filled: list[tuple[int, str]], located: Located) -> bool:
    """同比增长 5% 3%: a word for a comparison, and nothing but figures beside it."""
    subject = {
        use.index for use in located.mapping.columns if use.field in ANCHORS[located.kind]
    }
    (index, first), *rest = filled
    words = _COMPARED.fullmatch(first) is not None
    figures = all(_PERCENT.fullmatch(text) and i not in subject for i, text in rest)
    return words and figures and (bool(rest) or index in subject)


def _is_issued(texts: Sequence[str]) -> bool:
    """A line that is one written-out day is when the list was made."""
    return len(texts) == 1 and _ISSUED.fullmatch(texts[0]) is not None


def _is_remark(texts: Sequence[str]) -> bool:
    if _REMARK.fullmatch(texts[0]):
        return len(texts) <= 2 or all(_REMARK.fullmatch(text) for text in texts)
    if _BARE_REMARK.fullmatch(texts[0]) and len(texts) <= 2:
        return True
    sealed = any(_SEALED.fullmatch(text) for text in texts)
    asked = all(_ASKED.fullmatch(text) for text in texts)
    return (sealed and len(texts) <= 3) or (asked and len(texts) >= 2)


def _why_alone(
    filled: list[tuple[int, str]], index: int, located: Located
) -> SkipReason | None:
    """A line that is one cell of words: a place or a sentence, or one cell over many columns."""
    name = located.mapping.find("name")
    if len(filled) > 1 and (name is None or not _is_numbered(filled, name.index)):
        return None
    column, text = filled[-1]
    if _PLACE.fullmatch(text):
        return SkipReason.SECTION
    if len(filled) > 1:
        return None
    is_name = name is not None and name.index == column
    wide = any(
        area.top == index and area.left == column and area.right - area.left >= 2
        for area in located.sheet.merged
    )
    if wide or (is_name and _SENTENCE.fullmatch(text)):
        return SkipReason.SECTION if len(text) <= _SHORT else SkipReason.REMARK
    return None


def _is_numbered(filled: list[tuple[int, str]], name_index: int) -> bool:
    """一 | 新度镇: words in the column of names and a numeral before them."""
    (first, numeral), *rest = filled
    return (
        len(rest) == 1
        and rest[0][0] == name_index > first
        and _ORDINAL.fullmatch(numeral) is not None
    )


def _is_signature(filled: list[tuple[int, str]], located: Located) -> bool:
    """A line that names no subject and holds only labels, seals and dates, as 负责人（签字） does."""
    subject = {
        use.index for use in located.mapping.columns if use.field in ANCHORS[located.kind]
    }
    first = filled[0][0]
    if _are_labels_with_values([text for _, text in filled]):
        return True
    named = [
        i
        for i, text in filled
        if i in subject and not (_LABEL.fullmatch(text) or _WRITTEN_DAY.fullmatch(text))
    ]
    if named or not any(_LABEL.fullmatch(text) for _, text in filled):
        return False
    return len(filled) <= 4 and all(
        _LABEL.fullmatch(text) or _DAY.fullmatch(text) or (i != first and len(text) <= 4)
        for i, text in filled
    )


def _are_labels_with_values(texts: Sequence[str]) -> bool:
    """单位负责人： | 林× | 填表人： | 陈×, or 制表日期 | 2025年3月5日."""
    if len(texts) == 2 and _DATED.fullmatch(texts[0]) and _WRITTEN_DAY.fullmatch(texts[1]):
        return True
    labels = [_ASKING.fullmatch(text) is not None for text in texts]
    both_values = any(not a and not b for a, b in pairwise(labels))
    return labels[0] and sum(labels) >= 2 and not both_values


def _why_unmapped(filled: list[tuple[int, str]], located: Located) -> SkipReason | None:
    """Rows in which no field that is read has anything: a section line or a bare number."""
    read = {use.index for use in located.mapping.columns}
    if any(index in read for index, _ in filled):
        return None
    if all(_NUMBER.fullmatch(text) for _, text in filled):
        return SkipReason.NUMBER_ONLY
    return SkipReason.SECTION if len(filled) == 1 else None


def _repeats_heading(row: Sequence[Cell], located: Located) -> bool:
    same = total = 0
    for index, heading in enumerate(located.headings):
        if index < len(row) and not is_blank(row[index]):
            total += 1
            same += heading_key(shown(row[index])) in {heading_key(part) for part in heading}
    return total >= 2 and same >= 0.8 * total


def _is_example(row: Sequence[Cell], mapping: ColumnMapping) -> bool:
    """A line that shows how to fill in the list; a code that holds makes it a firm.

    Unless it is called so in brackets: an example may well show a code that holds.
    """
    name = mapping.find("name")
    if name is None or name.index >= len(row) or not _EXAMPLE.match(_key(row[name.index])):
        return False
    if _CALLED_EXAMPLE.match(_key(row[name.index])):
        return True
    use = mapping.find("uscc")
    code = row[use.index] if use is not None and use.index < len(row) else None
    return check_uscc(clean_uscc(shown(code))) is not None


def _has_code(row: Sequence[Cell], mapping: ColumnMapping) -> bool:
    use = mapping.find("uscc")
    if use is None or use.index >= len(row):
        return False
    return _CODE.fullmatch(clean_uscc(shown(row[use.index]))) is not None


def _key(cell: Cell) -> str:
    return re.sub(r"\s+", "", normalize(shown(cell))).casefold()
