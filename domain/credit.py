"""How much a customer may owe."""

from collections.abc import Iterator
from decimal import Decimal

from domain.errors import InvalidInput
from domain.numbers import money
from domain.orders.life_cycle import FROM_APPROVED_ON, RETURN_STATUSES, UNDER_REVIEW, OrderStatus
from domain.paths import INPUT
from domain.problems import Problem

OWED_FOR = (UNDER_REVIEW | FROM_APPROVED_ON) - RETURN_STATUSES | {
    OrderStatus.RECEIVED,
    OrderStatus.REFUNDED,
    OrderStatus.EXCHANGED,
}
"""Where what an order comes to is owed: from when it was handed in, and of a return from when the goods came back.

What waits for review counts, since nobody looks at the limit again when it is approved.
"""


def credit_problems(limit: Decimal | None, *, currency: str) -> Iterator[InvalidInput]:
    """What is wrong with a credit limit in the company's `currency`; None is no limit."""
    if limit is None:
        return
    path = (*INPUT, "creditLimit")
    found = list(money(path, limit, currency))
    if not found and limit < 0:
        found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
    yield from found
