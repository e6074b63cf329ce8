"""Cursors, as their module describes them: base64url without padding of "<sort>.<asc|desc>,<id>,=<value>" or "-"."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.oracle.custom_fields import PYTHON, field_named
from tests.oracle.values import moment
from tests.oracle.world import Row, World, custom_column


@dataclass(frozen=True)
class Order:
    """How a list is sorted: the sort's name in cursors, the column behind it, and the way."""

    name: str
    column: str
    descending: bool
    of: Any
    nullable: bool = False

    @property
    def tag(self) -> str:
        """What binds a cursor to this order."""
        return f"{self.name}.{'desc' if self.descending else 'asc'}"


COLUMNS = {
    "PLACED_AT": ("placedAt", "placed_at", datetime),
    "BASE_TOTAL": ("baseTotal", "base_total", Decimal),
    "REQUIRED_BY": ("requiredBy", "required_by", date),
    "NAME": ("name", "name", str),
    "SKU": ("sku", "sku", str),
    "CREATED_AT": ("createdAt", "created_at", datetime),
    "RANK": ("rank", "rank", int),
    "POSITION": ("position", "position", int),
    "DATE": ("date", "date", date),
    "STARTS_ON": ("startsOn", "starts_on", date),
    "STARTS_AT": ("startsAt", "starts_at", datetime),
    "CODE": ("code", "code", str),
    "AT": ("at", "at", datetime),
    "FIRED_AT": ("firedAt", "fired_at", datetime),
    "UPDATED_AT": ("updatedAt", "updated_at", datetime),
    "RECEIVED_AT": ("receivedAt", "received_at", datetime),
    "SHIPPED_AT": ("shippedAt", "shipped_at", datetime),
    "RESPOND_BY": ("respondBy", "respond_by", datetime),
    "LAST_ORDER_AT": ("lastOrderAt", "last_order_at", datetime),
    "FREQUENCY": ("frequency", "frequency", int),
    "MONETARY": ("monetary", "monetary", Decimal),
    "ENTERED_AT": ("enteredAt", "entered_at", datetime),
    "SCORE": ("score", "score", int),
    "EXPECTED_VALUE": ("expectedValue", "expected_value", Decimal),
    "ON_HAND": ("onHand", "on_hand", Decimal),
}
DESCENDING_BY_DEFAULT = {
    "PLACED_AT",
    "BASE_TOTAL",
    "CREATED_AT",
    "UPDATED_AT",
    "AT",
    "FIRED_AT",
    "DATE",
    "STARTS_ON",
    "STARTS_AT",
    "RECEIVED_AT",
    "LAST_ORDER_AT",
    "FREQUENCY",
    "MONETARY",
    "SHIPPED_AT",
    "ENTERED_AT",
    "SCORE",
    "EXPECTED_VALUE",
}
NULLABLE = {"required_by", "last_order_at", "expected_value"}
DEFAULT = {
    "Lead": "ENTERED_AT",
    "LeadPool": "RANK",
    "LeadForm": "CREATED_AT",
    "Order": "PLACED_AT",
    "Job": "CREATED_AT",
    "File": "CREATED_AT",
    "JobReportRow": "POSITION",
    "AuditEntry": "AT",
    "ApiToken": "CREATED_AT",
    "TierRuleSet": "CREATED_AT",
    "ExchangeRate": "DATE",
    "Tier": "RANK",
    "Reason": "POSITION",
    "Tag": "POSITION",
    "CustomField": "POSITION",
    "Warehouse": "POSITION",
    "StockLevel": "UPDATED_AT",
    "StockMovement": "AT",
    "ChannelPrice": "STARTS_ON",
    "ReviewPolicy": "RANK",
    "AssignmentRule": "RANK",
    "LevelRule": "RANK",
    "LevelProposal": "CREATED_AT",
    "BusinessCalendar": "CODE",
    "Leave": "STARTS_AT",
    "Reminder": "FIRED_AT",
    "Payment": "RECEIVED_AT",
    "Shipment": "SHIPPED_AT",
    "Feedback": "AT",
    "Complaint": "RESPOND_BY",
}
"""The sort of a list whose arguments name none; NAME for all other types."""


class NotACursor(ValueError):
    """Not a cursor of this order."""


def order_of(type_name: str, sort: dict[str, Any] | None, world: World) -> Order:
    """The order that the argument `sort` of a list of `type_name` asks for."""
    sort = sort or {}
    if key := sort.get("customField"):
        field = field_named(world, type_name, key)
        of = PYTHON[field.columns["type"]]
        descending = sort.get("direction") == "DESC"
        return Order(f"customField{field.id}", custom_column(field), descending, of, nullable=True)
    name = sort.get("field") or DEFAULT.get(type_name, "NAME")
    direction = sort.get("direction")
    descending = name in DESCENDING_BY_DEFAULT if direction is None else direction == "DESC"
    tag, column, of = COLUMNS[name]
    return Order(tag, column, descending, of, nullable=column in NULLABLE)


def cursor_of(row: Row, order: Order) -> str:
    """The cursor of a row in a list."""
    value = row.columns[order.column]
    plain = f"{order.tag},{row.id}," + ("-" if value is None else f"={_text(value)}")
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def position_of(cursor: str, order: Order) -> tuple[Any, int]:
    """The (value, id) behind which, or before which, rows are asked for; NotACursor if it is none of this order."""
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        tag, number, value = plain.split(",", 2)
        read = _read(value, order)
        again = f"{tag},{int(number)}," + ("-" if read is None else f"={_text(read)}")
    except (LookupError, ValueError, ArithmeticError, binascii.Error) as error:
        raise NotACursor(cursor) from error
    if again != plain or tag != order.tag or not 0 < int(number) < 2**63:
        raise NotACursor(cursor)
    return read, int(number)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return moment(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(text: str, order: Order) -> Any:
    if text == "-" and order.nullable:
        return None
    if not text.startswith("="):
        raise NotACursor(text)
    if order.of is bool:
        return {"true": True, "false": False}[text[1:]]
    return order.of(text[1:]) if order.of in {str, int, Decimal} else order.of.fromisoformat(text[1:])
