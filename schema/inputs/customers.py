"""Inputs about customers."""

from datetime import date

import strawberry

from schema.describe import input_type, text
from schema.enums import AddressKind, CustomerLevel, ValueClass
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional
from schema.inputs.custom_fields import VALUES, CustomFieldInput


@input_type
class CustomerContactInput:
    """A person at a customer."""

    name: str = text("Name.")
    title: str | None = optional("What the person does there.")
    email: str | None = optional("Email.")
    phone: str | None = optional("Phone.")


@input_type
class CustomerAddressInput:
    """A place where a customer receives goods or bills."""

    kind: AddressKind = text("What it is for.")
    street: str = text("Street, number, and what else the carrier needs.")
    country: str = text("ISO 3166 code of the country, two letters.")
    recipient: str | None = optional("Who receives there.")
    phone: str | None = optional("The recipient's phone.")
    city: str | None = optional("City.")
    province: str | None = optional("Province, state or county.")
    postcode: str | None = optional("Postcode.")


@input_type
class CustomerContactUpdateInput:
    """A person at a changed customer: with `id` one that stays, of whom what is left out stays, else a new one."""

    id: strawberry.ID | None = change("The contact of the customer that this is; none for a new one.")
    name: str | None = change("Name; a new contact needs one.")
    title: str | None = change("What the person does there.")
    email: str | None = change("Email.")
    phone: str | None = change("Phone.")


@input_type
class CustomerAddressUpdateInput:
    """A place of a changed customer: with `id` one that stays, of which what is left out stays, else a new one."""

    id: strawberry.ID | None = change("The address of the customer that this is; none for a new one.")
    kind: AddressKind | None = change("What it is for; a new address needs it.")
    street: str | None = change("Street, number, and what else the carrier needs; a new address needs it.")
    country: str | None = change("ISO 3166 code of the country, two letters; a new address needs it.")
    recipient: str | None = change("Who receives there.")
    phone: str | None = change("The recipient's phone.")
    city: str | None = change("City.")
    province: str | None = change("Province, state or county.")
    postcode: str | None = change("Postcode.")


@input_type
class CustomerCreateInput:
    """A new customer."""

    name: str = text("Name.")
    level: CustomerLevel | None = optional("客户级别; REGULAR if absent.")
    value_class: ValueClass | None = optional("客户价值; GENERAL if absent.")
    industry: str | None = optional("Industry.")
    email: str | None = optional("Email.")
    phone: str | None = optional("Phone.")
    tax_id: str | None = optional("Tax number.")
    region_id: strawberry.ID | None = optional("Region.")
    channel_id: strawberry.ID | None = optional("Source channel.")
    external_id: str | None = optional("The customer's number in the source channel, unique there.")
    owner_id: strawberry.ID | None = optional("Who looks after it, for those who may assign; you if absent.")
    preferences: str | None = optional("What the customer likes, in words.")
    tags: list[str] | None = optional("Tags.")
    birthday: date | None = optional("Birthday.")
    contract_day: date | None = optional("The day on which the contract began or is renewed.")
    contacts: list[CustomerContactInput] | None = optional("People there.")
    addresses: list[CustomerAddressInput] | None = optional("Places.")
    custom_fields: list[CustomFieldInput] | None = optional(VALUES)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class CustomerUpdateInput:
    """A change of a customer: what is left out stays, null empties."""

    id: strawberry.ID = text("The customer.")
    expected_version: int = text(EXPECTED_VERSION)
    name: str | None = change("Name.")
    level: CustomerLevel | None = change("客户级别; its orders follow.")
    value_class: ValueClass | None = change("客户价值.")
    industry: str | None = change("Industry.")
    email: str | None = change("Email.")
    phone: str | None = change("Phone.")
    tax_id: str | None = change("Tax number.")
    region_id: strawberry.ID | None = change("Region.")
    channel_id: strawberry.ID | None = change("Source channel.")
    external_id: str | None = change("The customer's number in the source channel, unique there.")
    preferences: str | None = change("What the customer likes, in words.")
    tags: list[str] | None = change("All tags, in place of those that there are.")
    birthday: date | None = change("Birthday.")
    contract_day: date | None = change("The day on which the contract began or is renewed.")
    contacts: list[CustomerContactUpdateInput] | None = change("All people; those that are not named go.")
    addresses: list[CustomerAddressUpdateInput] | None = change("All places; those that are not named go.")
    custom_fields: list[CustomFieldInput] | None = change(VALUES)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
