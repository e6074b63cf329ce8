"""The steps of an order's life, as data: from where to where, who may take them, what they need.

The table is checked when the process starts; the documentation is drawn from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from domain.errors import DomainError, InvalidInput, NotPermitted, StepNotPossible, StockShort
from domain.events import EventType
from domain.orders.life_cycle import RETURN_STATUSES, RETURN_TYPES, OrderStatus, OrderType
from domain.paths import INPUT
from domain.permissions import Action, Actor, may_with
from domain.problems import Problem
from domain.stock.effects import StockEffect
from domain.text import many_lines

_S = OrderStatus
STARTS = frozenset({_S.DRAFT, _S.REQUESTED})
ENDS = frozenset(
    {_S.COMPLETED, _S.CANCELLED, _S.REJECTED, _S.REFUNDED, _S.EXCHANGED, _S.DECLINED}
)  # a return of a completed order is an order of its own


class Transition(StrEnum):
    """A step that somebody takes with an order; the second block is for returns and exchanges."""

    SUBMIT = "SUBMIT"
    APPROVE = "APPROVE"
    REQUEST_INFO = "REQUEST_INFO"
    REJECT = "REJECT"
    START_PICKING = "START_PICKING"
    BACKORDER = "BACKORDER"
    RESUME_PICKING = "RESUME_PICKING"
    PACK = "PACK"
    SHIP = "SHIP"
    COMPLETE = "COMPLETE"
    CANCEL = "CANCEL"

    AUTHORISE = "AUTHORISE"
    DECLINE = "DECLINE"
    RECEIVE = "RECEIVE"
    REFUND = "REFUND"
    EXCHANGE = "EXCHANGE"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a transition does: it leads `to` a status from those in `by`, which says whose action it is there.

    `reason` tells whether somebody has to say why; `types` are the orders that it is for, all if empty; `stock` is what
    it does to stock; `found` is whose action it is instead where something was found that nobody has overridden.
    """

    by: Mapping[OrderStatus, Action]
    to: OrderStatus
    event: EventType
    reason: bool = False
    types: frozenset[OrderType] = field(default_factory=frozenset)
    stock: StockEffect | None = None
    found: Action | None = None


def _by(action: Action, *statuses: OrderStatus) -> dict[OrderStatus, Action]:
    return dict.fromkeys(statuses, action)


_BEFORE_PICKING = (_S.DRAFT, _S.PENDING_REVIEW, _S.NEEDS_INFO, _S.APPROVED)
_WHILE_PICKING = (_S.PICKING, _S.BACKORDERED, _S.PACKED)

_TAKES = frozenset({StockEffect.RESERVE, StockEffect.SEND})

