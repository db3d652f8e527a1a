"""Records the finding of a case and hears the owner about it before anybody decides.

The owner speaks himself, or an officer writes down what he said; that he said nothing can be noted
only once his days are over.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlmodel import Session

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock, today
from marketplace.base.db import announce
from marketplace.base.errors import Fault, Invalid, Refused
from marketplace.base.files import Cleaned, receive_file
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize_prose
from marketplace.features.complaints.events import HearingInvited, OwnerHeard
from marketplace.features.complaints.keeping import next_due, note, trail
from marketplace.features.complaints.kinds import CaseEvent, CaseStatus, HearingWay
from marketplace.features.complaints.queries.facts import count_files, load_case
from marketplace.features.complaints.tables import InfringementCase
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import FindingStatus, Intent, ViolationKind
from marketplace.features.enforcement.rules import last_hearing_day
from marketplace.features.enforcement.tables import Finding

_LEAST_STATEMENT = 10
_MOST = 2000  # what the finding keeps of a hearing


def record_case_finding(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    case_id: int,
    listings: int,
    found_on: date,
    statement: str,
    brand: str | None = None,
    product_ids: tuple[int, ...] = (),
    category: ViolationKind | None = None,
    intent: Intent | None = None,
    value_fen: int | None = None,
) -> int:
    """Record what was seen as a suspected finding of this case and invite the owner to speak.

    Once a case; again it returns the finding there is.

    Raises:
        Refused: the case is closed.
        Invalid: as `enforcement.record_finding` refuses.
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.record_case_finding", scope)
    if case.finding_id is not None:
        return case.finding_id
    if case.status is not CaseStatus.OPEN:
        raise Refused("case_closed", number=case.number)
    case.finding_id = enforcement.record_finding(
        session,
        clock=clock,
        actor=actor,
        store_id=case.store_id,
        origin=case.origin,
        listings=listings,
        found_on=found_on,
        statement=statement,
        reference=f"case:{case.number}",
        brand=brand,
        product_ids=product_ids,
        category=category,
        intent=intent,
        value_fen=value_fen,
    )
    case.hearing_due_on = last_hearing_day(rulebook, clock.now())
    note(session, clock, actor, case, CaseEvent.FINDING_RECORDED)
    note(session, clock, actor, case, CaseEvent.HEARING_INVITED)
    trail(
        session, clock, actor, "complaints.record_case_finding", case,
        facts={"finding_id": case.finding_id, "hearing_due_on": case.hearing_due_on},
    )  # fmt: skip
    announce(
        session,
        HearingInvited(
            case_id,
            case.number,
            case.program,
            case.operator_id,
            case.hearing_due_on.isoformat(),
        ),
    )
    return case.finding_id


def state_side(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    case_id: int,
    statement: str,
) -> None:
    """Take the owner's own statement (陈述申辩); until the decision he may add to it.

    Raises:
        Invalid: under ten characters, or more than the finding keeps.
        Refused: there is no finding yet, or it is decided.
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.state_side", scope)
    finding = _suspected(session, case)
    said = normalize_prose(statement)
    before = len(f"{finding.hearing} / ") if finding.hearing else 0
    if len(said) < _LEAST_STATEMENT or before + len(said) > _MOST:
        raise Invalid([Fault("statement", "text_length", {"low": 10, "high": _MOST})])
    enforcement.hear_owner(
        session, clock=clock, actor=actor, finding_id=finding.key, statement=said
    )
    _heard(session, rulebook, clock, actor, case, HearingWay.ONLINE, said)
    announce(session, OwnerHeard(case_id, case.number, case.program, scope.district))


def hear_in_case(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    case_id: int,
    way: HearingWay,
    statement: str,
) -> None:
    """Write down what the owner said in person, or how he was told and said nothing.

    Raises:
        Refused: no finding, decided, he spoke already, or his days still run (for silence).
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.hear_in_case", scope)
    finding = _suspected(session, case)
    if case.heard_how is not None:
        raise Refused("heard_already")
    due = case.hearing_due_on
    if way is HearingWay.ONLINE:
        raise Refused("hearing_not_yours")
    if way is HearingWay.SILENT and due is not None and today(clock) <= due:
        raise Refused("hearing_open", until=due)
    enforcement.hear_owner(
        session, clock=clock, actor=actor, finding_id=finding.key, statement=statement
    )
    _heard(session, rulebook, clock, actor, case, way, normalize_prose(statement))


def add_case_file(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    case_id: int,
    content: bytes | Cleaned,
    name: str,
    data_dir: Path,
) -> int:
    """Keep a file the owner brings forward in a case: design drawings, licenses, invoices.

    Raises:
        Refused: the case is closed, full, or the file cannot be taken.
    """
    case, scope = load_case(session, case_id)
    require(actor, "complaints.add_case_file", scope)
    if case.status is not CaseStatus.OPEN:
        raise Refused("case_closed", number=case.number)
    most = rulebook.intake.max_files_per_case
    if count_files(session, f"case:{case_id}") >= most:
        raise Refused("case_files_full", limit=most)
    use_id = receive_file(
        session,
        clock=clock,
        actor=actor,
        content=content,
        name=name,
        purpose="hearing",
        subject=f"case:{case_id}",
        program=case.program,
        data_dir=data_dir,
        district=scope.district,
        operator_id=case.operator_id,
    )
    note(session, clock, actor, case, CaseEvent.FILE_ADDED, text=name)
    trail(session, clock, actor, "complaints.add_case_file", case, facts={"use_id": use_id})
    return use_id


def _heard(
    session: Session,
    rulebook: Rulebook,
    clock: Clock,
    actor: Actor,
    case: InfringementCase,
    way: HearingWay,
    said: str,
) -> None:
    case.heard_how = way
    case.due_on = next_due(rulebook, clock)
    note(session, clock, actor, case, CaseEvent.HEARD, text=said)
    trail(session, clock, actor, "complaints.hear_in_case", case, facts={"way": way})


def _suspected(session: Session, case: InfringementCase) -> Finding:
    if case.finding_id is None:
        raise Refused("case_without_finding")
    finding = session.get(Finding, case.finding_id)
    if finding is None or finding.status is not FindingStatus.SUSPECTED:
        raise Refused("decided_already")
    return finding
