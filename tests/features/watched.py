"""Firms under watch, written past the commands: an enrollment, one store, months with findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from marketplace.base import audit
from marketplace.base.access import SYSTEM
from marketplace.base.clock import month_index, month_start, start_of
from marketplace.base.text import fold_name
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.summary import refresh_later
from marketplace.features.compliance.tables import Exposure
from marketplace.features.enforcement.kinds import FindingBasis, FindingStatus, Origin
from marketplace.features.enforcement.tables import Finding
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.registry.kinds import FactoryStatus, HoldingStatus, StoreStatus
from marketplace.features.registry.tables import Factory, Operator, Store, StoreHolding
from tests.features.conftest import PROGRAM, World


def watch_firm(
    world: World,
    number: int,
    *,
    enrolled_on: date | None,
    months: Mapping[int, tuple[int, Sequence[int]]],
    district: str = "350304",
    late: timedelta = timedelta(days=2),
) -> tuple[int, int]:
    """Write a firm; `months` is index → (checked, listings of each finding).

    Returns its factory and its store. Reports came `late` after the month's end.
    """
    return world.do(lambda s: _write(s, world, number, enrolled_on, months, district, late))


def _write(
    session: Session,
    world: World,
    number: int,
    enrolled_on: date | None,
    months: Mapping[int, tuple[int, Sequence[int]]],
    district: str,
    late: timedelta,
) -> tuple[int, int]:
    name, at = f"守望鞋业{number}（虚构）", start_of(date(2020, 1, 1))
    operator = Operator(program=PROGRAM, name=name, name_fold=fold_name(name), created_at=at)
    session.add(operator)
    session.flush()
    factory = Factory(
        operator_id=operator.key, program=PROGRAM, name=name, name_fold=fold_name(name),
        district=district, category="footwear", status=FactoryStatus.REGISTERED,
        created_at=at, updated_at=at,
    )  # fmt: skip
    store = Store(
        program=PROGRAM, platform="淘宝（演示）", store_no=f"W{number}", name=f"守望店{number}",
        status=StoreStatus.OPEN, created_at=at,
    )  # fmt: skip
    session.add_all([factory, store])
    session.flush()
    session.add(
        StoreHolding(
            store_id=store.key, factory_id=factory.key, from_on=date(2020, 1, 1),
            basis="主体一致", status=HoldingStatus.CONFIRMED, confirmed_at=at,
        )
    )  # fmt: skip
    if enrolled_on is not None:
        session.add(
            Enrollment(
                operator_id=operator.key, program=PROGRAM, status=EnrollmentStatus.ENROLLED,
                signed_on=enrolled_on, signed_by="厂长", applied_at=start_of(enrolled_on),
                enrolled_on=enrolled_on, accepted_at=start_of(enrolled_on),
            )
        )  # fmt: skip
    for month, (checked, found) in months.items():
        seen = start_of(month_start(month + 1)) + late
        session.add(
            Exposure(
                program=PROGRAM, store_id=store.key, month=month, kind=ExposureKind.CHECKED,
                quantity=checked, source="平台月报", revision=1, current=True, recorded_at=seen,
            )
        )  # fmt: skip
        for n, listings in enumerate(found):
            session.add(_finding(operator, factory, store, month, n, listings, seen))
    audit.record(
        session, clock=world.clock, actor=SYSTEM, action="upkeep.load_demo_factory",
        subject=f"factory:{factory.key}", program=PROGRAM, facts={"plot": "watched"},
    )  # fmt: skip
    refresh_later(session, world.app.house, [operator.key])
    return factory.key, store.key


def _finding(
    operator: Operator,
    factory: Factory,
    store: Store,
    month: int,
    n: int,
    listings: int,
    at: datetime,
) -> Finding:
    return Finding(
        program=PROGRAM, reference=f"w:{store.key}:{month}:{n}", store_id=store.key,
        factory_id=factory.key, operator_id=operator.key, basis=FindingBasis.MONTHLY_REPORT,
        origin=Origin.PROACTIVE_MODEL, listings=listings, found_on=month_start(month),
        found_month=month, statement="月报", status=FindingStatus.UPHELD, recorded_at=at,
        decided_at=at,
    )  # fmt: skip


def this_month(world: World) -> int:
    """Return the index of the current month."""
    return month_index(world.clock.now().date())
