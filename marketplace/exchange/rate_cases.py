"""Answers a file of questions about rates: `rates`. One bad question never spoils the rest."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from marketplace.base.errors import Fault, Invalid
from marketplace.base.words import Lang, say
from marketplace.features.compliance.rules.rates import (
    RATE_METHODS,
    RATIO_METHODS,
    TEST_METHODS,
    RateError,
    TwoRates,
    funnel_limits,
    rate_ci,
    rate_ratio_ci,
    rate_ratio_p,
)

Answer = dict[str, float | str | None]

# The conditional interval has several names in the field.
_EXACT_NAMES = {"exact", "exact-conditional", "exact-cond", "conditional"}
_LARGEST = 10**15  # up to here a double holds every whole number
_SMALLEST_TAIL = 1e-9  # nearer to 0 or 1 a level is a slip of the pen, not a question
# scipy and R say less and greater, statsmodels smaller and larger.
_ALTERNATIVES = {"less": "smaller", "greater": "larger"}


def answer_cases(content: bytes, lang: Lang) -> dict[str, Answer]:
    """Return name → {field: number}; a case that cannot be answered has `error` alone.

    A case without a name stands under its place, as `[3]`; two different questions under one name
    have an error instead of the answer to one of them. A bound that does not exist is null: JSON
    has no infinity.

    Raises:
        Invalid: when the file as a whole is no list of {name, kind, input}.
    """
    try:
        cases = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid([Fault("in", "rates_not_json")]) from error
    if not isinstance(cases, list):
        raise Invalid([Fault("in", "rates_not_list")])
    return _answer_all(cases, lang)


def _answer_all(cases: list[Any], lang: Lang) -> dict[str, Answer]:
    names = [_name(case) for case in cases]
    answers: dict[str, Answer] = {}
    for number, (name, case) in enumerate(zip(names, cases, strict=True), start=1):
        if name is None:
            place = f"[{number}]"
            place += "*" * (place in names)
            answers[place] = _refused("name_missing", lang)
        elif name not in answers:
            answers[name] = _answer(case, lang)
        elif case != cases[first := names.index(name)]:  # the same asked twice has one answer
            answers[name] = _refused("name_repeated", lang, first=first + 1, again=number)
    return answers


def _name(case: object) -> str | None:
    name = case.get("name") if isinstance(case, dict) else None
    return name if isinstance(name, str) and name.strip() else None


def _refused(code: str, lang: Lang, **facts: object) -> Answer:
    return {"error": say(f"rates.{code}", lang, **facts)}


def _answer(case: Mapping[str, Any], lang: Lang) -> Answer:
    try:
        kind, given = case.get("kind"), case.get("input")
        if kind is None:
            raise RateError("kind_missing", known=", ".join(_KINDS))
        solve = _KINDS.get(str(kind))
        if solve is None:
            raise RateError("kind_unknown", kind=str(kind), known=", ".join(_KINDS))
        if not isinstance(given, dict):
            raise RateError("input_missing")
        found = solve(given)
    except RateError as error:
        return _refused(error.code, lang, **error.facts)
    return {field: _number(value) for field, value in found.items()}


def _rate_ci(given: Mapping[str, Any]) -> Mapping[str, float | None]:
    count, exposure = _count(given, "count"), _exposure(given, "exposure")
    lower, upper = rate_ci(count, exposure, _level(given), _method(given, RATE_METHODS))
    return {"rate": count / exposure, "lower": lower, "upper": upper}


def _ratio_ci(given: Mapping[str, Any]) -> Mapping[str, float | None]:
    rates = _two(given)
    method = _method(given, RATIO_METHODS)
    method = "exact" if method in _EXACT_NAMES else method
    lower, upper = rate_ratio_ci(rates, _level(given), method)
    return {"rr": rates.ratio, "lower": lower, "upper": upper}


def _ratio_test(given: Mapping[str, Any]) -> Mapping[str, float | None]:
    null = _positive(given, "null_ratio", default=1.0)
    alternative = _spelled(given, "alternative", default="two-sided")
    alternative = _ALTERNATIVES.get(alternative, alternative)
    return {"p": rate_ratio_p(_two(given), null, alternative, _method(given, TEST_METHODS))}


def _funnel(given: Mapping[str, Any]) -> Mapping[str, float | None]:
    return funnel_limits(
        _real(given, "expected_count"), _positive(given, "target", default=1.0)
    )


def _method(given: Mapping[str, Any], known: tuple[str, ...]) -> str:
    if given.get("method") is None:
        raise RateError("method_missing", known=", ".join(known))
    return _spelled(given, "method")


def _spelled(given: Mapping[str, Any], field: str, *, default: str | None = None) -> str:
    """Return a name in the one spelling used here: small letters, hyphens, `midp` in one word."""
    text = str(given.get(field, default)).strip().casefold()
    return "-".join(text.replace("_", " ").replace("-", " ").split()).replace("mid-p", "midp")


def _two(given: Mapping[str, Any]) -> TwoRates:
    return TwoRates(
        count1=_count(given, "count1"),
        exposure1=_exposure(given, "exposure1"),
        count2=_count(given, "count2"),
        exposure2=_exposure(given, "exposure2"),
    )


def _real(given: Mapping[str, Any], field: str, *, default: float | None = None) -> float:
    value = given.get(field, default)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or (isinstance(value, float) and not math.isfinite(value))
    ):
        raise RateError("number_missing", field=field)
    if abs(value) > _LARGEST:
        raise RateError("number_too_large", field=field, largest=f"{_LARGEST:.0e}")
    return float(value)


def _positive(given: Mapping[str, Any], field: str, *, default: float | None = None) -> float:
    value = _real(given, field, default=default)
    if value <= 0:
        raise RateError("number_not_positive", field=field)
    return value


def _count(given: Mapping[str, Any], field: str) -> int:
    value = _real(given, field)
    if value < 0 or not value.is_integer():
        raise RateError("count_not_whole", field=field)
    return int(value)


def _exposure(given: Mapping[str, Any], field: str) -> float:
    value = _positive(given, field)
    if value < 1 / _LARGEST:
        raise RateError("number_too_small", field=field, smallest=f"{1 / _LARGEST:.0e}")
    return value


def _level(given: Mapping[str, Any]) -> float:
    level = _real(given, "level", default=0.95)
    if 1 < level < 100:
        raise RateError("level_in_percent", level=f"{level:g}", share=f"{level / 100:g}")
    if not _SMALLEST_TAIL < level < 1 - _SMALLEST_TAIL:
        raise RateError("level_outside", level=level)
    return level


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, float | None]]] = {
    "rate_ci": _rate_ci,
    "rate_ratio_ci": _ratio_ci,
    "rate_ratio_test": _ratio_test,
    "funnel_limits": _funnel,
}
