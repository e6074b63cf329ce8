"""How customers are graded."""

from enum import StrEnum


class CustomerLevel(StrEnum):
    """客户级别: how much attention a customer is entitled to."""

    REGULAR = "REGULAR"
    VIP = "VIP"
    KEY_ACCOUNT = "KEY_ACCOUNT"


class ValueClass(StrEnum):
    """客户价值: what the company expects of a customer."""

    IMPORTANT = "IMPORTANT"
    GENERAL = "GENERAL"
    POTENTIAL = "POTENTIAL"


class AddressKind(StrEnum):
    """What an address is for."""

    SHIPPING = "SHIPPING"
    BILLING = "BILLING"
