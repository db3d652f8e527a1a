"""What time brings, minute by minute: expiry, ended waits, due jobs, and what is kept beside the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from marketplace.assembly import App
from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.access.throttling import forget_old_acts
from marketplace.base.clock import today
from marketplace.base.db import housekeeping_write, read, write
from marketplace.base.files import forget_openings, sweep_orphans
from marketplace.base.jobs import Heartbeat, JobHandler, enqueue, run_due
from marketplace.base.rulebook import Rulebook
from marketplace.desk import anchors
from marketplace.desk.drafts import forget_old_drafts
from marketplace.desk.indexing import is_index_due, reindex_due
from marketplace.desk.plan_reminders import remind_of_plans
from marketplace.desk.programs import is_program_version_kept, keep_program_versions
from marketplace.desk.standing import is_standing_due, refresh_due
from marketplace.features.catalog import commands as catalog_commands
from marketplace.features.complaints import commands as complaint_commands
from marketplace.features.compliance import summary
from marketplace.features.enforcement import commands as enforcement_commands
from marketplace.features.holds import commands as holds_commands
from marketplace.features.links import commands as links_commands
from marketplace.features.progress import commands as progress_commands
from marketplace.features.promotion import commands as promotion_commands
from marketplace.features.promotion.commands.ranking import is_rank_due, refresh_due_ranks
from marketplace.features.promotion.kinds import RecheckKind

SWEEP = "files.sweep"


def run_minute(app: App) -> None:
    """Do what the minute brings: expiry with notices, ended waits, windows, slots, due jobs.

    First of all the program files in force are kept: what is decided stays judged by them.
    """
    keep_programs(app)
    _plan_sweep(app)
    for rulebook in app.house.rulebooks.values():
        write(app.store, partial(_expire, app=app, rulebook=rulebook))
        refresh_links(app, rulebook)
    refresh_derived(app)
    run_due(app.store, clock=app.clock, handlers=job_handlers(app))
    keep_anchor(app, once_a_day=True)


def keep_anchor(app: App, *, once_a_day: bool = False) -> bool:
    """Sign the end of the trail into the anchors file where it has moved on since the last time.

    Between two anchors a cut end leaves no trace: hence one a day, one when serving begins and
    one with every backup.
    """
    path = app.data_dir / audit.ANCHORS_FILE
    made = audit.renew_anchor(app.store, clock=app.clock, path=path, once_a_day=once_a_day)
    return made is not None


def job_handlers(app: App) -> Mapping[str, JobHandler]:
    """Return the job kinds and what runs them."""
    return {"promotion.recheck": partial(_recheck, app), SWEEP: partial(_sweep, app)}


def keep_programs(app: App) -> int:
    """Keep the text of every program file in force, once; return how many were new."""
    rulebooks = list(app.house.rulebooks.values())
    with read(app.store) as session:
        if all(is_program_version_kept(session, rulebook) for rulebook in rulebooks):
            return 0
    return write(
        app.store, partial(keep_program_versions, clock=app.clock, rulebooks=rulebooks)
    )


def refresh_derived(app: App) -> int:
    """Bring what is kept beside the facts to the day and the rules of now; return how many rows.

    Lists, sums of conduct, ranks of products and the search index; in small units of work, so that
    nobody waits for it.
    """
    done = 0
    for rulebook in app.house.rulebooks.values():
        done += _while_due(
            app,
            partial(is_standing_due, rulebook=rulebook, clock=app.clock),
            partial(refresh_due, rulebook=rulebook, clock=app.clock),
        )
        done += _make_anchors(app, rulebook)
        done += _while_due(
            app,
            partial(summary.is_summary_due, rulebook=rulebook),
            partial(summary.refresh_due, rulebook=rulebook),
        )
        done += _while_due(
            app,
            partial(summary.is_year_due, rulebook=rulebook, clock=app.clock),
            partial(summary.refresh_due_years, rulebook=rulebook, clock=app.clock),
        )
    return done + refresh_ranks(app) + _while_due(app, is_index_due, reindex_due)


def refresh_ranks(app: App) -> int:
    """Bring where products stand in rotation to the day of now; return how many rows."""
    return sum(
        _while_due(
            app,
            partial(is_rank_due, program=program, clock=app.clock),
            partial(refresh_due_ranks, program=program, clock=app.clock),
        )
        for program in app.house.rulebooks
    )


def _make_anchors(app: App, rulebook: Rulebook) -> int:
    """Each order once a minute, whatever moves in it meanwhile."""
    with read(app.store) as session:
        dropped = anchors.find_dropped(session, rulebook)
    for sort in dropped:
        write(app.store, partial(anchors.make, program=rulebook.program.key, sort=sort))
    return len(dropped)


def _while_due(
    app: App, is_due: Callable[[Session], bool], refresh: Callable[[Session], int]
) -> int:
    """Ask in a read first, so that a quiet minute takes no writer's turn."""
    done = 0
    while True:
        with read(app.store) as session:
            if not is_due(session):
                return done
        some = write(app.store, refresh)
        if some == 0:
            return done
        done += some


