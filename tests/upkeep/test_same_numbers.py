"""One figure has one set of numbers, wherever the demo shows it: page, paper, report, file, export."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlmodel import select

from marketplace.assembly import App
from marketplace.base.access import Actor, Role
from marketplace.base.clock import month_index, today, working_days_between
from marketplace.base.db import read
from marketplace.base.sheets import read_book
from marketplace.base.words import format_instant
from marketplace.desk.factory_figures import factory_figure, read_beside
from marketplace.desk.friday import LISTED, compose_friday, list_friday_rows, list_late
from marketplace.desk.intake_figures import AnswerState, intake_figures
from marketplace.desk.method_figures import TABS, Bench, make_tab
from marketplace.desk.quarter.drawing import Studied, figures_of
from marketplace.desk.quarter.gathering import gather_quarter, material_for
from marketplace.desk.quarter.telling import rule_words
from marketplace.desk.quarters import quarter_on
from marketplace.exchange.analysis import gather_analysis
from marketplace.exchange.analysis.aliases import alias_of
from marketplace.exchange.exporting import ExportStamp
from marketplace.faces.ui.figures import cell_of, file_of
from marketplace.faces.ui.material import overview_of
from marketplace.faces.ui.session import Here
from marketplace.faces.web.paper_figures import on_paper
from marketplace.features.compliance.charts import sentences
from marketplace.features.compliance.charts.telling import Frame
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.marks.queries import list_store_months
from marketplace.features.compliance.marks.waits import list_waits
from marketplace.features.compliance.methods import gather_material
from marketplace.features.compliance.queries import observe_program
from marketplace.features.compliance.rules.summary import WINDOW
from marketplace.features.compliance.studies import study_factory
from marketplace.features.compliance.watching import watched as watched_of
from marketplace.features.registry.tables import Factory


def officer_of(app: App) -> Actor:
    return Actor(1, "officer", "officer", Role.OFFICER, frozenset({app.rulebook().program.key}))


def factories_of(session, program: str) -> list[Factory]:
    return list(session.execute(select(Factory).where(Factory.program == program)).scalars())


@pytest.fixture(scope="module", params=["zh", "en"])
def shown(demo, request) -> dict:
    """Every place's figures: overview, methods, the running quarter's report; by place and key."""
    rulebook, who, lang = demo.rulebook(), officer_of(demo), request.param
    page = Here(app=demo, actor=who, lang=lang, rulebook=rulebook)
    clock, program = demo.clock, rulebook.program.key
    with read(demo.store) as session:
        material = gather_material(session, who, rulebook, clock=clock)
        as_of = format_instant(clock.now())
        source = sentences.source(material.study, lang, as_of=as_of)
        waits = list_waits(session, who, clock=clock, program=program)
        bench = Bench(
            material, Frame(lang, rule_words(rulebook, lang), source), as_of, lambda: waits
        )
        methods = [figure for tab in TABS for figure in make_tab(bench, tab, by_rate=False)]
        basis = gather_quarter(
            session, who, rulebook, clock=clock, quarter=quarter_on(today(clock)), district=None
        )
        studied = Studied.of(material_for(session, who, rulebook, basis))
        report = figures_of(basis, studied, rulebook, lang, as_of=as_of)
        analysis = gather_analysis(session, who, rulebook, clock=clock)
    return {
        "page": page,
        "as_of": as_of,
        "overview": {figure.key: figure for figure in overview_of(page)},
        "methods": {figure.key: figure for figure in methods},
        "report": {figure.key: figure for figure in report},
        "published": {
            (r["figure"], r["item"] or "", r["measure"]): r["number"]
            for r in analysis.rows["published"]
        },
    }


def test_overview_methods_and_quarterly_report_show_one_and_the_same_figure(shown):
    event = shown["methods"]["methods-event"]
    overview = shown["overview"]["compliance-program"]
    report = shown["report"]["compliance-program"]
    assert event.rows == overview.rows == report.rows
    assert event.title == overview.title == report.title
    assert len(overview.rows) == 2 * WINDOW + 1
    for key in ("methods-cohorts", "methods-series", "methods-funnel"):
        assert shown["methods"][key].rows == shown["report"][key].rows, key
        assert shown["methods"][key].title == shown["report"][key].title, key
    effort = next(key for key in shown["overview"] if "effort" in key)
    assert shown["overview"][effort].rows == shown["report"][effort].rows


def test_the_coverage_of_the_study_is_told_of_figures_on_its_months_only(shown):
    covered = f"{int(shown['published']['before_after', '', 'covered']):,}"
    of_the_study = {"methods-event", "methods-cohorts"}
    for key, figure in shown["methods"].items():
        assert (covered in figure.source) == (key in of_the_study), key
        assert shown["as_of"] in figure.source, key
        if key in shown["report"]:
            assert figure.source == shown["report"][key].source
    for key, figure in shown["overview"].items():
        assert timeless(figure.source) == timeless(shown["report"][key].source), key
    waits = [f.source for k, f in shown["methods"].items() if k.startswith("methods-waiting")]
    assert len(set(waits)) == 1
    assert not set(waits) & {f.source for f in shown["overview"].values()}


def test_files_and_papers_hold_the_cells_of_the_page(shown):
    stamp = ExportStamp("EX-20260101-ABCDEF01", shown["page"].app.clock.now(), "林")
    for figure in {**shown["overview"], **shown["methods"]}.values():
        assert on_paper(figure).table.rows == figure.rows
        if not figure.rows:
            continue
        wanted = [[cell_of(text) for text in row] for row in figure.rows]
        book = read_book(file_of(figure, "xlsx", stamp, shown["page"]), "x")
        cells = [list(row) for row in book.sheets[0].rows]
        at = next(
            i for i, row in enumerate(cells) if row[: len(figure.heads)] == list(figure.heads)
        )
        found = [row[: len(figure.heads)] for row in cells[at + 1 : at + 1 + len(wanted)]]
        assert found == [[whole(c) for c in row] for row in wanted], figure.key


def timeless(source: str) -> str:
    """A source without its minute: the overview is made at another one than the report."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "AT", source)


