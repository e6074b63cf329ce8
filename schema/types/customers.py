"""Customers."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from rows.entities import ORDER
from schema.describe import object_type, text
from schema.enums import AddressKind, CustomerLevel, ValueClass
from schema.lists import connection
from schema.types.base import Money, Node
from schema.types.custom_fields import CustomFieldValue, custom_fields
from schema.types.levels import CustomerLevelChange
from schema.types.organisation import Channel, Region, Team, User

if TYPE_CHECKING:
    from schema.types.orders import OrderConnection

Orders: TypeAlias = Annotated["OrderConnection", strawberry.lazy("schema.types.orders")]


@object_type
class CustomerContact(Node):
    """A person at a customer."""

    name: str = text("Name.")
    title: str | None = text("What the person does there.")
    email: str | None = text("Email.")
    phone: str | None = text("Phone.")
    customer: "Customer | None" = text("The customer.")


@object_type
class CustomerAddress(Node):
    """A place where a customer receives goods or bills."""

    kind: AddressKind = text("What it is for.")
    recipient: str | None = text("Who receives there.")
    phone: str | None = text("The recipient's phone.")
    street: str = text("Street, number, and what else the carrier needs.")
    city: str | None = text("City.")
    province: str | None = text("Province, state or county.")
    postcode: str | None = text("Postcode.")
    country: str = text("ISO 3166 code of the country, two letters.")
    customer: "Customer | None" = text("The customer.")


@object_type
class CustomerOwnerChange(Node):
    """A customer went from one owner and team to another."""

    at: datetime = text("When.")
    reason: str | None = text("Why.")
    from_owner: User | None = text("Whose it was.")
    from_team: Team | None = text("The team that it belonged to.")
    to_owner: User | None = text("Whose it became.")
    to_team: Team | None = text("The team that it belongs to since.")
    actor: User | None = text("Who gave it away; null for the system.")
    customer: "Customer | None" = text("The customer.")


@object_type
class Customer(Node):
    """Somebody who buys."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    name: str = text("Name.")
    level: CustomerLevel = text("客户级别: how much attention the customer is entitled to.")
    value_class: ValueClass = text("客户价值: what the company expects of the customer.")
    industry: str | None = text("Industry.")
    email: str | None = text("Email.")
    phone: str | None = text("Phone.")
    tax_id: str | None = text("Tax number.")
    external_id: str | None = text("The customer's number in the source channel.")
    preferences: str | None = text("What the customer likes, in words.")
    tags: list[str] = text("Tags.")
    birthday: date | None = text("Birthday.")
    contract_day: date | None = text("The day on which the contract began or is renewed.")
    credit_limit: Money | None = text("信用额度: what it may owe, in the company's currency; null for no limit.")
    last_order_at: datetime | None = text("When the newest order was placed that was completed; null without any.")
    recency_days: int | None = text("How many days ago that is, by the calendar of the company's zone (RFM).")
    frequency: int = text("How many orders of the company's window, of a year unless it says so, were completed (RFM).")
    monetary: Money = text(
        "What these come to, less what was returned in that window, in the company's currency (RFM). All orders count,"
        " whoever sees them."
    )
    recency_score: int | None = text(
        "The fifth of customers, 5 being the best, in which it is by recency; null for whoever never bought."
    )
    frequency_score: int | None = text("As `recencyScore`, by frequency.")
    monetary_score: int | None = text("As `recencyScore`, by monetary value.")
    created_at: datetime = text("When the customer was entered.")
    updated_at: datetime = text("When it last changed.")
    region: Region | None = text("Region.")
    channel: Channel | None = text("Source channel.")
    owner: User | None = text("Who looks after the customer.")
    team: Team | None = text("The team that it belongs to, in figures and for managers.")
    custom_fields: list[CustomFieldValue] = custom_fields("customer")
    contacts: list[CustomerContact] = text("People there, in the order of entry.")
    addresses: list[CustomerAddress] = text("Places, in the order of entry.")
    owner_changes: list[CustomerOwnerChange] = text("Whose it was before, oldest first.")
    level_changes: list[CustomerLevelChange] = text("How it came to its level, oldest first.")
    orders: Orders | None = connection(ORDER, Orders, "The customer's orders, as far as you may see them.")
