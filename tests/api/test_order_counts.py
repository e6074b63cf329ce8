"""Counts of orders: what the rows add up to, for every viewer, at every moment."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from domain.customers import CustomerLevel
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from models import Customer, Order, Team, Tier, User
from models.connection import pool
from services.counting.fold import fold_counts
from services.customers.levels import LevelChange, change_levels
from services.transaction import transaction
from services.trees import TEAMS, move_node
from tests.api.conftest import Client
from tests.factories import make_channel, make_customer, make_order, make_region, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")

DIMENSIONS = {
    "STATUS": "status",
    "STATUS_GROUP": "status_group: statusGroup",
    "TYPE": "type",
    "CHANNEL": "channel { id }",
    "REGION": "region { id }",
    "TIER": "tier { id }",
    "LEVEL": "level",
    "TEAM": "team { id }",
}
# An order as its own type has what counts are grouped by.
ORDER = """nodes {
    status status_group: statusGroup type channel { id } region { id } tier { id } customer { level } team { id }
    baseTotal { amount }
}"""
ROLES = [
    [Role.ADMIN],
    [Role.FINANCE],
    [Role.REP],
    [Role.MANAGER],
    [Role.REVIEWER],
    [Role.FULFILMENT],
    [Role.SERVICE],
    [Role.MANAGER, Role.REVIEWER, Role.SERVICE],
    [Role.MANAGER, Role.FULFILMENT],
]

HAPPENINGS = ("new", "new", "new", "many", "change", "change", "move", "gone", "share", "fold", "level")
# Columns of an order that change together.
TOGETHER = (("owner_id", "team_id"), ("customer_id", "customer_level"))


class Company:
    """A small company in which random things happen."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.teams: list[Team] = []
        self.users: list[User] = []
        self.customers: list[Customer] = []
        self.values: dict[str, Sequence[Any]] = {}

    async def found(self) -> None:
        """Teams in a tree, people of every role, and what orders are of."""
        for parent in (None, 0, 0, 1, 1, None):
            self.teams.append(await make_team(parent=None if parent is None else self.teams[parent]))
        for roles in ROLES:
            self.users.append(await make_user(*roles, team=self.random.choice(self.teams[:5])))
        for level in [*CustomerLevel, CustomerLevel.VIP]:
            self.customers.append(await make_customer(owner=self.random.choice(self.users), level=level))
        self.values = {
            "channel_id": [None, (await make_channel()).id, (await make_channel()).id],
            "region_id": [None, (await make_region()).id],
            "tier_id": [None, (await Tier.create(code="t", labels={"en": "T"})).id],
            "reviewed_by_id": [None, *(user.id for user in self.users)],
            "status": list(OrderStatus),
            "type": [OrderType.NEW, OrderType.RETURN],
            "base_total": [Decimal("0.00"), Decimal("12.50"), Decimal("-3")],
        }

    def some(self, *columns: str) -> dict[str, Any]:
        """Values for `columns`."""
        found = {column: self.random.choice(self.values[column]) for column in columns}
        owner = self.random.choice([None, *self.users])
        team = self.random.choice([None, *self.teams]) if owner is None else self.random.choice(self.teams)
        customer = self.random.choice([None, *self.customers])
        return {
            **found,
            "owner_id": owner and owner.id,
            "team_id": team and team.id,
            "customer_id": customer and customer.id,
            "customer_level": customer and customer.level,
        }

    async def happen(self) -> None:
        """Something that changes what is counted, or how."""
        some = self.some(*self.values)
        match self.random.choice(
            ["new", "new", "new", "many", "change", "change", "move", "gone", "share", "fold", "level"]
        ):
            case "new":
                await make_order(**some)
            case "many":
                await Order.filter(status=self.random.choice(list(OrderStatus))).update(**some)
            case "change":
                names = self.random.choice([*((column,) for column in self.values), *TOGETHER])
                await pool().execute(*_update({name: some[name] for name in names}))
            case "level":
                customer = self.random.choice(self.customers)
                level = self.random.choice([level for level in CustomerLevel if level != customer.level])
                change = LevelChange(customer_id=customer.id, from_level=customer.level, to_level=level)
                async with transaction() as client:
                    await change_levels(client, [change], by=None, reason=None)
                customer.level = level
            case "gone":
                await pool().execute("DELETE FROM sales_order WHERE id % 7 = $1", self.random.randrange(7))
            case "share":
                user = self.random.choice(self.users)
                await pool().execute(
                    "INSERT INTO order_share (order_id, user_id) SELECT id, $1 FROM sales_order WHERE id % 5 = $2"
                    " ON CONFLICT DO NOTHING",
                    *(user.id, self.random.randrange(5)),
                )
            case "fold":
                await fold_counts(batch=self.random.choice([1, 3, 1000]))
            case "move":
                async with transaction() as client:
                    parent = self.random.choice([None, self.teams[2].id, self.teams[5].id])
                    await move_node(client, TEAMS, node_id=self.teams[1].id, parent_id=parent)


