"""Inputs about orders."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from schema.describe import input_type, text
from schema.enums import LineKind, OrderType, Urgency
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, ContactInput, PostalAddressInput, change, optional
from schema.inputs.custom_fields import VALUES, CustomFieldInput
from schema.scalars import CurrencyCode


@input_type
class OrderLineInput:
    """A line of an order. A product line names its product by `productId` or by `sku`."""

    quantity: Decimal = text("How many; negative where goods come back.")
    kind: LineKind | None = optional("What the line charges for; PRODUCT if absent.")
    product_id: strawberry.ID | None = optional("The product.")
    sku: str | None = optional("The product, by its sku.")
    name: str | None = optional("What to call it; the product's name if absent.")
    unit_price: Decimal | None = optional("The price of one; the list price, or the original's, if absent.")
    discount: Decimal | None = optional("What is taken off this line; with the sign of the quantity.")
    tax_rate: Decimal | None = optional("Tax rate, 0.2 for 20 %; the product's, or the original's, if absent.")


@input_type
class OrderCreateInput:
    """A new order. It becomes a DRAFT; a return or exchange becomes REQUESTED."""

    currency: CurrencyCode = text("The currency of all amounts.")
    lines: list[OrderLineInput] = text("At most 500 lines.")
    type: OrderType | None = optional("Why the order exists; NEW if absent.")
    original_order_id: strawberry.ID | None = optional("For a return or exchange: the order that it is of.")
    return_reason_id: strawberry.ID | None = optional("For a return or exchange: why, a reason of kind RETURN.")
    channel_id: strawberry.ID | None = optional("Where it came from; for a return, where the original did, if absent.")
    external_id: str | None = optional("Its number in the channel, unique there.")
    customer_id: strawberry.ID | None = optional("The customer; none for a walk-in; the original's for a return.")
    customer_name: str | None = optional("The name to write on it; the original's or the customer's if absent.")
    contact: ContactInput | None = optional("Whom to ask about it.")
    ship_to: PostalAddressInput | None = optional("Where the goods go.")
    bill_to: PostalAddressInput | None = optional("Where the invoice goes.")
    region_id: strawberry.ID | None = optional("Region; the original's or the customer's if absent.")
    owner_id: strawberry.ID | None = optional("Who looks after it, for those who may assign; you if absent.")
    tax_included: bool | None = optional("Whether prices include tax; as in the original, else false, if absent.")
    discount: Decimal | None = optional("What is taken off the whole order, spread over its lines before tax.")
    total: Decimal | None = optional("What you think it adds up to: refused if it does not.")
    urgency: Urgency | None = optional("How soon the customer needs it; NORMAL if absent.")
    required_by: date | None = optional("The day by which the customer needs it.")
    placed_at: datetime | None = optional("When the customer placed it; now if absent.")
    tags: list[str] | None = optional("Tags.")
    notes: str | None = optional("Notes.")
    custom_fields: list[CustomFieldInput] | None = optional(VALUES)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class OrderLineUpdateInput:
    """A line of a changed order: with `id` one that stays, of which what is left out stays, else a new one.

    Null is as if a new line left it out. A line that names another product keeps nothing of the former one.
    """

    id: strawberry.ID | None = change("The line of the order that this is; none for a new line.")
    quantity: Decimal | None = change("How many; negative where goods come back.")
    kind: LineKind | None = change("What the line charges for; PRODUCT if absent.")
    product_id: strawberry.ID | None = change("The product.")
    sku: str | None = change("The product, by its sku.")
    name: str | None = change("What to call it; the product's name if absent.")
    unit_price: Decimal | None = change("The price of one; the list price if absent.")
    discount: Decimal | None = change("What is taken off this line; with the sign of the quantity.")
    tax_rate: Decimal | None = change("Tax rate, 0.2 for 20 %; the product's if absent.")


@input_type
class OrderUpdateInput:
    """A change of an order: what is left out stays, null empties. Notes, tags, custom fields and the required day can
    change until it is SHIPPED, everything else in DRAFT and NEEDS_INFO."""

    id: strawberry.ID = text("The order.")
    expected_version: int = text(EXPECTED_VERSION)
    lines: list[OrderLineUpdateInput] | None = change("All lines, in their order; those that are not named go.")
    channel_id: strawberry.ID | None = change("Where it came from.")
    external_id: str | None = change("Its number in the channel, unique there.")
    customer_id: strawberry.ID | None = change(
        "The customer; null for a walk-in. The name and region that are written on it become the new one's, contact and"
        " addresses of a former one are emptied, unless they are given as well."
    )
    customer_name: str | None = change("The name written on it.")
    contact: ContactInput | None = change("Whom to ask about it.")
    ship_to: PostalAddressInput | None = change("Where the goods go.")
    bill_to: PostalAddressInput | None = change("Where the invoice goes.")
    region_id: strawberry.ID | None = change("Region.")
    tax_included: bool | None = change("Whether prices include tax.")
    discount: Decimal | None = change("What is taken off the whole order.")
    total: Decimal | None = change("What you think it adds up to: refused if it does not.")
    urgency: Urgency | None = change("How soon the customer needs it.")
    required_by: date | None = change("The day by which the customer needs it.")
    placed_at: datetime | None = change("When the customer placed it.")
    tags: list[str] | None = change("All tags, in place of those that there are.")
    notes: str | None = change("Notes.")
    custom_fields: list[CustomFieldInput] | None = change(VALUES)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
