"""Fictional names. Every firm carries （虚构） so that none can be taken for a real one."""

from __future__ import annotations

import random

from marketplace.base.identifiers import uscc_check_digit

FIRST = (
    "白塘", "沐风", "海雁", "禾木", "云栈", "星屿", "岚峰", "青榕", "枫亭", "荔影", "木兰", "壶山",
    "远帆", "宁潮", "石桥", "山夏", "北岸", "潮生", "鹿鸣", "南屿",
)  # fmt: skip
SECOND = ("里", "步", "行", "舟", "屿", "汐", "岚", "渡", "拓", "笙", "澜", "月")
KINDS = ("鞋业有限公司", "制鞋厂", "鞋服有限公司", "轻工有限公司", "体育用品有限公司")
SURNAMES = ("林", "陈", "黄", "郑", "吴", "许", "蔡", "张", "郭", "方")
TOWNS = {
    "350302": ("城厢区", ("华亭镇", "灵川镇", "东海镇")),
    "350303": ("涵江区", ("江口镇", "白塘镇", "三江口镇", "梧塘镇")),
    "350304": ("荔城区", ("新度镇", "北高镇", "黄石镇")),
    "350305": ("秀屿区", ("笏石镇", "东庄镇")),
    "350322": ("仙游县", ("枫亭镇", "榜头镇")),
}
ROADS = ("荔园路", "工业路", "滨海大道", "兴业街")

# The drawn shoes: brand key in the picture's file name, Chinese and English name.
PICTURED_BRANDS = (
    ("mulansheng", "木兰笙", "MULAN SHENG"),
    ("mufengtuo", "沐风拓", "MUFENG TUO"),
    ("haiyanlan", "海雁岚", "HAIYAN LAN"),
    ("hemuzhou", "禾木舟", "HEMU ZHOU"),
    ("yunzhanli", "云栈里", "YUNZHAN LI"),
    ("xingyulan", "星屿澜", "XINGYU LAN"),
    ("lanfengchi", "岚峰驰", "LANFENG CHI"),
    ("qingrongdu", "青榕渡", "QINGRONG DU"),
    ("fengtinglu", "枫亭鹿", "FENGTING LU"),
    ("liyingbu", "荔影步", "LIYING BU"),
    ("hushanyue", "壶山月", "HUSHAN YUE"),
    ("baitangzhou", "白塘洲", "BAITANG ZHOU"),
)
MODELS = (
    ("晨雾", "Morning Mist"), ("夜行", "Night Walk"), ("岸线", "Shoreline"), ("石坡", "Stone Slope"),
    ("海图", "Sea Chart"), ("青苔", "Moss"), ("山口", "Pass"), ("小雁", "Little Goose"),
    ("潮间", "Tideland"), ("灯塔", "Lighthouse"), ("盐田", "Salt Field"), ("谷雨", "Grain Rain"),
    ("岩径", "Rock Trail"), ("平步", "Level Step"), ("溪石", "Creek Stone"), ("风标", "Vane"),
    ("退潮", "Ebb"), ("松果", "Pine Cone"), ("木桥", "Wood Bridge"), ("云脚", "Cloud Foot"),
)  # fmt: skip
# What the makers tell, in their own words; published with their consent. Brand key → Chinese, English.
MAKER_STORIES = {
    "mulansheng": (
        "“以前图纸是别人的，出了错也不知道为什么。现在纸样一刀一刀都是我们改的。”",
        (
            "“The drawings used to be somebody else’s, and when a shoe went wrong nobody knew why. Now "
            "every cut of the pattern is ours.”"
        ),
    ),
    "mufengtuo": (
        "一副楦，改了十一次。中帮篮球鞋的脚背比旧楦高 4 毫米，是照着 60 位本地球员的脚量的。",
        (
            "One last, changed eleven times. The instep is 4 mm higher than before, measured on the feet "
            "of 60 local players."
        ),
    ),
    "haiyanlan": (
        "鞋底拆开给人看。五层，每层写明供应商和批号。以前不敢写，现在印在鞋盒里。",
        (
            "We take the sole apart for you: five layers, each with its supplier and batch, printed "
            "inside the box."
        ),
    ),
    "hemuzhou": (
        "做了十九年代工，第一双署自己名字的鞋只卖了八百双。退货的三十一双，我们一双一双拆开看。",
        (
            "After nineteen years of contract work the first shoe with our own name sold 800 pairs. We "
            "took all 31 that came back apart, one by one."
        ),
    ),
    "yunzhanli": (
        "女儿学的是版型。她回来那年，我们把样品间从二楼搬到了一楼，谁来都能看。",
        (
            "My daughter studied pattern making. The year she came home we moved the sample room to the "
            "ground floor, where anybody can look."
        ),
    ),
    "xingyulan": (
        "鞋面的海浪纹是自己画的，画稿存着日期，一共四十二张。",
        "The waves on the upper are our own drawing: forty-two sheets, each with its date.",
    ),
    "lanfengchi": (
        "徒步鞋在壶公山上试穿了一个冬天，磨坏的十二双都留着。",
        "The hiking shoe was worn on Hugong mountain for a winter. We kept all twelve worn-out pairs.",
    ),
    "qingrongdu": (
        "帆布是本地织的，染料换了三家，洗二十次不掉色才定下来。",
        (
            "The canvas is woven nearby. We tried three dyers, until it kept its color through twenty "
            "washes."
        ),
    ),
}
SHOES = {
    "run": ("跑步鞋", "running shoe", 29900),
    "court": ("板鞋", "court shoe", 25900),
    "canvas": ("帆布鞋", "canvas shoe", 16900),
    "bball": ("篮球鞋", "basketball shoe", 42900),
    "hike": ("徒步鞋", "hiking shoe", 46900),
    "kid": ("儿童运动鞋", "children's sports shoe", 18900),
}
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def make_uscc(rng: random.Random, region: str) -> str:
    """Return a code with a right check digit for a firm that does not exist."""
    head = f"91{region}MA" + "".join(rng.choice(_ALPHABET) for _ in range(7))
    return head + uscc_check_digit(head + "0")


def firm_names(rng: random.Random, count: int) -> list[str]:
    """Return distinct fictional firm names without the 莆田市 prefix."""
    pairs = [f + s for f in FIRST for s in SECOND]
    rng.shuffle(pairs)
    return [f"{pair}{rng.choice(KINDS)}" for pair in pairs[:count]]


def person_name(rng: random.Random) -> str:
    """Return a surname with a placeholder given name."""
    return rng.choice(SURNAMES) + "×" * rng.choice((1, 2))
