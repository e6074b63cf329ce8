"""A return is paid back with the step that ends it."""

from domain.errors import Refused
from domain.events import EventType
from domain.money import exact
from domain.payments import PaymentKind, ReturnRefund, return_amount, return_problems
from models import Order
from models.connection import TransactionClient
from services.payments.ledger import account_of, book, tell


async def refund_return(client: TransactionClient, order: Order, refund: ReturnRefund, *, by: int) -> None:
    """Book what the return `order` is paid back; nothing where nothing is owed. It is locked, its original before it.

    Its own event is the step's; its original has one of its own. Raises Refused with InvalidInput, AlreadyExists or
    RefundExceedsPaid.
    """
    account = await account_of(client, order)
    with exact():
        due = order.total - order.received + order.refunded
    amount = return_amount(refund, due=due)
    if problems := tuple(return_problems(refund, amount=amount, currency=order.currency, purse=account.purse)):
        raise Refused(*problems)
    if not amount or refund.method is None:
        return
    kind = PaymentKind.REFUND
    await book(client, account, kind=kind, amount=amount, method=refund.method, reference=refund.reference, by=by)
    if account.source:
        await tell(client, account.source, EventType.REFUND_RECORDED, amount, by)
