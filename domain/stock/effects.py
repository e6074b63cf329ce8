"""What a step of an order does to stock."""

from enum import StrEnum


class StockEffect(StrEnum):
    """RESERVE all that is asked for, or refuse the step; RELEASE what is reserved; ISSUE it, so that it is gone.

    SEND is to reserve and issue at once, for what nobody picks first.
    """

    RESERVE = "RESERVE"
    RELEASE = "RELEASE"
    ISSUE = "ISSUE"
    SEND = "SEND"
