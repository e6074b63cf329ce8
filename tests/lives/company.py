"""The company in which orders live: its rows are made in an empty database, and told to the model by their names."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from domain.customers import CustomerLevel
from domain.people import Role
from models import Tier, User, Warehouse
from services.tiers.reclassify import reclassify_orders
from tests.api.conftest import Client
from tests.api.writing import written
from tests.factories import make_customer, make_product, make_rate, make_team, make_user
from tests.lives.people import PEOPLE, TEAMS
from tests.lives.sums import F, Row

PRODUCTS: dict[str, Row] = {
    "tea": {"price": "10.00", "rate": "0.2", "stocked": True},
    "jam": {"price": "3.35", "rate": "0.175", "stocked": True},
    "pot": {"price": "149.99", "rate": "0.2", "stocked": True},
    "mug": {"price": "0.33", "rate": "0", "stocked": True},
    "visit": {"price": "77.77", "rate": "0.05", "stocked": False},
    "lamp": {"price": "25.00", "rate": "0.2", "stocked": True, "active": False},
}
"""What is sold; the last one is not any more."""
WAREHOUSES: dict[str, Row] = {"near": {"position": 1}, "far": {"position": 2}, "shut": {"position": 0, "active": False}}
SHUT_IN = {("shut", "tea"): 50, ("shut", "pot"): 20}
"""What is in a warehouse that is not picked from."""
CUSTOMERS: dict[str, Row] = {
    "corner": {"owner": "ann", "level": "REGULAR", "limit": None},
    "chain": {"owner": "bob", "level": "KEY_ACCOUNT", "limit": None},
    "strained": {"owner": "ann", "level": "VIP", "limit": "300"},
    "nobodys": {"owner": None, "level": "REGULAR", "limit": None},
}
RULES: list[Row] = [
    {
        "name": "large",
        "tier": "gold",
        "priority": 1,
        "minutes": 60,
        "filter": {"or": [{"baseTotal": {"gte": "500"}}, {"customer": {"level": {"eq": "KEY_ACCOUNT"}}}]},
        "holds": lambda order, _: order["base"] >= 500 or order["level"] == "KEY_ACCOUNT",
    },
    {
        "name": "frequent",
        "tier": "silver",
        "priority": 2,
        "minutes": 240,
        "filter": {"frequency": {"days": 30, "gte": 3}},
        "holds": lambda order, frequency: order["customer"] is not None and frequency(30) >= 3,
    },
    {
        "name": "urgent and pending",
        "tier": "silver",
        "priority": 3,
        "minutes": 90,
        "filter": {"urgency": {"in": ["HIGH", "CRITICAL"]}, "statusGroup": {"eq": "PENDING"}},
        "holds": lambda order, _: (
            order["urgency"] in {"HIGH", "CRITICAL"}
            and order["status"] in {"DRAFT", "PENDING_REVIEW", "NEEDS_INFO", "APPROVED", "REQUESTED"}
        ),
    },
    {
        "name": "small",
        "tier": "tail",
        "priority": 9,
        "minutes": 2_880,
        "filter": {"baseTotal": {"lt": "50"}},
        "holds": lambda order, _: order["base"] < 50,
    },
]
"""The tier rules in their order, each as the API takes it, and in Python."""
TIERS = ("gold", "silver", "tail")
_PREFIXES = {
    "user": "usr",
    "team": "tem",
    "product": "prd",
    "warehouse": "whs",
    "customer": "cus",
    "tier": "tie",
    "order": "ord",
    "line": "oln",
    "shipment": "shp",
    "payment": "pay",
}
_RECEIVE = "mutation($input: StockReceiveInput!) { stockReceive(input: $input) { errors { code } } }"
_UPSERT, _PUBLISH = (
    f"mutation($input: TierRules{name}Input!) {{ tierRules{name}(input: $input) {{"
    " tierRuleSet { id version rules { id name } } errors { code message path } } }"
    for name in ("Upsert", "Publish")
)


@dataclass
class Company:
    """The numbers of rows by kind and name, and back."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[tuple[str, int], str] = field(default_factory=dict)

    def know(self, kind: str, name: str, number: int) -> None:
        self.numbers[kind, name], self.names[kind, number] = number, name

    def of(self, kind: str, name: str) -> int:
        return self.numbers[kind, name]

    def name(self, kind: str, number: int | None) -> str | None:
        return None if number is None else self.names[kind, number]

    def id(self, kind: str, which: str | int | None) -> str | None:
        """The id by which clients name something, given by its name or number."""
        if which is None:
            return None
        return f"{_PREFIXES[kind]}_{self.of(kind, which) if isinstance(which, str) else which}"


