"""Which lists there are: their tables, what makes an entry unique, what a new one needs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from tortoise.models import Model

from domain.assignment import AssignmentRuleEntry
from domain.leads.forms import LeadFormEntry
from domain.leads.pools import LeadPoolEntry
from domain.levels import LevelRuleEntry
from domain.managed_lists import ChannelEntry, Entry, RateEntry, ReasonEntry, TagEntry, TierEntry, WarehouseEntry
from domain.orders.review_policies import ReviewPolicyEntry
from domain.permissions import Action
from domain.prices import ChannelPriceEntry
from models import (
    AssignmentRule,
    Channel,
    ChannelPrice,
    ExchangeRate,
    LeadForm,
    LeadPool,
    LevelRule,
    Reason,
    ReviewPolicy,
    Tag,
    Tier,
    Warehouse,
)
from models.connection import TransactionClient
from rows.declare import Entity
from rows.entities import (
    ASSIGNMENT_RULE,
    BUSINESS_CALENDAR,
    CHANNEL,
    CHANNEL_PRICE,
    EXCHANGE_RATE,
    LEAD_FORM,
    LEAD_POOL,
    LEVEL_RULE,
    PRODUCT,
    REASON,
    REGION,
    REVIEW_POLICY,
    TAG,
    TEAM,
    TIER,
    WAREHOUSE,
)
from services.rfm.scale import mark_all


@dataclass(frozen=True, kw_only=True)
class ManagedList:
    """A list whose entries are found by `key`, which `constraint` makes unique; a new one has all of `needed`.

    `keeping` is what whoever writes it must be allowed to do; `references` are its columns that name other rows.
    `changed` is done in the transaction that makes or changes an entry.
    """

    entity: Entity
    model: type[Model]
    constraint: str
    needed: tuple[str, ...]
    key: tuple[str, ...] = ("code",)
    keeping: Action = Action.ADMINISTER
    references: Mapping[str, Entity] = field(default_factory=dict)
    changed: Callable[[TransactionClient], Awaitable[None]] | None = None

    @property
    def mutation(self) -> str:
        """The mutation that writes its entries."""
        return self.entity.name[0].lower() + self.entity.name[1:] + "Upsert"


LISTS: dict[type[Entry], ManagedList] = {
    ChannelEntry: ManagedList(entity=CHANNEL, model=Channel, constraint="channel_code_once", needed=("name",)),
    TierEntry: ManagedList(entity=TIER, model=Tier, constraint="tier_code_once", needed=("labels", "rank")),
    ReasonEntry: ManagedList(
        entity=REASON, model=Reason, constraint="reason_code_once", needed=("labels",), key=("kind", "code")
    ),
    TagEntry: ManagedList(entity=TAG, model=Tag, constraint="tag_code_once", needed=("labels",)),
    RateEntry: ManagedList(
        entity=EXCHANGE_RATE,
        model=ExchangeRate,
        constraint="exchange_rate_once",
        needed=("rate",),
        key=("currency", "date"),
    ),
    WarehouseEntry: ManagedList(
        entity=WAREHOUSE,
        model=Warehouse,
        constraint="warehouse_code_once",
        needed=("name",),
        keeping=Action.KEEP_STOCK,
    ),
    ChannelPriceEntry: ManagedList(
        entity=CHANNEL_PRICE,
        model=ChannelPrice,
        constraint="channel_price_once",
        needed=("price",),
        key=("channel_id", "product_id", "currency", "promotion", "starts_on"),
        keeping=Action.KEEP_PRODUCTS,
        references={"channel_id": CHANNEL, "product_id": PRODUCT},
    ),
    ReviewPolicyEntry: ManagedList(
        entity=REVIEW_POLICY,
        model=ReviewPolicy,
        constraint="review_policy_code_once",
        needed=(),
        references={"channel_id": CHANNEL},
    ),
    AssignmentRuleEntry: ManagedList(
        entity=ASSIGNMENT_RULE,
        model=AssignmentRule,
        constraint="assignment_rule_code_once",
        needed=("team_id", "strategy"),
        references={"channel_id": CHANNEL, "region_id": REGION, "team_id": TEAM},
    ),
    LevelRuleEntry: ManagedList(
        entity=LEVEL_RULE,
        model=LevelRule,
        constraint="level_rule_code_once",
        needed=("filter", "level"),
        changed=mark_all,
    ),
    LeadPoolEntry: ManagedList(
        entity=LEAD_POOL,
        model=LeadPool,
        constraint="lead_pool_code_once",
        needed=("labels", "strategy", "on_breach"),
        references={"calendar_id": BUSINESS_CALENDAR},
    ),
    LeadFormEntry: ManagedList(
        entity=LEAD_FORM,
        model=LeadForm,
        constraint="lead_form_code_once",
        needed=("labels", "source_id"),
        references={"source_id": CHANNEL, "pool_id": LEAD_POOL},
    ),
}
