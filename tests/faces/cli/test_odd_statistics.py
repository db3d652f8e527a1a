"""`rates` and `its` on files nobody tidied: an answer, or a sentence naming the place; no traceback."""

from __future__ import annotations

import json
import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from marketplace.base.errors import Invalid, Refused
from marketplace.exchange.rate_cases import answer_cases
from marketplace.exchange.series_file import read_series
from marketplace.faces.cli.main import main
from marketplace.features.compliance.rules.rates import RateError
from marketplace.features.compliance.rules.timeseries import Point, fit_interrupted, fit_step

COLUMNS = {"count": "c", "exposure": "e", "step": "s", "time": "t"}
SOUND = {"count": 3, "exposure": 10, "level": 0.95, "method": "exact"}


def ask(kind: str, **given) -> dict:
    return answer_cases(
        json.dumps([{"name": "a", "kind": kind, "input": given}]).encode(), "en"
    )["a"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": 95}, "Write the level as a share: 95% is 0.95"),
        ({"level": 1}, "The level 1.0 must lie between 0 and 1"),
        ({"level": 0}, "The level 0.0 must lie between 0 and 1"),
        ({"level": "0.95"}, "level is no number"),
        ({"count": -1}, "count must be a whole number of 0 or more"),
        ({"count": 1.5}, "count must be a whole number of 0 or more"),
        ({"count": "3"}, "count is no number"),
        ({"count": True}, "count is no number"),
        ({"count": None}, "count is no number"),
        ({"count": math.nan}, "count is no number"),
        ({"count": 10**400}, "count is too large; at most 1e+15"),
        ({"exposure": 0}, "exposure must be above 0"),
        ({"exposure": -2}, "exposure must be above 0"),
        ({"exposure": math.inf}, "exposure is no number"),
        ({"exposure": 1e-300}, "exposure is too small; at least 1e-15"),
        (
            {"method": None},
            "method is missing; known: exact, byar, score, wald, jeffreys, midp",
        ),
    ],
)
def test_a_bad_field_is_named_with_what_is_wanted(change, said):
    assert ask("rate_ci", **{**SOUND, **change}) == {"error": said}


def test_the_second_exposure_is_named_and_a_target_of_nothing_refused():
    two = {"count1": 1, "exposure1": 1, "count2": 1, "exposure2": 0}
    found = ask("rate_ratio_ci", **two, level=0.95, method="exact")
    assert found == {"error": "exposure2 must be above 0"}
    assert ask("funnel_limits", expected_count=5, target=-1) == {
        "error": "target must be above 0"
    }
    assert set(ask("funnel_limits", expected_count=5)) == {"ll95", "ul95", "ll998", "ul998"}


def test_equal_zeros_and_one_zero_are_answers():
    none = {"count1": 0, "exposure1": 7, "count2": 0, "exposure2": 9}
    for method in ("exact", "midp"):
        assert ask("rate_ratio_ci", **none, level=0.95, method=method) == {
            "rr": None,
            "lower": 0.0,
            "upper": None,
        }
    assert ask("rate_ratio_test", **none, null_ratio=1, method="exact-cond") == {"p": 1.0}
    # P(X > 0) + P(X = 0) / 2, and nothing but X = 0 can happen
    for side in ("larger", "smaller"):
        one_sided = {"null_ratio": 1, "alternative": side, "method": "cond-midp"}
        assert ask("rate_ratio_test", **none, **one_sided) == {"p": 0.5}
    assert ask("rate_ratio_test", **none, null_ratio=1, method="cond-midp") == {"p": 1.0}
    # 5 against 0 in equal exposure: two-sided 2 / 2^5, without a warning
    five = {"count1": 5, "exposure1": 1, "count2": 0, "exposure2": 1}
    assert ask("rate_ratio_test", **five, null_ratio=1, method="exact-cond")["p"] == 0.0625


@pytest.mark.parametrize(
    ("counts", "fields"), [((0, 5), "count1"), ((5, 0), "count2"), ((0, 0), "count1, count2")]
)
def test_a_count_of_nothing_is_named_where_logarithms_are_taken(counts, fields):
    two = {"count1": counts[0], "exposure1": 7, "count2": counts[1], "exposure2": 9}
    for kind in ("rate_ratio_ci", "rate_ratio_test"):
        (told,) = ask(kind, **two, method="wald-log").values()
        assert told.startswith(f"{fields}: a count of 0")
    assert ask("funnel_limits", expected_count=0) == {"error": "expected_count must be above 0"}


