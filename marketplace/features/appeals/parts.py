"""Who had a part in what an appeal is against; nobody of them decides it, at any instance.

A closure by complaints rests on all that were counted: none but the closing one has a statement
of its own, so the appeal is where they are looked at again. A closure by points rests on findings
that each had theirs: there the parts in the finding of the statement count.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base import audit
from marketplace.base.access.tables import AccountOperator
from marketplace.base.rulebook import Rulebook
from marketplace.features.appeals.tables import Appeal
from marketplace.features.complaints import queries as complaints
from marketplace.features.enforcement import queries as enforcement
from marketplace.features.enforcement.kinds import StatementBasis
from marketplace.features.enforcement.tables import (
    Finding,
    InterimSuspension,
    StatementOfReasons,
    StoreSuspension,
)
from marketplace.features.holds import queries as holds


def barred_from(session: Session, rulebook: Rulebook, appeal: Appeal) -> frozenset[int]:
    """Return the accounts that must not decide an appeal: the firm's own and who had a part."""
    statement = session.get(StatementOfReasons, appeal.statement_id)
    found: set[int | None] = {appeal.filed_by}
    found |= _of_the_firm(session, appeal)
    if statement is not None:
        found.add(statement.decided_by)
        found |= holds.parts_in(session, statement.key)
        if statement.basis is StatementBasis.COMPLAINTS:
            found |= _in_complaints(session, rulebook, statement)
    if statement is not None and statement.finding_id is not None:
        found |= _in_finding(session, statement.finding_id)
    earlier = session.execute(
        sa.select(col(Appeal.decided_by), col(Appeal.filed_by)).where(
            col(Appeal.statement_id) == appeal.statement_id, col(Appeal.id) != appeal.id
        )
    )
    for row in earlier:
        found.update(row)
    return frozenset(account for account in found if account is not None)


def _of_the_firm(session: Session, appeal: Appeal) -> set[int | None]:
    """Return the accounts that stand for the firm, whatever else they are."""
    if appeal.operator_id is None:
        return set()
    return set(
        session.execute(
            sa.select(col(AccountOperator.account_id)).where(
                col(AccountOperator.operator_id) == appeal.operator_id
            )
        ).scalars()
    )


def _in_complaints(
    session: Session, rulebook: Rulebook, statement: StatementOfReasons
) -> set[int | None]:
    """Return who took in, upheld or counted any of the complaints a closure rests on."""
    if statement.complaint_ref is None:
        return set()
    counted = enforcement.complaints_behind(
        session, rulebook, complaint_ref=statement.complaint_ref
    )
    refs = sorted({ref for ref, _by in counted})
    return {by for _ref, by in counted} | complaints.parts_in(session, refs)


def _in_finding(session: Session, finding_id: int) -> set[int | None]:
    """Return who opened its case, recorded, heard, suspended first, decided, answered a plan."""
    found: set[int | None] = complaints.openers_of(session, finding_id)
    finding = session.get(Finding, finding_id)
    if finding is not None:
        found |= {finding.recorded_by, finding.decided_by}
    found.update(
        session.execute(
            sa.select(col(InterimSuspension.imposed_by)).where(
                col(InterimSuspension.finding_id) == finding_id
            )
        ).scalars()
    )
    # Who wrote the hearing down and who gave a plan back stand in the trail alone.
    found |= audit.actors_of(
        session, subject=f"finding:{finding_id}", action="enforcement.hear_owner"
    )
    suspensions = session.execute(
        sa.select(col(StoreSuspension.id)).where(col(StoreSuspension.finding_id) == finding_id)
    ).scalars()
    for suspension_id in list(suspensions):
        found |= audit.actors_of(
            session, subject=f"suspension:{suspension_id}", action="enforcement.answer_plan"
        )
    return found
