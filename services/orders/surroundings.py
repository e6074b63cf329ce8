"""What an order's input refers to: looked up together, so that all problems are told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.custom_fields.kinds import CustomFieldEntity
from domain.custom_fields.values import Stored
from domain.errors import DomainError, NotFound, Refused
from domain.managed_lists import ReasonKind
from domain.orders.entry import MOST_LINES, NewOrder, entering, new_order_problems
from domain.orders.lines import OrderedLine, complete, completion_problems
from domain.orders.returned import Returned, as_sold
from domain.orders.returns import Original, at_original_terms, inherit, original_problems, quantity_problems
from domain.ownership import Ownership
from models.connection import TransactionClient
from rows.entities import CHANNEL, REGION
from rows.viewer import Viewer
from services.company import Company
from services.custom_fields.values import new_values
from services.lists.reasons import reason_problems
from services.orders.customers import CustomerFacts, hold_customer, hold_customer_behind, of_customer
from services.orders.lines import find_products
from services.orders.originals import hold_original
from services.orders.prices import PricedFor
from services.ownership import choose_owner
from services.references import refused, sound, unseen


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What was found; `customer` is None for a walk-in, `original` for what is no return or exchange.

    `order` has from its original and its customer what it leaves out itself, `lines` are complete.
    """

    order: NewOrder
    customer: CustomerFacts | None
    original: Original | None
    ownership: Ownership
    lines: list[Returned]
    custom_fields: Mapping[str, Stored]

    @property
    def ordered(self) -> list[OrderedLine]:
        """The lines without what is known of their worth."""
        return [each.line for each in self.lines]


async def look_around(
    client: TransactionClient, viewer: Viewer, company: Company, typed: NewOrder, *, now: datetime
) -> Surroundings:
    """What the order as it is `typed` refers to, its customer held FOR SHARE and its original locked.

    Raises Refused with all that is wrong with it so far.
    """
    customer = await _hold_customer(client, viewer, typed)
    original = await hold_original(client, viewer, typed.original_order_id)
    ownership = await choose_owner(
        client,
        viewer,
        entering(typed.type),
        owner_id=typed.owner_id,
        customers_owner_id=customer.owner_id if isinstance(customer, CustomerFacts) else None,
        original=original.ownership if isinstance(original, Original) else None,
    )
    order = inherit(typed, original) if isinstance(original, Original) else typed
    lines = typed.lines if len(typed.lines) <= MOST_LINES else ()
    placed_on = company.day_of(typed.placed_at or now)
    sold = PricedFor(channel_id=order.channel_id, currency=order.currency, day=placed_on)
    catalogue = await find_products(client, viewer, lines, of=sold)
    faults: list[DomainError] = []
    if isinstance(original, Original):
        faults += [*original_problems(typed, original), *quantity_problems(lines, catalogue, original)]
        lines = at_original_terms(lines, catalogue, original, tax_included=order.tax_included)
    custom = await new_values(client, viewer, CustomFieldEntity.ORDER, typed.custom_fields)
    managed = {"channelId": (CHANNEL, typed.channel_id), "regionId": (REGION, typed.region_id)}
    problems = [
        *new_order_problems(typed, now=now, placed_on=placed_on),
        *refused(customer, ownership, original),
        *await unseen(client, viewer, managed),
        *await _reason_problems(client, typed),
        *custom.problems,
        *faults,
        *completion_problems(lines, catalogue, currency=order.currency),
    ]
    if problems:
        raise Refused(*problems)
    if facts := sound(customer):
        order = of_customer(order, facts)
    completed = [complete(line, catalogue.of(line), currency=order.currency) for line in lines]
    return Surroundings(
        order=order,
        customer=facts,
        original=sound(original),
        ownership=sound(ownership),
        lines=_valued(completed, order, sound(original)),
        custom_fields=custom.after,
    )


def _valued(lines: list[OrderedLine], order: NewOrder, original: Original | None) -> list[Returned]:
    if original is None:
        return [Returned(line) for line in lines]
    same = order.tax_included == original.tax_included
    return as_sold(lines, original.accounts(), same_basis=same, tax_included=bool(order.tax_included))


async def _hold_customer(client: TransactionClient, viewer: Viewer, order: NewOrder) -> CustomerFacts | NotFound | None:
    """The customer of `order`. That of its original comes with it, whether or not the viewer sees the customer too."""
    if order.customer_id is not None:
        return await hold_customer(client, viewer, order.customer_id)
    return await hold_customer_behind(client, viewer, order.original_order_id)


async def _reason_problems(client: TransactionClient, order: NewOrder) -> list[DomainError]:
    if order.return_reason_id is None:
        return []
    return await reason_problems(client, order.return_reason_id, ReasonKind.RETURN, named="returnReasonId")
