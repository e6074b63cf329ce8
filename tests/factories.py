"""Builders of rows for tests. Whatever is not said gets a plain value, and a name of its own where one is needed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from argon2 import PasswordHasher

from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import (
    Channel,
    Customer,
    CustomerShare,
    ExchangeRate,
    Order,
    OrderLine,
    OrderShare,
    Product,
    Region,
    Team,
    User,
)
from services.transaction import transaction
from services.trees import REGIONS, TEAMS, place_node

PLACED_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CENT = Decimal("0.01")
_numbers = count(1)
_quick_hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def make_team(name: str = "Sales", *, parent: Team | None = None) -> Team:
    """A team below `parent`, known to the closure table."""
    async with transaction() as client:
        team = await Team.create(name=name, parent=parent)
        await place_node(client, TEAMS, node_id=team.id)
    return team


async def make_region(code: str | None = None, *, name: str | None = None, parent: Region | None = None) -> Region:
    """A region below `parent`, known to the closure table."""
    code = code or f"region-{next(_numbers)}"
    async with transaction() as client:
        region = await Region.create(code=code, name=name or code, parent=parent)
        await place_node(client, REGIONS, node_id=region.id)
    return region


async def make_user(*roles: Role, team: Team | None = None, password: str | None = None, **columns: Any) -> User:
    """An active user with `roles`; with a password only if it is given (hashed quickly, not safely)."""
    number = next(_numbers)
    values = {"email": f"user{number}@test.example", "name": f"User {number}"} | columns
    hashed = _quick_hasher.hash(password) if password else None
    return await User.create(roles=[role.value for role in roles], team=team, password_hash=hashed, **values)


async def make_channel(code: str | None = None) -> Channel:
    """A channel named like its code."""
    code = code or f"channel-{next(_numbers)}"
    return await Channel.create(code=code, name=code)


async def make_rate(currency: str, rate: str, *, date: str = "2020-01-01") -> ExchangeRate:
    """One unit of `currency` is worth `rate` of the company's from `date` on."""
    return await ExchangeRate.create(currency=currency, rate=Decimal(rate), date=date)


async def make_product(sku: str | None = None, *, price: str = "10.00", **columns: Any) -> Product:
    """A product at `price` GBP and 20 % tax."""
    number = next(_numbers)
    values: dict[str, Any] = {"name": f"Product {number}", "currency": "GBP", "tax_rate": Decimal("0.2")} | columns
    return await Product.create(sku=sku or f"SKU-{number}", price=Decimal(price), **values)


async def make_customer(*, owner: User | None = None, **columns: Any) -> Customer:
    """A customer in its owner's team; columns by their names in the model."""
    values: dict[str, Any] = {"name": f"Customer {next(_numbers)}", "team_id": _team_of(owner)}
    return await Customer.create(owner=owner, **(values | columns))


async def make_order(
    status: OrderStatus = OrderStatus.DRAFT,
    *,
    owner: User | None = None,
    customer: Customer | None = None,
    lines: Sequence[tuple[Product, str]] = (),
    **columns: Any,
) -> Order:
    """An order in GBP with a line for each product and quantity, taxed on top; columns by their names in the model."""
    parts = [_line(position, product, Decimal(quantity)) for position, (product, quantity) in enumerate(lines, start=1)]
    net = sum((part["net"] for part in parts), Decimal("0.00"))
    tax = sum((part["tax"] for part in parts), Decimal("0.00"))
    values: dict[str, Any] = {
        "currency": "GBP",
        "discount": Decimal("0.00"),
        "net_total": net,
        "tax_total": tax,
        "total": net + tax,
        "base_total": net + tax,
        "placed_at": PLACED_AT,
        "team_id": _team_of(owner),
        "customer_name": customer.name if customer else None,
        "customer_level": customer.level if customer else None,
    }
    order = await Order.create(status=status, owner=owner, customer=customer, **(values | columns))
    await OrderLine.bulk_create([OrderLine(order=order, **part) for part in parts])
    return await Order.get(id=order.id)  # with the number that the database gave it


def _team_of(owner: User | None) -> int | None:
    return owner.team_id if owner else None  # type: ignore[attr-defined]  # Tortoise adds it


def _line(position: int, product: Product, quantity: Decimal) -> dict[str, Any]:
    price, rate = product.price or Decimal(0), product.tax_rate or Decimal(0)
    net = (quantity * price).quantize(CENT)
    tax = (net * rate).quantize(CENT)
    return {
        "position": position,
        "product": product,
        "sku": product.sku,
        "name": product.name,
        "quantity": quantity,
        "unit_price": price,
        "discount": Decimal("0.00"),
        "tax_rate": rate,
        "net": net,
        "tax": tax,
        "gross": net + tax,
    }


async def share_order(order: Order, user: User) -> OrderShare:
    """Let `user` read `order`."""
    return await OrderShare.create(order=order, user=user)


async def share_customer(customer: Customer, user: User) -> CustomerShare:
    """Let `user` read `customer`."""
    return await CustomerShare.create(customer=customer, user=user)
