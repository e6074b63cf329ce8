"""How the demo's orders fared: steps through their life cycle, with the hours that each took and who made it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from domain.orders.life_cycle import OrderStatus, OrderType

S = OrderStatus
OWNER = "owner"
SYSTEM = "system"


@dataclass(frozen=True)
class Step:
    """A way on from a status: how likely in a hundred, after how many hours, by whom, and why if it needs saying."""

    to: OrderStatus
    share: int
    hours: tuple[int, int]
    by: str
    reason: str | None = None


@dataclass(frozen=True)
class Change:
    """A step that was taken."""

    to: OrderStatus
    at: datetime
    by: str
    reason: str | None = None


_CHANGED_MIND = "Customer changed their mind"
STEPS: dict[OrderStatus, tuple[Step, ...]] = {
    S.DRAFT: (Step(S.PENDING_REVIEW, 94, (1, 30), OWNER), Step(S.CANCELLED, 6, (24, 240), OWNER, _CHANGED_MIND)),
    S.PENDING_REVIEW: (
        Step(S.APPROVED, 86, (1, 48), "reviewer"),
        Step(S.NEEDS_INFO, 9, (2, 48), "reviewer", "Delivery address incomplete"),
        Step(S.REJECTED, 3, (2, 72), "reviewer", "超出信用额度"),
        Step(S.CANCELLED, 2, (2, 48), OWNER, _CHANGED_MIND),
    ),
    S.NEEDS_INFO: (
        Step(S.PENDING_REVIEW, 90, (8, 120), OWNER),
        Step(S.CANCELLED, 10, (48, 200), OWNER, "No answer from the customer"),
    ),
    S.APPROVED: (Step(S.PICKING, 98, (4, 60), "fulfilment"), Step(S.CANCELLED, 2, (4, 48), OWNER, _CHANGED_MIND)),
    S.PICKING: (
        Step(S.PACKED, 91, (2, 30), "fulfilment"),
        Step(S.BACKORDERED, 9, (1, 12), "fulfilment", "缺货"),
    ),
    S.BACKORDERED: (
        Step(S.PICKING, 93, (48, 300), "fulfilment"),
        Step(S.CANCELLED, 7, (48, 200), OWNER, "Could not wait"),
    ),
    S.PACKED: (Step(S.SHIPPED, 100, (2, 36), "fulfilment"),),
    S.SHIPPED: (Step(S.COMPLETED, 100, (36, 240), SYSTEM),),
    S.REQUESTED: (
        Step(S.AUTHORISED, 88, (4, 160), "service"),
        Step(S.DECLINED, 12, (4, 96), "service", "Outside the return period"),
    ),
    S.AUTHORISED: (Step(S.RECEIVED, 100, (48, 240), "fulfilment"),),
}
LAST_STEP = {
    OrderType.RETURN: Step(S.REFUNDED, 100, (24, 240), "finance"),
    OrderType.EXCHANGE: Step(S.EXCHANGED, 100, (24, 240), "fulfilment"),
}
FIRST_STATUS = {
    OrderType.NEW: S.DRAFT,
    OrderType.RENEWAL: S.DRAFT,
    OrderType.RETURN: S.REQUESTED,
    OrderType.EXCHANGE: S.REQUESTED,
}


def live(choice: Random, order_type: OrderType, *, placed_at: datetime, end: datetime, by: str) -> list[Change]:
    """The changes of an order that was made by `by` at `placed_at`, as far as it came before `end`."""
    changes = [Change(to=FIRST_STATUS[order_type], at=placed_at, by=by)]
    while steps := _ways_on(order_type, changes[-1].to):
        step = choice.choices(steps, weights=[step.share for step in steps])[0]
        at = changes[-1].at + timedelta(minutes=choice.randint(*(60 * hours for hours in step.hours)))
        if at >= end:
            break
        changes.append(Change(to=step.to, at=at, by=step.by, reason=step.reason))
    return changes


def _ways_on(order_type: OrderType, status: OrderStatus) -> tuple[Step, ...]:
    if status == S.RECEIVED:
        return (LAST_STEP[order_type],)
    return STEPS.get(status, ())
