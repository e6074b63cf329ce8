"""Inputs about products."""

from decimal import Decimal

from schema.describe import input_type, text
from schema.inputs.common import IDEMPOTENCY_KEY, change, optional
from schema.inputs.custom_fields import VALUES, CustomFieldInput
from schema.scalars import CurrencyCode


@input_type
class ProductUpsertInput:
    """A product by its sku: what is left out stays as it is, or empty where the product is new; null empties."""

    sku: str = text("Stock-keeping unit: unique, upper and lower case kept apart.")
    expected_version: int | None = optional("The version that the change was decided on; absent for a new product.")
    name: str | None = change("Name; needed for a new product.")
    description: str | None = change("What it is.")
    category: str | None = change("What it counts among.")
    price: Decimal | None = change("List price, with a currency.")
    currency: CurrencyCode | None = change("The list price's currency.")
    tax_rate: Decimal | None = change("Usual tax rate, 0.2 for 20 %.")
    active: bool | None = change("Whether it is sold.")
    stocked: bool | None = change("Whether stock is kept of it; false for a new product.")
    custom_fields: list[CustomFieldInput] | None = change(VALUES)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
