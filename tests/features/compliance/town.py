"""A town of firms with stores, and the deeds that change what is known of their conduct."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from marketplace.base import audit
from marketplace.base.clock import month_index, month_start, today
from marketplace.base.db import announce
from marketplace.features.complaints import commands as complaints
from marketplace.features.compliance import commands as compliance
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.progress import commands as progress
from marketplace.features.progress.kinds import (
    EnrollmentStatus,
    InspectionKind,
    InspectionResult,
)
from marketplace.features.progress.queries import time_zero
from marketplace.features.registry import commands as registry
from marketplace.features.registry.events import FactoryChanged
from marketplace.features.registry.kinds import FactoryStatus
from marketplace.features.registry.tables import Factory
from tests.features.conftest import PROGRAM, World
from tests.features.scene import uscc

NOW = month_index(date(2026, 11, 1))


class Town:
    """Firms with stores, and the deeds that change what is known of them."""

    def __init__(self, world: World, firms: int = 3) -> None:
        self.world = world
        self.operators: list[int] = []
        self.factories: list[int] = []
        self.stores: list[int] = []
        self.findings = 0
        for number in range(1, firms + 1):
            self.register(number)

    def register(self, number: int, *, district: str = "350304") -> None:
        made = self.world.do(
            lambda s: registry.record_factory(
                s,
                self.world.rulebook,
                clock=self.world.clock,
                actor=self.world.officer,
                values={
                    "name": f"（虚构）{number:03d}鞋厂",
                    "uscc": uscc(number),
                    "district": district,
                },
                source="测试",
            )
        )
        operator_id = self.world.see(
            lambda s: s.execute(
                sa.text("SELECT operator_id FROM factory WHERE id = :f"),
                {"f": made.factory_id},
            ).scalar_one()
        )
        self.factories.append(made.factory_id)
        self.operators.append(operator_id)
        self.hold(made.factory_id, f"S{number}", date(2023, 1, 1))

    def branch(self, operator_id: int, *, number: int, district: str) -> None:
        """Give a firm a second factory, as a merged register may bring it."""

        def deed(session):
            now, name = self.world.clock.now(), f"（虚构）{number:03d}分厂"
            factory = Factory(
                operator_id=operator_id,
                program=PROGRAM,
                name=name,
                name_fold=name,
                district=district,
                status=FactoryStatus.REGISTERED,
                created_at=now,
                updated_at=now,
            )
            session.add(factory)
            session.flush()
            audit.record(
                session,
                clock=self.world.clock,
                actor=self.world.officer,
                action="test.branch",
                subject=f"factory:{factory.key}",
                program=PROGRAM,
            )
            announce(session, FactoryChanged(factory.key))
            return factory.key

        self.factories.append(self.world.do(deed))
        self.hold(self.factories[-1], f"S{number}", date(2023, 1, 1))

    def hold(self, factory_id: int, store_no: str, from_on: date) -> int:
        def deed(session):
            holding_id = registry.declare_store(
                session,
                clock=self.world.clock,
                actor=self.world.officer,
                factory_id=factory_id,
                platform="示例",
                store_no=store_no,
                name=store_no,
                from_on=from_on,
                basis="测试",
            )
            registry.confirm_holding(
                session,
                clock=self.world.clock,
                actor=self.world.officer,
                holding_id=holding_id,
            )
            return session.execute(
                sa.text("SELECT store_id FROM store_holding WHERE id = :h"), {"h": holding_id}
            ).scalar_one()

        store_id = self.world.do(deed)
        if store_id not in self.stores:
            self.stores.append(store_id)
        return store_id

    def report(self, store: int, month: int, checked: int, found: int = 0, source="月报"):
        """A platform's month: how many were checked, and what was found in the same looking."""
        common = {"clock": self.world.clock, "actor": self.world.officer}

        def deed(session):
            compliance.record_exposure(
                session,
                **common,
                store_id=store,
                month=month,
                kind=ExposureKind.CHECKED,
                quantity=checked,
                source=source,
            )
            enforcement.record_monthly_findings(
                session,
                **common,
                store_id=store,
                month=month,
                origin=Origin.PROACTIVE_MODEL,
                listings=found,
                source=source,
            )

        self.world.do(deed)

    def offer(self, store: int, month: int, on_sale: int) -> None:
        """A platform's count of listings on sale in a month."""
        self.world.do(
            lambda s: compliance.record_exposure(
                s,
                clock=self.world.clock,
                actor=self.world.officer,
                store_id=store,
                month=month,
                kind=ExposureKind.LISTED,
                quantity=on_sale,
                source="月报",
            )
        )

    def find(self, store: int, day: date, listings: int) -> int:
        self.findings += 1
        common = {"clock": self.world.clock, "actor": self.world.officer}
        reference = f"c{self.findings}"

        def deed(session):
            finding_id = enforcement.record_finding(
                session,
                **common,
                store_id=store,
                origin=Origin.CONSUMER,
                listings=listings,
                found_on=day,
                statement="图形近似",
                reference=reference,
            )
            enforcement.hear_owner(
                session, **common, finding_id=finding_id, statement="厂方说明情况"
            )
            enforcement.decide_finding(
                session,
                self.world.rulebook,
                clock=self.world.clock,
                actor=self.world.reviewer,
                finding_id=finding_id,
                uphold=True,
                reason="两人复核认定",
                time_zero=time_zero,
            )
            return finding_id

        return self.world.do(deed)

    def overturn(self, finding_id: int) -> None:
        self.world.do(
            lambda s: enforcement.overturn_finding(
                s,
                self.world.rulebook,
                clock=self.world.clock,
                actor=replace(self.world.reviewer, account_id=99),
                finding_id=finding_id,
                reason="申诉成立",
            )
        )

    def enroll(self, operator_id: int) -> int:
        def deed(session):
            enrollment_id = progress.apply_enrollment(
                session,
                clock=self.world.clock,
                actor=self.world.officer,
                operator_id=operator_id,
                signed_on=today(self.world.clock),
                signed_by="演示",
            )
            progress.accept_enrollment(
                session,
                clock=self.world.clock,
                actor=self.world.reviewer,
                enrollment_id=enrollment_id,
            )
            return enrollment_id

        return self.world.do(deed)

    def leave(self, enrollment_id: int, status=EnrollmentStatus.WITHDRAWN) -> None:
        self.world.do(
            lambda s: progress.change_enrollment(
                s,
                clock=self.world.clock,
                actor=self.world.officer,
                enrollment_id=enrollment_id,
                status=status,
                reason="转做他业",
            )
        )

    def at(self, months: int) -> None:
        """Go to the 15th of a month so many months from November 2026."""
        day = month_start(NOW + months) + timedelta(days=14)
        self.world.clock.at = self.world.clock.at.replace(
            year=day.year, month=day.month, day=day.day
        )

    def inspect(self, factory_id: int, day: date) -> None:
        self.world.do(
            lambda s: progress.record_inspection(
                s,
                clock=self.world.clock,
                actor=self.world.officer,
                factory_id=factory_id,
                kind=InspectionKind.PERIODIC,
                inspected_on=day,
                inspectors=("甲", "乙"),
                result=InspectionResult.PASSED,
            )
        )

    def complain(self, store: int, number: int, day: date | None = None) -> None:
        self.world.do(
            lambda s: complaints.receive_complaint(
                s,
                self.world.rulebook,
                clock=self.world.clock,
                actor=self.world.officer,
                store_id=store,
                origin=Origin.CONSUMER,
                item=str(600_000 + number),
                text="鞋面图形与某品牌相同",
                received_on=day,
            )
        )

    def heed(self, store: int, month: int, listings: int) -> None:
        self.world.do(
            lambda s: enforcement.record_near_miss(
                s,
                clock=self.world.clock,
                actor=self.world.officer,
                store_id=store,
                month=month,
                listings=listings,
                source="筛查",
            )
        )
