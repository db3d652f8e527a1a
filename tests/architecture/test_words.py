"""Everything shown has its words: both languages, every kind, every refusal, every message."""

from __future__ import annotations

import ast
import importlib
import string
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

from marketplace.base.words import has_key, keys
from tests.architecture.sources import Module, argument, called, literals, modules

ERRORS = {"Refused", "NotAllowed", "NotFound", "Conflict", "MarketplaceError"}
# Faults are values with the code at this position and the facts at the other (None: by name).
FAULTS = {"Fault": (1, 2), "IdFault": (0, 1), "RowFault": (1, 3)}
# Kinds no person ever reads.
UNSHOWN = {"Reach", "JobStatus"}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@cache
def enums() -> dict[str, type[StrEnum]]:
    """Return every StrEnum of the package by name; faces are left out, they import servers."""
    found: dict[str, type[StrEnum]] = {}
    for module in modules():
        if module.place.startswith("marketplace/faces") or "class " not in module.text:
            continue
        names = [
            node.name
            for node in module.tree.body
            if isinstance(node, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id == "StrEnum" for base in node.bases)
        ]
        if names:
            dotted = (
                module.place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            )
            loaded = importlib.import_module(dotted)
            found |= {name: getattr(loaded, name) for name in names}
    return found


def shown_enums() -> set[str]:
    """Return the kinds people read: those with words already, and every kind of a feature."""
    worded = {key.split(".")[1] for key in keys("zh") if key.startswith("enum.")}
    of_features = {
        name for name, kind in enums().items() if kind.__module__.endswith((".kinds", "tables"))
    }
    return (worded & set(enums())) | (of_features - UNSHOWN)


def raised() -> Iterator[tuple[Module, ast.Call, str, set[str] | None]]:
    """Give each error or fault made in code: its code and the facts' names, None if unknown."""
    for module in modules():
        for call in module.calls():
            name = called(call)
            if name in ERRORS:
                codes, facts = literals(argument(call, 0, "code")), keyword_names(call)
            elif name in FAULTS:
                at_code, at_facts = FAULTS[name]
                codes = literals(argument(call, at_code, "code"))
                facts = dict_names(argument(call, at_facts, "facts"))
            else:
                continue
            for code in codes:
                yield module, call, code, facts


def keyword_names(call: ast.Call) -> set[str] | None:
    if any(k.arg is None for k in call.keywords):
        return None
    return {k.arg for k in call.keywords if k.arg}


def dict_names(node: ast.expr | None) -> set[str] | None:
    match node:
        case None:
            return set()
        case ast.Dict(keys=named) if all(isinstance(k, ast.Constant) for k in named):
            return {str(k.value) for k in named if isinstance(k, ast.Constant)}
    return None


def test_both_languages_have_the_same_keys():
    zh, en = set(keys("zh")), set(keys("en"))
    assert sorted(zh ^ en) == []


def test_both_languages_fill_the_same_placeholders():
    zh, en = keys("zh"), keys("en")
    found = [k for k in zh if k in en and placeholders(zh[k]) != placeholders(en[k])]
    assert sorted(found) == []


def test_chinese_sentences_are_chinese_and_calm():
    shouting = [key for key, text in keys("zh").items() if "!" in text or "！" in text]
    assert shouting == []


def test_every_kind_people_read_has_a_label_for_every_member():
    missing = [
        f"enum.{name}.{member.value}"
        for name in sorted(shown_enums())
        for member in enums()[name]
        if not has_key(f"enum.{name}.{member.value}")
    ]
    assert missing == []


def test_no_label_is_left_of_a_member_that_is_gone():
    known = {f"enum.{n}.{m.value}" for n, kind in enums().items() for m in kind}
    of_known = {k for k in keys("zh") if k.startswith("enum.") and k.split(".")[1] in enums()}
    assert sorted(of_known - known) == []


def test_every_refusal_has_words():
    missing: dict[str, str] = {}
    for module, call, code, _ in raised():
        if not has_key(f"error.{code}"):
            missing.setdefault(code, module.at(call))
    assert sorted(f"error.{code} ({place})" for code, place in missing.items()) == []


def test_every_refusal_carries_what_its_words_need():
    zh = keys("zh")
    found = []
    for module, call, code, facts in raised():
        needed = placeholders(zh.get(f"error.{code}", ""))
        if facts is not None and not needed <= facts:
            found.append(f"{module.at(call)} {code} lacks {sorted(needed - facts)}")
    assert found == []


# Function that says a sentence → what it puts before the key.
SAYS = {"say": "", "t": "", "tell": "cli."}


def test_every_sentence_code_says_exists_and_gets_its_facts():
    zh = keys("zh")
    found = []
    for module in modules():
        for call in module.calls():
            if called(call) not in SAYS or not call.args:
                continue
            facts = keyword_names(call)
            for text in literals(call.args[0]):
                key = SAYS[called(call)] + text
                if key not in zh:
                    found.append(f"{module.at(call)} {key} is not there")
                elif facts is not None and not placeholders(zh[key]) <= facts:
                    lacking = sorted(placeholders(zh[key]) - facts)
                    found.append(f"{module.at(call)} {key} lacks {lacking}")
    assert found == []


def test_every_message_code_has_words():
    found = [
        f"message.{code} ({module.at(call)})"
        for module in modules()
        for call in module.calls()
        if called(call) == "notify"
        for code in literals(argument(call, 99, "code"))
        if not has_key(f"message.{code}")
    ]
    assert found == []


def test_every_action_of_the_trail_has_words():
    """Named in place; those that are put together are told by the trail of the demo."""
    found = [
        f"action.{action} ({module.at(call)})"
        for module in modules()
        for call in module.calls()
        if called(call) == "record"
        for action in literals(argument(call, 99, "action"))
        if not has_key(f"action.{action}")
    ]
    assert found == []


def test_the_scan_sees_refusals_and_kinds():
    assert {"Role", "FindingStatus"} <= set(enums())
    assert "stale" in {code for _, _, code, _ in raised()}


def test_every_fault_of_a_feature_names_its_field_in_words():
    """Else two empty fields are answered by "请填写。" twice, and nobody knows which."""
    nameless = sorted(
        {
            f"{place} ({module.at(call)})"
            for module in modules()
            if module.place.startswith("marketplace/features")
            for call in module.calls()
            if called(call) == "Fault"
            for place in literals(call.args[0] if call.args else None)
            if place and not has_key(f"field.{place}")
        }
    )
    assert nameless == []