def _update(values: dict[str, Any]) -> tuple[Any, ...]:
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=1))
    return f"UPDATE sales_order SET {changes} WHERE id % 3 = 0", *values.values()


def kind_of(row: dict[str, Any], names: Sequence[str]) -> tuple[Any, ...]:
    """What an order, or a count, is grouped by."""
    row = {"level": row.get("customer") and row["customer"]["level"], **row}
    return tuple((value and value["id"]) if isinstance(value := row[name], dict) else value for name in names)


def added_up(orders: Sequence[dict[str, Any]], names: Sequence[str]) -> dict[tuple[Any, ...], tuple[int, Decimal]]:
    """How many orders there are of each kind, and what they add up to."""
    found: dict[tuple[Any, ...], tuple[int, Decimal]] = {} if names else {(): (0, Decimal(0))}
    for order in orders:
        count, amount = found.get(kind := kind_of(order, names), (0, Decimal(0)))
        found[kind] = (count + 1, amount + Decimal(order["baseTotal"]["amount"]))
    return found


async def check(client: Client, company: Company) -> None:
    """Counts are what the orders add up to, of some viewers, by some dimensions."""
    for viewer in company.random.sample(company.users, 3):
        grouped = company.random.sample(list(DIMENSIONS), company.random.randrange(4))
        names = [name.lower() for name in grouped]
        filters = [
            "{}",
            "{status: {in: [DRAFT, SHIPPED, COMPLETED, NEEDS_INFO]}, not: {type: {eq: RETURN}}}",
            '{or: [{statusGroup: {eq: PENDING}}, {region: {within: "reg_1"}}]}',
            '{team: {within: "tem_2"}}',
            '{not: {channel: {id: {eq: "chn_1"}}}}',
            '{baseTotal: {gt: "5"}}',
            "{customer: {level: {eq: VIP}}}",
            "{channel: {}}",
        ]
        chosen = f"filter: {company.random.choice(filters)}"
        document = f"""{{
            orders({chosen}, first: 250) {{ totalCount totalAmount {{ amount }} {ORDER} }}
            orderCounts({chosen}, groupBy: [{", ".join(grouped)}]) {{
                {" ".join(DIMENSIONS[name] for name in grouped)} count amount {{ amount currency }}
            }}
        }}"""
        data = await client.data(document, as_=viewer)
        expected = added_up(data["orders"]["nodes"], names)
        counts = data["orderCounts"]
        told = {kind_of(row, names): (row["count"], Decimal(row["amount"]["amount"])) for row in counts}
        assert told == expected, (viewer.roles, document)
        assert len(counts) == len(expected)
        [everything] = added_up(data["orders"]["nodes"], []).values()
        totals = data["orders"]["totalCount"], Decimal(data["orders"]["totalAmount"]["amount"])
        assert totals == everything, (viewer.roles, document)


@pytest.mark.parametrize("seed", range(2))
async def test_counts_are_what_the_orders_add_up_to_for_everybody_whatever_happens(client: Client, seed: int) -> None:
    company = Company(Random(seed))  # not a secret
    await company.found()
    for _ in range(15):
        await company.happen()
        await check(client, company)
