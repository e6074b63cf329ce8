"""The demo company's customers, with the people and places where they are reached."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from app.demo.custom_fields import customer_values
from app.demo.names import INDUSTRIES, TITLES, company_name, person_name
from app.demo.organisation import Organisation
from app.demo.places import MARKETS, SOUTHERN_CHINA, City, Market
from app.demo.rows import Rows
from domain.contact import ContactDetails, PostalAddress
from domain.customers import AddressKind, CustomerLevel, ValueClass

T = TypeVar("T")

CUSTOMERS = 300
NEWEST = 10
LEVELS = {CustomerLevel.REGULAR: 70, CustomerLevel.VIP: 22, CustomerLevel.KEY_ACCOUNT: 8}
STRAINED = Decimal("1000.00")
CREDIT = {CustomerLevel.VIP: Decimal("50000.00"), CustomerLevel.KEY_ACCOUNT: Decimal("250000.00")}
"""What their open orders may come to; nobody limits the others."""
VALUE_CLASSES = {ValueClass.GENERAL: 60, ValueClass.IMPORTANT: 25, ValueClass.POTENTIAL: 15}
TAGS = ("newsletter", "pays-late", "trade-fair", "referral", "大客户", "季度采购")


@dataclass(frozen=True)
class Buyer:
    """A customer as its orders need it."""

    id: int
    name: str
    level: CustomerLevel
    market: Market
    region_id: int
    owner_id: int | None
    team_id: int | None
    contact: ContactDetails
    ship_to: PostalAddress
    bill_to: PostalAddress
    since: datetime


def add_customers(rows: Rows, choice: Random, organisation: Organisation, *, end: datetime, days: int) -> list[Buyer]:
    """300 customers, known for 10 to `days` days before `end`; one in fifteen has no owner."""
    names: set[str] = set()
    markets = choice.choices(MARKETS, weights=[market.share for market in MARKETS], k=CUSTOMERS)
    return [
        _add_customer(rows, choice, organisation, market, names, end - timedelta(days=choice.randint(NEWEST, days)))
        for market in markets
    ]


def _add_customer(
    rows: Rows, choice: Random, organisation: Organisation, market: Market, names: set[str], since: datetime
) -> Buyer:
    area, city = choice.choice([(area, city) for (area, _), cities in market.areas.items() for city in cities])
    name = _new_name(choice, market, city, names)
    number = len(names)
    team = "Shenzhen 深圳" if area in SOUTHERN_CHINA else market.team
    owner_id = choice.choice(organisation.reps[team]) if number % 15 else None
    buyer = Buyer(
        id=number,
        name=name,
        level=_weighted(choice, LEVELS),
        market=market,
        region_id=organisation.regions[city.code],
        owner_id=owner_id,
        # Half of those without an owner wait in a team, the others are nobody's yet.
        team_id=organisation.teams[team] if owner_id or number % 30 else None,
        contact=_contact(choice, market, number),
        ship_to=_address(choice, market, city, name),
        bill_to=_address(choice, market, city, name),
        since=since,
    )
    rows.add("customer", **_columns(choice, buyer, organisation))
    _add_contacts(rows, choice, buyer)
    _add_addresses(rows, buyer)
    return buyer


def _new_name(choice: Random, market: Market, city: City, names: set[str]) -> str:
    name = company_name(choice, market.country, city.name)
    while name in names:
        name = company_name(choice, market.country, city.name)
    names.add(name)
    return name


def _columns(choice: Random, buyer: Buyer, organisation: Organisation) -> dict[str, Any]:
    from_channel = choice.random() < 0.3
    return {
        "version": 1,
        "name": buyer.name,
        "level": buyer.level,
        "value_class": _weighted(choice, VALUE_CLASSES),
        "industry": choice.choice(INDUSTRIES),
        "email": f"office@{buyer.market.country.lower()}-{buyer.id:03}.example",
        "phone": buyer.market.phone.format(buyer.id),
        "tax_id": f"{buyer.market.country}{730_000_000 + buyer.id * 7919}" if choice.random() < 0.8 else None,
        "region_id": buyer.region_id,
        "channel_id": organisation.channels["web-shop"] if from_channel else None,
        "external_id": f"C-{10_000 + buyer.id}" if from_channel else None,
        "owner_id": buyer.owner_id,
        "team_id": buyer.team_id,
        "preferences": choice.choice((None, None, "Deliveries before 11:00", "Invoices by email", "请提前电话联系")),
        "tags": choice.sample(TAGS, choice.choice((0, 0, 1, 2))),
        "birthday": _day_of_year(choice, 1965) if choice.random() < 0.3 else None,
        "contract_day": _day_of_year(choice, buyer.since.year) if buyer.level != CustomerLevel.REGULAR else None,
        "credit_limit": STRAINED if buyer.id % 30 == 7 else CREDIT.get(buyer.level),
        "custom_fields": customer_values(buyer.id),
        "last_seq": 0,
        "created_at": buyer.since,
        "updated_at": buyer.since,
    }


def _add_contacts(rows: Rows, choice: Random, buyer: Buyer) -> None:
    others = [
        _contact(choice, buyer.market, CUSTOMERS * nth + buyer.id) for nth in range(1, choice.choice((1, 1, 2, 3)))
    ]
    for contact in (buyer.contact, *others):
        rows.add(
            "customer_contact",
            customer_id=buyer.id,
            name=contact.name,
            title=choice.choice(TITLES),
            email=contact.email,
            phone=contact.phone,
        )


def _add_addresses(rows: Rows, buyer: Buyer) -> None:
    for kind, address in ((AddressKind.SHIPPING, buyer.ship_to), (AddressKind.BILLING, buyer.bill_to)):
        rows.add("customer_address", customer_id=buyer.id, kind=kind, **vars(address))


def _contact(choice: Random, market: Market, number: int) -> ContactDetails:
    return ContactDetails(
        name=person_name(choice, market.country),
        email=f"buyer{number}@{market.country.lower()}-{number % CUSTOMERS:03}.example",
        phone=market.phone.format(number % 1000),
    )


def _address(choice: Random, market: Market, city: City, recipient: str) -> PostalAddress:
    return PostalAddress(
        recipient=recipient,
        street=choice.choice(city.streets).format(choice.randint(1, 180)),
        city=city.name,
        province=city.province,
        postcode=city.postcode.format(choice.randint(1, 9)),
        country=market.country,
    )


def _weighted(choice: Random, weights: dict[T, int]) -> T:
    return choice.choices(list(weights), weights=list(weights.values()))[0]


def _day_of_year(choice: Random, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=choice.randint(0, 364))
