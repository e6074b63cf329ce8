"""The customer of an order, and what the order copies from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.customers import CustomerLevel
from domain.errors import NotFound
from domain.orders.editing import OrderChanges
from domain.paths import INPUT
from models import Order
from models.connection import TransactionClient
from rows.access import Lock, hold_behind, visible_rows
from rows.entities import CUSTOMER, ORDER
from rows.viewer import Viewer
from services.references import sees


@dataclass(frozen=True, kw_only=True)
class CustomerFacts:
    """What an order copies from its customer."""

    name: str
    level: CustomerLevel
    region_id: int | None
    owner_id: int | None


_COPIED = ("name", "level", "region_id", "owner_id")


async def hold_customer(
    client: TransactionClient, viewer: Viewer, customer_id: int | None
) -> CustomerFacts | NotFound | None:
    """The customer, held FOR SHARE: what is copied from it stays true until the transaction ends.

    None if none is named; NotFound where `viewer` does not see it. Whether they do is asked again once it is held,
    since others may have changed that meanwhile. To be called before any order is locked.
    """
    if customer_id is None:
        return None
    rows = await visible_rows(client, CUSTOMER, viewer, [customer_id], _COPIED, lock=Lock.SHARE)
    if not rows or not await sees(client, viewer, CUSTOMER, customer_id):
        return NotFound(path=(*INPUT, "customerId"))
    return _facts(rows[0])


async def hold_customer_behind(client: TransactionClient, viewer: Viewer, order_id: int | None) -> CustomerFacts | None:
    """The customer of an order that `viewer` sees, held likewise, whether or not they see the customer too.

    It stays the order's once that is shipped.
    """
    if order_id is None:
        return None
    rows = await hold_behind(client, ORDER, viewer, order_id, "customer", Lock.SHARE, columns=_COPIED)
    return _facts(rows[0]) if rows else None


def _facts(row: Mapping[str, Any]) -> CustomerFacts:
    return CustomerFacts(**{**row, "level": CustomerLevel(row["level"])})


def with_customer(
    changes: OrderChanges, order: Order, customer: CustomerFacts | None, *, asked: Collection[str]
) -> OrderChanges:
    """`changes`, which give `order` another customer, with what comes along unless it is among the fields `asked` for.

    Of a former customer nothing stays: name and region become the new one's, contact and addresses are emptied. What
    was written for a walk-in stays, and what was not comes from the customer.
    """
    walk_in = order.customer_id is None
    name = customer.name if customer else None
    region_id = customer.region_id if customer else None
    along: dict[str, Any] = {
        "customer_name": (order.customer_name or name) if walk_in else name,
        "region_id": (order.region_id or region_id) if walk_in else (region_id or order.region_id),
    }
    if not walk_in:
        along |= {"contact": None, "ship_to": None, "bill_to": None}
    return replace(changes, **{field: value for field, value in along.items() if field not in asked})
