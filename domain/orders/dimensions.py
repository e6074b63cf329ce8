"""By what orders are counted."""

from enum import StrEnum


class OrderDimension(StrEnum):
    """What counts of orders can be told apart by."""

    STATUS = "STATUS"
    STATUS_GROUP = "STATUS_GROUP"
    TYPE = "TYPE"
    CHANNEL = "CHANNEL"
    REGION = "REGION"
    TIER = "TIER"
    LEVEL = "LEVEL"
    TEAM = "TEAM"
