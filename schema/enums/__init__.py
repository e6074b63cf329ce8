"""The enums of the domain as clients see them. Types take them from here, so that none is used undescribed."""

from domain.after_sales import ComplaintState
from domain.assignment import AssignmentGround, AssignmentStrategy, CandidateStanding
from domain.audit import AuditAction
from domain.calendars import Weekday
from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldIndexState, CustomFieldType
from domain.customers import AddressKind, CustomerLevel, ValueClass
from domain.errors import ErrorCode
from domain.events import Aggregate, ChangeKind, EventType
from domain.exports import ExportFormat
from domain.files import FileKind
from domain.job_messages import JobMessageCode
from domain.jobs import JobKind, JobState
from domain.leads.assigning import MemberStanding
from domain.leads.lead import FollowUpChannel, FollowUpResult, Ineligibility, LeadIntent, LeadMove, LeadStatus
from domain.leads.pools import OnBreach, PoolStrategy
from domain.levels import LevelConfirmation, LevelProposalState
from domain.managed_lists import ReasonKind
from domain.orders.actions import OrderAction
from domain.orders.dimensions import OrderDimension
from domain.orders.life_cycle import Fulfilment, HistoryKind, LineKind, OrderStatus, OrderType, StatusGroup, Urgency
from domain.orders.review import FindingKind, FindingSeverity
from domain.orders.shipments import ShipmentState
from domain.orders.transitions import Transition
from domain.orders.work import WorkReason
from domain.payments import PaymentKind, PaymentMethod, PaymentState
from domain.people import Role
from domain.reminders import Language, ReminderChannel, ReminderKind, ReminderState
from domain.scopes import TokenScope
from domain.segments import SegmentEntity
from domain.stock.movements import MovementKind
from domain.tiers import RuleSetState
from schema.enums import (  # noqa: F401  # they describe them
    after_sales,
    calendars,
    claims,
    company,
    leads,
    levels,
    orders,
    payments,
    people,
    records,
    reminders,
    selling,
    stock,
    work,
)
from schema.enums.lists import SortDirection

__all__ = [
    "AddressKind",
    "Aggregate",
    "AssignmentGround",
    "AssignmentStrategy",
    "AuditAction",
    "CandidateStanding",
    "ChangeKind",
    "ComplaintState",
    "CustomFieldEntity",
    "CustomFieldIndexState",
    "CustomFieldType",
    "CustomerLevel",
    "ErrorCode",
    "EventType",
    "ExportFormat",
    "FileKind",
    "FindingKind",
    "FindingSeverity",
    "FollowUpChannel",
    "FollowUpResult",
    "Fulfilment",
    "HistoryKind",
    "Ineligibility",
    "JobKind",
    "JobMessageCode",
    "JobState",
    "Language",
    "LeadIntent",
    "LeadMove",
    "LeadStatus",
    "LevelConfirmation",
    "LevelProposalState",
    "LineKind",
    "MemberStanding",
    "MovementKind",
    "OnBreach",
    "OrderAction",
    "OrderDimension",
    "OrderStatus",
    "OrderType",
    "PaymentKind",
    "PaymentMethod",
    "PaymentState",
    "PoolStrategy",
    "ReasonKind",
    "ReminderChannel",
    "ReminderKind",
    "ReminderState",
    "Role",
    "RuleSetState",
    "SegmentEntity",
    "ShipmentState",
    "SortDirection",
    "StatusGroup",
    "TokenScope",
    "Transition",
    "Urgency",
    "ValueClass",
    "Weekday",
    "WorkReason",
]
