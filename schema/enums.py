"""The enums of the domain as clients see them. Types take them from here, so that none is used undescribed."""

from enum import StrEnum

from domain.audit import AuditAction
from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldIndexState, CustomFieldType
from domain.customers import AddressKind, CustomerLevel, ValueClass
from domain.errors import ErrorCode
from domain.events import Aggregate, ChangeKind, EventType
from domain.exports import ExportFormat
from domain.files import FileKind
from domain.jobs import JobKind, JobState
from domain.managed_lists import ReasonKind
from domain.orders.dimensions import OrderDimension
from domain.orders.life_cycle import LineKind, OrderStatus, OrderType, StatusGroup, Urgency
from domain.orders.transitions import Transition
from domain.people import Role
from domain.scopes import TokenScope
from schema.describe import enum

__all__ = [
    "AddressKind",
    "Aggregate",
    "AuditAction",
    "ChangeKind",
    "CustomFieldEntity",
    "CustomFieldIndexState",
    "CustomFieldType",
    "CustomerLevel",
    "ErrorCode",
    "EventType",
    "ExportFormat",
    "FileKind",
    "JobKind",
    "JobState",
    "LineKind",
    "OrderDimension",
    "OrderStatus",
    "OrderType",
    "ReasonKind",
    "Role",
    "SortDirection",
    "StatusGroup",
    "TokenScope",
    "Transition",
    "Urgency",
    "ValueClass",
]


class SortDirection(StrEnum):
    """Which way a list runs; nulls come last both ways."""

    ASC = "ASC"
    DESC = "DESC"


