"""The demo company's orders, returns and exchanges, in the order in which they were placed."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from heapq import heapify, heappop, heappush
from random import Random

import orjson

from app.demo.assignment import SHOP, Asked, ask_rules, record_rules
from app.demo.custom_fields import order_values
from app.demo.customers import Buyer
from app.demo.flaws import with_flaw
from app.demo.lines import Item, add_lines, choose_items, sent_back
from app.demo.lives import OWNER, SYSTEM, Change, live
from app.demo.organisation import COMPANY_CURRENCY, COMPANY_ZONE, Organisation
from app.demo.places import MARKETS
from app.demo.rows import Row, Rows
from domain.customers import CustomerLevel
from domain.money import convert, round_money
from domain.orders.amounts import price_order
from domain.orders.life_cycle import OrderStatus, OrderType, Urgency

SALES = 3_780
WALK_INS = 90
APPETITE = {CustomerLevel.REGULAR: 2, CustomerLevel.VIP: 5, CustomerLevel.KEY_ACCOUNT: 12}
CHANNELS = {"CN": ("direct", "tmall", "distributor"), "GB": ("direct", "web-shop", "marketplace-uk")}
OTHER_CHANNELS = ("direct", "web-shop", "distributor")
PRICES_INCLUDE_TAX = ("web-shop", "marketplace-uk", "tmall")
HAVE_NUMBERS_OF_THEIR_OWN = ("marketplace-uk", "tmall")
URGENCIES = {Urgency.NORMAL: 70, Urgency.LOW: 12, Urgency.HIGH: 14, Urgency.CRITICAL: 4}
TAGS = ("gift", "fragile", "sample", "加急", "换季")
NOTES = (None, None, None, None, "Leave at the reception", "Ring the bell at gate B", "请工作日送货")


@dataclass(order=True)
class Placement:
    """Something that somebody orders at a moment, or sends back: `original` is then the order, and its `items`."""

    at: datetime
    number: int
    buyer: Buyer | None = field(compare=False, default=None)
    original: Row | None = field(compare=False, default=None)
    items: list[Item] = field(compare=False, default_factory=list)


class OrderBook:
    """Writes orders one after another."""

    def __init__(self, rows: Rows, choice: Random, organisation: Organisation, *, end: datetime) -> None:
        self.rows = rows
        self.choice = choice
        self.organisation = organisation
        self.end = end
        self.products = [product for product in rows.of("product") if product["active"]]
        self.rates = {(rate["currency"], rate["date"]): rate["rate"] for rate in rows.of("exchange_rate")}
        self.known: set[int] = set()

    def fill(self, buyers: list[Buyer]) -> None:
        """Some four thousand orders, and the returns that follow from them."""
        placements = self._sales(buyers)
        heapify(placements)
        while placements:
            placement = heappop(placements)
            order, items = self._send_back(placement) if placement.original else self._sell(placement)
            if follow_up := self._perhaps_sent_back(placement, order, items):
                heappush(placements, follow_up)

    def _sales(self, buyers: list[Buyer]) -> list[Placement]:
        weights = [APPETITE[buyer.level] for buyer in buyers]
        chosen: list[Buyer | None] = [*self.choice.choices(buyers, weights=weights, k=SALES), *[None] * WALK_INS]
        return [Placement(self._moment(buyer), number, buyer) for number, buyer in enumerate(chosen)]

    def _moment(self, buyer: Buyer | None) -> datetime:
        """A moment in working hours since the buyer became a customer; business is growing."""
        known = (self.end - buyer.since) if buyer else timedelta(days=360)
        day = self.end - timedelta(days=1 + int((known.days - 1) * self.choice.random() ** 1.6))
        return day + timedelta(
            minutes=self.choice.randint(8 * 60, 19 * 60), milliseconds=self.choice.randint(0, 59_999)
        )

    def _sell(self, placement: Placement) -> tuple[Row, list[Item]]:
        buyer = placement.buyer
        market = buyer.market if buyer else MARKETS[0]
        channel = self.choice.choice(CHANNELS.get(market.country, OTHER_CHANNELS)) if buyer else SHOP
        foreign = channel in HAVE_NUMBERS_OF_THEIR_OWN
        rate = self._rate(market.currency, placement.at)
        items = choose_items(self.choice, self.products, currency=market.currency, rate=rate, tax=market.tax)
        asked = [] if buyer else ask_rules(self.rows, self.organisation, items, at=placement.at)
        order = {
            "type": self._type(buyer),
            "channel_id": self.organisation.channels[channel],
            "external_id": f"{market.country}-{700_000 + placement.number}" if foreign else None,
            **(_snapshots(buyer) if buyer else self._walk_in(asked)),
            "original_order_id": None,
            "currency": market.currency,
            "tax_included": channel in PRICES_INCLUDE_TAX,
            "discount": self._discount(items, market.currency),
            **self._wishes(placement.at),
        }
        written = self._write(order, items, placement.at, by=OWNER if buyer and not foreign else SHOP)
        record_rules(self.rows, written["id"], asked, at=placement.at)
        return written, items

    def _type(self, buyer: Buyer | None) -> OrderType:
        if buyer is None:
            return OrderType.NEW
        renewed = buyer.id in self.known and self.choice.random() < 0.35
        self.known.add(buyer.id)
        return OrderType.RENEWAL if renewed else OrderType.NEW

    def _wishes(self, placed_at: datetime) -> Row:
        choice = self.choice
        required_by = (placed_at + timedelta(days=choice.randint(4, 30))).date()
        return {
            "urgency": choice.choices(list(URGENCIES), weights=list(URGENCIES.values()))[0],
            "required_by": choice.choice((required_by, None)),
            "tags": choice.sample(TAGS, choice.choice((0, 0, 0, 1, 2))),
            "notes": choice.choice(NOTES),
        }

    def _walk_in(self, asked: list[Asked]) -> Row:
        return dict.fromkeys(_SNAPSHOTS) | {
            "region_id": self.organisation.regions["uk-london"],
            "owner_id": asked[-1].decision.chosen,
            "team_id": asked[-1].rule["team_id"],
        }

    def _discount(self, items: list[Item], currency: str) -> Decimal:
        if self.choice.random() >= 0.08:
            return round_money(Decimal(0), currency)
        full = sum((item.terms.quantity * item.terms.unit_price - item.terms.discount for item in items), Decimal(0))
        return round_money(full * Decimal("0.03"), currency)

    def _perhaps_sent_back(self, placement: Placement, order: Row, items: list[Item]) -> Placement | None:
        """One completed order in nine is sent back, in whole lines, unless the order had a discount of its own."""
        if order["status"] != OrderStatus.COMPLETED or order["discount"] or self.choice.random() >= 0.12:
            return None
        at = order["updated_at"] + timedelta(minutes=self.choice.randint(600, 20_000))
        products = [item for item in items if item.product]
        back = self.choice.sample(products, self.choice.randint(1, len(products)))
        number = SALES + WALK_INS + placement.number
        return Placement(at, number, placement.buyer, order, back) if at < self.end else None

    def _send_back(self, placement: Placement) -> tuple[Row, list[Item]]:
        original = placement.original or {}
        items = [sent_back(item) for item in placement.items]
        exchanged = self.choice.random() < 0.3
        if exchanged:  # for the same thing that works
            items += placement.items[:1]
        order = {column: original[column] for column in _COPIED} | {
            "type": OrderType.EXCHANGE if exchanged else OrderType.RETURN,
            "external_id": None,
            "original_order_id": original["id"],
            "required_by": None,
            "tags": [],
            "notes": self.choice.choice(("Damaged in transit", "Wrong colour", "不合适", "Ordered too many")),
        }
        return self._write(order, items, placement.at, by="service"), items

    def _write(self, order: Row, items: list[Item], placed_at: datetime, *, by: str) -> Row:
        changes = live(self.choice, order["type"], placed_at=placed_at, end=self.end, by=by)
        order, items = with_flaw(order, items, changes[-1].to, len(self.rows.of("sales_order")) + 1)
        currency = order["currency"]
        priced = price_order(
            [item.terms for item in items],
            discount=order["discount"],
            tax_included=order["tax_included"],
            currency=currency,
        )
        order_id = self.rows.add(
            "sales_order",
            **order,
            version=len(changes),
            status=changes[-1].to,
            reviewed_by_id=self._reviewer(changes),
            net_total=priced.net_total,
            tax_total=priced.tax_total,
            total=priced.total,
            base_total=convert(priced.total, self._rate(currency, placed_at), COMPANY_CURRENCY),
            placed_at=placed_at,
            custom_fields=order_values(len(self.rows.of("sales_order")) + 1),
            last_seq=0,
            created_at=placed_at,
            updated_at=changes[-1].at,
        )
        add_lines(self.rows, order_id, items, priced, currency)
        self._record(order_id, order["owner_id"], changes)
        return self.rows.of("sales_order")[order_id - 1]

    def _record(self, order_id: int, owner_id: int | None, changes: list[Change]) -> None:
        before: OrderStatus | None = None
        for change in changes:
            self.rows.add(
                "order_status_change",
                order_id=order_id,
                from_status=before,
                to_status=change.to,
                by_id=self._person(change.by, owner_id),
                reason=change.reason,
                at=change.at,
            )
            before = change.to

    def _person(self, by: str, owner_id: int | None) -> int | None:
        if by == SYSTEM:
            return None
        return owner_id or self.organisation.people["admin"] if by == OWNER else self.organisation.people[by]

    def _reviewer(self, changes: list[Change]) -> int | None:
        reviewed = any(change.by == "reviewer" for change in changes)
        return self.organisation.people["reviewer"] if reviewed else None

    def _rate(self, currency: str, placed_at: datetime) -> Decimal:
        """The rate of the month in which the company's day of `placed_at` lies."""
        day: date = placed_at.astimezone(COMPANY_ZONE).date()
        return Decimal(1) if currency == COMPANY_CURRENCY else self.rates[currency, day.replace(day=1)]


_SNAPSHOTS = (
    *("customer_id", "customer_name", "customer_level", "contact_name", "contact_email", "contact_phone"),
    *("ship_to", "bill_to"),
)
_COPIED = (
    *(*_SNAPSHOTS, "region_id", "owner_id", "team_id", "channel_id"),
    *("currency", "tax_included", "discount", "urgency"),
)


def _snapshots(buyer: Buyer) -> Row:
    return {
        "customer_id": buyer.id,
        "customer_name": buyer.name,
        "customer_level": buyer.level,
        "contact_name": buyer.contact.name,
        "contact_email": buyer.contact.email,
        "contact_phone": buyer.contact.phone,
        "ship_to": orjson.dumps(asdict(buyer.ship_to)).decode(),
        "bill_to": orjson.dumps(asdict(buyer.bill_to)).decode(),
        "region_id": buyer.region_id,
        "owner_id": buyer.owner_id,
        "team_id": buyer.team_id,
    }
