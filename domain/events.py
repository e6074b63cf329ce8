"""The business facts that others need: what goes into the outbox."""

from enum import StrEnum


class Aggregate(StrEnum):
    """What an event is about; events are in order within one of these."""

    ORDER = "order"
    CUSTOMER = "customer"
    PRODUCT = "product"
    STOCK = "stock"


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
    ORDER_CLASSIFIED = "order.classified"
    ORDER_TIER_OVERRIDDEN = "order.tier_overridden"
    ORDER_TIER_OVERRIDE_ENDED = "order.tier_override_ended"
    ORDER_SUBMITTED = "order.submitted"
    ORDER_APPROVED = "order.approved"
    ORDER_INFO_REQUESTED = "order.info_requested"
    ORDER_REJECTED = "order.rejected"
    ORDER_PICKING_STARTED = "order.picking_started"
    ORDER_BACKORDERED = "order.backordered"
    ORDER_PACKED = "order.packed"
    ORDER_PARTLY_SHIPPED = "order.partly_shipped"
    ORDER_SHIPPED = "order.shipped"
    ORDER_DELIVERED = "order.delivered"
    ORDER_COMPLETED = "order.completed"
    ORDER_CANCELLED = "order.cancelled"
    RETURN_AUTHORISED = "return.authorised"
    RETURN_DECLINED = "return.declined"
    RETURN_RECEIVED = "return.received"
    RETURN_REFUNDED = "return.refunded"
    RETURN_EXCHANGED = "return.exchanged"
    PAYMENT_RECORDED = "payment.recorded"
    PAYMENT_REVERSED = "payment.reversed"
    REFUND_RECORDED = "refund.recorded"
    PAYMENT_TRANSFERRED = "payment.transferred"
    FEEDBACK_GIVEN = "order.feedback_given"
    COMPLAINT_OPENED = "complaint.opened"
    COMPLAINT_UPDATED = "complaint.updated"
    CUSTOMER_CREATED = "customer.created"
    CUSTOMER_UPDATED = "customer.updated"
    CUSTOMER_ASSIGNED = "customer.assigned"
    CUSTOMER_ERASED = "customer.erased"
    PRODUCT_CREATED = "product.created"
    PRODUCT_UPDATED = "product.updated"
    STOCK_LOW = "stock.low"
