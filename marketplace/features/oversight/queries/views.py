"""Views of files and self-disclosures by the office without a case, task or deed near them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.access import Actor, Role, Scope, require
from marketplace.base.access.tables import Account
from marketplace.base.audit.tables import AuditEntry
from marketplace.base.clock import start_of
from marketplace.base.files.tables import FileOpening, FileUse
from marketplace.base.rulebook import Rulebook
from marketplace.features.appeals.tables import Appeal
from marketplace.features.catalog.kinds import Moderation
from marketplace.features.catalog.tables import Product
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement.tables import Finding
from marketplace.features.history.tables import Disclosure, DisclosureView
from marketplace.features.oversight.kinds import ViewCause, ViewKind
from marketplace.features.oversight.queries.patterns import Named, name_all
from marketplace.features.oversight.queries.within import operators_in_reach
from marketplace.features.oversight.rules import Span, View, cause_of
from marketplace.features.oversight.tables import OversightDraw, OversightItem
from marketplace.features.progress.kinds import CertificationStatus
from marketplace.features.progress.tables import Certification, Enrollment
from marketplace.features.registry.tables import Factory, Operator

# Looking is no deed of its own: it would excuse itself.
_LOOKING = ("history.view_disclosure", "registry.unmask_phone")


@dataclass(frozen=True, slots=True)
class ViewsRow:
    """The views without a cause, the latest first; how many were looked at, by cause.

    `operators` are operator → name; what belongs to no operator has nobody to ask about and is
    left out.
    """

    without: tuple[View, ...]
    views: int
    by_cause: dict[ViewCause, int]
    named: Named
    operators: dict[int, str]


def list_views(
    session: Session, actor: Actor, rulebook: Rulebook, *, since: date, until: date
) -> ViewsRow:
    """Return who of the office looked at what of a firm without a cause near it."""
    program = rulebook.program.key
    require(actor, "oversight.list_views", Scope(program=program))
    within = rulebook.oversight.view_within_days
    span = (start_of(since), start_of(until + timedelta(days=1)))
    views = [*_openings(session, program, span), *_disclosures(session, program, span)]
    mine = operators_in_reach(session, actor, program)
    if mine is not None:
        views = [v for v in views if v.operator_id in mine]
    operators = sorted({v.operator_id for v in views})
    spans: dict[int, list[Span]] = defaultdict(list)
    for held in _spans(session, operators, span, timedelta(days=within)):
        spans[held.operator_id].append(held)
    causes = [(v, cause_of(v, spans[v.operator_id], within_days=within)) for v in views]
    without = sorted(
        (v for v, cause in causes if cause is None),
        key=lambda v: (v.at, v.kind.value, v.ref_id),
        reverse=True,
    )
    return ViewsRow(
        without=tuple(without),
        views=len(views),
        by_cause={c: sum(1 for _, found in causes if found is c) for c in ViewCause},
        named=name_all(session, {v.person for v in without}, set()),
        operators=_names(session, sorted({v.operator_id for v in without})),
    )


def _openings(
    session: Session, program: str, span: tuple[datetime, datetime]
) -> Iterator[View]:
    rows = session.execute(
        sa.select(
            col(FileOpening.id), col(FileOpening.account_id), col(FileUse.operator_id),
            col(FileOpening.opened_at), col(FileUse.name),
        )
        .join(FileUse, col(FileUse.id) == col(FileOpening.use_id))
        .where(
            col(FileUse.program) == program, col(FileUse.operator_id).is_not(None),
            col(FileOpening.opened_at) >= span[0], col(FileOpening.opened_at) < span[1],
        )
    )  # fmt: skip
    for number, person, operator_id, at, name in rows:
        yield View(ViewKind.FILE, int(number), person, int(operator_id), at, name)


def _disclosures(
    session: Session, program: str, span: tuple[datetime, datetime]
) -> Iterator[View]:
    rows = session.execute(
        sa.select(
            col(DisclosureView.id), col(DisclosureView.viewed_by),
            col(Disclosure.operator_id), col(DisclosureView.viewed_at),
            col(DisclosureView.reason),
        )
        .join(Disclosure, col(Disclosure.id) == col(DisclosureView.disclosure_id))
        .join(Account, col(Account.id) == col(DisclosureView.viewed_by), isouter=True)
        .where(
            col(Disclosure.program) == program,
            col(DisclosureView.viewed_at) >= span[0], col(DisclosureView.viewed_at) < span[1],
            sa.func.coalesce(col(Account.role), Role.OFFICER) != Role.OWNER,
        )
    )  # fmt: skip
    for number, person, operator_id, at, reason in rows:
        yield View(ViewKind.DISCLOSURE, int(number), person, int(operator_id), at, reason)


def _spans(
    session: Session,
    operators: Sequence[int],
    span: tuple[datetime, datetime],
    wide: timedelta,
) -> Iterator[Span]:
    """Everything that may give a view of these operators a cause; the rule looks at the days."""
    first, last = span[0] - wide, span[1] + wide
    owned = session.execute(
        sa.select(col(Factory.operator_id), col(Factory.officer_id), col(Factory.created_at))
        .where(col(Factory.operator_id).in_(operators), col(Factory.officer_id).is_not(None))
    )  # fmt: skip
    for operator_id, officer_id, created_at in owned:
        yield Span(operator_id, created_at, None, ViewCause.OWN_FIRM, officer_id)
    deeds = session.execute(
        sa.select(col(AuditEntry.operator_id), col(AuditEntry.actor_id), col(AuditEntry.at))
        .where(
            col(AuditEntry.operator_id).in_(operators), col(AuditEntry.actor_id).is_not(None),
            col(AuditEntry.at) >= first, col(AuditEntry.at) < last,
            col(AuditEntry.action).not_in(_LOOKING),
        )
        .distinct()
    )  # fmt: skip
    for operator_id, person, at in deeds:
        yield Span(operator_id, at, at, ViewCause.DEED, person)
    for operator_id, since, until in _waiting(session, operators):
        yield Span(operator_id, since, until, ViewCause.OPEN)
    drawn = session.execute(
        sa.select(
            col(OversightItem.operator_id), col(OversightDraw.drawn_by),
            col(OversightDraw.drawn_at),
        )
        .join(OversightDraw, col(OversightDraw.id) == col(OversightItem.draw_id))
        .where(col(OversightItem.operator_id).in_(operators))
    )  # fmt: skip
    for operator_id, person, at in drawn:
        yield Span(operator_id, at, at, ViewCause.DRAWN, person)


def _waiting(session: Session, operators: Sequence[int]) -> Iterator[Any]:
    """What waits or waited in the office: (operator, since, until or None).

    Of products and evidence only what was decided or is before the office: a draft, and what its
    sender took back, gives nobody a cause.
    """
    handled = sa.or_(
        col(Certification.decided_at).is_not(None),
        col(Certification.status) == CertificationStatus.SUBMITTED,
    )
    sent = col(Product.status).in_((Moderation.SUBMITTED, Moderation.VERIFIED))
    ended = sa.case(
        (col(Product.status) == Moderation.SUBMITTED, sa.null()),
        else_=col(Product.verified_at),
    )
    sources: tuple[tuple[Any, Any, Any, Any], ...] = (
        (Finding.operator_id, Finding.recorded_at, Finding.decided_at, sa.true()),
        (
            InfringementCase.operator_id,
            InfringementCase.opened_at,
            InfringementCase.closed_at,
            sa.true(),
        ),
        (
            Certification.operator_id,
            Certification.submitted_at,
            Certification.decided_at,
            handled,
        ),
        (Enrollment.operator_id, Enrollment.applied_at, Enrollment.accepted_at, sa.true()),
        (Appeal.operator_id, Appeal.filed_at, Appeal.closed_at, sa.true()),
        (Product.operator_id, Product.submitted_at, ended, sent),
    )
    for operator, since, until, which in sources:
        yield from session.execute(
            sa.select(col(operator), since, until).where(
                col(operator).in_(operators),
                col(since).is_not(None),
                which,
            )
        ).all()


def _names(session: Session, operators: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        sa.select(col(Operator.id), col(Operator.name)).where(col(Operator.id).in_(operators))
    ).all()
    return {int(key): name for key, name in rows}