def refresh_links(app: App, rulebook: Rulebook) -> bool:
    """Derive the links of a program anew where facts changed since the last time."""
    with read(app.store) as session:
        if not links_commands.is_stale(session, program=rulebook.program.key):
            return False

    def work(session: Session) -> None:
        links_commands.hash_pictures(session, data_dir=app.data_dir)
        links_commands.refresh_links(session, rulebook, clock=app.clock, actor=SYSTEM)

    write(app.store, work)
    return True


def _plan_sweep(app: App) -> None:
    token = f"{SWEEP}:{today(app.clock).isoformat()}"
    try:
        with housekeeping_write(app.store) as session:
            enqueue(session, clock=app.clock, kind=SWEEP, token=token)
    except IntegrityError:  # another process planned it in the same moment
        return


def _sweep(app: App, payload: Mapping[str, Any], beat: Heartbeat) -> None:
    """Remove files no row knows, drafts nobody touched for long, what is too old to be counted.

    In a unit of work: it queues with the writers, so that no upload stands between its file and
    its row meanwhile.
    """
    del payload
    write(app.store, partial(sweep_orphans, data_dir=app.data_dir))
    with housekeeping_write(app.store) as session:
        forget_old_drafts(session, clock=app.clock)
        forget_old_acts(session, clock=app.clock)
        longest = max(r.oversight.keep_views_days for r in app.house.rulebooks.values())
        forget_openings(session, clock=app.clock, keep_days=longest)
    beat(1, 1)


def _expire(session: Session, *, app: App, rulebook: Rulebook) -> None:
    clock = app.clock
    progress_commands.expire_certifications(session, rulebook, clock=clock, actor=SYSTEM)
    catalog_commands.expire_products(session, rulebook, clock=clock, actor=SYSTEM)
    enforcement_commands.end_due_suspensions(session, rulebook, clock=clock, actor=SYSTEM)
    remind_of_plans(session, rulebook, clock=clock, actor=SYSTEM)
    enforcement_commands.clear_years(session, rulebook, clock=clock, actor=SYSTEM)
    program = rulebook.program.key
    holds_commands.expire_holds(session, clock=clock, program=program, actor=SYSTEM)
    complaint_commands.end_waits(session, rulebook, clock=clock, actor=SYSTEM)
    complaint_commands.settle_cases(session, clock=clock, program=program, actor=SYSTEM)
    promotion_commands.clear_due_windows(session, clock=clock, program=program, actor=SYSTEM)
    promotion_commands.release_held_slots(session, rulebook, clock=clock, actor=SYSTEM)


def _recheck(app: App, payload: Mapping[str, Any], beat: Heartbeat) -> None:
    def work(session: Session) -> None:
        from marketplace.features.promotion.tables import Collection

        row = session.get(Collection, int(payload["collection_id"]))
        if row is None:
            return
        promotion_commands.run_recheck(
            session,
            app.rulebook(row.program),
            clock=app.clock,
            collection_id=row.key,
            kind=RecheckKind(str(payload["kind"])),
        )

    write(app.store, work)
    beat(1, 1)
