"""What can come back of an order, and what its return takes from it.

Returns and the negative lines of exchanges count alike. Those that were called off count for nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.errors import InvalidInput
from domain.money import exact, round_money
from domain.numbers import NOTHING, plain
from domain.orders.amounts import PricedOrder
from domain.orders.entry import NewLine, NewOrder, line_path
from domain.orders.life_cycle import OrderStatus
from domain.orders.lines import Catalogue, OrderedLine, product_path
from domain.orders.returned import Account, Pieces, accounts
from domain.ownership import Ownership
from domain.paths import INPUT
from domain.problems import Problem

RETURNABLE = frozenset({OrderStatus.SHIPPED, OrderStatus.COMPLETED})
"""Where an order stands of which something can come back."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """An order of which something comes back: what its returns take from it and are measured against.

    `ownership` is whose it is. `sold` are its lines with what they came to, `came_back` those of its other returns and
    exchanges that bring something back, both above zero.
    """

    status: OrderStatus
    currency: str
    tax_included: bool
    total: Decimal
    channel_id: int | None
    customer_id: int | None
    customer_name: str | None
    region_id: int | None
    ownership: Ownership
    sold: Sequence[Pieces]
    came_back: Sequence[Pieces]

    def accounts(self) -> dict[int | None, Account]:
        """What each product that was sold, and all that is no product, was paid and came back."""
        return accounts(self.sold, self.came_back, self.currency)

    def left(self) -> dict[int, Decimal]:
        """How many pieces of each product that was sold may still come back."""
        with exact():
            return {
                product: sum((pieces.quantity for pieces in account.sold), NOTHING)
                - sum((pieces.quantity for pieces in account.back), NOTHING)
                for product, account in self.accounts().items()
                if product is not None
            }

    @property
    def refunded(self) -> Decimal:
        """What all that came back is worth."""
        with exact():
            return sum((pieces.worth.net + pieces.worth.tax for pieces in self.came_back), NOTHING)


@dataclass(frozen=True, kw_only=True)
class Remainder:
    """What can still come back of an order: whether pieces of a product are left, and whether any of its worth is."""

    pieces: bool
    worth: bool


def sent_problems(status: OrderStatus) -> Iterator[InvalidInput]:
    """Why nothing can come back of an order that stands at `status`."""
    if status not in RETURNABLE:
        yield InvalidInput(path=(*INPUT, "originalOrderId"), problem=Problem.ORIGINAL_NOT_SHIPPED)


def exhausted_problems(rest: Remainder, *, exchange: bool) -> Iterator[InvalidInput]:
    """Why nothing more can come back: no pieces are left, which an exchange needs, nor freight that was paid."""
    if not rest.pieces and (exchange or not rest.worth):
        yield InvalidInput(path=(*INPUT, "originalOrderId"), problem=Problem.RETURN_BEYOND_SOLD, limit="0")


def inherit(order: NewOrder, original: Original) -> NewOrder:
    """`order`, a return or exchange, with what it leaves out as it is in its `original`."""
    return replace(
        order,
        channel_id=order.channel_id if order.channel_id is not None else original.channel_id,
        customer_id=original.customer_id,
        customer_name=order.customer_name if order.customer_name is not None else original.customer_name,
        region_id=order.region_id if order.region_id is not None else original.region_id,
        tax_included=order.tax_included if order.tax_included is not None else original.tax_included,
    )


def original_problems(order: NewOrder, original: Original) -> Iterator[InvalidInput]:
    """Why `original` cannot have `order` as a return or exchange, whatever its lines."""
    yield from sent_problems(original.status)
    if original.currency != order.currency:
        yield InvalidInput(
            path=(*INPUT, "currency"), problem=Problem.ORIGINAL_CURRENCY_DIFFERS, limit=original.currency
        )
    if order.customer_id is not None and order.customer_id != original.customer_id:
        yield InvalidInput(path=(*INPUT, "customerId"), problem=Problem.ORIGINAL_CUSTOMER_DIFFERS)


def at_original_terms(
    lines: Sequence[NewLine], catalogue: Catalogue, original: Original, *, tax_included: bool | None
) -> list[NewLine]:
    """`lines` in which what comes back takes the price and rate that it leaves out from the lines that sold it.

    A price is taken only where prices of both orders include tax, or both do not.
    """
    sold = original.accounts()
    completed = []
    for line in lines:
        product = catalogue.of(line)
        account = sold.get(product.id) if product and line.quantity.is_signed() else None
        if account and line.unit_price is None and tax_included == original.tax_included:
            line = replace(line, unit_price=account.unit_price)
        if account and line.tax_rate is None:
            line = replace(line, tax_rate=account.tax_rate)
        completed.append(line)
    return completed


def quantity_problems(lines: Sequence[NewLine], catalogue: Catalogue, original: Original) -> Iterator[InvalidInput]:
    """Which of `lines` bring back what `original` never had, or more of it than is left, one after the other."""
    left = original.left()
    for i, line in enumerate(lines):
        product = catalogue.of(line)
        if product is None or not line.quantity.is_signed():
            continue
        rest = left.get(product.id)
        if rest is None:
            yield InvalidInput(path=product_path(i, line), problem=Problem.NOT_IN_ORIGINAL)
        elif -line.quantity > rest:
            limit = str(plain(max(rest, NOTHING)))
            yield InvalidInput(path=(*line_path(i), "quantity"), problem=Problem.RETURN_BEYOND_SOLD, limit=limit)
        else:
            with exact():
                left[product.id] = rest + line.quantity


def refund_problems(lines: Sequence[OrderedLine], priced: PricedOrder, original: Original) -> Iterator[InvalidInput]:
    """Whether what comes back in `lines`, which come to `priced`, is worth more than is left of what was paid."""
    with exact():
        refund = -sum(
            (amounts.gross for line, amounts in zip(lines, priced.lines, strict=True) if line.terms.quantity < 0),
            NOTHING,
        )
        left = max(original.total - original.refunded, NOTHING)
    if refund > left:
        limit = str(round_money(left, original.currency))
        yield InvalidInput(path=(*INPUT, "total"), problem=Problem.RETURN_BEYOND_PAID, limit=limit)
