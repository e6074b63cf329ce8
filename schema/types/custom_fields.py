"""Custom fields: what the company defined, and the values that rows have."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

import strawberry

from schema.describe import object_type
from schema.describe import text as described
from schema.enums import CustomFieldEntity, CustomFieldIndexState, CustomFieldType
from schema.scalars import CurrencyCode
from schema.types.base import Money, Node
from schema.types.jobs import Job
from schema.types.lists import Labels
from schema.types.organisation import User

Keys: TypeAlias = Annotated[
    list[str] | None,
    strawberry.argument(description="Only these, at most 100; a key that names no field gives nothing."),
]


@object_type
class CustomFieldChoice(Node):
    """One of the values that a custom field of type CHOICE takes."""

    code: str = described("What is stored and compared.")
    label: str = described("What people read, in the language of the request, or in another one where there is none.")
    labels: Labels = described("What people read, in all languages.")
    active: bool = described("Whether it can be chosen; where it was chosen before, it stays.")
    field: "CustomField | None" = described("The field.")


@object_type
class CustomField(Node):
    """A field that the company defined for its customers, orders or products."""

    version: int = described("Grows with every edit; give it back as `expectedVersion`.")
    entity: CustomFieldEntity = described("What it is a field of.")
    key: str = described("Its name for programs, unique in its entity; it never changes.")
    type: CustomFieldType = described("What its values are; it never changes.")
    label: str = described(
        "Its name for people, in the language of the request, or in another one where there is none."
    )
    labels: Labels = described("Its names for people, in all languages.")
    description: str | None = described("What it is for.")
    required: bool = described("Whether new rows need a value, and none can be emptied.")
    longest: int | None = described("Of TEXT: how many characters a value may have.")
    minimum: Decimal | None = described("Of NUMBER and MONEY: the smallest value.")
    maximum: Decimal | None = described("Of NUMBER and MONEY: the largest value.")
    decimals: int | None = described("Of NUMBER: how many digits after the point a value may have.")
    currency: CurrencyCode | None = described("Of MONEY: the currency of all values.")
    choices: list[CustomFieldChoice] = described("Of CHOICE: what can be chosen, or was, in the order of the company.")
    position: int = described("Where it stands in forms; ties are in order of id.")
    archived: bool = described("Whether it is out of use: neither shown with rows, nor written, filtered or sorted by.")
    index_state: CustomFieldIndexState = described("Whether it has an index, which lists need to be sorted by it.")
    index_job: Job | None = described("The job that builds or drops its index, or did; for whoever sees that job.")
    created_at: datetime.datetime = described("When it was made.")
    updated_at: datetime.datetime = described("When it last changed.")


@object_type
class CustomFieldValue:
    """The value of a custom field: the one of `text` to `person` that goes with its type, the others are null."""

    key: str = described("The field's key.")
    type: CustomFieldType = described("The field's type, which says where the value is.")
    label: str = described("The field's name for people, in the language of the request.")
    text: str | None = described("Of TEXT.")
    number: Decimal | None = described("Of NUMBER.")
    money: Money | None = described("Of MONEY.")
    date: datetime.date | None = described("Of DATE.")
    yes_no: bool | None = described("Of YES_NO.")
    choice: str | None = described("Of CHOICE: the code of what was chosen.")
    choice_label: str | None = described("Of CHOICE: what was chosen, in the request's language.")
    person: User | None = described("Of PERSON.")
    field: CustomField | None = described("The field itself.")


def custom_fields(what: str) -> Any:
    """The field `customFields` of an entity that has some: compiled, so never resolved row by row."""

    def resolver(keys: Keys = None) -> list[CustomFieldValue]:  # noqa: ARG001  # there for its signature
        raise RuntimeError("compiled fields have no resolver")

    field: Callable[[Any], Any] = strawberry.field(
        description=f"The {what}'s values of the fields that the company defined and uses, in the order of the fields."
    )
    return field(resolver)
