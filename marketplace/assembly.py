"""The composition root: opens the store, loads the programs, binds events to what must follow.

`HANDLERS` lists, for every event, what happens in the same transaction and in which order. Facts
first (lapses, slots), then the index, then notices.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from marketplace.base.clock import Clock, SystemClock
from marketplace.base.db import Store, open_store
from marketplace.base.house import House
from marketplace.base.keys import load_or_make_keys
from marketplace.base.rulebook import Rulebook, load_all
from marketplace.base.settings import Settings
from marketplace.desk import appeal_news, hold_news, intake_news, measures
from marketplace.desk import objections as desk_objections
from marketplace.desk import reactions as desk
from marketplace.features.appeals import events as appeals_events
from marketplace.features.appeals import reactions as appeals
from marketplace.features.catalog import events as catalog_events
from marketplace.features.catalog import reactions as catalog
from marketplace.features.complaints import events as complaint_events
from marketplace.features.complaints import reactions as complaints
from marketplace.features.compliance import events as compliance_events
from marketplace.features.compliance import reactions as compliance
from marketplace.features.credit import events as credit_events
from marketplace.features.credit import reactions as credit
from marketplace.features.enforcement import events as enforcement_events
from marketplace.features.enforcement import reactions as enforcement
from marketplace.features.holds import events as holds_events
from marketplace.features.holds import reactions as holds
from marketplace.features.holds.settlement import PORT, SettlementPort
from marketplace.features.links import events as links_events
from marketplace.features.links import reactions as links
from marketplace.features.progress import events as progress_events
from marketplace.features.progress import reactions as progress
from marketplace.features.promotion import events as promotion_events
from marketplace.features.promotion import ranks as promotion_ranks
from marketplace.features.promotion import reactions as promotion
from marketplace.features.referrals import events as referral_events
from marketplace.features.referrals import reactions as referrals
from marketplace.features.registry import events as registry_events

Reaction = Callable[[Session, House, Any], None]

HANDLERS: Mapping[type, tuple[Reaction, ...]] = {
    registry_events.FactoryChanged: (
        desk.index_factory,
        compliance.keep_summary,
        desk.keep_standing,
        promotion_ranks.keep_groups,
    ),
    registry_events.HoldingChanged: (
        enforcement.on_holding_changed,
        promotion.on_store_changed,
        promotion_ranks.keep_ranks,
        compliance.keep_summary,
        desk.keep_standing,
    ),
    registry_events.StoresConfirmed: (compliance.keep_summary, desk.keep_standing),
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
    enforcement_events.FindingRecorded: (
        catalog.on_finding_recorded,
        desk.tell_finding_recorded,
    ),
    enforcement_events.FindingDismissed: (
        holds.on_finding_fell,
        appeals.on_finding_fell,
        desk.tell_finding_dismissed,
    ),
    enforcement_events.FindingOverturned: (
        holds.on_finding_fell,
        appeals.on_finding_fell,
        compliance.keep_summary,
        desk.keep_standing,
        desk.tell_finding_overturned,
        referrals.tell_finding_fell,
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
    complaint_events.ComplaintAnswered: (
        appeals.on_complaint_answered,
        intake_news.tell_answered,
    ),
    complaint_events.RightDecided: (intake_news.tell_right_decided,),
    complaint_events.NoticeMarked: (intake_news.tell_marked,),
    holds_events.HoldProposed: (hold_news.tell_proposed,),
    holds_events.HoldPlaced: (hold_news.tell_placed,),
    holds_events.HoldExtended: (hold_news.tell_extended,),
    holds_events.HoldReleased: (hold_news.tell_released,),
    links_events.LinkReviewOpened: (links.tell_review_opened,),
    links_events.AffiliateTieChanged: (promotion_ranks.keep_groups,),
    credit_events.DisputeDecided: (credit.tell_decided,),
    referral_events.ReferralAnswered: (referrals.tell_answered,),
    appeals_events.AppealFiled: (appeal_news.tell_appeal_filed,),
    appeals_events.AppealDecided: (appeal_news.tell_appeal_decided,),
    catalog_events.BrandChangeDecided: (desk.tell_brand_change_decided,),
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


def bind(
    store: Store,
    house: House,
    *,
    settlement: SettlementPort | None = None,
    without: Collection[Reaction] = (),
) -> None:
    """Give a store the handlers of this house, and what stands behind its doors.

    `without` leaves some out, for who brings up to date himself what they would keep.
    """
    store.ports = {} if settlement is None else {PORT: settlement}
    store.handlers = {
        kind: tuple(
            _bound(reaction, house) for reaction in reactions if reaction not in without
        )
        for kind, reactions in HANDLERS.items()
    }


def _bound(reaction: Reaction, house: House) -> Callable[[Session, Any], None]:
    def handle(session: Session, event: Any) -> None:
        reaction(session, house, event)

    return handle
