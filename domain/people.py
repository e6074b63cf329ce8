"""Who works in the company: the roles that decide what somebody sees and does."""

from enum import StrEnum

SHORTEST_PASSWORD = 12


class Role(StrEnum):
    """A role of a user; roles add up."""

    REP = "REP"
    MANAGER = "MANAGER"
    REVIEWER = "REVIEWER"
    FULFILMENT = "FULFILMENT"
    SERVICE = "SERVICE"
    FINANCE = "FINANCE"
    ADMIN = "ADMIN"
    INTEGRATION = "INTEGRATION"
