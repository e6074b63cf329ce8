"""What a step of an order does to stock."""

from enum import StrEnum


class StockEffect(StrEnum):
    """RESERVE all that is asked for, or refuse the step; RELEASE what is reserved.

    SEND is to reserve and take away at once, for what nobody picks first. What a shipment takes away, it says itself.
    """

    RESERVE = "RESERVE"
    RELEASE = "RELEASE"
    SEND = "SEND"
