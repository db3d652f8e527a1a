"""Words of the catalog: trademarks, design bases, moderation, lapses."""

from __future__ import annotations

from enum import StrEnum


class TrademarkStatus(StrEnum):
    """Where a mark stands at the trademark office."""

    FILED = "filed"
    PUBLISHED = "published"
    OPPOSED = "opposed"
    REGISTERED = "registered"
    REFUSED = "refused"
    REVOKED = "revoked"
    INVALIDATED = "invalidated"
    EXPIRED = "expired"


class HolderKind(StrEnum):
    """Who holds the mark; an affiliate needs a license."""

    FIRM = "firm"
    HEAD = "head"
    AFFILIATE = "affiliate"


class DesignBasis(StrEnum):
    """What shows that the design is one's own."""

    DESIGN_PATENT = "design_patent"
    REGISTERED_WORK = "registered_work"
    DATED_DRAWINGS = "dated_drawings"


class Moderation(StrEnum):
    """审核 state of a product."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    RECALLED = "recalled"


class ProductVerdict(StrEnum):
    """What a reviewer decided."""

    VERIFIED = "verified"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    SUSPENDED = "suspended"
    RESTORED = "restored"


class TestOutcome(StrEnum):
    """Result of a test report."""

    __test__ = False

    PASSED = "passed"
    FAILED = "failed"


class LapseReason(StrEnum):
    """Why a product is not currently valid; the owner reads all, the marketer the class."""

    FINDING = "finding"
    STORE_CLOSED = "store_closed"
    TEST_FAILED = "test_failed"
    TEST_EXPIRED = "test_expired"
    TRADEMARK_LOST = "trademark_lost"
    LICENSE_ENDED = "license_ended"
    VERIFICATION_EXPIRED = "verification_expired"
    SUSPENDED = "suspended"
    ENROLLMENT_ENDED = "enrollment_ended"


class PhotoRole(StrEnum):
    """What a picture shows."""

    MAIN = "main"
    DETAIL = "detail"
    DESIGN = "design"
