"""The composition root: opens the store, loads the programs, binds events to what must follow.

`HANDLERS` lists, for every event, what happens in the same transaction and in which order. Facts
first (lapses, slots), then the index, then notices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from marketplace.base.access import SYSTEM
from marketplace.base.clock import Clock, SystemClock, today
from marketplace.base.db import Store, housekeeping_write, open_store, read, write
from marketplace.base.files import forget_openings, sweep_orphans
from marketplace.base.house import House
from marketplace.base.jobs import Heartbeat, JobHandler, enqueue, run_due
from marketplace.base.keys import load_or_make_keys
from marketplace.base.rulebook import Rulebook, load_all
from marketplace.base.settings import Settings
from marketplace.desk import appeal_news, hold_news, intake_news, measures
from marketplace.desk import objections as desk_objections
from marketplace.desk import reactions as desk
from marketplace.desk.drafts import forget_old_drafts
from marketplace.desk.indexing import is_index_due, reindex_due
from marketplace.desk.plan_reminders import remind_of_plans
from marketplace.desk.programs import is_program_version_kept, keep_program_versions
from marketplace.desk.standing import is_standing_due, refresh_due
from marketplace.features.appeals import events as appeals_events
from marketplace.features.appeals import reactions as appeals
from marketplace.features.catalog import commands as catalog_commands
from marketplace.features.catalog import events as catalog_events
from marketplace.features.catalog import reactions as catalog
from marketplace.features.complaints import commands as complaint_commands
from marketplace.features.complaints import events as complaint_events
from marketplace.features.complaints import reactions as complaints
from marketplace.features.compliance import events as compliance_events
from marketplace.features.compliance import reactions as compliance
from marketplace.features.compliance.summary import is_summary_due
from marketplace.features.compliance.summary import refresh_due as refresh_summary_due
from marketplace.features.credit import events as credit_events
from marketplace.features.credit import reactions as credit
from marketplace.features.enforcement import commands as enforcement_commands
from marketplace.features.enforcement import events as enforcement_events
from marketplace.features.holds import commands as holds_commands
from marketplace.features.holds import events as holds_events
from marketplace.features.holds import reactions as holds
from marketplace.features.holds.settlement import PORT, SettlementPort
from marketplace.features.links import commands as links_commands
from marketplace.features.links import events as links_events
from marketplace.features.links import reactions as links
from marketplace.features.progress import commands as progress_commands
from marketplace.features.progress import events as progress_events
from marketplace.features.progress import reactions as progress
from marketplace.features.promotion import commands as promotion_commands
from marketplace.features.promotion import events as promotion_events
from marketplace.features.promotion import ranks as promotion_ranks
from marketplace.features.promotion import reactions as promotion
from marketplace.features.promotion.commands.ranking import is_rank_due, refresh_due_ranks
from marketplace.features.promotion.kinds import RecheckKind
from marketplace.features.referrals import events as referral_events
from marketplace.features.referrals import reactions as referrals
from marketplace.features.registry import events as registry_events

Reaction = Callable[[Session, House, Any], None]
SWEEP = "files.sweep"

HANDLERS: Mapping[type, tuple[Reaction, ...]] = {
    registry_events.FactoryChanged: (
        desk.index_factory,
        compliance.keep_summary,
        desk.keep_standing,
        promotion_ranks.keep_groups,
    ),
    registry_events.HoldingChanged: (
        promotion.on_store_changed,
        promotion_ranks.keep_ranks,
        compliance.keep_summary,
        desk.keep_standing,
    ),
    registry_events.AffiliateDeclared: (promotion_ranks.keep_groups,),
    registry_events.ChangeRequestDecided: (desk.tell_change_decided,),
    enforcement_events.FindingDecided: (
        catalog.on_finding_decided,
        promotion.on_store_changed,
        promotion_ranks.keep_ranks,
        compliance.keep_summary,
        complaints.on_finding_decided,
        desk.keep_standing,
        links.on_finding_decided,
        desk.tell_finding_decided,
    ),
    enforcement_events.FindingRecorded: (desk.tell_finding_recorded,),
    enforcement_events.FindingDismissed: (
        holds.on_finding_fell,
        desk.tell_finding_dismissed,
    ),
    enforcement_events.FindingOverturned: (
        holds.on_finding_fell,
        appeals.on_finding_overturned,
        compliance.keep_summary,
        desk.keep_standing,
        desk.tell_finding_overturned,
    ),
    enforcement_events.MonthRecorded: (compliance.keep_summary,),
    compliance_events.ExposureRecorded: (compliance.keep_summary,),
    enforcement_events.StoreReopened: (
        promotion.on_store_changed,
        promotion_ranks.keep_ranks,
        desk.keep_standing,
    ),
    enforcement_events.MeasureImposed: (catalog.on_measure_imposed,),
    enforcement_events.StoreSuspendedPending: (
        promotion.on_store_changed,
        promotion_ranks.keep_ranks,
        desk.keep_standing,
        measures.tell_suspended_pending,
    ),
    enforcement_events.MeasuresPaused: (
        promotion.on_store_changed,
        promotion_ranks.keep_ranks,
        desk.keep_standing,
    ),
    enforcement_events.PlanSubmitted: (measures.tell_plan_submitted,),
    enforcement_events.PlanAnswered: (measures.tell_plan_answered,),
    enforcement_events.SuspensionEnded: (
        promotion_ranks.keep_ranks,
        desk.keep_standing,
        measures.tell_suspension_ended,
    ),
    enforcement_events.StoreClosed: (
        catalog.on_store_closed,
        promotion.on_store_changed,
        promotion_ranks.keep_ranks,
        desk.keep_standing,
        links.on_store_closed,
        desk.tell_store_closed,
    ),
    complaint_events.ComplaintReceived: (compliance.keep_summary,),
    complaint_events.ComplaintTakenBack: (compliance.keep_summary,),
    complaint_events.NoticeForwarded: (intake_news.tell_forwarded,),
    complaint_events.SellerAnswered: (intake_news.tell_seller_answered,),
    complaint_events.CounterNoticePassedOn: (intake_news.tell_passed_on,),
    complaint_events.WaitEnded: (intake_news.tell_wait_ended,),
    complaint_events.HearingInvited: (intake_news.tell_hearing,),
    complaint_events.OwnerHeard: (intake_news.tell_heard,),
    complaint_events.ComplaintAnswered: (intake_news.tell_answered,),
    complaint_events.RightDecided: (intake_news.tell_right_decided,),
    complaint_events.NoticeMarked: (intake_news.tell_marked,),
    holds_events.HoldProposed: (hold_news.tell_proposed,),
    holds_events.HoldPlaced: (hold_news.tell_placed,),
    holds_events.HoldExtended: (hold_news.tell_extended,),
    holds_events.HoldReleased: (hold_news.tell_released,),
    links_events.LinkReviewOpened: (links.tell_review_opened,),
    credit_events.DisputeDecided: (credit.tell_decided,),
    referral_events.ReferralAnswered: (referrals.tell_answered,),
    appeals_events.AppealFiled: (appeal_news.tell_appeal_filed,),
    appeals_events.AppealDecided: (appeal_news.tell_appeal_decided,),
    catalog_events.ProductSubmitted: (desk.tell_product_submitted,),
    catalog_events.ProductDecided: (
        promotion.on_product_decided,
        promotion_ranks.keep_ranks,
        desk.tell_product_decided,
    ),
    catalog_events.TestReportRecorded: (
        catalog.on_test_report,
        promotion_ranks.keep_ranks,
        desk.keep_standing,
    ),
    catalog_events.TrademarkChanged: (
        catalog.on_trademark_changed,
        promotion_ranks.keep_ranks,
        desk.index_brands,
        desk.keep_standing,
    ),
    catalog_events.ProductLapsed: (
        promotion.on_product_lapsed,
        promotion_ranks.keep_ranks,
        desk.tell_product_lapsed,
    ),
    catalog_events.ProductRestored: (
        promotion.on_product_restored,
        promotion_ranks.keep_ranks,
        desk.tell_product_restored,
    ),
    progress_events.EnrollmentChanged: (
        progress.on_enrollment_changed,
        promotion.on_enrollment_changed,
        promotion_ranks.keep_ranks,
        compliance.keep_summary,
        desk.keep_standing,
        desk.tell_enrollment,
    ),
    progress_events.CertificationChanged: (desk.keep_standing, desk.tell_certification),
    progress_events.InspectionRecorded: (compliance.keep_summary,),
    promotion_events.CollectionPublished: (promotion_ranks.keep_ranks,),
    promotion_events.CollectionWithdrawn: (promotion_ranks.keep_ranks,),
    promotion_events.OfferChanged: (promotion_ranks.keep_ranks,),
    promotion_events.SlotVacated: (promotion_ranks.keep_ranks, desk.tell_slot_vacated),
    promotion_events.ObjectionRecorded: (
        promotion_ranks.keep_ranks,
        desk_objections.tell_objection_recorded,
    ),
    promotion_events.ObjectionDecided: (
        promotion_ranks.keep_ranks,
        desk_objections.tell_objection_decided,
    ),
}


@dataclass(frozen=True, slots=True)
class App:
    """One running installation."""

    store: Store
    house: House
    settings: Settings

    @property
    def clock(self) -> Clock:
        """The installation's clock."""
        return self.house.clock

    @property
    def data_dir(self) -> Path:
        """Where files and keys are."""
        return self.house.data_dir

    def rulebook(self, program: str | None = None) -> Rulebook:
        """Return a program's rules; the first program's without a name."""
        if program is None:
            return next(iter(self.house.rulebooks.values()))
        return self.house.rulebook(program)


