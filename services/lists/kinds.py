"""Which lists there are: their tables, what makes an entry unique, what a new one needs."""

from dataclasses import dataclass

from tortoise.models import Model

from domain.managed_lists import ChannelEntry, Entry, RateEntry, ReasonEntry, TagEntry, TierEntry, WarehouseEntry
from domain.permissions import Action
from models import Channel, ExchangeRate, Reason, Tag, Tier, Warehouse
from rows.declare import Entity
from rows.entities import CHANNEL, EXCHANGE_RATE, REASON, TAG, TIER, WAREHOUSE


@dataclass(frozen=True, kw_only=True)
class ManagedList:
    """A list whose entries are found by `key`, which `constraint` makes unique; a new one has all of `needed`.

    `keeping` is what whoever writes it must be allowed to do.
    """

    entity: Entity
    model: type[Model]
    constraint: str
    needed: tuple[str, ...]
    key: tuple[str, ...] = ("code",)
    keeping: Action = Action.ADMINISTER

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
}
