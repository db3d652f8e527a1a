"""The verbs that answer statistical questions from files; they need no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from marketplace.faces.cli.language import lang, tell

In = Annotated[
    Path, typer.Option("--in", exists=True, dir_okay=False, help=tell("statistics.in"))
]
Out = Annotated[Path, typer.Option("--out", dir_okay=False, help=tell("statistics.out"))]


def rates(*, source: In, out: Out) -> None:
    """Answer a list of {name, kind, input}; write {name: {field: number}}."""
    from marketplace.exchange.rate_cases import answer_cases

    answers = answer_cases(source.read_bytes(), lang())
    _write(out, answers)
    failed = sum("error" in answer for answer in answers.values())
    typer.echo(tell("statistics.answered", count=len(answers), failed=failed, path=out))


def its(
    *,
    source: In,
    count: Annotated[
        str, typer.Option("--count", metavar="COL", help=tell("statistics.count"))
    ],
    exposure: Annotated[
        str, typer.Option("--exposure", metavar="COL", help=tell("statistics.exposure"))
    ],
    step: Annotated[str, typer.Option("--step", metavar="COL", help=tell("statistics.step"))],
    time: Annotated[str, typer.Option("--time", metavar="COL", help=tell("statistics.time"))],
    out: Out,
    family: Annotated[
        str,
        typer.Option(
            "--family", metavar="poisson|quasipoisson", help=tell("statistics.family")
        ),
    ] = "quasipoisson",
    harmonics: Annotated[
        int, typer.Option("--harmonics", min=0, max=20, help=tell("statistics.harmonics"))
    ] = 0,
    period: Annotated[
        float, typer.Option("--period", min=1, help=tell("statistics.period"))
    ] = 12.0,
) -> None:
    """Fit an interrupted time series; write rr, lower, upper, dispersion, n."""
    from dataclasses import asdict

    from marketplace.base.errors import Refused
    from marketplace.exchange.series_file import read_series
    from marketplace.features.compliance.rules.rates import RateError
    from marketplace.features.compliance.rules.timeseries import fit_step

    columns = {"count": count, "exposure": exposure, "step": step, "time": time}
    points = read_series(source.read_bytes(), columns, name=source.name)
    try:
        found = fit_step(points, family=family, harmonics=harmonics, period=period)
    except RateError as error:
        raise Refused(error.code, **error.facts) from error
    _write(out, asdict(found))
    typer.echo(tell("statistics.fitted", rr=f"{found.rr:.4g}", n=found.n, path=out))


def _write(out: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    # Half a surrogate pair in a name is no UTF-8: it stays the escape it came as.
    out.write_bytes((text + "\n").encode("utf-8", "backslashreplace"))