def open_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    settlement: SettlementPort | None = None,
) -> App:
    """Open the store and programs an installation is configured for; migrates nothing.

    `settlement` stands for whoever keeps the sellers' money; without one it is simulated.
    """
    keys = load_or_make_keys(settings.data_dir)
    store = open_store(keys=keys, path=settings.sqlite_path, url=settings.database_url)
    house = House(
        clock=clock or SystemClock(),
        rulebooks=load_all(settings.programs_dir),
        data_dir=settings.data_dir,
    )
    bind(store, house, settlement=settlement)
    return App(store=store, house=house, settings=settings)


def bind(store: Store, house: House, *, settlement: SettlementPort | None = None) -> None:
    """Give a store the handlers of this house, and what stands behind its doors."""
    store.ports = {} if settlement is None else {PORT: settlement}
    store.handlers = {
        kind: tuple(_bound(reaction, house) for reaction in reactions)
        for kind, reactions in HANDLERS.items()
    }


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
    """Bring lists, sums of conduct, ranks of products and the search index to the day and the rules of now; return how many.

    In small units of work: nobody waits for it.
    """
    done = 0
    for rulebook in app.house.rulebooks.values():
        done += _while_due(
            app,
            partial(is_standing_due, rulebook=rulebook, clock=app.clock),
            partial(refresh_due, rulebook=rulebook, clock=app.clock),
        )
        done += _while_due(
            app,
            partial(is_summary_due, rulebook=rulebook),
            partial(refresh_summary_due, rulebook=rulebook),
        )
        program = rulebook.program.key
        done += _while_due(
            app,
            partial(is_rank_due, program=program, clock=app.clock),
            partial(refresh_due_ranks, program=program, clock=app.clock),
        )
    return done + _while_due(app, is_index_due, reindex_due)


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
    """Remove stored files that no row knows, drafts nobody touched for long, old openings of files.

    In a unit of work: it queues with the writers, so that no upload stands between its file and
    its row meanwhile.
    """
    del payload
    write(app.store, partial(sweep_orphans, data_dir=app.data_dir))
    with housekeeping_write(app.store) as session:
        forget_old_drafts(session, clock=app.clock)
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


def _bound(reaction: Reaction, house: House) -> Callable[[Session, Any], None]:
    def handle(session: Session, event: Any) -> None:
        reaction(session, house, event)

    return handle
