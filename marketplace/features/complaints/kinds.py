"""Words of intake: rights, complaints, cases, the steps of a notice and its counter-notice."""

from __future__ import annotations

from enum import StrEnum


class RightKind(StrEnum):
    """What kind of right is registered."""

    TRADEMARK = "trademark"
    DESIGN_PATENT = "design_patent"
    REGISTERED_WORK = "registered_work"


class RightStatus(StrEnum):
    """A right is used once an officer has checked it."""

    SUBMITTED = "submitted"
    VERIFIED = "verified"
    RETURNED = "returned"
    ENDED = "ended"


class ComplaintStatus(StrEnum):
    """Where one complained-of listing stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


class RefusalCode(StrEnum):
    """Why a complaint is refused; each has a sentence on how to cure it."""

    RIGHT_NOT_COVERING = "right_not_covering"
    LISTING_NOT_FOUND = "listing_not_found"
    EVIDENCE_THIN = "evidence_thin"
    NOT_INFRINGING = "not_infringing"
    LICENSED = "licensed"
    OTHER = "other"


class NoticeState(StrEnum):
    """Notice and counter-notice, E-Commerce Law art. 42-43."""

    RECEIVED = "received"
    FORWARDED = "forwarded"
    COUNTERED = "countered"
    WAITING = "waiting"
    MAINTAINED = "maintained"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"


class FlowEvent(StrEnum):
    """What moves a notice on."""

    FORWARD = "forward"
    COUNTER = "counter"
    PASS_ON = "pass_on"  # noqa: S105 - a step, no secret
    PROCEEDINGS = "proceedings"
    TIME = "time"
    WITHDRAW = "withdraw"


class SellerAnswer(StrEnum):
    """What the seller answers to a forwarded notice."""

    STATEMENT = "statement"
    CORRECTED = "corrected"
    COUNTER_NOTICE = "counter_notice"


class CaseStatus(StrEnum):
    """A case is open until every question in it is answered."""

    OPEN = "open"
    FOUND = "found"
    NOT_FOUND = "not_found"


class CaseSort(StrEnum):
    """In which order a list of cases stands; open ones always come first."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"


class CaseStep(StrEnum):
    """What a case waits for."""

    FORWARD = "forward"
    SELLER = "seller"
    PASS_ON = "pass_on"  # noqa: S105 - a step, no secret
    COURT = "court"
    ANSWER = "answer"
    FIND_OR_CLOSE = "find_or_close"
    HEAR = "hear"
    DECIDE = "decide"
    CLOSED = "closed"


class Turn(StrEnum):
    """Who holds a case now."""

    OFFICE = "office"
    SECOND_PERSON = "second_person"
    SELLER = "seller"
    COMPLAINANT = "complainant"
    NOBODY = "nobody"


class HearingWay(StrEnum):
    """How the owner was heard before a finding was decided (陈述申辩)."""

    ONLINE = "online"
    IN_PERSON = "in_person"
    SILENT = "silent"


class PublicState(StrEnum):
    """Where a complaint from the public form stands before and after somebody takes it up."""

    NEW = "new"
    TAKEN = "taken"
    DECLINED = "declined"


class PublicStep(StrEnum):
    """What the author of a public complaint is told by his receipt code."""

    RECEIVED = "received"
    IN_CASE = "in_case"
    SELLER_ASKED = "seller_asked"
    UPHELD = "upheld"
    REFUSED = "refused"
    DECLINED = "declined"
    REVERSED = "reversed"


class CaseEvent(StrEnum):
    """What happened in a case, for its timeline."""

    OPENED = "opened"
    COMPLAINT = "complaint"
    JOINED = "joined"
    SPLIT = "split"
    FORWARDED = "forwarded"
    SELLER_ANSWERED = "seller_answered"
    COUNTER_PASSED_ON = "counter_passed_on"
    PROCEEDINGS = "proceedings"
    WAIT_ENDED = "wait_ended"
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"
    MALICIOUS = "malicious"
    MALICIOUS_LIFTED = "malicious_lifted"
    FINDING_RECORDED = "finding_recorded"
    HEARING_INVITED = "hearing_invited"
    FILE_ADDED = "file_added"
    HEARD = "heard"
    DECIDED = "decided"
    CLOSED = "closed"
    ASSIGNED = "assigned"
    TAKEN_BACK = "taken_back"
    SOURCE_NAMED = "source_named"


class LineIssue(StrEnum):
    """What there is to say about one line of a notice."""

    STORE_MISSING = "store_missing"
    STORE_UNKNOWN = "store_unknown"
    STORE_AMBIGUOUS = "store_ambiguous"
    ITEM_MISSING = "item_missing"
    WHY_MISSING = "why_missing"
    WHY_LONG = "why_long"
    REPEATED = "repeated"
    OPEN_ALREADY = "open_already"
    UPHELD_ALREADY = "upheld_already"
    STORE_CLOSED = "store_closed"
    UNCHANGED = "unchanged"


class LineOutcome(StrEnum):
    """What becomes of one line of a notice."""

    FILED = "filed"
    JOINED = "joined"
    CURED = "cured"
    DUPLICATE = "duplicate"
    CONFIRM = "confirm"
    REJECTED = "rejected"


ACCEPTED = frozenset({LineOutcome.FILED, LineOutcome.JOINED, LineOutcome.CURED})
