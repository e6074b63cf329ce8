"""Entering an order."""

from datetime import datetime
from decimal import Decimal

from domain.errors import AlreadyExists, NotPermitted, Refused
from domain.events import Aggregate, EventType
from domain.money import convert, round_money
from domain.orders.amounts import PricedOrder
from domain.orders.entry import NewOrder, entering
from domain.orders.life_cycle import RETURN_TYPES, OrderStatus, OrderType
from domain.orders.returned import beyond_paid
from domain.orders.returns import refund_problems
from domain.orders.review import BeyondPaid
from domain.paths import INPUT
from domain.people import Role
from domain.permissions import may
from models import Order, OrderLine, OrderStatusChange
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.clock import now
from services.company import Company
from services.idempotency import Request, once
from services.orders.automatic import give_by_rule, record_rules
from services.orders.lines import line_rows, price_returned
from services.orders.reviewing import review_return
from services.orders.snapshots import address_facts, contact_columns
from services.orders.surroundings import Surroundings, look_around
from services.outbox import append
from services.rates import find_rate
from services.references import answering, sound
from services.tiers.classify import classify_new, others_may_change
from services.transaction import retrying, transaction


@retrying
async def create_order(*, viewer: Viewer, company: Company, order: NewOrder, idempotency_key: str | None = None) -> int:
    """Enter `order` as a draft, or as a requested return or exchange; its id.

    Its customer is held FOR SHARE, so that what is copied from it is true when the order appears, and its original is
    locked, so that no other return takes what this one takes. Raises Refused with
    InvalidInput, NotFound, NotPermitted, AlreadyExists (the external id is taken), RateMissing, TotalMismatch or
    IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="orderCreate", key=idempotency_key, asked=order)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _create(client, viewer, company, order))
    return outcome.settle()


async def _create(client: TransactionClient, viewer: Viewer, company: Company, typed: NewOrder) -> int:
    if not may(viewer, entering(typed.type)):
        raise Refused(NotPermitted())
    moment = now()
    placed_at = typed.placed_at or moment
    found = await look_around(client, viewer, company, typed, now=moment)
    order = found.order
    partners = Role.INTEGRATION in viewer.roles
    priced = _price(found, partners=partners)
    rate = sound(await find_rate(client, company, currency=order.currency, placed_at=placed_at))
    with answering("sales_order_external_once", AlreadyExists(path=(*INPUT, "externalId"))):
        row = _order_row(found, priced, base_total=convert(priced.total, rate, company.currency))
        row.stated_total = _stated(order) if partners else None  # type: ignore[assignment]  # Tortoise's field is never None to mypy
        row.placed_at, row.created_at = placed_at, moment
        products = [line.product_id for line in found.ordered if line.product_id is not None]
        asked = await give_by_rule(client, row, products) if row.team_id is None else []
        tier_rules = await classify_new(client, row)
        await row.save(using_db=client)
    order_id: int = row.id
    await OrderLine.bulk_create(line_rows(order_id, found.ordered, priced), using_db=client)
    if order.type is OrderType.EXCHANGE or (order.type is OrderType.RETURN and partners):
        await _review_return(client, company, row, found, priced)
    await record_rules(client, row, asked)
    await _record(client, viewer, row, moment)
    await others_may_change(client, row, tier_rules)
    return order_id


def _price(found: Surroundings, *, partners: bool) -> PricedOrder:
    """What the order comes to, which is its `total` if a person typed that; what `partners` say is looked at later.

    Raises Refused, also if more would come back than was paid for its original.
    """
    order, original = found.order, found.original
    total = None if partners else order.total
    priced = price_returned(
        found.lines,
        discount=order.discount,
        total=total,
        tax_included=bool(order.tax_included),
        currency=order.currency,
    )
    if original is None:
        return priced
    beyond = () if partners else beyond_paid(found.lines, priced, original.accounts(), order.currency)
    problems = tuple(each.problem() for each in beyond) or tuple(refund_problems(found.ordered, priced, original))
    if problems:
        raise Refused(*problems)
    return priced


async def _review_return(
    client: TransactionClient, company: Company, row: Order, found: Surroundings, priced: PricedOrder
) -> None:
    """Note what is wrong with an exchange, or a partner's return: nothing can be with what a person's brings back."""
    too_much: list[BeyondPaid] = []
    if found.original:
        rows = await OrderLine.filter(order_id=row.id).order_by("position").using_db(client)
        for each in beyond_paid(found.lines, priced, found.original.accounts(), row.currency):
            line = found.ordered[each.place]
            what = line.sku or line.name
            too_much.append(BeyondPaid(id=rows[each.place].id, what=what, amount=each.amount, most=each.most))
    await review_return(client, company, row, too_much)


def _stated(order: NewOrder) -> Decimal | None:
    """What a partner says that the order comes to: kept beside our figures, and looked at when it is handed in."""
    return None if order.total is None else round_money(order.total, order.currency)


def _order_row(found: Surroundings, priced: PricedOrder, *, base_total: Decimal) -> Order:
    order, customer = found.order, found.customer
    return Order(
        type=order.type,
        status=OrderStatus.REQUESTED if order.type in RETURN_TYPES else OrderStatus.DRAFT,
        original_order_id=order.original_order_id,
        return_reason_id=order.return_reason_id,
        channel_id=order.channel_id,
        external_id=order.external_id,
        customer_id=order.customer_id,
        customer_name=order.customer_name or (customer.name if customer else None),
        customer_level=customer.level if customer else None,
        **contact_columns(order.contact),
        ship_to=address_facts(order.ship_to),
        bill_to=address_facts(order.bill_to),
        region_id=order.region_id or (customer.region_id if customer else None),
        owner_id=found.ownership.owner_id,
        team_id=found.ownership.team_id,
        currency=order.currency,
        tax_included=bool(order.tax_included),
        discount=round_money(order.discount, order.currency),
        net_total=priced.net_total,
        tax_total=priced.tax_total,
        total=priced.total,
        base_total=base_total,
        urgency=order.urgency,
        required_by=order.required_by,
        tags=list(order.tags),
        notes=order.notes,
        custom_fields=dict(found.custom_fields),
        last_seq=1,
    )


async def _record(client: TransactionClient, viewer: Viewer, row: Order, moment: datetime) -> None:
    original_id: int | None = row.original_order_id  # type: ignore[attr-defined]  # made by Tortoise
    history = {"from_status": None, "to_status": row.status, "by_id": viewer.user_id, "other_order_id": original_id}
    await OrderStatusChange.create(using_db=client, order_id=row.id, **history, at=moment)
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=row.id,
        type=EventType.ORDER_CREATED,
        before=None,
        payload={"version": row.version, "type": row.type, "status": row.status, "by": viewer.user_id},
    )
