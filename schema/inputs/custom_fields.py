"""Inputs about custom fields: values of rows, and definitions."""

import datetime
from decimal import Decimal

import strawberry

from schema.describe import input_type
from schema.describe import text as needed
from schema.enums import CustomFieldEntity, CustomFieldType
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional
from schema.inputs.lists import LabelsInput
from schema.scalars import CurrencyCode

VALUES = "Values of fields that the company defined, by key; others stay as they are."


@input_type
class CustomFieldInput:
    """A value of a custom field: the one member that goes with the field's type. Without a value it is emptied."""

    key: str = needed("The field's key.")
    text: str | None = optional("Of TEXT.")
    number: Decimal | None = optional("Of NUMBER.")
    money: Decimal | None = optional("Of MONEY: an amount in the field's currency.")
    date: datetime.date | None = optional("Of DATE.")
    yes_no: bool | None = optional("Of YES_NO.")
    choice: str | None = optional("Of CHOICE: the code of an active choice.")
    person: strawberry.ID | None = optional("Of PERSON: an active user.")


@input_type
class CustomFieldChoiceInput:
    """One of the values that a custom field of type CHOICE takes."""

    code: str = needed("What is stored and compared; it names the choice for ever.")
    labels: LabelsInput = needed("What people read.")
    active: bool | None = optional("Whether it can be chosen; true if absent.")


@input_type
class CustomFieldCreateInput:
    """A new custom field."""

    entity: CustomFieldEntity = needed("What it is a field of.")
    key: str = needed("Its name for programs: a lower-case letter, then up to 39 lower-case letters, digits and _.")
    type: CustomFieldType = needed("What its values are; it never changes.")
    labels: LabelsInput = needed("Its names for people.")
    description: str | None = optional("What it is for.")
    required: bool | None = optional("Whether new rows need a value; false if absent.")
    longest: int | None = optional("Of TEXT: how many characters a value may have, at most 255.")
    minimum: Decimal | None = optional("Of NUMBER and MONEY: the smallest value.")
    maximum: Decimal | None = optional("Of NUMBER and MONEY: the largest value.")
    decimals: int | None = optional("Of NUMBER: how many digits after the point a value may have, at most 6.")
    currency: CurrencyCode | None = optional("Of MONEY: the currency of all values; the company's if absent.")
    choices: list[CustomFieldChoiceInput] | None = optional("Of CHOICE: what can be chosen, in order, at most 200.")
    position: int | None = optional("Where it stands in forms; 0 if absent.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class CustomFieldUpdateInput:
    """A change of a custom field: what is left out stays, null empties. Bounds hold for what is written then."""

    id: strawberry.ID = needed("The field.")
    expected_version: int = needed(EXPECTED_VERSION)
    labels: LabelsInput | None = change("All names for people, in place of those that there are.")
    description: str | None = change("What it is for.")
    required: bool | None = change("Whether new rows need a value.")
    longest: int | None = change("Of TEXT: how many characters a value may have, at most 255.")
    minimum: Decimal | None = change("Of NUMBER and MONEY: the smallest value.")
    maximum: Decimal | None = change("Of NUMBER and MONEY: the largest value.")
    decimals: int | None = change("Of NUMBER: how many digits after the point a value may have, at most 6.")
    choices: list[CustomFieldChoiceInput] | None = change(
        "Of CHOICE: all that can be chosen, in order. Those that are left out become inactive."
    )
    position: int | None = change("Where it stands in forms.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class CustomFieldArchiveInput:
    """A custom field that is to go out of use."""

    id: strawberry.ID = needed("The field.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class CustomFieldRestoreInput:
    """An archived custom field that is to be used again, with the values that it had."""

    id: strawberry.ID = needed("The field.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class CustomFieldIndexInput:
    """Whether a custom field is to have an index."""

    id: strawberry.ID = needed("The field.")
    indexed: bool = needed("Build the index (true) or drop it (false), in a job.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