STEPS: Mapping[Transition, Step] = {
    Transition.SUBMIT: Step(
        by=_by(Action.ENTER_ORDERS, _S.DRAFT, _S.NEEDS_INFO), to=_S.PENDING_REVIEW, event=EventType.ORDER_SUBMITTED
    ),
    Transition.APPROVE: Step(
        by=_by(Action.REVIEW_ORDERS, _S.PENDING_REVIEW), to=_S.APPROVED, event=EventType.ORDER_APPROVED
    ),
    Transition.REQUEST_INFO: Step(
        by=_by(Action.REVIEW_ORDERS, _S.PENDING_REVIEW),
        to=_S.NEEDS_INFO,
        event=EventType.ORDER_INFO_REQUESTED,
        reason=True,
    ),
    Transition.REJECT: Step(
        by=_by(Action.REVIEW_ORDERS, _S.PENDING_REVIEW), to=_S.REJECTED, event=EventType.ORDER_REJECTED, reason=True
    ),
    Transition.START_PICKING: Step(
        by=_by(Action.FULFIL_ORDERS, _S.APPROVED),
        to=_S.PICKING,
        event=EventType.ORDER_PICKING_STARTED,
        stock=StockEffect.RESERVE,
    ),
    Transition.BACKORDER: Step(  # from APPROVED where picking was refused for want of stock
        by=_by(Action.FULFIL_ORDERS, _S.APPROVED, _S.PICKING),
        to=_S.BACKORDERED,
        event=EventType.ORDER_BACKORDERED,
        reason=True,
        stock=StockEffect.RELEASE,
    ),
    Transition.RESUME_PICKING: Step(
        by=_by(Action.FULFIL_ORDERS, _S.BACKORDERED),
        to=_S.PICKING,
        event=EventType.ORDER_PICKING_STARTED,
        stock=StockEffect.RESERVE,
    ),
    Transition.PACK: Step(by=_by(Action.FULFIL_ORDERS, _S.PICKING), to=_S.PACKED, event=EventType.ORDER_PACKED),
    Transition.SHIP: Step(by=_by(Action.FULFIL_ORDERS, _S.PACKED), to=_S.SHIPPED, event=EventType.ORDER_SHIPPED),
    Transition.COMPLETE: Step(
        by=_by(Action.SERVE_ORDERS, _S.SHIPPED), to=_S.COMPLETED, event=EventType.ORDER_COMPLETED
    ),
    Transition.CANCEL: Step(
        by=_by(Action.ENTER_ORDERS, *_BEFORE_PICKING) | _by(Action.FULFIL_ORDERS, *_WHILE_PICKING),
        to=_S.CANCELLED,
        event=EventType.ORDER_CANCELLED,
        reason=True,
        stock=StockEffect.RELEASE,
    ),
    Transition.AUTHORISE: Step(
        by=_by(Action.SERVE_ORDERS, _S.REQUESTED),
        to=_S.AUTHORISED,
        event=EventType.RETURN_AUTHORISED,
        found=Action.REVIEW_ORDERS,
    ),
    Transition.DECLINE: Step(
        by=_by(Action.SERVE_ORDERS, _S.REQUESTED), to=_S.DECLINED, event=EventType.RETURN_DECLINED, reason=True
    ),
    Transition.RECEIVE: Step(
        by=_by(Action.FULFIL_ORDERS, _S.AUTHORISED), to=_S.RECEIVED, event=EventType.RETURN_RECEIVED
    ),
    Transition.REFUND: Step(
        by=_by(Action.PAY_ORDERS, _S.RECEIVED),
        to=_S.REFUNDED,
        event=EventType.RETURN_REFUNDED,
        types=frozenset({OrderType.RETURN}),
    ),
    Transition.EXCHANGE: Step(
        by=_by(Action.FULFIL_ORDERS, _S.RECEIVED),
        to=_S.EXCHANGED,
        event=EventType.RETURN_EXCHANGED,
        types=frozenset({OrderType.EXCHANGE}),
        stock=StockEffect.SEND,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an order stands, as far as its next steps depend on it.

    `sent` tells whether it has shipments, `found` whether it has findings that nobody has overridden. `short` is what
    stock lacks of its lines, as far as that was looked at.
    """

    status: OrderStatus
    type: OrderType
    owner_id: int | None
    team_id: int | None
    sent: bool = False
    found: bool = False
    short: Sequence[StockShort] = ()


def step_problems(
    transition: Transition, order: Standing, actor: Actor, *, reason: str | None
) -> Iterator[DomainError]:
    """Why `actor` may not take this step with the order now; `reason` is what they say for it."""
    step = STEPS[transition]
    yield from _blockers(step, order, actor)
    if step.reason and not reason:
        yield InvalidInput(path=(*INPUT, "reason"), problem=Problem.MISSING)
    else:
        yield from many_lines((*INPUT, "reason"), reason)


def next_steps(order: Standing, actor: Actor) -> Iterator[tuple[Transition, Sequence[DomainError]]]:
    """The steps that lead on from where the order stands, each with what keeps `actor` from it: nothing if it is empty.

    These are the refusals of the step itself, as far as they are known without taking it.
    """
    for transition, step in STEPS.items():
        if begins(step, order):
            yield transition, tuple(_blockers(step, order, actor))


def begins(step: Step, order: Standing) -> bool:
    """Whether the step begins where the order stands, whatever keeps somebody from it."""
    return order.status in step.by and (not step.types or order.type in step.types)


def _blockers(step: Step, order: Standing, actor: Actor) -> Iterator[DomainError]:
    """Why `actor` may not take the step with the order now, whatever they say for it.

    What is partly sent is not called off: its lines that are left are cancelled, and so it is sent.
    """
    path = (*INPUT, "id")
    if not begins(step, order):
        yield StepNotPossible(path=path, status=order.status, allowed_from=tuple(sorted(step.by)))
    elif order.sent and step.to is OrderStatus.CANCELLED:
        yield InvalidInput(path=path, problem=Problem.PARTLY_SHIPPED)
    elif not _may(actor, step, order):
        yield NotPermitted(path=path, because=Problem.FINDINGS_OPEN if _for_reviewers(actor, step, order) else "")
    elif step.stock in _TAKES:
        yield from order.short


def _may(actor: Actor, step: Step, order: Standing) -> bool:
    action = (step.found if order.found else None) or step.by[order.status]
    return may_with(actor, action, owner_id=order.owner_id, team_id=order.team_id)


def _for_reviewers(actor: Actor, step: Step, order: Standing) -> bool:
    """Whether `actor` could take the step if nothing had been found."""
    return order.found and _may(actor, step, replace(order, found=False))


def check(steps: Mapping[Transition, Step]) -> None:
    """Raises TypeError where the table is not a life: a step is missing, a status cannot be reached or left, an end can
    be left, or an order turns into a return."""
    if missing := set(Transition) - set(steps):
        raise TypeError(f"steps without a place in the table: {sorted(missing)}")
    reached = STARTS | {step.to for step in steps.values()}
    left = frozenset(status for step in steps.values() for status in step.by)
    if unreached := set(OrderStatus) - reached:
        raise TypeError(f"no step leads to {sorted(unreached)}")
    if wrong := (set(OrderStatus) - ENDS) ^ left:
        raise TypeError(f"can be left and should not, or the other way round: {sorted(wrong)}")
    for transition, step in steps.items():
        sides = {status in RETURN_STATUSES for status in (*step.by, step.to)}
        if len(sides) != 1 or (step.types and not step.types <= RETURN_TYPES):
            raise TypeError(f"{transition} mixes orders with returns")


check(STEPS)
