"""What an order's input refers to: looked up together, so that all problems are told at once."""

from dataclasses import dataclass
from datetime import datetime

from domain.customers import CustomerLevel
from domain.errors import DomainError, NotFound, Refused
from domain.orders.entry import MOST_LINES, NewOrder, new_order_problems
from domain.orders.lines import OrderedLine, complete, completion_problems
from domain.orders.returns import original_problems
from domain.ownership import Ownership
from domain.paths import INPUT
from domain.permissions import Action
from models import Order
from models.connection import TransactionClient
from rows.entities import CHANNEL, CUSTOMER, ORDER, REGION
from rows.viewer import Viewer
from services.orders.lines import find_products
from services.ownership import choose_owner
from services.references import refused, sees, sound, unseen


@dataclass(frozen=True, kw_only=True)
class CustomerFacts:
    """What an order copies from its customer."""

    name: str
    level: CustomerLevel
    region_id: int | None
    owner_id: int | None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What was found; `customer` is None for a walk-in, `lines` are complete."""

    customer: CustomerFacts | None
    ownership: Ownership
    lines: list[OrderedLine]


async def look_around(client: TransactionClient, viewer: Viewer, order: NewOrder, *, now: datetime) -> Surroundings:
    """What `order` refers to, its customer held FOR SHARE. Raises Refused with all that is wrong with it so far."""
    customer = await _hold_customer(client, viewer, order.customer_id)
    ownership = await choose_owner(
        client,
        viewer,
        Action.ENTER_ORDERS,
        owner_id=order.owner_id,
        customers_owner_id=customer.owner_id if isinstance(customer, CustomerFacts) else None,
    )
    lines = order.lines if len(order.lines) <= MOST_LINES else ()
    catalogue = await find_products(client, viewer, lines)
    managed = {"channelId": (CHANNEL, order.channel_id), "regionId": (REGION, order.region_id)}
    problems = [
        *new_order_problems(order, now=now),
        *refused(customer, ownership),
        *await unseen(client, viewer, managed),
        *await _original_problems(client, viewer, order),
        *completion_problems(lines, catalogue, currency=order.currency),
    ]
    if problems:
        raise Refused(*problems)
    return Surroundings(
        customer=sound(customer),
        ownership=sound(ownership),
        lines=[complete(line, catalogue.of(line), currency=order.currency) for line in lines],
    )


async def _hold_customer(
    client: TransactionClient, viewer: Viewer, customer_id: int | None
) -> CustomerFacts | DomainError | None:
    """The customer, held before it is looked at: what is seen then stays true until the transaction ends."""
    if customer_id is None:
        return None
    row = await client.connection.fetchrow(
        "SELECT name, level, region_id, owner_id FROM customer WHERE id = $1 FOR SHARE", customer_id
    )
    if row is None or not await sees(client, viewer, CUSTOMER, customer_id):
        return NotFound(path=(*INPUT, "customerId"))
    return CustomerFacts(
        name=row["name"],
        level=CustomerLevel(row["level"]),
        region_id=row["region_id"],
        owner_id=row["owner_id"],
    )


async def _original_problems(client: TransactionClient, viewer: Viewer, order: NewOrder) -> list[DomainError]:
    if order.original_order_id is None:
        return []
    if missing := await unseen(client, viewer, {"originalOrderId": (ORDER, order.original_order_id)}):
        return missing
    original = await Order.get(id=order.original_order_id, using_db=client)
    return [
        *original_problems(
            original_status=original.status, original_currency=original.currency, currency=order.currency
        )
    ]
