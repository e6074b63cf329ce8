"""Money that was booked with one order and is meant for another: of the same customer, or split from it."""

from domain.errors import DomainError, NotFound, NotPermitted, Refused
from domain.events import EventType
from domain.money import round_money
from domain.paths import INPUT
from domain.payments import PaymentMethod, PaymentTransfer, Side, going_problems, transfer_problems
from domain.permissions import Action, may
from models import Order
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import ORDER
from rows.viewer import Viewer
from services.clock import now
from services.idempotency import Request, once
from services.payments.ledger import Account, tell
from services.transaction import retrying, transaction

# Both entries at once, each naming the other: the trigger lets nobody write one alone.
_BOOK = """
WITH ids AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('payment', 'id')) AS gives,
           nextval(pg_get_serial_sequence('payment', 'id')) AS gets
), booked AS (
    INSERT INTO payment (id, order_id, kind, amount, method, turn, received_at, counterpart_id, reason, by_id, at)
    SELECT gives, $1::bigint, 'TRANSFER_OUT', $3::numeric, $4, 0, $5::timestamptz, gets, $6, $7::bigint, $5 FROM ids
    UNION ALL
    SELECT gets, $2::bigint, 'TRANSFER_IN', $3, $4, 0, $5, gives, $6, $7, $5 FROM ids
    RETURNING id, order_id
)
SELECT id FROM booked WHERE order_id = $2
"""


@retrying
async def transfer_payment(*, viewer: Viewer, transfer: PaymentTransfer, idempotency_key: str | None = None) -> int:
    """Take money off what one order received, and put it to another; the id of the latter's entry.

    Raises Refused with NotFound, NotPermitted, InvalidInput, RefundExceedsPaid (so much is not left with the first) or
    IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="paymentTransfer", key=idempotency_key, asked=transfer)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _transfer(client, viewer, transfer))
    return outcome.settle()


async def _transfer(client: TransactionClient, viewer: Viewer, transfer: PaymentTransfer) -> int:
    source, target = await _hold(client, viewer, transfer)
    problems: list[DomainError] = [*transfer_problems(transfer, _side(source), _side(target))]
    if not problems:
        problems += going_problems(transfer.amount, Account(order=source, source=None).transferable)
    if problems:
        raise Refused(*problems)
    amount, moment = round_money(transfer.amount, source.currency), now()
    of = (source.id, target.id, amount, PaymentMethod.OFFSET.value, moment, transfer.reason, viewer.user_id)
    entry_id: int = await client.connection.fetchval(_BOOK, *of)
    for order in (source, target):
        await tell(client, order, EventType.PAYMENT_TRANSFERRED, amount, viewer.user_id)
    return entry_id


async def _hold(client: TransactionClient, viewer: Viewer, transfer: PaymentTransfer) -> tuple[Order, Order]:
    """Both orders, locked in the order of their ids. Raises Refused with NotFound or NotPermitted."""
    named = {"fromOrderId": transfer.from_order_id, "toOrderId": transfer.to_order_id}
    seen = await visible_ids(client, ORDER, viewer, list(named.values()), lock=True)
    if unseen := [NotFound(path=(*INPUT, name)) for name, order_id in named.items() if order_id not in seen]:
        raise Refused(*unseen)
    if not may(viewer, Action.RECORD_PAYMENTS):
        raise Refused(NotPermitted(path=(*INPUT, "fromOrderId")))
    source, target = [await Order.get(id=order_id, using_db=client) for order_id in named.values()]
    return source, target


def _side(order: Order) -> Side:
    family = {order.id, order.split_from_id}  # type: ignore[attr-defined]  # made by Tortoise
    return Side(
        order_id=order.id,
        type=order.type,
        currency=order.currency,
        customer_id=order.customer_id,
        family=frozenset(family - {None}),
    )