def whole(cell: object) -> object:
    """A sheet does not tell 24 from 24.0, nor an empty text from nothing."""
    return float(cell) if isinstance(cell, int | float) else cell or None


def test_the_open_export_publishes_the_cells_of_the_page(shown):
    published = shown["published"]
    for row in shown["overview"]["compliance-program"].rows:
        month = str(int(row[0]))
        if row[2] == "—":
            continue
        told = [
            published["event_study", month, name]
            for name in ("exposure", "findings", "listings")
        ]
        assert row[2:5] == (f"{told[0]:,}", str(told[1]), str(told[2]))
        rate = published["event_study", month, "rate"]
        assert float(row[5]) == pytest.approx(rate * 1_000, abs=0.05001)
        ends = [published["event_study", month, name] for name in ("lower", "upper")]
        told_ends = [f"{end * 1_000:.1f}" for end in ends]
        if published["event_study", month, "on_findings"]:  # another scale: said in the note
            assert list(row[6:8]) == ["—", "—"]
            assert "–".join(told_ends) in row[10]
        else:
            assert list(row[6:8]) == told_ends
        assert int(row[8]) == published["event_study", month, "operators"]
        assert int(row[9]) == published["event_study", month, "inspections"]
    waits = [f for key, f in shown["methods"].items() if key.startswith("methods-waiting")]
    steps = Counter(
        item.partition(":")[0] for _f, item, m in published if m == "at_risk" and item
    )
    assert sorted(len(f.rows) for f in waits if f.rows)
    assert sum(len(f.rows) for f in waits) == pytest.approx(steps.total(), abs=len(waits) * 2)


