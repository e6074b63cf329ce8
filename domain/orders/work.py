"""What there is to do with orders that are not over: the step that takes each on, and who may take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.transitions import STEPS, Transition
from domain.permissions import Action


class WorkReason(StrEnum):
    """Why an order is in somebody's work queue."""

    FINISH = "FINISH"
    ANSWER = "ANSWER"
    REVIEW = "REVIEW"
    PICK = "PICK"
    RESUME = "RESUME"
    PACK = "PACK"
    SHIP = "SHIP"
    COMPLETE = "COMPLETE"
    AUTHORISE = "AUTHORISE"
    RECEIVE = "RECEIVE"
    REFUND = "REFUND"
    EXCHANGE = "EXCHANGE"


@dataclass(frozen=True)
class Work:
    """Orders in `status` wait for somebody to take them on by `transition`."""

    status: OrderStatus
    transition: Transition

    @property
    def action(self) -> Action:
        """What whoever does it has to be allowed."""
        return STEPS[self.transition].by[self.status]

    @property
    def types(self) -> frozenset[OrderType]:
        """The orders that it is for; all if empty."""
        return STEPS[self.transition].types


WORK: Mapping[WorkReason, Work] = {
    WorkReason.FINISH: Work(OrderStatus.DRAFT, Transition.SUBMIT),
    WorkReason.ANSWER: Work(OrderStatus.NEEDS_INFO, Transition.SUBMIT),
    WorkReason.REVIEW: Work(OrderStatus.PENDING_REVIEW, Transition.APPROVE),
    WorkReason.PICK: Work(OrderStatus.APPROVED, Transition.START_PICKING),
    WorkReason.RESUME: Work(OrderStatus.BACKORDERED, Transition.RESUME_PICKING),
    WorkReason.PACK: Work(OrderStatus.PICKING, Transition.PACK),
    WorkReason.SHIP: Work(OrderStatus.PACKED, Transition.SHIP),
    WorkReason.COMPLETE: Work(OrderStatus.SHIPPED, Transition.COMPLETE),
    WorkReason.AUTHORISE: Work(OrderStatus.REQUESTED, Transition.AUTHORISE),
    WorkReason.RECEIVE: Work(OrderStatus.AUTHORISED, Transition.RECEIVE),
    WorkReason.REFUND: Work(OrderStatus.RECEIVED, Transition.REFUND),
    WorkReason.EXCHANGE: Work(OrderStatus.RECEIVED, Transition.EXCHANGE),
}
