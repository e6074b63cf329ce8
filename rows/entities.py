"""Every entity by its name. `rows.declarations` says what can be read, filtered and sorted of each, and who sees it."""

from rows.declarations.after_sales import COMPLAINT, COMPLAINT_CHANGE, FEEDBACK
from rows.declarations.calendars import BUSINESS_CALENDAR, LEAVE
from rows.declarations.custom_fields import CUSTOM_FIELD, CUSTOM_FIELD_CHOICE, CUSTOM_FIELD_VALUE
from rows.declarations.customers import CUSTOMER, CUSTOMER_ADDRESS, CUSTOMER_CONTACT, CUSTOMER_OWNER_CHANGE
from rows.declarations.leads import (
    LEAD,
    LEAD_ASSIGNMENT,
    LEAD_FOLLOW_UP,
    LEAD_FORM,
    LEAD_POOL,
    LEAD_POOL_MEMBER,
    LEAD_SHARE,
)
from rows.declarations.levels import CUSTOMER_LEVEL_CHANGE, LEVEL_PROPOSAL, LEVEL_RULE
from rows.declarations.lists import EXCHANGE_RATE, REASON, TAG, TIER
from rows.declarations.orders import (
    ORDER,
    ORDER_COUNT,
    ORDER_FINDING,
    ORDER_LINE,
    ORDER_OWNER_CHANGE,
    ORDER_STATUS_CHANGE,
    ORDER_TIER_OVERRIDE,
)
from rows.declarations.organisation import CHANNEL, REGION, TEAM, USER
from rows.declarations.payments import PAYMENT
from rows.declarations.products import PRODUCT
from rows.declarations.reminders import REMINDER
from rows.declarations.segments import SEGMENT
from rows.declarations.selling import ASSIGNMENT_RULE, CHANNEL_PRICE, REVIEW_POLICY
from rows.declarations.shipments import SHIPMENT, SHIPMENT_LINE
from rows.declarations.stock import STOCK_LEVEL, STOCK_MOVEMENT, WAREHOUSE
from rows.declarations.tiers import TIER_RULE, TIER_RULE_SET
from rows.declarations.trust import API_TOKEN, AUDIT_ENTRY
from rows.declarations.work import FILE, JOB, JOB_REPORT_ROW

__all__ = [
    "API_TOKEN",
    "ASSIGNMENT_RULE",
    "AUDIT_ENTRY",
    "BUSINESS_CALENDAR",
    "CHANNEL",
    "CHANNEL_PRICE",
    "COMPLAINT",
    "COMPLAINT_CHANGE",
    "CUSTOMER",
    "CUSTOMER_ADDRESS",
    "CUSTOMER_CONTACT",
    "CUSTOMER_LEVEL_CHANGE",
    "CUSTOMER_OWNER_CHANGE",
    "CUSTOM_FIELD",
    "CUSTOM_FIELD_CHOICE",
    "CUSTOM_FIELD_VALUE",
    "ENTITIES",
    "EXCHANGE_RATE",
    "FEEDBACK",
    "FILE",
    "JOB",
    "JOB_REPORT_ROW",
    "LEAD",
    "LEAD_ASSIGNMENT",
    "LEAD_FOLLOW_UP",
    "LEAD_FORM",
    "LEAD_POOL",
    "LEAD_POOL_MEMBER",
    "LEAD_SHARE",
    "LEAVE",
    "LEVEL_PROPOSAL",
    "LEVEL_RULE",
    "ORDER",
    "ORDER_COUNT",
    "ORDER_FINDING",
    "ORDER_LINE",
    "ORDER_OWNER_CHANGE",
    "ORDER_STATUS_CHANGE",
    "ORDER_TIER_OVERRIDE",
    "PAYMENT",
    "PRODUCT",
    "REASON",
    "REGION",
    "REMINDER",
    "REVIEW_POLICY",
    "SEGMENT",
    "SHIPMENT",
    "SHIPMENT_LINE",
    "STOCK_LEVEL",
    "STOCK_MOVEMENT",
    "TAG",
    "TEAM",
    "TIER",
    "TIER_RULE",
    "TIER_RULE_SET",
    "USER",
    "WAREHOUSE",
]

ENTITIES = {
    entity.name: entity
    for entity in (
        ORDER,
        ORDER_COUNT,
        ORDER_LINE,
        ORDER_STATUS_CHANGE,
        ORDER_OWNER_CHANGE,
        ORDER_FINDING,
        ORDER_TIER_OVERRIDE,
        SHIPMENT,
        SHIPMENT_LINE,
        PAYMENT,
        FEEDBACK,
        COMPLAINT,
        COMPLAINT_CHANGE,
        CUSTOMER,
        CUSTOMER_CONTACT,
        CUSTOMER_ADDRESS,
        CUSTOMER_OWNER_CHANGE,
        CUSTOMER_LEVEL_CHANGE,
        LEAD,
        LEAD_FOLLOW_UP,
        LEAD_ASSIGNMENT,
        LEAD_SHARE,
        LEAD_POOL,
        LEAD_POOL_MEMBER,
        LEAD_FORM,
        LEVEL_RULE,
        LEVEL_PROPOSAL,
        PRODUCT,
        REGION,
        TEAM,
        USER,
        BUSINESS_CALENDAR,
        LEAVE,
        REMINDER,
        CHANNEL,
        JOB,
        AUDIT_ENTRY,
        API_TOKEN,
        EXCHANGE_RATE,
        TIER,
        REASON,
        TAG,
        CUSTOM_FIELD,
        CUSTOM_FIELD_CHOICE,
        CUSTOM_FIELD_VALUE,
        JOB_REPORT_ROW,
        FILE,
        SEGMENT,
        WAREHOUSE,
        STOCK_LEVEL,
        STOCK_MOVEMENT,
        TIER_RULE_SET,
        TIER_RULE,
        CHANNEL_PRICE,
        REVIEW_POLICY,
        ASSIGNMENT_RULE,
    )
}
