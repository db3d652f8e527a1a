"""Whoever has the export computes every published figure again, and learns of nobody who he is."""

from __future__ import annotations

import csv
import hashlib
import inspect
import io
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from marketplace.base import audit
from marketplace.base.access import Role
from marketplace.base.clock import month_index, start_of
from marketplace.base.db import open_store
from marketplace.base.errors import NotAllowed, NotFound, Refused
from marketplace.base.keys import load_or_make_keys
from marketplace.base.settings import ROOT
from marketplace.exchange.analysis import (
    gather_analysis,
    pack_analysis,
    write_package,
    zip_package,
)
from marketplace.exchange.analysis.constants import ANTICIPATION, BASE_PERIODS, WINSOR_SHARE
from marketplace.exchange.analysis.schema import TABLE, TABLES
from marketplace.exchange.exporting import record_export
from marketplace.features.complaints.kinds import CaseStatus, ComplaintStatus
from marketplace.features.complaints.tables import Complaint, InfringementCase
from marketplace.features.compliance import methods
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.methods import gather_material
from marketplace.features.compliance.rules.funnel import draw_funnel
from marketplace.features.compliance.rules.staggered import group_time_effects
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding, NearMiss
from marketplace.features.history.kinds import DisclosureStatus, QuantityBand
from marketplace.features.history.tables import Disclosure
from marketplace.features.progress.kinds import (
    CertificationStatus,
    EnrollmentStatus,
    InspectionKind,
    InspectionResult,
)
from marketplace.features.progress.tables import Certification, Enrollment, Inspection
from marketplace.features.sampling.kinds import SampleOutcome
from marketplace.features.sampling.tables import SampleDraw, SampleItem, SampleLook
from marketplace.upkeep.rebuilding import rebuild
from tests.features.conftest import PROGRAM, World, make_world
from tests.features.watched import watch_firm

NOTEBOOK = ROOT / "docs" / "analysis" / "reproduce.ipynb"
LAST = month_index(date(2026, 10, 1))  # the clock of the world stands in November 2026


def found_in(number: int, month: int, zero: int | None) -> tuple[int, ...]:
    """Listings of each finding: fewer after entry, and some months with a clump."""
    seed = (number * 31 + month * 17) % 11
    calm = zero is not None and month > zero
    count = 1 if seed < (2 if calm else 5) else 0
    return (3,) * count + ((9,) if seed == 10 and not calm else ())


