"""From inputs to what use cases take: dataclasses of the domain, with numbers for ids."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import strawberry

from domain.calendars import CalendarException, DayHours
from domain.contact import ContactDetails, PostalAddress
from domain.custom_fields.definition import NewChoice
from domain.custom_fields.values import CustomFieldEntry
from domain.customer_parts import NewAddress, NewContact
from domain.edited_parts import EditedAddress, EditedContact
from domain.errors import DomainError, InvalidInput, Refused
from domain.labels import Labels
from domain.naming import camel
from domain.orders.edited_lines import EditedLine
from domain.orders.entry import NewLine
from domain.orders.shipments import ShippedPieces
from domain.organisation import NewRegion, NewTeam, RegionChanges, TeamChanges
from domain.paths import INPUT, Path
from domain.problems import Problem
from domain.unset import Change
from rows.declare import Entity
from rows.entities import (
    BUSINESS_CALENDAR,
    CHANNEL,
    CUSTOMER,
    CUSTOMER_ADDRESS,
    CUSTOMER_CONTACT,
    LEAD,
    LEAD_POOL,
    ORDER,
    ORDER_LINE,
    PAYMENT,
    PRODUCT,
    REASON,
    REGION,
    TEAM,
    TIER,
    USER,
    WAREHOUSE,
)
from rows.ids import number_of
from schema.inputs.calendars import CalendarExceptionInput, DayHoursInput
from schema.inputs.common import ContactInput, PostalAddressInput
from schema.inputs.custom_fields import CustomFieldChoiceInput, CustomFieldInput
from schema.inputs.customers import (
    CustomerAddressInput,
    CustomerAddressUpdateInput,
    CustomerContactInput,
    CustomerContactUpdateInput,
)
from schema.inputs.lists import LabelsInput
from schema.inputs.orders import OrderLineInput, OrderLineUpdateInput
from schema.inputs.shipments import ShipmentLineInput

T = TypeVar("T")

NO_ROW = 0
NESTED: Mapping[type, type] = {
    OrderLineInput: NewLine,
    OrderLineUpdateInput: EditedLine,
    ShipmentLineInput: ShippedPieces,
    ContactInput: ContactDetails,
    PostalAddressInput: PostalAddress,
    CustomerContactInput: NewContact,
    CustomerAddressInput: NewAddress,
    CustomerContactUpdateInput: EditedContact,
    CustomerAddressUpdateInput: EditedAddress,
    LabelsInput: Labels,
    CustomFieldInput: CustomFieldEntry,
    CustomFieldChoiceInput: NewChoice,
    DayHoursInput: DayHours,
    CalendarExceptionInput: CalendarException,
}
IDS: Mapping[str, Entity] = {
    "calendar_id": BUSINESS_CALENDAR,
    "channel_id": CHANNEL,
    "customer_id": CUSTOMER,
    "customer_ids": CUSTOMER,
    "from_order_id": ORDER,
    "from_user_id": USER,
    "line_id": ORDER_LINE,
    "from_warehouse_id": WAREHOUSE,
    "lead_ids": LEAD,
    "order_ids": ORDER,
    "original_order_id": ORDER,
    "owner_id": USER,
    "order_id": ORDER,
    "payment_id": PAYMENT,
    "person": USER,
    "product_id": PRODUCT,
    "reason_id": REASON,
    "pool_id": LEAD_POOL,
    "region_id": REGION,
    "source_id": CHANNEL,
    "region_ids": REGION,
    "return_reason_id": REASON,
    "team_id": TEAM,
    "team_ids": TEAM,
    "tier_id": TIER,
    "to_order_id": ORDER,
    "to_team_id": TEAM,
    "to_user_id": USER,
    "to_warehouse_id": WAREHOUSE,
    "user_id": USER,
    "user_ids": USER,
    "warehouse_id": WAREHOUSE,
}
OWN_IDS: Mapping[tuple[type, str], Entity] = {
    (NewTeam, "parent_id"): TEAM,
    (TeamChanges, "parent_id"): TEAM,
    (NewRegion, "parent_id"): REGION,
    (RegionChanges, "parent_id"): REGION,
    (EditedLine, "id"): ORDER_LINE,
    (EditedContact, "id"): CUSTOMER_CONTACT,
    (EditedAddress, "id"): CUSTOMER_ADDRESS,
}
"""Of which entity those fields are ids whose names do not tell."""


def command(of: type[T], given: Any) -> T:
    """The domain's `of` with the fields of input `given` that it knows.

    Left out of a `Change` means unset, and null there empties what may be empty (a list has no items then); elsewhere
    both mean the default.
    Raises Refused with InvalidInput for null where there must be something.
    """
    errors: list[DomainError] = []
    made = _made(of, given, INPUT, errors)
    if errors:
        raise Refused(*errors)
    return made


def commands(of: type[T], given: Sequence[Any], field: str) -> list[T]:
    """As `command`, for each input of the list in a `field` of the mutation's input."""
    errors: list[DomainError] = []
    made = [_made(of, each, (*INPUT, field, str(place)), errors) for place, each in enumerate(given)]
    if errors:
        raise Refused(*errors)
    return made


def row_id(entity: Entity, text: str) -> int:
    """The number of the row of `entity` that `text` names; that of no row if it names none of its kind.

    So the use case finds that there is no such row, among whatever else is wrong.
    """
    return number_of(text, entity) or NO_ROW


def _made(of: type[T], given: Any, path: Path, errors: list[DomainError]) -> T:
    return of(**dict(_values(of, given, path, errors)))


def _values(of: type, given: Any, path: Path, errors: list[DomainError]) -> Iterator[tuple[str, Any]]:
    keeps_null = issubclass(of, Change)
    for field in fields(of):
        value, here = getattr(given, field.name), (*path, camel(field.name))
        if value is strawberry.UNSET or (value is None and not keeps_null):
            continue
        if value is None and field.name in _lists(of):
            value = []
        if value is None and field.name not in _nullable(of):
            errors.append(InvalidInput(path=here, problem=Problem.NULL))
            continue
        entity = OWN_IDS.get((of, field.name)) or IDS.get(field.name)
        yield field.name, _value(entity, value, here, errors)


def _value(entity: Entity | None, value: Any, path: Path, errors: list[DomainError]) -> Any:
    if isinstance(value, list):
        return tuple(_value(entity, item, (*path, str(place)), errors) for place, item in enumerate(value))
    if nested := NESTED.get(type(value)):
        return _made(nested, value, path, errors)
    return row_id(entity, value) if entity and value is not None else value


@cache
def _lists(of: type) -> frozenset[str]:
    hints = get_type_hints(of).items()
    return frozenset(name for name, hint in hints if any(get_origin(part) is Sequence for part in get_args(hint)))


@cache
def _nullable(of: type) -> frozenset[str]:
    return frozenset(name for name, hint in get_type_hints(of).items() if type(None) in get_args(hint))
