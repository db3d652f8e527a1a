"""The figures and tables of a quarterly report in one language, made by the makers of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.base.rulebook import Rulebook
from marketplace.base.words import Lang, say
from marketplace.desk.issues.content import Number
from marketplace.desk.quarter.content import Drawn, Sheet, drawn
from marketplace.desk.quarter.gathering import Basis
from marketplace.desk.quarter.telling import rule_words
from marketplace.features.compliance import methods
from marketplace.features.compliance.charts import Figure, figure_of, sentences
from marketplace.features.compliance.charts.cohorts import cohort_figure
from marketplace.features.compliance.charts.effort import effort_figure
from marketplace.features.compliance.charts.funnel import funnel_figure
from marketplace.features.compliance.charts.origins import origins_figure
from marketplace.features.compliance.charts.series import series_figure
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.marks.queries import Named
from marketplace.features.compliance.methods import Material, Series
from marketplace.features.compliance.rules.cohorts import Cohort
from marketplace.features.compliance.rules.funnel import Funnel

_HEADS = ("name", "count", "n", "rate", "definition")


@dataclass(frozen=True, slots=True)
class Studied:
    """What the figures on methods show, worked out once for all languages."""

    cohorts: tuple[Cohort, ...]
    series: Series
    funnel: Funnel
    names: Mapping[int, Named]

    @classmethod
    def of(cls, m: Material) -> Studied:
        """Work it out by the functions of the methods page."""
        return cls(methods.cohorts(m), methods.series(m), methods.funnel(m), m.names)


def figures_of(
    basis: Basis, studied: Studied, rulebook: Rulebook, lang: Lang, *, as_of: str
) -> tuple[Drawn, ...]:
    """Return every figure, the one before and after first."""
    study, rules = basis.study, rulebook.methods
    rule = rule_words(rulebook, lang)
    frame = Frame(lang, rule, sentences.source(study, lang, as_of=as_of))
    # Figures of other months and firms: the study's coverage is not theirs.
    apart = Frame(lang, rule, sentences.source_alone(study, lang, as_of=as_of))
    fell = study.comparison.effort_fell
    made: Sequence[Figure] = (
        figure_of(study, lang, as_of=as_of, rule=rule),
        effort_figure(study, frame),
        origins_figure(basis.origins, apart),
        cohort_figure(studied.cohorts, frame, min_operators=rules.min_cohort_operators),
        series_figure(
            studied.series,
            apart,
            effort_fell=fell,
            model=rules.series_model_zh if lang == "zh" else rules.series_model_en,
            harmonics=rules.series_harmonics,
        ),
        funnel_figure(
            studied.funnel,
            studied.names,
            apart,
            months=rules.funnel_months,
            min_checked=rules.min_funnel_checked,
            by_rate=False,
        ),
    )
    return tuple(
        drawn({**figure.to_json(), "svg": figure.svg_wide, "svg_narrow": figure.svg_narrow})
        for figure in made
    )


def sheets_of(
    basis: Basis, numbers: Sequence[Number], rulebook: Rulebook, lang: Lang
) -> tuple[Sheet, ...]:
    """Return the tables beside the figures: every number with its definition, and the evidence."""
    bare = _bare(basis)
    return (
        Sheet(
            "numbers",
            say("quarter.sheet.numbers", lang),
            tuple(say(f"quarter.table.{name}", lang) for name in _HEADS),
            tuple(_row(number, lang, bare=number.key in bare) for number in numbers),
            (1, 2, 3),
        ),
        _evidence(basis, rulebook, lang),
    )


def _bare(basis: Basis) -> frozenset[str]:
    """Return the rates of listings that rest on too few findings, as the figures have it."""
    keys: set[str] = set()
    if basis.study.comparison.after.on_findings:
        keys |= {"rate_before", "rate_after"}
    if basis.change.after.on_findings:
        keys |= {"rate_quarter", "rate_quarter_before"}
    return frozenset(keys)


def _row(number: Number, lang: Lang, *, bare: bool) -> tuple[str, ...]:
    rate = number.per_thousand
    told = "—" if rate is None else f"{rate:.1f}"
    return (
        say(f"quarter.number.{number.key}.name", lang),
        f"{number.count:,}",
        "—" if number.n is None else f"{number.n:,}",
        say("quarter.table.bare", lang) if bare and rate is not None else told,
        say(f"quarter.number.{number.key}.definition", lang),
    )


def _evidence(basis: Basis, rulebook: Rulebook, lang: Lang) -> Sheet:
    heads = ("condition", "submitted", "granted", "sent_back")
    rows = []
    for line in basis.evidence:
        condition = rulebook.condition(line.condition)
        name = line.condition
        if condition is not None:
            name = condition.name_zh if lang == "zh" else condition.name_en
        counts = (line.submitted, line.granted, line.sent_back)
        rows.append((name, *(f"{n:,}" for n in counts)))
    return Sheet(
        "evidence",
        say("quarter.sheet.evidence", lang),
        tuple(say(f"quarter.table.{name}", lang) for name in heads),
        tuple(rows),
        (1, 2, 3),
    )
