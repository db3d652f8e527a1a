"""Counts a Friday page for a program or one district, for today or again for a day gone by."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, require_place
from marketplace.base.access.queries import names_of
from marketplace.base.clock import Clock, month_index, month_label, month_start, today
from marketplace.base.rulebook import Rulebook
from marketplace.desk.factories import FactoryFilter, list_factories
from marketplace.desk.friday.behind import Behind
from marketplace.desk.friday.content import FridayContent, Overdue, Remark
from marketplace.desk.issues.content import Number
from marketplace.desk.todo import Task, list_office_todo
from marketplace.features.catalog.tables import Product, ProductDecision
from marketplace.features.compliance.kinds import ExposureKind
from marketplace.features.compliance.marks.queries import list_store_months
from marketplace.features.compliance.rules import Comparison, StoreMonth, Watched
from marketplace.features.compliance.rules.comparison import Beside
from marketplace.features.compliance.rules.periods import compare_periods
from marketplace.features.compliance.rules.sides import FEW_FINDINGS, Sums, split
from marketplace.features.compliance.summary import read_dispersion, require_sums
from marketplace.features.enforcement.tables import Finding
from marketplace.features.progress.tables import Enrollment, Inspection
from marketplace.features.registry.tables import Factory

_SHOWN = 3


def compose_friday(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    district: str | None = None,
) -> FridayContent:
    """Return the page as it stands today, not yet issued.

    Raises:
        Unavailable: while the sums it is read from are being made anew.
    """
    program = rulebook.program.key
    require_place(actor, "desk.compose_friday", program=program, district=district)
    require_sums(session, rulebook=rulebook)
    day = today(clock)
    late = list_late(session, actor, rulebook, clock=clock, district=district)
    numbers = (
        *recount(session, actor, rulebook, day=day, district=district),
        Number("overdue", len(late)),
    )
    return FridayContent(
        day=day.isoformat(),
        numbers=numbers,
        remarks=_remarks(session, actor, rulebook, clock, district),
        overdue=tuple(late[:_SHOWN]),
        overdue_total=len(late),
    )


def recount(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    day: date,
    district: str | None = None,
) -> tuple[Number, ...]:
    """Return the numbers up to a day, counted with everything known now.

    For an issue gone by this tells what later corrections changed; the issue itself stays.
    """
    require_place(actor, "desk.recount", program=rulebook.program.key, district=district)
    behind = Behind(rulebook.program.key, district, day)
    counted = sa.func.count()
    enrolled = sa.select(counted).select_from(Enrollment).where(*behind.enrolled)
    verified = (
        sa.select(sa.func.count(sa.distinct(col(ProductDecision.product_id))))
        .join(Product, col(Product.id) == col(ProductDecision.product_id))
        .where(*behind.verified)
    )
    upheld = sa.select(counted).select_from(Finding).where(*behind.upheld)
    last = behind.month
    watched = _watched(session, actor, rulebook, range(last, last + 1), district)
    month = Sums.of(m for w in watched for m in w.months)
    return (
        Number("enrolled", int(session.execute(enrolled).scalar_one())),
        Number("verified_week", int(session.execute(verified).scalar_one())),
        Number("upheld_week", int(session.execute(upheld).scalar_one())),
        Number("rate_month", month.listings, month.exposure),
    )


def _watched(
    session: Session, actor: Actor, rulebook: Rulebook, months: range, district: str | None
) -> list[Watched]:
    """Return what was checked and found in some months, by operator, from the same looking.

    Only months a store reported count, on both sides, under who held the store that month; what
    cannot have come from that looking stands outside.
    """
    program, kind = rulebook.program.key, ExposureKind(rulebook.compliance.exposure_kind)
    found: dict[int, tuple[list[StoreMonth], list[StoreMonth]]] = {}
    for month in months:
        rows = list_store_months(
            session, actor, program=program, kind=kind, month=month, district=district
        )
        for n, row in enumerate(rows):
            m = StoreMonth(
                n, month, row.checked or 0, row.findings, row.listings, row.overturned
            )
            inside, outside = (None, m) if row.checked is None else split(m, kind)
            kept = found.setdefault(row.operator_id, ([], []))
            kept[0].extend([inside] if inside else [])
            kept[1].extend([outside] if outside else [])
    return [
        Watched(key, None, tuple(months), outside=tuple(beside))
        for key, (months, beside) in sorted(found.items())
    ]


def _remarks(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    clock: Clock,
    district: str | None,
) -> tuple[Remark, ...]:
    return (
        _rate_remark(session, actor, rulebook, clock, district),
        _waiting_remark(session, actor, rulebook, district),
        _effort_remark(session, rulebook, clock, district),
    )


def _rate_remark(
    session: Session, actor: Actor, rulebook: Rulebook, clock: Clock, district: str | None
) -> Remark:
    """Say fell or rose by the rule of every figure, and flag a fall that goes with less looking.

    Listings found together are not independent (domain §3a): under 20 findings a side the
    interval is on findings, from there quasi-Poisson with the dispersion of the program.
    """
    last = month_index(today(clock)) - 1
    watched = _watched(session, actor, rulebook, range(last - 1, last + 1), district)
    by_month = {
        month: Sums.of(m for w in watched for m in w.months if m.month == month)
        for month in (last - 1, last)
    }
    before, now = by_month[last - 1], by_month[last]
    few = min(before.findings, now.findings) < FEW_FINDINGS
    looked = [
        Beside(
            inspections=_inspected(
                session,
                rulebook,
                district,
                since=month_start(month),
                until=month_start(month + 1) - timedelta(days=1),
            )
        )
        for month in (last - 1, last)
    ]
    found = compare_periods(
        watched,
        first=last - 1,
        boundary=last,
        last=last,
        dispersion=1.0 if few else read_dispersion(session, rulebook.program.key),
        level=rulebook.compliance.interval_level,
        beside=(looked[0], looked[1]),
    )
    facts: dict[str, str | int] = {
        "month": month_label(last),
        "count": now.listings,
        "n": now.exposure,
        "findings": now.findings,
        "count_before": before.listings,
        "n_before": before.exposure,
        "findings_before": before.findings,
    }
    if few:  # issues of before told a rate here and keep it
        facts["few"] = FEW_FINDINGS
    if found.after.interval is not None:
        low, high = (f"{end * 1000:.1f}" for end in found.after.interval)
        basis = "findings" if found.after.on_findings else "listings"
        facts |= {"basis": basis, "low": low, "high": high}
    if found.after.outside.findings:
        facts["outside_findings"] = found.after.outside.findings
        facts["outside_listings"] = found.after.outside.listings
    if min(now.exposure, before.exposure) < rulebook.compliance.min_exposure_for_ranking:
        return Remark("rate_too_little", facts)
    return Remark(_rate_code(found, few=few), facts)


def _rate_code(found: Comparison, *, few: bool) -> str:
    """Return which sentence may be said; each says what its interval is on.

    Findings and listings can go opposite ways: a sentence on listings must not rest on findings.
    """
    basis = "findings" if few else "listings"
    span = found.ratio_interval
    if span is None or span[0] <= 1 <= span[1]:
        change = "unclear"
    elif span[0] > 1:
        change = "rose"
    else:
        change = "fell_less_looking" if found.effort_fell else "fell"
    return f"rate_{change}_{basis}"


def _waiting_remark(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    district: str | None,
) -> Remark:
    """Name the stage before which most factories stand."""
    wanted = FactoryFilter(districts=(district,) if district else ())
    found = list_factories(session, actor, rulebook, wanted=wanted, page_rows=0)
    stages = [stage.key for stage in rulebook.stages]
    waiting = {key: found.facets.stages.get(key, 0) for key in stages[:-1]}
    if not any(waiting.values()):
        return Remark("stages_done", {"total": found.total})
    key = max(waiting, key=lambda k: (waiting[k], -stages.index(k)))
    following = stages[stages.index(key) + 1]
    return Remark(
        "stages_wait",
        {"stage": key, "next": following, "count": waiting[key], "total": found.total},
    )


def _effort_remark(
    session: Session, rulebook: Rulebook, clock: Clock, district: str | None
) -> Remark:
    """Tell how much was inspected: a number that falls with the looking is no success."""
    day, span, one = today(clock), timedelta(days=30), timedelta(days=1)
    now, before = (
        _inspected(session, rulebook, district, since=end - span + one, until=end)
        for end in (day, day - span)
    )
    code = "effort_fell" if now < before else "effort_held"
    return Remark(code, {"count": now, "count_before": before})


def _inspected(
    session: Session, rulebook: Rulebook, district: str | None, *, since: date, until: date
) -> int:
    """Count on-site inspections of the firms it is about; both days inclusive."""
    statement = sa.select(sa.func.count()).where(
        col(Inspection.operator_id).in_(
            Behind(rulebook.program.key, district, until).operators
        ),
        col(Inspection.inspected_on).between(since, until),
    )
    return int(session.execute(statement).scalar_one())


def list_late(
    session: Session,
    actor: Actor,
    rulebook: Rulebook,
    *,
    clock: Clock,
    district: str | None = None,
) -> list[Overdue]:
    """Return what is past its day today, whoever may do it: longest first, and who holds it."""
    program = rulebook.program.key
    require_place(actor, "desk.list_late", program=program, district=district)
    day = today(clock)
    late = [
        t for t in list_office_todo(session, actor, rulebook, clock=clock) if t.due_on < day
    ]
    ids = {task.factory_id for task in late if task.factory_id is not None}
    factories = {
        row.id: row
        for row in session.execute(
            sa.select(col(Factory.id), col(Factory.district), col(Factory.officer_id)).where(
                col(Factory.id).in_(sorted(ids))
            )
        ).all()
    }
    names = names_of(session, {f.officer_id for f in factories.values() if f.officer_id})

    def held_by(task: Task) -> str:
        factory = factories.get(task.factory_id)
        return names.get(factory.officer_id, "") if factory and factory.officer_id else ""

    kept = [
        task
        for task in late
        if district is None
        or (task.factory_id in factories and factories[task.factory_id].district == district)
    ]
    return [
        Overdue(t.kind.value, t.title, t.about, held_by(t), (day - t.due_on).days) for t in kept
    ]
