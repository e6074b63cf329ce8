"""Tables: columns, constraints and indexes. Rules live in `domain`, use cases in `services`."""

from models.audit import AuditEntry
from models.credentials import ApiToken, LoginAttempts, UserIdentity
from models.custom_fields import CustomField, CustomFieldChoice
from models.customers import Customer, CustomerAddress, CustomerContact, CustomerShare
from models.lists import Reason, Tag, Tier
from models.machinery import File, IdempotencyKey, Job, JobReportRow, OutboxEvent
from models.orders import Order, OrderLine, OrderShare, OrderStatusChange
from models.organisation import Channel, ExchangeRate, Region, RegionClosure, Team, TeamClosure
from models.ownership import CustomerOwnerChange, OrderOwnerChange
from models.people import PasswordToken, Session, User
from models.products import Product
from models.segments import Segment
from models.stock import StockLevel, StockMovement, Warehouse
from models.tiers import OrderTierOverride, StaleTiers, TierRule, TierRuleSet

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Channel",
    "CustomField",
    "CustomFieldChoice",
    "Customer",
    "CustomerAddress",
    "CustomerContact",
    "CustomerOwnerChange",
    "CustomerShare",
    "ExchangeRate",
    "File",
    "IdempotencyKey",
    "Job",
    "JobReportRow",
    "LoginAttempts",
    "Order",
    "OrderLine",
    "OrderOwnerChange",
    "OrderShare",
    "OrderStatusChange",
    "OrderTierOverride",
    "OutboxEvent",
    "PasswordToken",
    "Product",
    "Reason",
    "Region",
    "RegionClosure",
    "Segment",
    "Session",
    "StaleTiers",
    "StockLevel",
    "StockMovement",
    "Tag",
    "Team",
    "TeamClosure",
    "Tier",
    "TierRule",
    "TierRuleSet",
    "User",
    "UserIdentity",
    "Warehouse",
]
