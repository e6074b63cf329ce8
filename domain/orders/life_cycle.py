"""What an order can be: its type, its status, and the groups of statuses that people know."""

from enum import StrEnum


class OrderType(StrEnum):
    """Why an order exists."""

    NEW = "NEW"
    RENEWAL = "RENEWAL"
    RETURN = "RETURN"
    EXCHANGE = "EXCHANGE"


class OrderStatus(StrEnum):
    """Where an order stands; the second block is the life of returns and exchanges."""

    DRAFT = "DRAFT"
    PENDING_REVIEW = "PENDING_REVIEW"
    NEEDS_INFO = "NEEDS_INFO"
    APPROVED = "APPROVED"
    PICKING = "PICKING"
    BACKORDERED = "BACKORDERED"
    PACKED = "PACKED"
    SHIPPED = "SHIPPED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"

    REQUESTED = "REQUESTED"
    AUTHORISED = "AUTHORISED"
    RECEIVED = "RECEIVED"
    REFUNDED = "REFUNDED"
    EXCHANGED = "EXCHANGED"
    DECLINED = "DECLINED"


class StatusGroup(StrEnum):
    """The groups of statuses that people know (待处理, 已处理, 已发货, 已完成, 已取消)."""

    PENDING = "PENDING"
    PROCESSED = "PROCESSED"
    SHIPPED = "SHIPPED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class Fulfilment(StrEnum):
    """How much of an order, or of a line of it, has gone to the customer."""

    NONE = "NONE"
    PARTIAL = "PARTIAL"
    FULL = "FULL"


class Urgency(StrEnum):
    """How soon a customer needs an order."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"


class HistoryKind(StrEnum):
    """What a row of an order's history is about."""

    ENTERED = "ENTERED"
    STEP = "STEP"
    LINES_CANCELLED = "LINES_CANCELLED"
    LINE_SUBSTITUTED = "LINE_SUBSTITUTED"
    SPLIT = "SPLIT"
    SPLIT_OFF = "SPLIT_OFF"


class LineKind(StrEnum):
    """What a line of an order charges for; shipping is a line like any other."""

    PRODUCT = "PRODUCT"
    SHIPPING = "SHIPPING"


_S = OrderStatus

STATUS_GROUPS: dict[StatusGroup, frozenset[OrderStatus]] = {
    StatusGroup.PENDING: frozenset({_S.DRAFT, _S.PENDING_REVIEW, _S.NEEDS_INFO, _S.APPROVED, _S.REQUESTED}),
    StatusGroup.PROCESSED: frozenset({_S.PICKING, _S.BACKORDERED, _S.PACKED, _S.AUTHORISED, _S.RECEIVED}),
    StatusGroup.SHIPPED: frozenset({_S.SHIPPED}),
    StatusGroup.COMPLETED: frozenset({_S.COMPLETED, _S.REFUNDED, _S.EXCHANGED}),
    StatusGroup.CANCELLED: frozenset({_S.CANCELLED, _S.REJECTED, _S.DECLINED}),
}
OVER = STATUS_GROUPS[StatusGroup.COMPLETED] | STATUS_GROUPS[StatusGroup.CANCELLED]

RETURN_STATUSES = frozenset({_S.REQUESTED, _S.AUTHORISED, _S.RECEIVED, _S.REFUNDED, _S.EXCHANGED, _S.DECLINED})
RETURN_TYPES = frozenset({OrderType.RETURN, OrderType.EXCHANGE})
UNDER_REVIEW = frozenset({_S.PENDING_REVIEW, _S.NEEDS_INFO})
FROM_APPROVED_ON = frozenset(
    {_S.APPROVED, _S.PICKING, _S.BACKORDERED, _S.PACKED, _S.SHIPPED, _S.COMPLETED}
    | {_S.AUTHORISED, _S.RECEIVED, _S.REFUNDED, _S.EXCHANGED}
)
FROM_SHIPPED_ON = frozenset({_S.SHIPPED, _S.COMPLETED}) | RETURN_STATUSES
SENT = frozenset({_S.SHIPPED, _S.COMPLETED, _S.EXCHANGED})
"""Where all that an order sends has gone, with or without shipments that say how."""
LINES_EDITABLE = frozenset({_S.DRAFT, _S.NEEDS_INFO})
DETAILS_EDITABLE = frozenset(
    {_S.DRAFT, _S.PENDING_REVIEW, _S.NEEDS_INFO, _S.APPROVED, _S.PICKING, _S.BACKORDERED, _S.PACKED}
)
