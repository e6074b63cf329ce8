"""The business facts that others need: what goes into the outbox."""

from enum import StrEnum


class Aggregate(StrEnum):
    """What an event is about; events are in order within one of these."""

    ORDER = "order"
    CUSTOMER = "customer"
    PRODUCT = "product"


class ChangeKind(StrEnum):
    """What an entry of the feed says to whom it is told."""

    CHANGED = "CHANGED"
    REMOVED = "REMOVED"
    RESYNC = "RESYNC"


class EventType(StrEnum):
    """What happened."""

    ORDER_CREATED = "order.created"
    ORDER_UPDATED = "order.updated"
    ORDER_IMPORTED = "order.imported"
    ORDER_ASSIGNED = "order.assigned"
    CUSTOMER_CREATED = "customer.created"
    CUSTOMER_UPDATED = "customer.updated"
    CUSTOMER_ASSIGNED = "customer.assigned"
    CUSTOMER_ERASED = "customer.erased"
    PRODUCT_CREATED = "product.created"
    PRODUCT_UPDATED = "product.updated"
