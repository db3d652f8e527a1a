"""What is kept beside the facts equals them: in the demo, after a repair, and told by the verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from typer.testing import CliRunner, Result

from marketplace.assembly import open_app
from marketplace.base.access import Actor, Role
from marketplace.base.clock import month_index, today
from marketplace.base.db import housekeeping_write, read
from marketplace.base.db.migrate import migrate
from marketplace.base.settings import Settings, settings
from marketplace.desk.tables import FactoryCount, FactoryStanding
from marketplace.faces.cli.main import build
from marketplace.features.compliance.queries import observe_program
from marketplace.features.compliance.studies import study_overview, study_program
from marketplace.features.compliance.tables import CohortMonth
from marketplace.upkeep.minute import refresh_derived
from marketplace.upkeep.rebuilding import find_differences, rebuild
from tests.features.scene import make_firm, make_people


def test_the_demo_is_kept_as_its_facts_are(demo):
    assert find_differences(demo) == []


@pytest.mark.parametrize("back", [0, 1, 9, 20])
def test_the_overview_says_from_the_sums_what_the_raw_facts_say(demo, back):
    """Every number of the figure, for the program and each district, as of several months."""
    rulebook = demo.rulebook()
    program = rulebook.program.key
    officer = Actor(1, "officer", "officer", Role.OFFICER, frozenset({program}))
    until = month_index(today(demo.clock)) - 1 - back
    places = [None, *(region.code for region in rulebook.regions)]
    with read(demo.store) as session:
        for place in places:
            given = {"clock": demo.clock, "district": place, "until": until}
            raw = observe_program(session, officer, program=program, district=place)
            kept = study_overview(session, officer, rulebook, **given)
            made = study_program(session, officer, rulebook, **given, observations=raw)
            assert kept == replace(made, watched=())
            assert place is not None or kept.comparison.operators > 20


def test_what_was_changed_by_hand_is_named_and_rebuilt(world):
    make_people(world)
    firm = make_firm(world, products=1)
    firm.uphold(firm.finding())
    assert find_differences(world.app) == []
    with housekeeping_write(world.app.store) as session:
        session.execute(sa.update(FactoryStanding).values(points=99))
        session.execute(sa.update(FactoryCount).values(n=7))
        session.execute(sa.delete(CohortMonth))
        session.execute(sa.text("UPDATE cohort_operator SET residual = 5"))
    found = {(d.table, d.columns) for d in find_differences(world.app)}
    assert ("factory_standing", ("points",)) in found
    assert ("factory_count", ("counts",)) in found
    assert ("cohort_operator", ("residual",)) in found
    assert ("cohort_count", ("sums",)) in found
    assert rebuild(world.app) == 1
    assert find_differences(world.app) == []


def test_a_release_that_counts_otherwise_has_everybody_worked_out_anew(world):
    """0029: sums that count more than they should are mended by the minute, without a verb."""
    make_people(world)
    firm = make_firm(world, products=0)
    firm.uphold(firm.finding())
    with housekeeping_write(world.app.store) as session:
        for table in ("cohort_operator", "cohort_count"):
            session.execute(sa.text(f"UPDATE {table} SET residual = residual + 1"))
    assert find_differences(world.app) != []
    assert refresh_derived(world.app) == 0  # nothing says yet that they are due
    release = import_module("marketplace.base.db.migrations.versions.0029_leavers")
    with (
        housekeeping_write(world.app.store) as session,
        Operations.context(MigrationContext.configure(session.connection())),
    ):
        release.upgrade()
    assert refresh_derived(world.app) == 1
    assert find_differences(world.app) == []


def test_a_firm_that_applies_stands_in_the_list_as_applied(demo):
    """The demo's waiting applications once stood in the list as before they applied."""
    with read(demo.store) as session:
        waiting = session.execute(
            sa.text(
                "SELECT s.status FROM factory_standing s JOIN enrollment e"
                " ON e.operator_id = s.operator_id AND e.reversed_at IS NULL"
                " WHERE e.status = 'applied'"
            )
        ).scalars()
        assert set(waiting) == {"applied"}


@pytest.fixture
def own_settings(monkeypatch, tmp_path) -> Iterator[None]:
    """A verb reads the settings of its process once: those of another test must not be the ones."""
    monkeypatch.setenv("MARKETPLACE_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("own_settings")
def test_the_verb_ends_with_one_and_names_the_row_until_it_has_rebuilt(tmp_path):
    app = open_app(Settings(data_dir=tmp_path))
    migrate(app.store)
    with housekeeping_write(app.store) as session:
        session.execute(
            sa.insert(CohortMonth).values(
                program="putian-footwear", district="", cohort=24300, month=24301, exposure=1,
                **dict.fromkeys(("stores", "operators", "findings", "listings"), 1),
                **dict.fromkeys(("overturned", "inspections", "near_misses"), 0),
                **dict.fromkeys(("complaints", "offered", "offered_stores"), 0),
                **dict.fromkeys(("seen_inspections", "seen_complaints"), 0),
                **dict.fromkeys(("opened", "closed", "outside_findings", "outside_listings"), 0),
            )
        )  # fmt: skip
    app.store.dispose()

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(build(), [*arguments, "--data-dir", str(tmp_path)])

    told = run("rebuild", "--check")
    assert told.exit_code == 1
    assert "cohort_month" in told.stderr
    assert "cohort 24300 month 24301" in told.stderr
    assert run("rebuild").exit_code == 0
    assert run("rebuild", "--check").exit_code == 0
