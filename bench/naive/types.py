"""The types, filled from Tortoise's objects."""

from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry.types import Info

import models
from bench.naive.context import Context
from domain.customers import CustomerLevel
from domain.orders.life_cycle import OrderStatus

strawberry.enum(CustomerLevel)
strawberry.enum(OrderStatus)


@strawberry.type
class Money:
    """An amount of money."""

    amount: Decimal
    currency: str


@strawberry.type
class Customer:
    """Somebody who buys."""

    id: strawberry.ID
    name: str
    level: CustomerLevel

    @classmethod
    def of(cls, row: models.Customer) -> "Customer":
        """From its row."""
        return cls(id=strawberry.ID(f"cus_{row.id}"), name=row.name, level=row.level)


@strawberry.type
class OrderLine:
    """A line of an order."""

    id: strawberry.ID
    sku: str | None
    name: str
    quantity: Decimal
    gross: Money

    @classmethod
    def of(cls, row: models.OrderLine, currency: str) -> "OrderLine":
        """From its row, in the order's currency."""
        return cls(
            id=strawberry.ID(f"oln_{row.id}"),
            sku=row.sku,
            name=row.name,
            quantity=Decimal(f"{row.quantity.normalize():f}"),
            gross=Money(amount=row.gross, currency=currency),
        )


@strawberry.type
class Order:
    """An order, a return or an exchange."""

    row: strawberry.Private[models.Order]
    id: strawberry.ID
    number: str
    status: OrderStatus
    placed_at: datetime
    total: Money

    @strawberry.field
    async def customer(self, info: Info[Context, None]) -> Customer | None:
        """The customer, if the viewer sees it."""
        if self.row.customer_id is None:
            return None
        row = await info.context.customers.load(self.row.customer_id)
        return Customer.of(row) if row else None

    @strawberry.field
    async def lines(self, info: Info[Context, None]) -> list[OrderLine]:
        """Lines, in their order."""
        rows = await info.context.lines.load(self.row.id)
        return [OrderLine.of(row, self.row.currency) for row in rows]

    @classmethod
    def of(cls, row: models.Order) -> "Order":
        """From its row."""
        return cls(
            row=row,
            id=strawberry.ID(f"ord_{row.id}"),
            number=row.number,
            status=row.status,
            placed_at=row.placed_at,
            total=Money(amount=row.total, currency=row.currency),
        )