def firm_of(world, number: int, zero: int | None, *, first=-20, gap: int | None = None):
    start = (zero if zero is not None else LAST - 20) + first
    months = {
        m: (60 + (number * 7 + m) % 90, found_in(number, m, zero))
        for m in range(start, LAST + 1)
        if m != gap
    }
    if number == 9:  # nothing checked, and less checked than found: in no rate
        months |= {LAST - 2: (0, (4,)), LAST - 4: (0, ()), LAST - 6: (2, (5, 1))}
    day = None if zero is None else date(zero // 12, zero % 12 + 1, 10)
    return watch_firm(world, number, enrolled_on=day, months=months)


@pytest.fixture(scope="module")
def studied(tmp_path_factory, sqlite_template) -> Iterator[World]:
    """Forty-two firms: 24 entered in 2024 and 2025, two of them left; gaps, reversals, effort.

    Made once: every test here only takes out.
    """
    folder = tmp_path_factory.mktemp("studied") / "var"
    shutil.copytree(sqlite_template, folder)
    store = open_store(keys=load_or_make_keys(folder), path=folder / "t.sqlite3")
    world = make_world(store, folder)
    for number in range(1, 25):
        zero = month_index(date(2024, 7, 1)) + number % 16
        firm_of(world, number, zero, gap=zero + 4 if number == 7 else None)
    for number in range(25, 41):
        firm_of(world, number, None, first=-10)
    firm_of(world, 41, LAST + 1)  # entered this month: in no comparison yet
    firm_of(world, 42, LAST - 6, first=1)  # not observed before, and declared something
    world.do(lambda s: add_the_rest(s, world))
    rebuild(world.app)  # the rows above were written past the events
    yield world
    store.dispose()


def add_the_rest(session, world) -> None:
    enrollments = session.execute(sa.select(Enrollment).order_by(Enrollment.id)).scalars().all()
    findings = session.execute(sa.select(Finding).order_by(Finding.id)).scalars().all()
    for e, status in zip(
        enrollments[3:5], (EnrollmentStatus.WITHDRAWN, EnrollmentStatus.REMOVED), strict=True
    ):
        e.status, e.exit_on = status, date(2026, 3, 20)
        e.exit_reason = "自愿（虚构）"
    for n, f in enumerate(findings):
        f.origin = list(Origin)[n % 4]
        if n % 29 == 0:
            f.status = FindingStatus.OVERTURNED
        elif n % 37 == 0:
            f.status = FindingStatus.SUSPECTED
            f.decided_at = None
        elif n % 41 == 0:
            f.status = FindingStatus.DISMISSED
    enrollments[0].trigger_finding_id = findings[1].id
    for e in session.execute(sa.select(Exposure)).scalars().all():
        session.add(
            Exposure(
                program=PROGRAM, store_id=e.store_id, month=e.month, kind=ExposureKind.LISTED,
                quantity=e.quantity * 4, source="平台月报", revision=1, current=True,
                recorded_at=e.recorded_at,
            )
        )  # fmt: skip
    at = start_of(date(2025, 5, 6))
    for factory_id in range(1, 13):
        session.add(
            Inspection(
                factory_id=factory_id, operator_id=factory_id, program=PROGRAM,
                kind=next(iter(InspectionKind)), inspected_on=date(2025, 5, 6),
                result=next(iter(InspectionResult)), inspectors="经办", non_conformities={}, recorded_at=at,
            )
        )  # fmt: skip
        ended = factory_id % 3 != 0
        session.add(
            Certification(
                factory_id=factory_id, operator_id=factory_id, program=PROGRAM,
                condition="real_name", facts={}, rulebook_sha256="0" * 64, submitted_at=at,
                status=CertificationStatus.REFUSED if ended else CertificationStatus.SUBMITTED,
                decided_at=at + timedelta(days=factory_id, hours=5) if ended else None,
            )
        )  # fmt: skip
    session.add(
        NearMiss(
            program=PROGRAM,
            store_id=1,
            month=LAST - 2,
            listings=2,
            recorded_at=at,
            source="平台月报",
        )
    )
    session.add(
        Disclosure(
            operator_id=42,
            program=PROGRAM,
            quantity_band=next(iter(QuantityBand)),
            year_band="2015",
            made_by=50,
            made_at=at,
            read_notice_sha256="0" * 64,
            status=next(iter(DisclosureStatus)),
        )
    )  # fmt: skip
    add_complaints_and_looks(session)
    audit.record(
        session, clock=world.clock, actor=world.officer, action="upkeep.load_demo_factory",
        subject="factory:1", program=PROGRAM, facts={"plot": "rest"},
    )  # fmt: skip


def add_complaints_and_looks(session) -> None:
    """Complaints since September 2025 and looks since October; one of each after a firm left."""
    draw = SampleDraw(
        program=PROGRAM, quarter_from=date(2025, 10, 1), seed="s", algorithm="a", frame_size=40,
        frame_sha256="0" * 64, strata={}, rulebook_sha256="0" * 64, due_on=date(2025, 12, 1),
        drawn_at=start_of(date(2025, 10, 9)),
    )  # fmt: skip
    session.add(draw)
    session.flush()
    # Firm 4 left in March 2026; what was looked at and complained of in May is in no figure.
    days = [date(2025, 9, 3), date(2025, 10, 12), date(2025, 12, 1), date(2026, 5, 4)]
    for n, (firm, on) in enumerate([(f, d) for f in (2, 4, 6, 30) for d in days]):
        at = start_of(on)
        case = InfringementCase(
            program=PROGRAM, number=f"C{n}", origin=Origin.RIGHT_HOLDER, store_id=firm,
            operator_id=firm, listing_key=f"p:{n}", item_no=str(n), statement="说明",
            status=CaseStatus.NOT_FOUND, opened_at=at, due_on=on,
        )  # fmt: skip
        item = SampleItem(
            draw_id=draw.id, position=n, category="kids", listing_id=n, product_id=n,
            store_id=firm, factory_id=firm, operator_id=firm, platform="p", item_no=str(n), url="u",
        )  # fmt: skip
        session.add_all([case, item])
        session.flush()
        session.add(
            Complaint(
                program=PROGRAM, number=f"N{n}", case_id=case.id, origin=Origin.RIGHT_HOLDER,
                store_id=firm, operator_id=firm, listing_key=f"p:{n}", text="说明",
                received_at=at, due_on=on, status=ComplaintStatus.UPHELD,
            )
        )  # fmt: skip
        if on >= date(2025, 10, 9) and firm != 30:
            session.add(
                SampleLook(
                    item_id=item.id, outcome=SampleOutcome.NOTHING_FOUND, note="看过",
                    looked_by=1, looked_at=at,
                )
            )  # fmt: skip
    session.add(
        Inspection(
            factory_id=4, operator_id=4, program=PROGRAM, kind=next(iter(InspectionKind)),
            inspected_on=date(2026, 5, 6), result=next(iter(InspectionResult)),
            inspectors="经办", non_conformities={}, recorded_at=start_of(date(2026, 5, 6)),
        )
    )  # fmt: skip


def taken(world, actor=None) -> dict[str, bytes]:
    actor = actor or world.officer
    analysis = world.see(lambda s: gather_analysis(s, actor, world.rulebook, clock=world.clock))
    stamp = world.do(
        lambda s: record_export(
            s, clock=world.clock, actor=actor, program=PROGRAM, kind="analysis",
            rows=analysis.count,
        )
    )  # fmt: skip
    return pack_analysis(analysis, stamp)


def rows_of(files: dict[str, bytes], table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{table}.csv"].decode())))


def ran(folder: Path, monkeypatch) -> dict:
    """Run the notebook's code cells in order in one name space."""
    monkeypatch.setitem(os.environ, "ANALYSIS_DIR", str(folder))
    space: dict = {}
    for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
    return space


def test_the_notebook_computes_every_published_number_again(studied, tmp_path, monkeypatch):
    files = taken(studied)
    write_package(files, tmp_path / "out")
    space = ran(tmp_path / "out", monkeypatch)
    # The last cell asserts it; here once more, so that an emptied notebook cannot pass.
    published = {(r["figure"], r["item"], r["measure"]): r for r in rows_of(files, "published")}
    assert set(space["checked"]) == set(published)
    assert all(good for _computed, _shown, good in space["checked"].values())
    drawn = {figure for figure, _item, measure in published if measure != "refused"}
    assert drawn == {
        "before_after", "effort", "event_study", "cohorts", "group_time", "series", "funnel",
        "shrinkage", "waiting", "origins",
    }  # fmt: skip
    assert not [key for key in published if key[2] == "refused"]
    for measure in ("inspections", "complaints", "samples"):  # or None would equal None
        assert float(published["effort", measure, "after"]["number"]) > 0
    assert published["waiting", "evidence:1", "lower"]["number"]
    m = studied.see(
        lambda s: gather_material(s, studied.officer, studied.rulebook, clock=studied.clock)
    )
    comparison = m.study.comparison
    assert space["span"] == pytest.approx(comparison.ratio_interval, rel=1e-9)
    assert space["phi"] == pytest.approx(m.study.dispersion, rel=1e-9)
    assert space["phi"] > 1.1
    overall = methods.effects(m).overall
    assert space["effects"]["after_entry"] == pytest.approx(
        (overall.ratio, *overall.interval, overall.operators), rel=1e-9
    )
    assert space["prior"] == pytest.approx(
        (methods.regression(m).prior.mean, methods.regression(m).prior.shape), rel=1e-4
    )
    step = methods.series(m).fitted.step
    assert float(published["series", "", "rr"]["number"]) == step.rr


def test_a_program_of_three_firms_is_refused_in_the_notebook_as_in_the_app(
    world, tmp_path, monkeypatch
):
    for number in range(1, 4):
        firm_of(world, number, LAST - 5)
    files = taken(world)
    write_package(files, tmp_path / "out")
    space = ran(tmp_path / "out", monkeypatch)
    refused = {
        r["figure"]: r["text"] for r in rows_of(files, "published") if r["measure"] == "refused"
    }
    assert refused == {
        "event_study": "few_operators",
        "group_time": "few_operators",
        "series": "few_months",
        "funnel": "few_operators",
        "shrinkage": "few_operators",
    }
    assert not space["missing"]


def test_an_empty_program_gives_empty_tables_and_the_notebook_still_runs(
    world, tmp_path, monkeypatch
):
    files = taken(world)
    assert rows_of(files, "store_months") == []
    write_package(files, tmp_path / "out")
    assert ran(tmp_path / "out", monkeypatch)["different"].empty


def test_the_same_database_gives_the_same_bytes_apart_from_the_stamp(studied):
    one = taken(studied)
    studied.clock.advance(hours=3)
    try:
        two = taken(studied, studied.auditor)
    finally:
        studied.clock.advance(hours=-3)
    stamped = {"README.md", "datapackage.json", "SHA256SUMS"}
    assert {name for name in one if one[name] != two[name]} == stamped
    a, b = json.loads(one["datapackage.json"]), json.loads(two["datapackage.json"])
    assert a["export"]["by"] == "officer"
    assert b["export"]["by"] == "auditor"
    assert {k for k in a if a[k] != b[k]} == {"created", "export"}


def test_every_export_is_in_the_trail_under_the_number_it_carries(studied):
    files = taken(studied)
    told = json.loads(files["datapackage.json"])
    assert told["created"] == "2026-11-23T08:00:00+08:00"
    readme = files["README.md"].decode()
    assert readme.count(told["export"]["number"]) == 2  # once in each language
    subjects = studied.see(
        lambda s: s.execute(
            sa.text("select subject from audit_entry where action = 'exchange.record_export'")
        ).scalars().all()
    )  # fmt: skip
    assert f"export:{told['export']['number']}" in subjects


def test_nobody_is_named_and_no_day_is_told(studied):
    told = b"\n".join(
        content for name, content in taken(studied).items() if name.endswith(".csv")
    ).decode()
    for secret in ("守望", "虚构", "W1,", "350304", "自愿", "2025-05-06", "2026-03-20"):
        assert secret not in told
    assert told.isascii()


def test_aliases_are_those_of_this_installation_and_rows_lie_in_their_order(studied):
    files = taken(studied)
    names = [r["operator"] for r in rows_of(files, "operators")]
    assert names == sorted(names)
    places = [int(r["draw_order"]) for r in rows_of(files, "operators")]
    assert sorted(places) == list(range(1, 43))
    assert places != sorted(places)  # the order of rows does not give registration away
    keys = studied.app.store.keys
    from marketplace.exchange.analysis.aliases import alias_of

    other = replace(keys, audit=b"another installation's secret...")
    assert alias_of(keys, PROGRAM, "operator", 1) in names
    assert alias_of(other, PROGRAM, "operator", 1) not in names


def test_an_undecided_finding_names_no_firm_and_who_declared_is_not_told(studied):
    files = taken(studied)
    open_ = [r for r in rows_of(files, "findings") if r["status"] == "suspected"]
    assert open_
    kept = {"finding", "origin", "basis", "status", "triggered_entry", "in_rates"}
    assert all({k for k, v in r.items() if v} == kept for r in open_)
    states = {r["state_before"] for r in rows_of(files, "operators")}
    assert states == {"observed_some", "not_observed", ""}


def test_a_leaver_ends_with_his_month_of_exit_and_a_gap_is_empty_not_zero(studied):
    files = taken(studied)
    gone = {r["operator"]: r for r in rows_of(files, "operators") if r["exit_month"]}
    assert {r["exit_reason"] for r in gone.values()} == {"withdrawn", "removed"}
    months = rows_of(files, "operator_months")
    assert max(r["month"] for r in months if r["operator"] in gone) == "2026-03"
    assert {r["sold"] for r in months} == {""}  # nobody reported sales
    # Not kept yet is empty, kept and none is 0; before entry nobody's listings were drawn.
    assert {r["complaints"] for r in months if r["month"] < "2025-09"} == {""}
    assert {r["complaints"] for r in months if r["month"] >= "2025-09"} == {"0", "1"}
    assert {r["samples"] for r in months if r["month"] < "2025-10"} == {""}
    assert {r["samples"] for r in months if not r["months_since_entry"]} == {""}
    # 4 firms complained of four times and 3 looked at three times, but for May of the one that left
    assert sum(int(r["complaints"] or 0) for r in months) == 15
    assert sum(int(r["samples"] or 0) for r in months) == 8
    assert sum(int(r["inspections"]) for r in months) == 12  # a 13th came after the exit
    assert sum(int(r["near_misses"]) for r in months) == 2


def test_the_dictionary_tells_every_column_in_both_languages_and_the_rows_obey_it(studied):
    files = taken(studied)
    package = json.loads(files["datapackage.json"])
    assert [r["name"] for r in package["resources"]] == [t.name for t in TABLES]
    for resource in package["resources"]:
        rows = rows_of(files, resource["name"])
        fields = {f["name"]: f for f in resource["schema"]["fields"]}
        assert len(rows) == resource["rows"]
        assert tuple(fields) == TABLE[resource["name"]].names
        assert hashlib.sha256(files[resource["path"]]).hexdigest() in resource["hash"]
        for field in fields.values():
            assert field["description"].isascii()
            assert not field["description_zh"].isascii()
            assert ("unit" in field) == ("unit_zh" in field)
        for row in rows:
            for name, text in row.items():
                obeys(fields[name], text)
        key = TABLE[resource["name"]].key
        if key:
            assert len({tuple(r[k] for k in key) for r in rows}) == len(rows)


def obeys(field: dict, text: str) -> None:
    limits = field.get("constraints", {})
    if not text:
        assert not limits.get("required"), field["name"]
        return
    match field["type"]:
        case "integer":
            assert int(text) >= limits.get("minimum", int(text))
        case "number":
            float(text)
        case "boolean":
            assert text in {"true", "false"}
        case "yearmonth":
            datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
    assert text in limits.get("enum", [text])


def test_the_checksums_hold_for_every_file_and_the_archive_has_them_all(studied):
    files = taken(studied)
    lines = files["SHA256SUMS"].decode().splitlines()
    assert {line.split("  ")[1] for line in lines} == set(files) - {"SHA256SUMS"}
    for line in lines:
        mark, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == mark
    with ZipFile(io.BytesIO(zip_package(files, "analysis"))) as archive:
        assert {n.removeprefix("analysis/") for n in archive.namelist()} == set(files)
    assert zip_package(files, "analysis") == zip_package(
        dict(reversed(files.items())), "analysis"
    )
    assert files[NOTEBOOK.name] == NOTEBOOK.read_bytes()


def test_a_folder_with_anything_in_it_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(Refused, match="folder_not_empty"):
        write_package({"README.md": b""}, tmp_path)


def test_only_those_who_see_the_whole_program_take_it_out(studied):
    of_a_district = replace(studied.officer, limits=frozenset({("putian-footwear", "350304")}))
    outsider = replace(studied.auditor, programs=frozenset({"elsewhere"}))
    owner = studied.owner(1)
    admin = replace(studied.officer, role=Role.ADMIN)
    for actor in (of_a_district, outsider, owner, studied.marketer, admin):
        with pytest.raises((NotAllowed, NotFound)):
            taken(studied, actor)
    for actor in (studied.officer, studied.reviewer, studied.auditor):
        assert taken(studied, actor)["README.md"]


def test_the_numbers_given_are_the_ones_the_methods_use():
    given = inspect.signature(group_time_effects).parameters
    assert (given["anticipation"].default, given["base_periods"].default) == (
        ANTICIPATION,
        BASE_PERIODS,
    )
    assert inspect.signature(draw_funnel).parameters["winsor_share"].default == WINSOR_SHARE


def test_the_notebook_is_sound_and_carries_no_output():
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert set(notebook) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    for cell in notebook["cells"]:
        assert cell["cell_type"] in {"code", "markdown"}
        assert all(isinstance(line, str) for line in cell["source"])
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            assert "marketplace" not in "".join(cell["source"])  # nothing of the application