def test_factories_add_up_to_the_program_and_a_paper_to_the_screen(demo):
    rulebook, who = demo.rulebook(), officer_of(demo)
    totals: dict[int, list[int]] = {}
    with read(demo.store) as session:
        factories = factories_of(session, rulebook.program.key)
        whole = gather_material(session, who, rulebook, clock=demo.clock).study
        for factory in factories:
            study = study_factory(
                session, who, rulebook, clock=demo.clock, factory_id=factory.key
            )
            if study.zero is None:
                continue
            for p in study.points:
                if abs(p.month - study.zero) <= WINDOW:
                    row = totals.setdefault(p.month - study.zero, [0, 0, 0])
                    row[0] += p.exposure
                    row[1] += p.findings
                    row[2] += p.listings
        beside = read_beside(session, who, "zh", factory_id=factory.key)
        figure = factory_figure(
            study, beside, rulebook, "zh", factory_id=factory.key, at=demo.clock.now()
        )
        assert figure.key == f"compliance-factory-{factory.key}"
    assert totals == {p.month: [p.exposure, p.findings, p.listings] for p in whole.points}


def test_the_friday_page_counts_the_rows_one_can_drill_to_on_the_overview(demo):
    rulebook, who = demo.rulebook(), officer_of(demo)
    last = month_index(today(demo.clock)) - 1
    kind = ExposureKind(rulebook.compliance.exposure_kind)
    with read(demo.store) as session:
        friday = compose_friday(session, who, rulebook, clock=demo.clock)
        rows = list_store_months(
            session, who, program=rulebook.program.key, kind=kind, month=last
        )
        seen = observe_program(session, who, program=rulebook.program.key)
    number = next(n for n in friday.numbers if n.key == "rate_month")
    assert (number.count, number.n) == (
        sum(r.listings for r in rows if r.in_rate), sum(r.checked for r in rows if r.in_rate)
    )  # fmt: skip
    watched = [
        m for o in seen for m in watched_of(rulebook, o, last).months if m.month == last
    ]  # fmt: skip
    assert number.count == sum(m.listings for m in watched)
    assert number.n == sum(m.exposure for m in watched)


def test_every_number_of_the_friday_page_is_as_large_as_the_list_it_leads_to(demo):
    rulebook, who, day = demo.rulebook(), officer_of(demo), today(demo.clock)
    with read(demo.store) as session:
        for district in (None, rulebook.regions[2].code):
            asked = {"clock": demo.clock, "district": district}
            friday = compose_friday(session, who, rulebook, **asked)
            rows = {
                key: list_friday_rows(
                    session, who, rulebook, key=key, day=day, district=district
                )
                for key in LISTED
            }
            counted = [r for r in rows.pop("rate_month") if r.in_rate]
            rate = friday.number("rate_month")
            assert (rate.count, rate.n) == (
                sum(r.listings for r in counted), sum(r.checked for r in counted)
            )  # fmt: skip
            for key, found in rows.items():
                assert (key, len(found)) == (key, friday.number(key).count)
                assert all(r.factory_id and r.firm for r in found)
            late = list_late(session, who, rulebook, **asked)
            assert len(late) == friday.overdue_total == friday.number("overdue").count
    assert rows["enrolled"]


def test_every_count_of_answer_times_is_as_large_as_the_list_it_leads_to(demo):
    with read(demo.store) as session:
        found = intake_figures(session, officer_of(demo), demo.rulebook(), clock=demo.clock)
    groups = (found.all, *found.by_enrollment, *found.by_origin)
    assert len(groups) > 3
    for group in groups:
        assert found.group(group.name) is group
        for state in AnswerState:
            assert len(group.among(state)) == getattr(group.times, state.value)
    waiting = found.all.among(AnswerState.WAITING)
    longest = working_days_between(
        waiting[0].handled.received_on, found.day, demo.rulebook().calendar
    )
    assert longest == found.all.times.longest_waiting_days


def test_aliases_of_the_funnel_hold_the_numbers_of_its_table(demo, shown):
    figure, published = shown["methods"]["methods-funnel"], shown["published"]
    program = demo.rulebook().program.key
    with read(demo.store) as session:
        keys = session.info["keys"]
        operator_of = {f.key: f.operator_id for f in factories_of(session, program)}
    assert len(figure.rows) > 50
    for row, link in zip(figure.rows, figure.links, strict=True):
        name = alias_of(keys, program, "operator", operator_of[int(link.rpartition("=")[2])])
        cells = [text.replace(",", "") for text in row]
        for measure in ("count", "exposure"):
            assert str(published["funnel", name, measure]) in cells
