"""What of a change of an order differs from what is there: only that counts as changed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.orders.editing import OrderChanges
from domain.orders.lines import OrderedLine
from domain.unset import UNSET, Unset
from models import Order
from services.custom_fields.values import CheckedValues
from services.orders.snapshots import address_facts, contact_columns

_PLAIN = (
    *("channel_id", "external_id", "customer_id", "customer_name", "region_id"),
    *("urgency", "required_by", "placed_at", "notes", "tax_included", "discount"),
)
_PRICED = ("lines", "discount", "tax_included")


def without_same(
    changes: OrderChanges,
    order: Order,
    *,
    before: Sequence[OrderedLine],
    after: Sequence[OrderedLine] | None,
    custom_fields: CheckedValues,
) -> OrderChanges:
    """`changes` without those that say what `order` says already.

    Its lines are those `before`; the changes make them what they are `after`, or None if they cannot be told. They make
    its `custom_fields` what these say.
    """
    same = [name for name in changes.mentioned if _says(order, columns_of(_alone(changes, name)))]
    if custom_fields.after == order.custom_fields and not custom_fields.problems:
        same.append("custom_fields")
    if after is not None and _same_lines(before, after):
        same.append("lines")
    left = replace(changes, **dict.fromkeys(same, UNSET))
    priced = any(name in left.mentioned for name in _PRICED)
    return left if priced or left.total != order.total else replace(left, total=UNSET)


def columns_of(changes: OrderChanges) -> dict[str, Any]:
    """The columns that `changes` set by themselves, with their new values: all but lines, total and custom fields."""
    columns: dict[str, Any] = {name: getattr(changes, name) for name in _PLAIN if name in changes.mentioned}
    if not isinstance(changes.tags, Unset):
        columns["tags"] = list(changes.tags)
    if not isinstance(changes.contact, Unset):
        columns |= contact_columns(changes.contact)
    if not isinstance(changes.ship_to, Unset):
        columns["ship_to"] = address_facts(changes.ship_to)
    if not isinstance(changes.bill_to, Unset):
        columns["bill_to"] = address_facts(changes.bill_to)
    return columns


def differing(order: Order, columns: dict[str, Any]) -> dict[str, Any]:
    """Those of `columns` that have another value in `order`."""
    return {name: value for name, value in columns.items() if getattr(order, name) != value}


def _alone(changes: OrderChanges, name: str) -> OrderChanges:
    return OrderChanges(**{name: getattr(changes, name)})


def _says(order: Order, columns: dict[str, Any]) -> bool:
    return bool(columns) and not differing(order, columns)


def _same_lines(before: Sequence[OrderedLine], after: Sequence[OrderedLine]) -> bool:
    """Whether they say the same; which lines they are counts as far as `after` names them."""
    return after == before and all(line.id in (None, was.id) for line, was in zip(after, before, strict=True))
