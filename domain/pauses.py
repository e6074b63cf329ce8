"""Deadlines that stand still while somebody else is waited for."""

from enum import StrEnum


class PauseSubject(StrEnum):
    """What has a deadline that can be paused."""

    ORDER = "ORDER"
    LEAD = "LEAD"


class PauseReason(StrEnum):
    """Who is waited for."""

    CUSTOMER_ASKED = "CUSTOMER_ASKED"
