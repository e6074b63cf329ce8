"""Goods that come back with a return or exchange: how much of a line may be put back into stock, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from domain.errors import DomainError, InvalidInput, StepNotPossible
from domain.orders.life_cycle import OrderStatus
from domain.paths import INPUT
from domain.problems import Problem

_HERE = frozenset({OrderStatus.RECEIVED, OrderStatus.REFUNDED, OrderStatus.EXCHANGED})


@dataclass(frozen=True, kw_only=True)
class ReturnedLine:
    """A line of an order that stands at `status`: its quantity, below zero where goods come back, and how many of these
    are `done`: back in stock, or scrapped."""

    product_id: int | None
    status: OrderStatus
    quantity: Decimal
    done: Decimal


def returned_problems(line: ReturnedLine, quantity: Decimal) -> Iterator[DomainError]:
    """Why `quantity` pieces of `line` cannot be put back or scrapped."""
    path = (*INPUT, "lineId")
    if line.quantity >= 0:
        yield InvalidInput(path=path, problem=Problem.NOT_NEGATIVE)
    elif line.status not in _HERE:
        yield StepNotPossible(path=path, status=line.status, allowed_from=tuple(sorted(_HERE)))
    elif quantity > -line.quantity - line.done:
        left = str(-line.quantity - line.done)
        yield InvalidInput(path=(*INPUT, "quantity"), problem=Problem.RETURN_BEYOND_SOLD, limit=left)
