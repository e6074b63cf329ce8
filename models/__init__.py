"""Tables: columns, constraints and indexes. Rules live in `domain`, use cases in `services`."""

import models.lookups  # noqa: F401  # before any model is declared
from models.after_sales import Complaint, ComplaintChange, Feedback
from models.assignment import AssignmentDecision, AssignmentRule, UserSkill
from models.audit import AuditEntry
from models.calendars import (
    BusinessCalendar,
    DeadlinePause,
    HolidaySource,
    Leave,
    PublicHoliday,
    WorkingPeriod,
)
from models.credentials import ApiToken, LoginAttempts, UserIdentity
from models.custom_fields import CustomField, CustomFieldChoice
from models.customers import Customer, CustomerAddress, CustomerContact, CustomerShare
from models.lead_forms import LeadForm
from models.leads import Lead, LeadAssignment, LeadFollowUp, LeadShare
from models.levels import CustomerLevelChange, LevelProposal, LevelRule
from models.lists import Reason, Tag, Tier
from models.machinery import File, IdempotencyKey, Job, JobReportRow, OutboxEvent
from models.orders import Order, OrderLine, OrderShare, OrderStatusChange
from models.organisation import Channel, ExchangeRate, Region, RegionClosure, Team, TeamClosure
from models.ownership import CustomerOwnerChange, OrderOwnerChange
from models.payments import Payment
from models.people import PasswordToken, Session, User
from models.pools import LeadPool, LeadPoolMember, LeadPoolStanding
from models.prices import ChannelPrice
from models.products import Product
from models.reminders import Reminder, ReminderDelivery, ReminderProgress
from models.reviews import OrderFinding, ReviewPolicy
from models.rfm import RfmScale, StaleCustomer
from models.segments import Segment
from models.shipments import Shipment, ShipmentLine
from models.stock import StockLevel, StockMovement, Warehouse
from models.tiers import OrderTierOverride, StaleTiers, TierRule, TierRuleSet

__all__ = [
    "ApiToken",
    "AssignmentDecision",
    "AssignmentRule",
    "AuditEntry",
    "BusinessCalendar",
    "Channel",
    "ChannelPrice",
    "Complaint",
    "ComplaintChange",
    "CustomField",
    "CustomFieldChoice",
    "Customer",
    "CustomerAddress",
    "CustomerContact",
    "CustomerLevelChange",
    "CustomerOwnerChange",
    "CustomerShare",
    "DeadlinePause",
    "ExchangeRate",
    "Feedback",
    "File",
    "HolidaySource",
    "IdempotencyKey",
    "Job",
    "JobReportRow",
    "Lead",
    "LeadAssignment",
    "LeadFollowUp",
    "LeadForm",
    "LeadPool",
    "LeadPoolMember",
    "LeadPoolStanding",
    "LeadShare",
    "Leave",
    "LevelProposal",
    "LevelRule",
    "LoginAttempts",
    "Order",
    "OrderFinding",
    "OrderLine",
    "OrderOwnerChange",
    "OrderShare",
    "OrderStatusChange",
    "OrderTierOverride",
    "OutboxEvent",
    "PasswordToken",
    "Payment",
    "Product",
    "PublicHoliday",
    "Reason",
    "Region",
    "RegionClosure",
    "Reminder",
    "ReminderDelivery",
    "ReminderProgress",
    "ReviewPolicy",
    "RfmScale",
    "Segment",
    "Session",
    "Shipment",
    "ShipmentLine",
    "StaleCustomer",
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
    "UserSkill",
    "Warehouse",
    "WorkingPeriod",
]
