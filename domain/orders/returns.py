"""Which orders can come back."""

from collections.abc import Iterator

from domain.errors import InvalidInput
from domain.orders.life_cycle import OrderStatus
from domain.paths import INPUT
from domain.problems import Problem

_RETURNABLE = frozenset({OrderStatus.SHIPPED, OrderStatus.COMPLETED})


def original_problems(*, original_status: OrderStatus, original_currency: str, currency: str) -> Iterator[InvalidInput]:
    """Why an order can have no return or exchange in `currency`; refunds are measured against what was paid for it."""
    if original_status not in _RETURNABLE:
        yield InvalidInput(path=(*INPUT, "originalOrderId"), problem=Problem.ORIGINAL_NOT_SHIPPED)
    if original_currency != currency:
        yield InvalidInput(
            path=(*INPUT, "currency"), problem=Problem.ORIGINAL_CURRENCY_DIFFERS, limit=original_currency
        )
