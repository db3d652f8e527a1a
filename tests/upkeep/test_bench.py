"""The bench measures on a database of its own and reports what it measured."""

from __future__ import annotations

import csv

from typer.testing import CliRunner

from marketplace.faces.cli.main import build
from marketplace.upkeep.bench import Figure


def test_a_figure_is_the_ratio_of_two_medians_and_says_whether_the_goal_is_reached():
    assert Figure("x", ours_ms=6.0, floor_ms=2.0, goal=3.0).ratio == 3.0
    assert Figure("x", ours_ms=6.0, floor_ms=2.0, goal=3.0).is_reached
    assert not Figure("x", ours_ms=6.1, floor_ms=2.0, goal=3.0).is_reached


def test_bench_leaves_the_installation_alone_and_writes_every_figure(tmp_path):
    out = tmp_path / "bench.csv"
    ran = CliRunner().invoke(
        build(),
        ["bench", "--factories", "12", "--out", str(out), "--data-dir", str(tmp_path)],
    )
    assert ran.exit_code == 0, ran.output
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [row["figure"] for row in rows] == [
        "list_page",
        "search",
        "dossier",
        "study_program",
        "admit_factory",
        "verify_trail",
    ]
    for row in rows:
        measured = float(row["ours_ms"]) / float(row["floor_ms"])
        # Both are printed to two digits; tiny floors round hard.
        assert measured > 0
        assert row["reached"] == ("yes" if float(row["ratio"]) <= float(row["goal"]) else "no")
    assert [p.name for p in tmp_path.iterdir()] == ["bench.csv"]
