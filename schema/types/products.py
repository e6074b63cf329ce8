"""Products."""

from datetime import datetime
from decimal import Decimal

from schema.describe import object_type, text
from schema.types.base import Money, Node
from schema.types.custom_fields import CustomFieldValue, custom_fields


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
    custom_fields: list[CustomFieldValue] = custom_fields("product")
    created_at: datetime = text("When it was made.")
    updated_at: datetime = text("When it last changed.")
