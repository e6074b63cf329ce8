"""Warehouses, what they hold, and how it came about."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from rows.entities import STOCK_LEVEL
from schema.describe import object_type, text
from schema.enums import MovementKind
from schema.lists import connection
from schema.types.base import Connection, Node
from schema.types.orders import Order, OrderLine
from schema.types.organisation import User
from schema.types.products import Product

Levels: TypeAlias = Connection[Annotated["StockLevel", strawberry.lazy("schema.types.stock")]]


@object_type
class Warehouse(Node):
    """A place that goods are kept in and picked from: a list that the company manages."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    code: str = text("A short code, unique among warehouses.")
    name: str = text("Name.")
    position: int = text("Its place in the list: goods are picked from the first one that has them.")
    active: bool = text(
        "Whether goods come in and are picked there; what is reserved in an inactive one is still sent."
    )
    stock: Levels | None = connection(STOCK_LEVEL, Levels, "What it holds, as far as you see stock.")
    created_at: datetime = text("When it was made.")


@object_type
class StockLevel(Node):
    """What a warehouse has of a product. It changes by movements alone, and is what they add up to."""

    warehouse: Warehouse | None = text("The warehouse.")
    product: Product | None = text("The product.")
    on_hand: Decimal = text("How many are there.")
    reserved: Decimal = text("How many of these orders have reserved.")
    available: Decimal = text("How many nobody has reserved.")
    reorder_point: Decimal | None = text("Low is less than this, available; null for never.")
    low: bool = text(
        "Whether fewer are available than the reorder point. The event `stock.low` tells when it becomes so."
    )
    created_at: datetime = text("When the warehouse first had to do with it.")
    updated_at: datetime = text("When it last changed.")


@object_type
class StockMovement(Node):
    """An entry of the ledger of stock, which nobody changes."""

    kind: MovementKind = text("Why stock changed.")
    on_hand_change: Decimal = text("How many more were on hand after it; below zero for fewer.")
    reserved_change: Decimal = text("How many more of these were reserved after it; below zero for fewer.")
    reason: str | None = text("Why, in words.")
    at: datetime = text("When.")
    warehouse: Warehouse | None = text("The warehouse.")
    product: Product | None = text("The product.")
    order: Order | None = text("The order for which it was; none for what people moved.")
    order_line: OrderLine | None = text("The line of that order.")
    actor: User | None = text("Who; null for the system.")
