"""Inputs about jobs: imports, and stopping."""

import strawberry

from schema.describe import input_type, text
from schema.enums import OrderStatus, OrderType
from schema.inputs.common import IDEMPOTENCY_KEY, optional
from schema.scalars import CurrencyCode

_FILES = "Files that were sent to POST /files, all of one kind, at most 20."


@input_type
class JobCancelInput:
    """A job to be stopped: at once if it waits, at its next step if it runs."""

    id: strawberry.ID = text("The job.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class FileDeleteInput:
    """A file to be removed before its time is over."""

    id: strawberry.ID = text("The file: one's own, or, for administrators, anybody's.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class OrderColumnsInput:
    """What a file calls our columns. Each row is a line of an order; what is true of the order is repeated on each."""

    invoice: str = text("The order's number in its channel; rows with the same are one order.")
    sku: str = text("The product's sku.")
    quantity: str = text("How many; below zero where goods come back.")
    unit_price: str = text("The price of one.")
    placed_at: str = text("When the order was placed.")
    name: str | None = optional("The product's name.")
    customer: str | None = optional("The customer's number in the channel.")
    region: str | None = optional("The region, by its code or its name.")


@input_type
class OrderCustomColumnInput:
    """A column with values of a field that the company defined for orders."""

    key: str = text("The field's key.")
    column: str = text(
        "What the file calls the column. Numbers have a point, days are 2026-01-31, people go by their email, choices"
        " by code or label; an empty cell says nothing."
    )


@input_type
class OrderMappingInput:
    """How a file of one's own layout becomes orders."""

    channel_code: str = text("The channel that the orders come from; made if it is missing.")
    channel_name: str | None = optional("Its name, if it is made; its code if absent.")
    columns: OrderColumnsInput = text("Which column is what.")
    custom_fields: list[OrderCustomColumnInput] | None = optional(
        "Which columns hold custom fields; an order has the values of its first line that has some."
    )
    currency: CurrencyCode = text("The currency of all amounts.")
    zone: str = text("The IANA zone that times are local to, such as Europe/London.")
    time_format: str = strawberry.field(
        description="How times are written, as strptime has it.", default="%Y-%m-%d %H:%M:%S"
    )
    encoding: str | None = optional("The text encoding of CSV; found out by the content if absent.")
    delimiter: str = strawberry.field(description="What separates the cells of CSV.", default=",")
    sale_type: OrderType = strawberry.field(description="The type of sales.", default=OrderType.NEW)
    sale_status: OrderStatus = strawberry.field(description="The status of sales.", default=OrderStatus.COMPLETED)
    return_prefix: str | None = optional("What the numbers of returns begin with; without it there are none.")
    return_status: OrderStatus = strawberry.field(description="The status of returns.", default=OrderStatus.REFUNDED)
    customer_suffix: str = strawberry.field(description="What to take off the end of customers' numbers.", default="")
    customer_name: str = strawberry.field(
        description="The name of a customer that is made; {number} stands for its number.", default="{number}"
    )


@input_type
class OrderImportInput:
    """Files whose rows are to become orders: by a `preset` or by a `mapping`, one of them."""

    files: list[strawberry.ID] = text(_FILES)
    preset: str | None = optional("The name of one of `importPresets`.")
    mapping: OrderMappingInput | None = optional("How to read a layout of your own.")
    owner_id: strawberry.ID | None = optional("Whose the orders will be; who imports, or their customer's, if absent.")
    dry_run: bool = strawberry.field(description="Only check: make nothing, and report.", default=False)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
