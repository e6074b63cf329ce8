"""When an order is late: what the customer needs by a day has not come by the end of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.errors import DomainError, InvalidInput
from domain.orders.life_cycle import STATUS_GROUPS, OrderStatus, StatusGroup
from domain.paths import INPUT
from domain.problems import Problem

NEVER_LATE = (
    STATUS_GROUPS[StatusGroup.CANCELLED]
    | frozenset({OrderStatus.REQUESTED, OrderStatus.AUTHORISED, OrderStatus.RECEIVED})
    | frozenset({OrderStatus.REFUNDED, OrderStatus.EXCHANGED})
)
"""What was called off, and what comes back."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """An order as far as it can be late: by when it is needed, and on which day the last of it came, if known."""

    status: OrderStatus
    required_by: date | None
    delivered_on: date | None


def is_late(order: Promise, *, today: date) -> bool:
    """Whether the order came after the day, or has not come and the day is over.

    One that is COMPLETED, and of which nobody said when it came, came in time.
    """
    if order.required_by is None or order.status in NEVER_LATE:
        return False
    if order.delivered_on is None and order.status is OrderStatus.COMPLETED:
        return False
    return (order.delivered_on or today) > order.required_by


def lateness_problems(*, late: bool) -> Iterator[DomainError]:
    """Why an order cannot be given a reason for its delay."""
    if not late:
        yield InvalidInput(path=(*INPUT, "id"), problem=Problem.NOT_LATE)
