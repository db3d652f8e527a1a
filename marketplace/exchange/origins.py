"""Reads where a complaint comes from out of the words departments and platforms write.

Pure. A word that fits two origins, or none, is no origin: then a person says it for the file.
"""

from __future__ import annotations

from collections.abc import Mapping

from marketplace.base.text import normalize
from marketplace.base.words import LANGUAGES, label
from marketplace.features.enforcement.kinds import Origin

# Whatever contains one of these is of that origin, unless it also names another one.
# 12315: the hotline and platform for consumers' complaints of the market regulator.
_WORDS: Mapping[Origin, tuple[str, ...]] = {
    Origin.PROACTIVE_MODEL: ("主动识别", "主动发现", "模型", "系统识别", "proactive", "model"),
    Origin.RIGHT_HOLDER: (
        "权利人", "商标权人", "品牌方", "知识产权", "right holder", "brand owner",
    ),
    Origin.CONSUMER: ("消费者", "12315", "12345", "买家", "consumer", "buyer", "customer"),
    Origin.INSPECTION: ("巡查", "检查", "核查", "抽查", "inspection", "inspector"),
    Origin.APPRAISAL: ("鉴定", "抽检", "检测", "appraisal"),
}  # fmt: skip


def origin_of(written: str) -> Origin | None:
    """Return the origin a text names, by its key, its label or a known word; or None."""
    text = normalize(written).casefold()
    if not text:
        return None
    exact = _EXACT.get(text.replace(" ", "_")) or _EXACT.get(text)
    if exact is not None:
        return exact
    found = {origin for origin, words in _WORDS.items() if any(w in text for w in words)}
    return found.pop() if len(found) == 1 else None


_EXACT: Mapping[str, Origin] = {
    **{label(origin, lang).casefold(): origin for origin in Origin for lang in LANGUAGES},
    **{origin.value: origin for origin in Origin},
}