@pytest.mark.parametrize(
    ("kind", "method", "same"),
    [
        ("rate_ratio_ci", "conditional exact", "exact"),
        ("rate_ratio_ci", "cond-midp", "midp"),
        ("rate_ratio_test", "exact conditional", "exact-cond"),
        ("rate_ratio_test", "exact", "exact-cond"),
        ("rate_ratio_test", "mid-p", "cond-midp"),
        ("rate_ratio_test", "log_wald", "wald-log"),
    ],
)
def test_a_name_that_can_mean_one_method_only_is_that_method(kind, method, same):
    two = {"count1": 60, "exposure1": 51477.5, "count2": 30, "exposure2": 54308.7}
    assert ask(kind, **two, method=method) == ask(kind, **two, method=same)
    for side in ("two.sided", "twosided", "Two Sided"):  # R writes two.sided
        found = ask("rate_ratio_test", **two, alternative=side, method="score")
        assert found == ask("rate_ratio_test", **two, method="score")


@pytest.mark.parametrize("method", ["exact", "byar", "score", "wald", "jeffreys", "midp"])
def test_huge_counts_come_near_the_normal_interval(method):
    found = ask("rate_ci", count=10**12, exposure=1, level=0.95, method=method)
    half = stats.norm.isf(0.025) * 10**6
    assert found["lower"] == pytest.approx(10**12 - half, abs=10)
    assert found["upper"] == pytest.approx(10**12 + half, abs=10)


@pytest.mark.parametrize(
    ("content", "places"),
    [
        (b"", ["in"]),
        (b"{}", ["in"]),
        (b"null", ["in"]),
        (b"\xff", ["in"]),
        (b"[" * 100_000, ["in"]),
    ],
)
def test_a_file_that_is_no_list_of_cases_is_refused_as_a_whole(content, places):
    with pytest.raises(Invalid) as refused:
        answer_cases(content, "en")
    assert [fault.place for fault in refused.value.faults] == places


def test_a_case_without_a_name_has_its_error_at_its_place_and_spoils_no_other():
    sound = {"name": "[2]", "kind": "rate_ci", "input": SOUND}
    cases = [5, None, {"name": " "}, {"name": ["a"]}, sound]
    answers = answer_cases(json.dumps(cases).encode(), "en")
    nameless = {"error": "The case has no name"}
    assert answers.pop("[2]")["rate"] == 0.3
    assert answers == {"[1]": nameless, "[2]*": nameless, "[3]": nameless, "[4]": nameless}


def test_two_questions_under_one_name_are_an_error_and_one_asked_twice_is_answered():
    ten, two = {"name": "a", "kind": "rate_ci", "input": SOUND}, {**SOUND, "count": 4}
    twice = answer_cases(json.dumps([ten, ten]).encode(), "en")
    assert twice["a"]["rate"] == 0.3
    differing = [ten, {**ten, "name": "b"}, {**ten, "input": two}]
    assert answer_cases(json.dumps(differing).encode(), "en") == {
        "a": {
            "error": "Cases 1 and 3 differ and have the same name; name each case once",
        },
        "b": twice["a"],
    }


def test_an_empty_list_and_a_mark_at_the_beginning_are_fine():
    assert answer_cases(b"[]", "en") == {}
    assert answer_cases(b"\xef\xbb\xbf[]", "en") == {}


