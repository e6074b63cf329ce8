"""Inputs about imports of customers, leads, products and prices."""

from datetime import date

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import IDEMPOTENCY_KEY, optional
from schema.scalars import CurrencyCode

_FILES = "Files that were sent to POST /files, in this order, at most 20."
_ENCODING = "The text encoding of CSV; by its byte order mark, else UTF-8, if absent."
_DRY = "Only check: write nothing, and report."


def _delimiter() -> str:
    value: str = strawberry.field(description="What separates the cells of CSV.", default=",")
    return value


def _dry_run() -> bool:
    value: bool = strawberry.field(description=_DRY, default=False)
    return value


@input_type
class ProductColumnsInput:
    """What a file calls our columns. An empty cell leaves what there is."""

    sku: str = text("The sku, by which a product is found or made.")
    name: str | None = optional("The name; a new product needs one.")
    description: str | None = optional("What it is.")
    category: str | None = optional("What it counts among.")
    price: str | None = optional("The list price; it comes with its currency.")
    currency: str | None = optional("The list price's currency.")
    tax_rate: str | None = optional("The usual tax rate, 0.2 for 20 %.")
    active: str | None = optional("Whether it is sold: true or false.")


@input_type
class ProductImportInput:
    """Files whose rows make or change products, by sku."""

    files: list[strawberry.ID] = text(_FILES)
    columns: ProductColumnsInput = text("Which column is what.")
    encoding: str | None = optional(_ENCODING)
    delimiter: str = _delimiter()
    dry_run: bool = _dry_run()
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class CustomerColumnsInput:
    """What a file calls our columns. An empty cell leaves what there is."""

    external_id: str = text("The customer's number in the channel, by which one is found or made.")
    name: str | None = optional("The name; a new customer needs one.")
    level: str | None = optional("REGULAR, VIP or KEY_ACCOUNT.")
    value_class: str | None = optional("IMPORTANT, GENERAL or POTENTIAL.")
    industry: str | None = optional("Industry.")
    email: str | None = optional("Email.")
    phone: str | None = optional("Phone.")
    tax_id: str | None = optional("Tax number.")
    region: str | None = optional("A region that there is, by its code or its name.")
    preferences: str | None = optional("What they like.")
    tags: str | None = optional("Tags, with commas between them.")
    birthday: str | None = optional("A day: 2026-01-31.")
    contract_day: str | None = optional("A day: 2026-01-31.")


@input_type
class CustomerImportInput:
    """Files whose rows make or change customers, by their numbers in a channel."""

    files: list[strawberry.ID] = text(_FILES)
    channel_id: strawberry.ID = text("The channel that the numbers are of.")
    columns: CustomerColumnsInput = text("Which column is what.")
    owner_id: strawberry.ID | None = optional("Whose new customers will be; who imports if absent.")
    encoding: str | None = optional(_ENCODING)
    delimiter: str = _delimiter()
    dry_run: bool = _dry_run()
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadColumnsInput:
    """What a file calls our columns. A row has a company, a contact, an email or a phone at least."""

    external_id: str = text("The lead's number in its source; one that is there stays as it is.")
    company: str | None = optional("The company.")
    contact_name: str | None = optional("The person.")
    email: str | None = optional("Their email.")
    phone: str | None = optional("Their phone.")
    tax_id: str | None = optional("The company's tax number.")
    industry: str | None = optional("Industry.")
    region: str | None = optional("A region that there is, by its code or its name.")
    intent: str | None = optional("HIGH, MEDIUM or LOW.")
    interest: str | None = optional("What they want, in words.")
    expected_value: str | None = optional("What it may come to, in the company's currency.")
    tags: str | None = optional("Tags, with commas between them.")


@input_type
class LeadImportInput:
    """Files whose rows are new leads, by their numbers in a source. Who is known goes to whoever has them."""

    files: list[strawberry.ID] = text(_FILES)
    source_id: strawberry.ID = text("The channel that they came by.")
    columns: LeadColumnsInput = text("Which column is what.")
    owner_id: strawberry.ID | None = optional("Whose they will be; without it they go into pools that take them.")
    pool_id: strawberry.ID | None = optional("The pool where they are to wait, for those who may assign.")
    encoding: str | None = optional(_ENCODING)
    delimiter: str = _delimiter()
    dry_run: bool = _dry_run()
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ChannelPriceColumnsInput:
    """What a file calls our columns. An empty cell leaves what there is."""

    sku: str = text("The sku of the product, which there has to be.")
    price: str | None = optional("The price of one; a new one needs it.")
    currency: str | None = optional("The currency; that of the input if absent or empty.")
    starts_on: str | None = optional("From which day on: 2026-01-31; that of the input if absent or empty.")
    ends_on: str | None = optional("Until which day, included; for good if empty. A promotion needs it.")
    promotion: str | None = optional("Whether it is a promotion: true or false; false if absent or empty.")


@input_type
class ChannelPriceImportInput:
    """Files whose rows make or change prices of a channel, by sku, currency, first day, and whether a promotion."""

    files: list[strawberry.ID] = text(_FILES)
    channel_id: strawberry.ID = text("The channel that sells for these prices.")
    columns: ChannelPriceColumnsInput = text("Which column is what.")
    currency: CurrencyCode | None = optional("The currency of rows that name none.")
    starts_on: date | None = optional("From which day on prices of rows hold that name none.")
    encoding: str | None = optional(_ENCODING)
    delimiter: str = _delimiter()
    dry_run: bool = _dry_run()
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
