"""Root fields that read: each names the rows that it means."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import strawberry

from reads.arguments import USUAL_FOUND
from reads.roots import METADATA_KEY, ById, ByIds, Counted, Found, Listed, Rows, Self
from resolvers.answers import Info
from resolvers.assignment_answers import AssignmentQueries
from resolvers.changes import ChangeQueries
from resolvers.lead_answers import LeadAnswerQueries
from resolvers.order_times import OrderTimeQueries
from resolvers.segments import SegmentQueries
from resolvers.sessions import SessionQueries
from resolvers.tier_answers import TierQueries
from resolvers.work import WorkQueries
from rows.declare import Entity
from rows.entities import (
    API_TOKEN,
    ASSIGNMENT_RULE,
    AUDIT_ENTRY,
    BUSINESS_CALENDAR,
    CHANNEL,
    CHANNEL_PRICE,
    COMPLAINT,
    CUSTOM_FIELD,
    CUSTOMER,
    EXCHANGE_RATE,
    FEEDBACK,
    FILE,
    JOB,
    LEAD,
    LEAD_FORM,
    LEAD_POOL,
    LEAVE,
    LEVEL_PROPOSAL,
    LEVEL_RULE,
    ORDER,
    ORDER_COUNT,
    PAYMENT,
    PRODUCT,
    REASON,
    REGION,
    REMINDER,
    REVIEW_POLICY,
    SEGMENT,
    SHIPMENT,
    STOCK_LEVEL,
    STOCK_MOVEMENT,
    TAG,
    TEAM,
    TIER,
    TIER_RULE_SET,
    USER,
    WAREHOUSE,
)
from rows.search import MOST_FOUND
from schema.describe import object_type, resolved
from schema.enums import OrderDimension
from schema.inputs.exports import OrderFilter
from schema.lists import connection
from schema.scalars import CurrencyCode
from schema.types.api_tokens import ApiToken
from schema.types.audit import AuditEntry
from schema.types.base import Connection, Node
from schema.types.calendars import BusinessCalendar, Leave
from schema.types.company import Company
from schema.types.custom_fields import CustomField
from schema.types.customers import Customer
from schema.types.jobs import File, ImportPreset, Job, PresetColumn
from schema.types.leads import Lead, LeadForm, LeadPool
from schema.types.levels import LevelProposal, LevelRule
from schema.types.lists import ExchangeRate, Reason, Tag, Tier
from schema.types.orders import Complaint, Feedback, Order, OrderConnection, OrderCount, Payment, Shipment
from schema.types.organisation import Channel, Region, Team, User
from schema.types.products import Product
from schema.types.reminders import Reminder
from schema.types.search import SearchEntity, SearchResult
from schema.types.segments import Segment
from schema.types.selling import AssignmentRule, ChannelPrice, ReviewPolicy
from schema.types.stock import StockLevel, StockMovement, Warehouse
from schema.types.tiers import TierRuleSet
from services.imports.preset import load_preset, preset_names

Ids: TypeAlias = Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most 250.")]
Id: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The global id.")]

SearchText: TypeAlias = Annotated[
    str,
    strawberry.argument(
        description="Words, a number, the end of a phone number. At most 100 characters and 8 words; one word has three"
        " characters, or two where one is not ASCII. Case and width do not count."
    ),
]
SearchEntities: TypeAlias = Annotated[
    list[SearchEntity] | None, strawberry.argument(description="Only rows of these kinds; all if absent.")
]
FirstFound: TypeAlias = Annotated[
    int | None, strawberry.argument(description=f"How many, at most {MOST_FOUND}; {USUAL_FOUND} if absent.")
]
Dimensions: TypeAlias = Annotated[
    list[OrderDimension], strawberry.argument(description="What the orders are told apart by.")
]
Counting: TypeAlias = Annotated[
    OrderFilter | None,
    strawberry.argument(
        description="Only orders for which this holds. Cheap where it is about what they can be grouped by."
    ),
]


OfSegment: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only orders of this segment, by its global id.")
]


def listed(entity: Entity, of: Any, description: str) -> Any:
    """A connection over all rows of `entity` that the viewer sees."""
    return connection(entity, of, description, metadata={METADATA_KEY: Listed(entity)})


def compiled(rows: Rows, description: str) -> Callable[[Callable[..., Any]], Any]:
    """Turns a method, which is there for its signature, into a compiled root field."""
    field: Callable[[Callable[..., Any]], Any] = strawberry.field(
        description=description, metadata={METADATA_KEY: rows}
    )
    return field


def _preset(name: str) -> ImportPreset:
    preset = load_preset(name)
    columns = [PresetColumn(field=field, column=column) for field, column in preset.columns.given.items()]
    return ImportPreset(
        name=name, channel=preset.channel.code, currency=CurrencyCode(preset.orders.currency), columns=columns
    )


@object_type
class Query(
    SessionQueries,
    ChangeQueries,
    SegmentQueries,
    TierQueries,
    WorkQueries,
    OrderTimeQueries,
    AssignmentQueries,
    LeadAnswerQueries,
):
    """Everything that can be read. Rows that the viewer may not see do not exist here."""

    @compiled(Self(USER), "The signed-in user.")
    def viewer(self) -> User | None: ...

    @resolved("The company: its currency and time zone.")
    def company(self, info: Info) -> Company | None:
        return Company(currency=CurrencyCode(info.context.company.currency), zone=str(info.context.company.zone))

    @resolved("How files of orders can be read by name; a layout of your own goes by a mapping.")
    def import_presets(self) -> list[ImportPreset] | None:
        return [_preset(name) for name in preset_names()]

    @compiled(ById(), "Anything by its global id; null where there is nothing, or nothing that the viewer sees.")
    def node(self, id: Id) -> Node | None: ...

    @compiled(ByIds(), "Anything by global ids, in their order, with null where `node` would be null.")
    def nodes(self, ids: Ids) -> list[Node | None] | None: ...

    @compiled(
        Found(),
        "Rows in which a text is found, best first: where a field is all of it, begins or ends with it, contains it;"
        " then the newest. Of what matches in one way, the newest 50 of a type are looked at.",
    )
    def search(
        self, text: SearchText, entities: SearchEntities = strawberry.UNSET, first: FirstFound = strawberry.UNSET
    ) -> list[SearchResult] | None: ...

    @compiled(ById(ORDER), "An order by its id.")
    def order(self, id: Id) -> Order | None: ...

    @compiled(ById(CUSTOMER), "A customer by its id.")
    def customer(self, id: Id) -> Customer | None: ...

    @compiled(ById(LEAD), "A lead by its id.")
    def lead(self, id: Id) -> Lead | None: ...

    @compiled(ById(PRODUCT), "A product by its id.")
    def product(self, id: Id) -> Product | None: ...

    @compiled(ById(JOB), "A job by its id.")
    def job(self, id: Id) -> Job | None: ...

    @compiled(
        Counted(ORDER, ORDER_COUNT),
        "How many orders there are of each kind, ordered by what they are grouped by. Grouped by nothing: one row.",
    )
    def order_counts(
        self, group_by: Dimensions, filter: Counting = None, segment: OfSegment = None
    ) -> list[OrderCount] | None: ...

    orders: OrderConnection | None = listed(ORDER, OrderConnection, "Orders, newest first.")
    shipments: Connection[Shipment] | None = listed(
        SHIPMENT, Connection[Shipment], "Shipments of orders that you see, those that were sent last first."
    )
    payments: Connection[Payment] | None = listed(
        PAYMENT,
        Connection[Payment],
        "Payments and refunds of orders that you see, newest first by when they came or went.",
    )
    feedbacks: Connection[Feedback] | None = listed(
        FEEDBACK, Connection[Feedback], "Feedback on orders that you see, newest first."
    )
    complaints: Connection[Complaint] | None = listed(
        COMPLAINT, Connection[Complaint], "Complaints of orders that you see, the nearest deadline first."
    )
    customers: Connection[Customer] | None = listed(CUSTOMER, Connection[Customer], "Customers, by name.")
    leads: Connection[Lead] | None = listed(LEAD, Connection[Lead], "Leads, newest first.")
    lead_forms: Connection[LeadForm] | None = listed(
        LEAD_FORM, Connection[LeadForm], "Forms on web sites, newest first; for administrators."
    )
    lead_pools: Connection[LeadPool] | None = listed(
        LEAD_POOL, Connection[LeadPool], "Pools of leads, in the order in which they are asked whether they take one."
    )
    products: Connection[Product] | None = listed(PRODUCT, Connection[Product], "Products, by name.")
    regions: Connection[Region] | None = listed(REGION, Connection[Region], "Regions, by name.")
    teams: Connection[Team] | None = listed(TEAM, Connection[Team], "Teams, by name.")
    users: Connection[User] | None = listed(USER, Connection[User], "Colleagues, by name.")
    channels: Connection[Channel] | None = listed(CHANNEL, Connection[Channel], "Channels, by name.")
    api_tokens: Connection[ApiToken] | None = listed(
        API_TOKEN,
        Connection[ApiToken],
        "API tokens, newest first: all for ADMIN, for others those that speak for them.",
    )
    files: Connection[File] | None = listed(FILE, Connection[File], "Your own files that are kept, newest first.")
    jobs: Connection[Job] | None = listed(JOB, Connection[Job], "Jobs, newest first.")
    audit_entries: Connection[AuditEntry] | None = listed(
        AUDIT_ENTRY, Connection[AuditEntry], "Who did what, newest first; for administrators."
    )
    exchange_rates: Connection[ExchangeRate] | None = listed(
        EXCHANGE_RATE, Connection[ExchangeRate], "Exchange rates, newest first."
    )
    tiers: Connection[Tier] | None = listed(TIER, Connection[Tier], "Tiers, the most important first.")
    reasons: Connection[Reason] | None = listed(REASON, Connection[Reason], "Reasons, by their place in the list.")
    tags: Connection[Tag] | None = listed(TAG, Connection[Tag], "Tags that are offered, by their place in the list.")
    tier_rule_sets: Connection[TierRuleSet] | None = listed(
        TIER_RULE_SET,
        Connection[TierRuleSet],
        "Tier rules in force now or before, newest first; for ADMIN the draft, too.",
    )
    channel_prices: Connection[ChannelPrice] | None = listed(
        CHANNEL_PRICE,
        Connection[ChannelPrice],
        "Prices of channels and promotions, those that begin last first; where channels deviate by a filter.",
    )
    review_policies: Connection[ReviewPolicy] | None = listed(
        REVIEW_POLICY, Connection[ReviewPolicy], "What is checked of orders that are handed in, in order of rank."
    )
    assignment_rules: Connection[AssignmentRule] | None = listed(
        ASSIGNMENT_RULE, Connection[AssignmentRule], "Who gets orders that would be nobody's, in order of rank."
    )
    level_rules: Connection[LevelRule] | None = listed(
        LEVEL_RULE, Connection[LevelRule], "Rules that propose levels of customers, in order of rank."
    )
    level_proposals: Connection[LevelProposal] | None = listed(
        LEVEL_PROPOSAL,
        Connection[LevelProposal],
        "Levels that rules proposed for customers that you see, newest first; what waits by a filter of `state`.",
    )
    business_calendars: Connection[BusinessCalendar] | None = listed(
        BUSINESS_CALENDAR, Connection[BusinessCalendar], "When people work, in order of the calendars' codes."
    )
    leaves: Connection[Leave] | None = listed(
        LEAVE, Connection[Leave], "When colleagues are off duty, what begins last first; who is away now by a filter."
    )
    reminders: Connection[Reminder] | None = listed(
        REMINDER,
        Connection[Reminder],
        "What you were told, newest first; what you have not acknowledged by a filter of `state`.",
    )
    segments: Connection[Segment] | None = listed(
        SEGMENT, Connection[Segment], "Segments, by name: your own and shared ones, all for ADMIN."
    )
    warehouses: Connection[Warehouse] | None = listed(
        WAREHOUSE, Connection[Warehouse], "Warehouses, in the order of picking."
    )
    stock: Connection[StockLevel] | None = listed(
        STOCK_LEVEL, Connection[StockLevel], "What warehouses have, newest change first; what is low by a filter."
    )
    stock_movements: Connection[StockMovement] | None = listed(
        STOCK_MOVEMENT, Connection[StockMovement], "The ledger of stock, newest first."
    )
    custom_fields: Connection[CustomField] | None = listed(
        CUSTOM_FIELD, Connection[CustomField], "The fields that the company defined, in the order of forms."
    )
