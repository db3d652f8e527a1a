"""Words of links: what ties, where it is known from, what a review is opened for and ends in."""

from __future__ import annotations

from enum import StrEnum


class LinkReason(StrEnum):
    """What two stores or firms have in common."""

    OPERATES = "operates"  # the firm operates the store, confirmed by an officer
    DECLARED = "declared"  # the owner said so, nobody confirmed it yet
    AFFILIATE = "affiliate"
    PHONE = "phone"
    PERSON = "person"
    PAYEE = "payee"
    ADDRESS = "address"
    WAREHOUSE = "warehouse"
    PICTURE = "picture"


class TraitKind(StrEnum):
    """A fact about a store that can tie it to another."""

    PHONE = "phone"
    PERSON = "person"
    PAYEE = "payee"
    ADDRESS = "address"
    WAREHOUSE = "warehouse"


class LinkSource(StrEnum):
    """Where a link is known from."""

    REGISTER = "register"
    OWNER = "owner"
    IMPORT = "import"
    OFFICER = "officer"
    PICTURE = "picture"


class LinkStatus(StrEnum):
    """Whether a link stands; a cut one stays cut, whatever is imported later."""

    STANDING = "standing"
    CUT = "cut"
    GONE = "gone"  # the facts it rested on are no more


class LinkTrigger(StrEnum):
    """Why a review was opened, mildest first."""

    FINDING = "finding"
    SUSPENSION = "suspension"
    CLOSURE = "closure"
    REREGISTRATION = "reregistration"  # something new tied to a store closed before


class LinkReviewStatus(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    DECIDED = "decided"


class LinkOutcome(StrEnum):
    """What a review ended in; none of them is a measure."""

    NO_GROUND = "no_ground"
    WATCH = "watch"
    FINDING_RECORDED = "finding_recorded"
    REFERRED = "referred"
    LINK_CUT = "link_cut"