def ended(monkeypatch, *arguments: str) -> int:
    """Run a verb as a script does; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["manage.py", *arguments])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_exit_codes_are_those_scripts_trust(tmp_path, monkeypatch, capsys):
    cases, out = tmp_path / "in.json", tmp_path / "out.json"
    verb = ("rates", "--in", str(cases), "--out", str(out))
    cases.write_bytes(b'[{"name": "\\ud800", "kind": "x"}]')
    assert ended(monkeypatch, *verb) == 0  # answered, each case with its answer or its error
    assert list(json.loads(out.read_text("utf-8"))) == ["\ud800"]
    cases.write_text("{}", "utf-8")
    assert ended(monkeypatch, *verb) == 1
    assert ended(monkeypatch, "rates", "--in", str(tmp_path / "no"), "--out", str(out)) == 2
    cases.write_text("[]", "utf-8")
    nowhere = str(tmp_path / "no" / "out.json")
    assert ended(monkeypatch, "rates", "--in", str(cases), "--out", nowhere) == 4
    assert "Traceback" not in capsys.readouterr().err


def series(*rows: str, heading="c,e,s,t") -> bytes:
    return "\n".join([heading, *rows]).encode()


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"", [(c, "points_column_missing") for c in "cest"]),
        (series("1;1;0;1", heading="c;e;s;t"), [(c, "points_column_missing") for c in "cest"]),
        (series("1,1,1,0,1", heading="c,c,e,s,t"), [("c", "series_column_twice")]),
        (series("1,2"), [("2:s", "series_step"), ("2:t", "series_time")]),
        (series("1,1,0,1", "1,1,0,2,9"), [("3", "series_ragged")]),
        (series("1,0,0,1"), [("2:e", "series_exposure")]),
        (series("nan,1,0,1"), [("2:c", "series_count")]),
        (series("1_0,1,0,1"), [("2:c", "series_count")]),
        (series("1,1,0,1", '"2,1,0,1'), [("3", "series_not_csv")]),
        (series("1,1,0,2024-01"), [("2:t", "series_time")]),
        (series('"' + "x" * 200_000 + '",1,0,1'), [("2", "series_not_csv")]),
    ],
)
def test_a_series_that_cannot_be_read_names_line_and_column(content, faults):
    with pytest.raises(Invalid) as refused:
        read_series(content, COLUMNS, name="series.csv")
    assert [(f.place, f.code) for f in refused.value.faults] == faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_series_is_read_in_the_encodings_offices_save_in(encoding):
    columns = {"count": "侵权商品", "exposure": "抽查商品", "step": "入库后", "time": "月份"}
    content = series("3,120,0,1", heading=",".join(columns.values())).decode().encode(encoding)
    assert read_series(content, columns, name="月报.csv") == [Point(3, 120, 0, 1)]


def test_bytes_that_are_no_text_are_refused_by_name():
    with pytest.raises(Refused) as refused:
        read_series(bytes(range(128, 256)) * 4, COLUMNS, name="picture.csv")
    assert refused.value.facts["file"] == "picture.csv"


def test_one_column_cannot_serve_two_roles():
    with pytest.raises(Invalid) as refused:
        read_series(series("1,1,0,1"), {**COLUMNS, "exposure": "c"}, name="series.csv")
    assert [f.code for f in refused.value.faults] == ["series_column_shared"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (0, 5, "series_one_sided"),
        (5, 0, "series_one_sided"),
        (1e300, 1e300, "series_not_estimable"),
    ],
)
def test_a_series_without_a_finite_answer_says_so(before, after, code):
    points = [
        Point(before if t < 12 else after, 100, float(t >= 12), float(t)) for t in range(24)
    ]
    with pytest.raises(RateError, match=code):
        fit_step(points)


@pytest.mark.parametrize("period", [math.nan, math.inf, 0.0, -12.0])
def test_a_period_that_is_none_is_refused_by_name(period):
    points = [Point(5 + t % 3, 100, float(t >= 12), float(t)) for t in range(24)]
    with pytest.raises(RateError, match="series_period"):
        fit_step(points, harmonics=1, period=period)


def test_a_family_is_read_in_any_spelling():
    points = [Point(5 + t % 3, 100, float(t >= 12), float(t)) for t in range(24)]
    for told in ("Quasi-Poisson", "quasi_poisson", " QUASIPOISSON "):
        assert fit_step(points, family=told) == fit_step(points, family="quasipoisson")
    assert fit_step(points, family="Poisson") == fit_step(points, family="poisson")


def test_an_interval_takes_at_least_the_dispersion_asked_for_and_tells_the_estimate():
    points = [Point(50 + t % 3, 100, float(t >= 12), float(t)) for t in range(24)]
    plain, floored = (
        fit_interrupted(points, least_dispersion=least).step for least in (0.0, 1.0)
    )
    assert plain.dispersion == floored.dispersion < 0.1  # hardly anything is left to chance
    poisson = fit_step(points, family="poisson")
    assert (floored.lower, floored.upper) == (poisson.lower, poisson.upper)
    assert floored.lower < plain.lower < plain.upper < floored.upper


@pytest.mark.parametrize(("start", "apart"), [(2015.0, 1 / 12), (1.4e12, 2.63e9), (-12, 1)])
def test_the_unit_and_the_start_of_time_change_nothing(start, apart):
    """Years, milliseconds since 1970 and months around the step are the same series."""
    counts = [9, 12, 7, 11, 10, 13, 8, 9, 6, 5, 7, 4, 6, 3, 5, 4]

    def fitted(first, each):
        return fit_step(
            [Point(c, 100, float(i >= 8), first + each * i) for i, c in enumerate(counts)]
        )

    found, plain = fitted(start, apart), fitted(0, 1)
    assert (found.rr, found.lower, found.upper, found.dispersion) == pytest.approx(
        (plain.rr, plain.lower, plain.upper, plain.dispersion), rel=1e-6
    )


def test_an_even_series_has_the_ratio_one_and_no_dispersion():
    points = [Point(5, 100, float(t >= 12), float(t)) for t in range(24)]
    found = fit_step(points)
    assert found.rr == pytest.approx(1.0)
    assert found.dispersion == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    change=st.floats(0.3, 3),
    harmonics=st.integers(0, 2),
    family=st.sampled_from(["poisson", "quasipoisson"]),
)
def test_a_random_series_is_fitted_as_an_independent_likelihood_has_it(
    seed, change, harmonics, family
):
    from statsmodels.api import GLM, families

    rng = np.random.default_rng(seed)
    time = np.arange(48.0)
    step, exposure = (time >= 20).astype(float), rng.integers(500, 2_000, 48).astype(float)
    counts = rng.poisson(exposure * 0.05 * change**step)
    waves = [
        f(2 * np.pi * k * time / 12) for k in range(1, harmonics + 1) for f in (np.sin, np.cos)
    ]
    design = np.column_stack([np.ones(48), time, step, *waves])
    model = GLM(counts, design, families.Poisson(), exposure=exposure)
    theirs = model.fit(scale="X2" if family == "quasipoisson" else 1.0, tol=1e-12)
    low, high = np.exp(theirs.conf_int()[2])
    points = [Point(*map(float, row)) for row in zip(counts, exposure, step, time, strict=True)]
    found = fit_step(points, family=family, harmonics=harmonics)
    assert (found.rr, found.lower, found.upper) == pytest.approx(
        (math.exp(theirs.params[2]), low, high), rel=1e-5
    )
    assert found.dispersion == pytest.approx(theirs.pearson_chi2 / theirs.df_resid, rel=1e-5)


ODD = st.sampled_from(
    [
        None, True, False, "", "5", "5,0", "NaN", [], [5], {}, {"count": 5}, -1, 0, 0.5, 5, 5.0, 1e5,
        1e-15, 1e15, 1e308, -1e308, math.nan, math.inf, 10**30, 0.95, 0.8, 0.999, 95, 1, "exact",
        "EXACT", "mid-p", "score", "two-sided", "less", "larger", "exact-cond", "Normal", "\u0000",
    ]
)  # fmt: skip
FIELDS = (
    "count", "exposure", "level", "method", "count1", "exposure1", "count2", "exposure2",
    "null_ratio", "alternative", "expected_count", "target",
)  # fmt: skip
WHOLE = {
    **SOUND, "count1": 3, "exposure1": 9, "count2": 4, "exposure2": 8, "null_ratio": 1,
    "alternative": "larger", "expected_count": 5, "target": 1,
}  # fmt: skip
KINDS = ("rate_ci", "rate_ratio_ci", "rate_ratio_test", "funnel_limits")


@settings(max_examples=400, deadline=None)
@given(
    kind=st.one_of(st.sampled_from(KINDS), ODD),
    change=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=3),
    lacking=st.sets(st.sampled_from(FIELDS), max_size=2),
)
def test_whatever_stands_in_a_case_it_has_numbers_in_order_or_a_sentence(kind, change, lacking):
    asked = {k: v for k, v in {**WHOLE, **change}.items() if k not in lacking}
    case = {"name": "odd", "kind": kind, "input": asked}
    sound = {"name": "sound", "kind": "rate_ci", "input": SOUND}
    answers = answer_cases(json.dumps([case, sound]).encode(), "en")
    assert answers["sound"]["rate"] == 0.3
    found = answers["odd"]
    if "error" in found:
        assert set(found) == {"error"}
        assert found["error"].strip()
        return
    assert all(x is None or (type(x) is float and math.isfinite(x)) for x in found.values())
    ends = [found.get(k) for k in ("lower", "rate", "upper") if found.get(k) is not None]
    assert ends == sorted(ends)
    if "ll95" in found:
        assert 0 <= found["ll998"] <= found["ll95"] < found["ul95"] < found["ul998"]
    if "p" in found:
        assert 0 <= found["p"] <= 1


@settings(max_examples=60, deadline=None)
@given(
    counts=st.tuples(st.integers(0, 300), st.integers(0, 300)),
    exposures=st.tuples(st.floats(0.01, 1e6), st.floats(0.01, 1e6)),
    level=st.sampled_from([0.8, 0.95, 0.99]),
)
def test_a_random_exact_ratio_is_the_binomial_interval_of_the_split(counts, exposures, level):
    (a, b), (s, t) = counts, exposures
    found = ask(
        "rate_ratio_ci",
        count1=a,
        exposure1=s,
        count2=b,
        exposure2=t,
        level=level,
        method="exact",
    )
    if a + b == 0:
        assert found == {"rr": None, "lower": 0.0, "upper": None}
        return
    share = stats.binomtest(a, a + b).proportion_ci(level, method="exact")
    assert found["lower"] == pytest.approx(share.low / (1 - share.low) * t / s, rel=1e-6)
    if b == 0:
        assert found["upper"] is None
    else:
        assert found["upper"] == pytest.approx(share.high / (1 - share.high) * t / s, rel=1e-6)
