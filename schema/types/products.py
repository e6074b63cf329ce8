"""Products."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from rows.entities import STOCK_LEVEL
from schema.describe import object_type, text
from schema.lists import connection
from schema.types.base import Connection, Money, Node
from schema.types.custom_fields import CustomFieldValue, custom_fields

if TYPE_CHECKING:
    from schema.types.stock import StockLevel

Levels: TypeAlias = Connection[Annotated["StockLevel", strawberry.lazy("schema.types.stock")]]


@object_type
class Product(Node):
    """Something that is sold."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    sku: str = text("Stock-keeping unit: unique, upper and lower case kept apart.")
    name: str = text("Name.")
    description: str | None = text("What it is.")
    category: str | None = text("What it counts among.")
    price: Money | None = text("List price.")
    tax_rate: Decimal | None = text("Usual tax rate: 0.2 is 20 %.")
    active: bool = text("Whether it is still sold.")
    stocked: bool = text("Whether stock is kept of it, which orders reserve before they are picked.")
    available: Decimal | None = text("How many can be promised: what active warehouses have and nobody has reserved.")
    stock: Levels | None = connection(STOCK_LEVEL, Levels, "What each warehouse has, as far as you see stock.")
    custom_fields: list[CustomFieldValue] = custom_fields("product")
    created_at: datetime = text("When it was made.")
    updated_at: datetime = text("When it last changed.")
