"""What a lead is: somebody who may become a customer, before anybody has sold to them (线索)."""

from enum import StrEnum


class LeadIntent(StrEnum):
    """How much somebody wants to buy (意向)."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


class LeadStatus(StrEnum):
    """How far a lead has come."""

    NEW = "NEW"
    CONTACTED = "CONTACTED"
    QUALIFIED = "QUALIFIED"
    CONVERTED = "CONVERTED"
    DISQUALIFIED = "DISQUALIFIED"


OPEN = (LeadStatus.NEW, LeadStatus.CONTACTED, LeadStatus.QUALIFIED)
"""The statuses in which somebody has to do something about a lead."""


class FollowUpChannel(StrEnum):
    """How somebody was followed up."""

    PHONE = "PHONE"
    VISIT = "VISIT"
    EMAIL = "EMAIL"
    MESSENGER = "MESSENGER"
    MEETING = "MEETING"
    OTHER = "OTHER"


class FollowUpResult(StrEnum):
    """What came of following somebody up."""

    REACHED = "REACHED"
    NOT_REACHED = "NOT_REACHED"
    INTERESTED = "INTERESTED"
    NOT_INTERESTED = "NOT_INTERESTED"
    APPOINTMENT = "APPOINTMENT"


class LeadMove(StrEnum):
    """What put a lead into other hands; a row of its history each."""

    CLAIMED = "CLAIMED"
    ASSIGNED = "ASSIGNED"
    ROUTED = "ROUTED"
    REASSIGNED = "REASSIGNED"
    RELEASED = "RELEASED"
    RECYCLED = "RECYCLED"
    ESCALATED = "ESCALATED"
    MERGED = "MERGED"
    CONVERTED = "CONVERTED"
    DISQUALIFIED = "DISQUALIFIED"


class Ineligibility(StrEnum):
    """Why somebody may not have a lead, whatever they wait for."""

    NOT_A_MEMBER = "NOT_A_MEMBER"
    NO_TEAM = "NO_TEAM"
    NOT_OPEN = "NOT_OPEN"
    NOT_IN_A_POOL = "NOT_IN_A_POOL"
    DUPLICATE = "DUPLICATE"