enum(SortDirection, {"ASC": "Smallest, earliest or first in the alphabet first.", "DESC": "The other way round."})
enum(
    OrderType,
    {
        "NEW": "A new order (新订单).",
        "RENEWAL": "A renewal or replenishment of what was bought before (续订/补货).",
        "RETURN": "Goods that come back; its lines have negative quantities (退货).",
        "EXCHANGE": "Goods that are exchanged for others (换货).",
    },
)
enum(
    OrderDimension,
    {
        "STATUS": "By status.",
        "TYPE": "By type.",
        "CHANNEL": "By channel.",
        "REGION": "By region.",
        "TIER": "By tier.",
        "LEVEL": "By the customer's level.",
        "TEAM": "By team; what is of teams below it does not count.",
    },
)
enum(
    OrderStatus,
    {
        "DRAFT": "Being entered.",
        "PENDING_REVIEW": "Waits for a reviewer.",
        "NEEDS_INFO": "Asked back: the reviewer needs more information.",
        "APPROVED": "Checked and ready to be picked.",
        "PICKING": "Goods are being collected.",
        "BACKORDERED": "Waits for goods that are short.",
        "PACKED": "Ready for the carrier.",
        "SHIPPED": "With the carrier.",
        "COMPLETED": "Delivered and done.",
        "CANCELLED": "Called off before it was shipped.",
        "REJECTED": "Turned down in review.",
        "REQUESTED": "A return or exchange was asked for.",
        "AUTHORISED": "The return or exchange was agreed to.",
        "RECEIVED": "The goods came back.",
        "REFUNDED": "The money was paid back.",
        "EXCHANGED": "The exchange was sent.",
        "DECLINED": "The return or exchange was turned down.",
    },
)
enum(
    Transition,
    {
        "SUBMIT": "提交审核: DRAFT or NEEDS_INFO to PENDING_REVIEW.",
        "APPROVE": "审核通过: PENDING_REVIEW to APPROVED.",
        "REQUEST_INFO": "要求补充: PENDING_REVIEW to NEEDS_INFO.",
        "REJECT": "驳回: PENDING_REVIEW to REJECTED.",
        "START_PICKING": "开始拣货: APPROVED to PICKING.",
        "BACKORDER": "转缺货: PICKING to BACKORDERED.",
        "RESUME_PICKING": "继续拣货: BACKORDERED to PICKING.",
        "PACK": "打包: PICKING to PACKED.",
        "SHIP": "发货: PACKED to SHIPPED.",
        "COMPLETE": "完成: SHIPPED to COMPLETED.",
        "CANCEL": "取消: anything before SHIPPED to CANCELLED.",
        "AUTHORISE": "同意退换货: REQUESTED to AUTHORISED.",
        "DECLINE": "拒绝退换货: REQUESTED to DECLINED.",
        "RECEIVE": "收到退货: AUTHORISED to RECEIVED.",
        "REFUND": "退款: RECEIVED to REFUNDED, for returns.",
        "EXCHANGE": "换货发出: RECEIVED to EXCHANGED, for exchanges.",
    },
)
enum(
    StatusGroup,
    {
        "PENDING": "待处理: DRAFT, PENDING_REVIEW, NEEDS_INFO, APPROVED, REQUESTED.",
        "PROCESSED": "已处理: PICKING, BACKORDERED, PACKED, AUTHORISED, RECEIVED.",
        "SHIPPED": "已发货: SHIPPED.",
        "COMPLETED": "已完成: COMPLETED, REFUNDED, EXCHANGED.",
        "CANCELLED": "已取消: CANCELLED, REJECTED, DECLINED.",
    },
)
enum(
    Urgency,
    {
        "LOW": "Can wait.",
        "NORMAL": "As usual.",
        "HIGH": "Sooner than usual.",
        "CRITICAL": "Before everything else.",
    },
)
enum(LineKind, {"PRODUCT": "Goods.", "SHIPPING": "Freight and handling."})
enum(
    CustomerLevel,
    {
        "REGULAR": "普通: a customer like most.",
        "VIP": "VIP: a preferred customer.",
        "KEY_ACCOUNT": "大客户: a key account.",
    },
)
enum(
    ValueClass,
    {
        "IMPORTANT": "Brings much of the company's revenue.",
        "GENERAL": "Brings an ordinary part of it.",
        "POTENTIAL": "May bring more.",
    },
)
enum(AddressKind, {"SHIPPING": "Goods go there.", "BILLING": "Invoices go there."})
enum(
    Role,
    {
        "REP": "Sells: claims leads, follows up, enters orders.",
        "MANAGER": "Leads a team: approves, reassigns, reads figures.",
        "REVIEWER": "Works the review queue.",
        "FULFILMENT": "Picks, packs, ships, keeps stock.",
        "SERVICE": "Handles returns, complaints and feedback.",
        "FINANCE": "Payments, invoices, reconciliation.",
        "ADMIN": "Configures everything and sees everything.",
        "INTEGRATION": "A machine with the scopes of its token.",
    },
)
enum(
    TokenScope,
    {
        "ORDERS_READ": "Orders with their lines and history.",
        "ORDERS_WRITE": "Enter and change orders; includes ORDERS_READ.",
        "CUSTOMERS_READ": "Customers with their contacts and addresses.",
        "CUSTOMERS_WRITE": "Enter and change customers; includes CUSTOMERS_READ.",
        "PRODUCTS_READ": "Products.",
        "PRODUCTS_WRITE": "Make and change products; includes PRODUCTS_READ.",
        "EVENTS_READ": "Changes and live updates, of rows that the other scopes name.",
        "JOBS": "Start imports and exports, watch and cancel them.",
        "FILES": "Send files in, fetch those that jobs made.",
    },
)
enum(
    ReasonKind,
    {
        "DELAY": "Why an order is late.",
        "RETURN": "Why goods come back.",
        "LOSS": "Why a deal was lost.",
        "CANCELLATION": "Why an order was called off.",
    },
)
enum(
    ExportFormat,
    {
        "CSV": "Text in UTF-8; text that a spreadsheet would take for a formula begins with an apostrophe.",
        "XLSX": "A spreadsheet of at most 1,048,575 rows.",
        "NDJSON": "A JSON object a line, values as in the API.",
    },
)
enum(FileKind, {"UPLOAD": "A person sent it.", "REPORT": "What a job did not take.", "RESULT": "What a job made."})
enum(
    JobKind,
    {
        "ORDER_IMPORT": "Orders read from files.",
        "CUSTOM_FIELD_INDEX": "The index of a custom field built or dropped.",
        "CUSTOMER_IMPORT": "Customers read from a file.",
        "PRODUCT_IMPORT": "Products read from a file.",
        "ORDER_EXPORT": "Orders written into a file.",
        "CUSTOMER_EXPORT": "Customers written into a file.",
        "PRODUCT_EXPORT": "Products written into a file.",
        "PERSONAL_DATA_EXPORT": "What is held about a person, put together.",
    },
)
enum(
    CustomFieldEntity,
    {"CUSTOMER": "A field of customers.", "ORDER": "A field of orders.", "PRODUCT": "A field of products."},
)
enum(
    CustomFieldType,
    {
        "TEXT": "A text of one line.",
        "NUMBER": "An exact number.",
        "MONEY": "An amount in the field's currency.",
        "DATE": "A day.",
        "YES_NO": "Yes or no.",
        "CHOICE": "One of the field's choices.",
        "PERSON": "A colleague.",
    },
)
enum(
    CustomFieldIndexState,
    {
        "NONE": "There is no index: lists cannot be sorted by the field, and filters read row by row.",
        "BUILDING": "The index is being built.",
        "READY": "Lists can be sorted by the field, and filters find its values.",
        "DROPPING": "The index is being dropped.",
    },
)
enum(
    JobState,
    {
        "QUEUED": "Not begun.",
        "RUNNING": "Under way.",
        "SUCCEEDED": "Done; single rows may have failed.",
        "FAILED": "Given up; `message` says why.",
        "CANCELLED": "Stopped by a person.",
    },
)
enum(
    ErrorCode,
    {
        "INVALID_INPUT": "A value is not allowed.",
        "NOT_FOUND": "There is no such thing, or none that you may see.",
        "NOT_PERMITTED": "You see it, but your role may not do this.",
        "NOT_EDITABLE": "It has come too far for this change.",
        "STEP_NOT_POSSIBLE": "The order stands where this step does not begin.",
        "ALREADY_EXISTS": "Something unique is taken.",
        "VERSION_CONFLICT": "Somebody else changed it first.",
        "IDEMPOTENCY_KEY_REUSED": "The key came before with another input.",
        "IN_USE": "Something still refers to it.",
        "LAST_ADMIN": "Nobody would be left who can administer.",
        "RATE_MISSING": "There is no exchange rate for the day of the order.",
        "TOTAL_MISMATCH": "The total is not the sum of the lines.",
        "INVALID_CREDENTIALS": "No active user with this email and password.",
        "SESSION_ENDED": "The session is over: sign in again.",
        "TOO_MANY_ATTEMPTS": "Too many attempts to sign in have failed: wait.",
        "JOB_ENDED": "The job is over.",
    },
)
enum(
    AuditAction,
    {
        "SIGNED_IN": "A session began.",
        "SIGN_IN_FAILED": "Somebody could not sign in.",
        "SIGNED_OUT": "Somebody ended their session.",
        "SESSIONS_ENDED": "Sessions of a user were ended.",
        "TOKEN_REUSED": "A refresh token came back that had been exchanged, so the session was ended.",
        "API_TOKEN_CREATED": "A token for a machine was made.",
        "API_TOKEN_REVOKED": "A token for a machine was revoked.",
        "PASSWORD_CHANGED": "A user set a new password.",
        "PASSWORD_RESET": "An administrator set a user's password.",
        "USER_CREATED": "A user was made.",
        "USER_UPDATED": "What is known of a user was changed.",
        "ROLES_CHANGED": "A user's roles were changed.",
        "TEAM_CHANGED": "A user came into another team.",
        "USER_DEACTIVATED": "A user was shut out.",
        "USER_REACTIVATED": "A user was let in again.",
        "RECORDS_TRANSFERRED": "Customers and orders were given to somebody else.",
        "TREE_NODE_CREATED": "A team or region was made.",
        "TREE_NODE_UPDATED": "A team or region was changed.",
        "TREE_NODE_MOVED": "A team or region came under another one.",
        "TREE_NODE_DELETED": "A team or region was removed.",
        "LIST_ENTRY_CREATED": "An entry of a list that the company manages was made.",
        "LIST_ENTRY_UPDATED": "An entry of a list that the company manages was changed.",
        "CUSTOM_FIELD_CREATED": "A custom field was defined.",
        "CUSTOM_FIELD_UPDATED": "The definition of a custom field was changed.",
        "CUSTOM_FIELD_ARCHIVED": "A custom field went out of use.",
        "CUSTOM_FIELD_RESTORED": "An archived custom field came into use again.",
        "CUSTOM_FIELD_INDEXED": "The index of a custom field was asked for, or asked to go.",
        "RULE_CREATED": "A rule was made.",
        "RULE_UPDATED": "A rule was changed.",
        "RULE_DELETED": "A rule was removed.",
        "RULES_PUBLISHED": "A set of rules came into force.",
        "OVERRIDE_SET": "Somebody decided otherwise than a rule.",
        "OVERRIDE_WITHDRAWN": "A rule decides again.",
        "IMPORT_STARTED": "Files are read in.",
        "EXPORT_STARTED": "Rows are written into a file.",
        "EXPORT_DOWNLOADED": "A file was fetched.",
        "JOB_CANCELLED": "A job was stopped.",
        "PERSONAL_DATA_EXPORTED": "What is held about a person was put together.",
        "PERSONAL_DATA_ERASED": "A person was erased.",
    },
)
enum(
    Aggregate,
    {
        "ORDER": "An order, return or exchange.",
        "CUSTOMER": "A customer.",
        "PRODUCT": "A product.",
    },
)
enum(
    EventType,
    {
        "ORDER_CREATED": "An order was entered.",
        "ORDER_UPDATED": "An order was changed.",
        "ORDER_IMPORTED": "An order came from a file.",
        "ORDER_ASSIGNED": "An order went to another owner or team.",
        "ORDER_SUBMITTED": "An order was handed in for review.",
        "ORDER_APPROVED": "An order was approved.",
        "ORDER_INFO_REQUESTED": "An order was asked back.",
        "ORDER_REJECTED": "An order was turned down.",
        "ORDER_PICKING_STARTED": "Goods of an order are being collected.",
        "ORDER_BACKORDERED": "An order waits for goods.",
        "ORDER_PACKED": "An order was packed.",
        "ORDER_SHIPPED": "The carrier has an order.",
        "ORDER_COMPLETED": "An order is done.",
        "ORDER_CANCELLED": "An order was called off.",
        "RETURN_AUTHORISED": "A return or exchange was agreed to.",
        "RETURN_DECLINED": "A return or exchange was turned down.",
        "RETURN_RECEIVED": "Goods came back.",
        "RETURN_REFUNDED": "The money of a return was paid back.",
        "RETURN_EXCHANGED": "The goods of an exchange were sent.",
        "CUSTOMER_CREATED": "A customer was entered.",
        "CUSTOMER_UPDATED": "A customer was changed.",
        "CUSTOMER_ERASED": "A customer was erased as a person: forget what was copied of them.",
        "CUSTOMER_ASSIGNED": "A customer went to another owner or team.",
        "PRODUCT_CREATED": "A product was made.",
        "PRODUCT_UPDATED": "A product was changed.",
    },
)
enum(
    ChangeKind,
    {
        "CHANGED": "The row is there, or is another now: read it.",
        "REMOVED": "The row is out of the viewer's sight: forget it.",
        "RESYNC": "The viewer's rights are others now: read everything again by lists, then go on from this cursor.",
    },
)
