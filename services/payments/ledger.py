"""The one place that writes the ledger of payments; a trigger adds each entry to what its order received and refunded.

Whoever writes holds the order's original first, if it is a return or exchange, and then the order: so of all refunds of
one order, its returns' too, one comes after the other. The customer, where it is needed, is held before.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tortoise.exceptions import IntegrityError

from domain.errors import AlreadyExists, NotFound, NotPermitted, Refused
from domain.events import Aggregate, EventType
from domain.money import exact, round_money
from domain.orders.life_cycle import RETURN_TYPES, STATUS_GROUPS, StatusGroup
from domain.paths import INPUT
from domain.payments import PaymentKind, PaymentMethod, Purse, binds_refunds
from domain.permissions import Action, may
from models import Order, Payment
from models.connection import TransactionClient
from rows.access import Lock, hold_behind, visible_ids
from rows.entities import ORDER
from rows.viewer import Viewer
from services.clock import now
from services.outbox import append
from services.references import violates
from services.transaction import savepoint

_TURN = """
SELECT count(*) FROM payment p WHERE order_id = $1 AND kind = $2 AND method = $3 AND reference = $4
    AND EXISTS (SELECT FROM payment r WHERE r.reverses_id = p.id)
"""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An `order` as it was when it was locked, and its original, `source`, locked before; None without one."""

    order: Order
    source: Order | None

    @property
    def purse(self) -> Purse | None:
        """What refunds are taken out of; None where it is not known what was paid.

        For a return that was called off, at most what came in for itself goes back, as far as it has not gone back with
        the original.
        """
        called_off = self.order.type in RETURN_TYPES and self.order.status in STATUS_GROUPS[StatusGroup.CANCELLED]
        payer = self.source or self.order
        if not binds_refunds(payer.type):
            return _own(self.order) if called_off else None
        with exact():
            left = payer.received - payer.refunded - payer.returns_refunded
        purse = replace(_own(payer), left=left)
        return _own(self.order).at_most(left) if called_off else purse

    @property
    def transferable(self) -> Purse | None:
        """What can go to another order: of what is left, no more than is in the order's own ledger."""
        return self.purse and self.purse.at_most(_own(self.order).left)

    @property
    def reversible(self) -> Purse | None:
        """What payments can be undone: of what is left, no more than has not been transferred."""
        return self.purse and self.purse.at_most(self.order.received)


def _own(order: Order) -> Purse:
    """What came in for the order itself, less what went back with it."""
    with exact():
        left = order.received - order.refunded
    return Purse(paid=round_money(order.received, order.currency), left=left, currency=order.currency)


async def hold_original_of(client: TransactionClient, viewer: Viewer, order_id: int) -> None:
    """Lock the order of which this one, which the viewer sees, is a return or exchange; before the order itself."""
    await hold_behind(client, ORDER, viewer, order_id, "original_order", Lock.UPDATE)


async def hold_account(client: TransactionClient, viewer: Viewer, order_id: int, *, named: str) -> Account:
    """The order's account, locked, to be written by `viewer`; `named` is the input field that names it.

    Raises Refused with NotFound or NotPermitted.
    """
    permitted = may(viewer, Action.RECORD_PAYMENTS)
    if permitted:
        await hold_original_of(client, viewer, order_id)
    if not await visible_ids(client, ORDER, viewer, [order_id], lock=permitted):
        raise Refused(NotFound(path=(*INPUT, named)))
    if not permitted:
        raise Refused(NotPermitted(path=(*INPUT, named)))
    return await account_of(client, await Order.get(id=order_id, using_db=client))


async def account_of(client: TransactionClient, order: Order) -> Account:
    """The account of `order`, which is locked, as its original is."""
    original_id: int | None = order.original_order_id  # type: ignore[attr-defined]  # made by Tortoise
    source = None if original_id is None else await Order.get(id=original_id, using_db=client)
    return Account(order=order, source=source)


async def book(
    client: TransactionClient,
    account: Account,
    *,
    kind: PaymentKind,
    amount: Decimal,
    method: PaymentMethod,
    by: int,
    reference: str | None = None,
    received_at: datetime | None = None,
    reverses_id: int | None = None,
    reason: str | None = None,
) -> int:
    """Write an entry; its id. Raises Refused with AlreadyExists where the order has one of this reference."""
    order, moment = account.order, now()
    turn = 0
    if reference is not None:
        turn = await client.connection.fetchval(_TURN, order.id, kind.value, method.value, reference)
    try:
        async with savepoint(client):
            entry = await Payment.create(
                using_db=client,
                order_id=order.id,
                kind=kind,
                amount=round_money(amount, order.currency),
                method=method,
                reference=reference,
                turn=turn,
                received_at=received_at or moment,
                reverses_id=reverses_id,
                reason=reason,
                by_id=by,
                at=moment,
            )
    except IntegrityError as violation:
        if not violates(violation, "payment_reference_once"):
            raise
        raise Refused(AlreadyExists(path=(*INPUT, "reference"))) from violation
    entry_id: int = entry.id
    return entry_id


async def tell(client: TransactionClient, order: Order, event: EventType, amount: Decimal, by: int) -> None:
    """An event about an order whose account was written; `order` is as it was before."""
    moment = now()
    await Order.filter(id=order.id).using_db(client).update(last_seq=order.last_seq + 1, updated_at=moment)
    told = str(round_money(amount, order.currency))
    await append(
        client,
        aggregate=Aggregate.ORDER,
        aggregate_id=order.id,
        type=event,
        before=order,
        payload={"amount": told, "currency": order.currency, "by": by},
    )
