"""`rates` and `its`: files in, JSON out, and errors that name the place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from marketplace.base.errors import Invalid, Refused
from marketplace.faces.cli.main import build

DATA = Path(__file__).parents[2] / "data"
DEV = Path(__file__).parents[4] / "shared" / "data" / "rate_cases_dev.json"


def run(*arguments: str):
    ran = CliRunner().invoke(build(), list(arguments))
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran


def answered(tmp_path, cases) -> dict:
    (tmp_path / "in.json").write_text(json.dumps(cases), "utf-8")
    run("rates", "--in", str(tmp_path / "in.json"), "--out", str(tmp_path / "out.json"))
    text = (tmp_path / "out.json").read_text("utf-8")
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def case(name, kind, **given):
    return {"name": name, "kind": kind, "input": given}


def test_every_kind_answers_with_its_fields(tmp_path):
    two = {"count1": 41, "exposure1": 28010, "count2": 15, "exposure2": 19017}
    answers = answered(
        tmp_path,
        [
            case("a", "rate_ci", count=15, exposure=400, level=0.95, method="exact"),
            case("b", "rate_ratio_ci", **two, level=0.95, method="midp"),
            case(
                "c",
                "rate_ratio_test",
                **two,
                null_ratio=1,
                alternative="two-sided",
                method="score",
            ),
            case("d", "funnel_limits", expected_count=12.5, target=1),
        ],
    )
    assert {name: set(fields) for name, fields in answers.items()} == {
        "a": {"rate", "lower", "upper"},
        "b": {"rr", "lower", "upper"},
        "c": {"p"},
        "d": {"ll95", "ul95", "ll998", "ul998"},
    }


def test_a_bad_case_is_an_error_of_its_own_and_the_rest_is_answered(tmp_path):
    good = {"count": 1, "exposure": 2, "level": 0.95}
    answers = answered(
        tmp_path,
        [
            case("method", "rate_ci", **good, method="guess"),
            case("kind", "rate_guess", **good),
            {"name": "nothing", "kind": "rate_ci"},
            case("negative", "rate_ci", count=-1, exposure=2, level=0.95, method="exact"),
            case("half", "rate_ci", count=1.5, exposure=2, level=0.95, method="exact"),
            case("no exposure", "rate_ci", count=1, exposure=0, level=0.95, method="exact"),
            case("level", "rate_ci", count=1, exposure=2, level=95, method="exact"),
            case("text", "rate_ci", count="many", exposure=2, level=0.95, method="exact"),
            case("good", "rate_ci", **good, method="exact"),
        ],
    )
    assert answers["good"]["rate"] == 0.5
    bad = {name: fields for name, fields in answers.items() if name != "good"}
    assert all(set(fields) == {"error"} and fields["error"] for fields in bad.values())
    assert len(bad) == 8


def test_an_open_end_is_null(tmp_path):
    two = {"count1": 3, "exposure1": 10, "count2": 0, "exposure2": 10}
    for name in ("exact", "exact conditional", "exact-cond"):
        answers = answered(
            tmp_path, [case("open", "rate_ratio_ci", **two, level=0.95, method=name)]
        )
        assert answers["open"]["rr"] is None
        assert answers["open"]["upper"] is None
        assert answers["open"]["lower"] == pytest.approx(0.4132313550, abs=1e-9)


def test_names_are_read_in_any_spelling_and_one_sided_tests_by_both_their_names(tmp_path):
    two = {"count1": 60, "exposure1": 51477.5, "count2": 30, "exposure2": 54308.7}
    spelled = [
        ("exact_cond", "greater"),
        ("Exact-Cond", "larger"),
        ("cond_mid_p", "greater"),
        ("cond-midp", "larger"),
    ]
    cases = [
        case(f"{m} {a}", "rate_ratio_test", **two, null_ratio=1, alternative=a, method=m)
        for m, a in spelled
    ]
    answers = [fields["p"] for fields in answered(tmp_path, cases).values()]
    # Gu et al. (2008): 0.000428 conditional, 0.000310 mid-p
    assert [round(p, 6) for p in answers] == [0.000428, 0.000428, 0.000310, 0.000310]


def test_a_file_that_is_no_list_of_cases_is_refused(tmp_path):
    (tmp_path / "in.json").write_text("{}", "utf-8")
    with pytest.raises(Invalid):
        run("rates", "--in", str(tmp_path / "in.json"), "--out", str(tmp_path / "out.json"))


@pytest.mark.skipif(not DEV.exists(), reason="the shared cases are not here")
def test_the_shared_cases_are_reproduced_to_their_tolerance(tmp_path):
    cases = json.loads(DEV.read_text("utf-8"))
    answers = answered(tmp_path, cases)
    for one in cases:
        for field, value in one["expected"].items():
            assert answers[one["name"]][field] == pytest.approx(value, abs=one["tolerance"])


SICILY = ("--count", "aces", "--exposure", "stdpop", "--step", "smokban", "--time", "time")


def fitted(tmp_path, file: Path, *more: str) -> dict:
    out = tmp_path / "its.json"
    run("its", "--in", str(file), *SICILY, "--out", str(out), *more)
    return json.loads(out.read_text("utf-8"))


@pytest.mark.parametrize(
    ("more", "published"),
    [
        # Bernal, Cummins and Gasparrini (2017), Int J Epidemiol 46:348-355: the smoking ban in
        # Sicily and acute coronary events. Published: 0.894 (0.864 to 0.925) without and 0.885
        # (0.839 to 0.933) with seasonality and overdispersion. Data: the article's own.
        (("--family", "poisson"), (0.894, 0.865, 0.925)),
        (("--harmonics", "2", "--period", "12"), (0.885, 0.839, 0.933)),
    ],
)
def test_the_published_series_is_reproduced(tmp_path, more, published):
    found = fitted(tmp_path, DATA / "sicily_acute_coronary_events.csv", *more)
    assert set(found) == {"rr", "lower", "upper", "dispersion", "n"}
    assert (found["rr"], found["lower"], found["upper"]) == pytest.approx(published, abs=5e-4)
    assert found["n"] == 59


def test_overdispersion_widens_the_interval_by_its_root(tmp_path):
    file = DATA / "sicily_acute_coronary_events.csv"
    plain, quasi = fitted(tmp_path, file, "--family", "poisson"), fitted(tmp_path, file)
    from math import log, sqrt

    widths = [log(x["upper"]) - log(x["lower"]) for x in (plain, quasi)]
    assert widths[1] / widths[0] == pytest.approx(sqrt(quasi["dispersion"]), rel=1e-9)


def test_bad_cells_are_named_by_line_and_column(tmp_path):
    file = tmp_path / "s.csv"
    file.write_text("aces,time,smokban,stdpop\n5,1,0,100\n-1,2,0,100\n5,x,1,0\n", "utf-8")
    with pytest.raises(Invalid) as refused:
        fitted(tmp_path, file)
    assert [fault.place for fault in refused.value.faults] == ["3:aces", "4:stdpop", "4:time"]
    file.write_text("aces,when\n5,1\n", "utf-8")
    with pytest.raises(Invalid) as missing:
        fitted(tmp_path, file)
    assert {fault.place for fault in missing.value.faults} == {"stdpop", "smokban", "time"}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(5, 1, 0), (6, 2, 1)], "series_too_short"),
        ([(5, n, 0) for n in range(9)], "series_without_step"),
        ([(0, n, int(n > 4)) for n in range(9)], "series_empty"),
        ([(5, int(n > 4), int(n > 4)) for n in range(9)], "series_confounded"),
    ],
)
def test_a_series_that_cannot_answer_says_why(tmp_path, rows, code):
    file = tmp_path / "s.csv"
    lines = [f"{count},{time},{step},100" for count, time, step in rows]
    file.write_text("\n".join(["aces,time,smokban,stdpop", *lines]), "utf-8")
    with pytest.raises(Refused, match=code):
        fitted(tmp_path, file)
    with pytest.raises(Refused, match="family_unknown"):
        fitted(tmp_path, file, "--family", "normal")
