"""The customer of an order, and what the order copies from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.contact import ContactDetails, PostalAddress
from domain.customers import AddressKind, CustomerLevel
from domain.errors import NotFound
from domain.orders.editing import OrderChanges
from domain.orders.entry import NewOrder
from domain.orders.life_cycle import RETURN_TYPES
from domain.paths import INPUT
from models import Order
from models.connection import TransactionClient
from rows.access import Lock, hold_behind, visible_rows
from rows.entities import CUSTOMER, ORDER
from rows.viewer import Viewer
from services.references import sees


@dataclass(frozen=True, kw_only=True)
class CustomerFacts:
    """What an order copies from its customer.

    Of contacts and addresses of each kind it is the first that was entered, None where there is none.
    """

    name: str
    level: CustomerLevel
    region_id: int | None
    owner_id: int | None
    contact: ContactDetails | None = None
    ship_to: PostalAddress | None = None
    bill_to: PostalAddress | None = None


_COPIED = ("name", "level", "region_id", "owner_id")
_CONTACT = "SELECT name, email, phone FROM customer_contact WHERE customer_id = $1 ORDER BY id LIMIT 1"
_ADDRESSES = """
SELECT DISTINCT ON (kind) kind, recipient, phone, street, city, province, postcode, country FROM customer_address
WHERE customer_id = $1 ORDER BY kind, id
"""


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
    return _facts(rows[0], **await _parts(client, customer_id))


async def hold_customer_behind(client: TransactionClient, viewer: Viewer, order_id: int | None) -> CustomerFacts | None:
    """The customer of an order that `viewer` sees, held likewise, whether or not they see the customer too.

    It stays the order's once that is shipped. What comes back copies no contact or address.
    """
    if order_id is None:
        return None
    rows = await hold_behind(client, ORDER, viewer, order_id, "customer", Lock.SHARE, columns=_COPIED)
    return _facts(rows[0]) if rows else None


def _facts(row: Mapping[str, Any], **parts: Any) -> CustomerFacts:
    return CustomerFacts(**{**row, "level": CustomerLevel(row["level"])}, **parts)


async def _parts(client: TransactionClient, customer_id: int) -> dict[str, Any]:
    contact = await client.connection.fetchrow(_CONTACT, customer_id)
    rows = [dict(each) for each in await client.connection.fetch(_ADDRESSES, customer_id)]
    addresses = {each.pop("kind"): PostalAddress(**each) for each in rows}
    return {
        "contact": ContactDetails(**dict(contact)) if contact else None,
        "ship_to": addresses.get(AddressKind.SHIPPING),
        "bill_to": addresses.get(AddressKind.BILLING),
    }


def of_customer(order: NewOrder, customer: CustomerFacts) -> NewOrder:
    """`order` with the contact and addresses that it leaves out as its customer has them; a return keeps its own."""
    if order.type in RETURN_TYPES:
        return order
    return replace(
        order,
        contact=order.contact or customer.contact,
        ship_to=order.ship_to or customer.ship_to,
        bill_to=order.bill_to or customer.bill_to,
    )


def with_customer(
    changes: OrderChanges, order: Order, customer: CustomerFacts | None, *, asked: Collection[str]
) -> OrderChanges:
    """`changes`, which give `order` another customer, with what comes along unless it is among the fields `asked` for.

    Of a former customer nothing stays: name, region, contact and addresses become the new one's. What was written for a
    walk-in stays, and what was not comes from the customer.
    """
    walk_in = order.customer_id is None
    name = customer.name if customer else None
    region_id = customer.region_id if customer else None
    along: dict[str, Any] = {
        "customer_name": (order.customer_name or name) if walk_in else name,
        "region_id": (order.region_id or region_id) if walk_in else (region_id or order.region_id),
    }
    written = {
        "contact": any((order.contact_name, order.contact_email, order.contact_phone)),
        "ship_to": order.ship_to is not None,
        "bill_to": order.bill_to is not None,
    }
    for field, kept in written.items():
        if not (walk_in and kept):
            along[field] = getattr(customer, field) if customer else None
    return replace(changes, **{field: value for field, value in along.items() if field not in asked})