async def found_company(client: Client) -> Company:
    """The company with its tier rules in force, in an empty database."""
    company = Company()
    teams: dict[str | None, Any] = {None: None}
    for name, above in sorted(TEAMS.items(), key=lambda each: each[1] is not None):
        teams[name] = await make_team(name, parent=teams[above])
        company.know("team", name, teams[name].id)
    users: dict[str | None, User | None] = {None: None}
    for name, (held, team) in PEOPLE.items():
        user = users[name] = await make_user(*(Role(role) for role in held), team=teams[team], name=name)
        company.know("user", name, user.id)
    await _fill(company, users)
    await _rule(company, client)
    await _shut(company, client)
    return company


async def _fill(company: Company, users: dict[str | None, User | None]) -> None:
    await make_rate("JPY", "0.0053")
    for name, facts in PRODUCTS.items():
        known = {"stocked": facts["stocked"], "active": facts.get("active", True), "tax_rate": facts["rate"]}
        company.know("product", name, (await make_product(name, price=facts["price"], **known)).id)
    for name, facts in WAREHOUSES.items():
        made = await Warehouse.create(code=name, name=name, position=facts["position"])
        company.know("warehouse", name, made.id)
    for name, facts in CUSTOMERS.items():
        known = {"level": CustomerLevel(facts["level"]), "credit_limit": facts["limit"]}
        company.know("customer", name, (await make_customer(name=name, owner=users[facts["owner"]], **known)).id)
    for rank, name in enumerate(TIERS):
        company.know("tier", name, (await Tier.create(code=name, labels={"en": name}, rank=rank)).id)


async def _rule(company: Company, client: Client) -> None:
    ada = await User.get(id=company.of("user", "ada"))
    rules = [
        {"name": rule["name"], "tierId": company.id("tier", rule["tier"]), "filter": rule["filter"]}
        | {"priority": rule["priority"], "responseMinutes": rule["minutes"]}
        for rule in RULES
    ]
    draft = await written(client, _UPSERT, {"rules": rules}, as_=ada)
    await written(client, _PUBLISH, {"id": draft["id"], "expectedVersion": draft["version"]}, as_=ada)
    await reclassify_orders(progress=_unwatched)
    for rule in draft["rules"]:
        company.know("rule", rule["name"], int(rule["id"].split("_")[1]))


async def _shut(company: Company, client: Client) -> None:
    """Warehouses that are given up with goods in them."""
    for (name, product), many in SHUT_IN.items():
        given = {"warehouseId": company.id("warehouse", name), "productId": company.id("product", product)}
        await client.data(_RECEIVE, {"input": given | {"quantity": str(many)}}, as_=company.of("user", "ada"))
    for name, facts in WAREHOUSES.items():
        await Warehouse.filter(id=company.of("warehouse", name)).update(active=facts.get("active", True))


async def _unwatched(**_: Any) -> None:
    """Nobody watches."""


def days_ago(moment: datetime, days: F) -> datetime:
    """To the second, as clients write it."""
    return datetime.fromtimestamp(int(moment.timestamp() - days * 86_400), UTC)
