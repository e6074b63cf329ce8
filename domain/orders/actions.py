"""What people do with an order beside its steps, as data: who may, and where the order has to stand for it.

Mutations ask this table, and so do the buttons that are made of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.after_sales import hearing_problems
from domain.currencies import UNITS
from domain.errors import DomainError, InvalidInput, NotEditable, NotPermitted
from domain.orders.lateness import lateness_problems
from domain.orders.life_cycle import DETAILS_EDITABLE, LINES_EDITABLE, OVER, OrderStatus
from domain.orders.returns import Remainder, exhausted_problems, sent_problems
from domain.orders.short_lines import CANCELLABLE, CHANGEABLE
from domain.orders.transitions import Standing, Transition, step_problems
from domain.paths import INPUT
from domain.payments import Purse, binds_refunds, going_problems
from domain.permissions import Action, Actor, may, may_with
from domain.problems import Problem
from domain.scopes import TokenScope


class OrderAction(StrEnum):
    """Something that is done with an order and is no step of its life."""

    UPDATE = "UPDATE"
    UPDATE_LINES = "UPDATE_LINES"
    ASSIGN = "ASSIGN"
    OVERRIDE_TIER = "OVERRIDE_TIER"
    END_TIER_OVERRIDE = "END_TIER_OVERRIDE"
    SET_DELAY_REASON = "SET_DELAY_REASON"
    CANCEL_LINES = "CANCEL_LINES"
    SUBSTITUTE_LINE = "SUBSTITUTE_LINE"
    SPLIT = "SPLIT"
    CREATE_SHIPMENT = "CREATE_SHIPMENT"
    RECORD_PAYMENT = "RECORD_PAYMENT"
    RECORD_REFUND = "RECORD_REFUND"
    TRANSFER_PAYMENT = "TRANSFER_PAYMENT"
    CREATE_RETURN = "CREATE_RETURN"
    CREATE_EXCHANGE = "CREATE_EXCHANGE"
    RECORD_FEEDBACK = "RECORD_FEEDBACK"
    OPEN_COMPLAINT = "OPEN_COMPLAINT"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Of an action: the `mutation` that does it, whose action it is (any of `by`), and `among` which statuses the order
    stands for it, any if None. An API token needs `scope`; without one, the action is for people. What is `of_seen` is
    done to every order that one sees, by those who may do it at all: what is made is theirs to make."""

    mutation: str
    by: tuple[Action, ...]
    among: frozenset[OrderStatus] | None = None
    scope: TokenScope | None = None
    of_seen: bool = False


_A, _W, _P = OrderAction, TokenScope.ORDERS_WRITE, TokenScope.PAYMENTS_WRITE
ACTIONS: Mapping[OrderAction, Rule] = {
    _A.UPDATE: Rule(mutation="orderUpdate", by=(Action.ENTER_ORDERS,), among=DETAILS_EDITABLE, scope=_W),
    _A.UPDATE_LINES: Rule(mutation="orderUpdate", by=(Action.ENTER_ORDERS,), among=LINES_EDITABLE, scope=_W),
    _A.ASSIGN: Rule(mutation="orderAssign", by=(Action.ASSIGN,)),
    _A.OVERRIDE_TIER: Rule(
        mutation="orderTierOverride", by=(Action.OVERRIDE_TIERS,), among=frozenset(OrderStatus) - OVER
    ),
    _A.END_TIER_OVERRIDE: Rule(mutation="orderTierOverrideEnd", by=(Action.OVERRIDE_TIERS,)),
    _A.SET_DELAY_REASON: Rule(
        mutation="orderDelayReasonSet",
        by=(Action.ENTER_ORDERS, Action.FULFIL_ORDERS, Action.SERVE_ORDERS),
        scope=_W,
    ),
    _A.CANCEL_LINES: Rule(mutation="orderLinesCancel", by=(Action.FULFIL_ORDERS,), among=CANCELLABLE, scope=_W),
    _A.SUBSTITUTE_LINE: Rule(
        mutation="orderLineSubstitute",
        by=(Action.FULFIL_ORDERS, Action.REVIEW_ORDERS),
        among=CHANGEABLE,
        scope=_W,
    ),
    _A.SPLIT: Rule(mutation="orderSplit", by=(Action.FULFIL_ORDERS,), among=CHANGEABLE, scope=_W),
    _A.CREATE_SHIPMENT: Rule(mutation="shipmentCreate", by=(Action.FULFIL_ORDERS,), scope=_W),
    _A.RECORD_PAYMENT: Rule(mutation="paymentRecord", by=(Action.RECORD_PAYMENTS,), scope=_P),
    _A.RECORD_REFUND: Rule(mutation="refundRecord", by=(Action.RECORD_PAYMENTS,), scope=_P),
    _A.TRANSFER_PAYMENT: Rule(mutation="paymentTransfer", by=(Action.RECORD_PAYMENTS,), scope=_P),
    _A.CREATE_RETURN: Rule(mutation="orderCreate", by=(Action.ENTER_RETURNS,), scope=_W, of_seen=True),
    _A.CREATE_EXCHANGE: Rule(mutation="orderCreate", by=(Action.ENTER_RETURNS,), scope=_W, of_seen=True),
    _A.RECORD_FEEDBACK: Rule(mutation="feedbackRecord", by=(Action.HEAR_FEEDBACK,), scope=_W),
    _A.OPEN_COMPLAINT: Rule(mutation="complaintOpen", by=(Action.SETTLE_COMPLAINTS,)),
}


@dataclass(frozen=True, kw_only=True)
class Situation:
    """An order as far as what may be done with it depends on it.

    `heard` tells whether its customer's feedback was entered, `late` whether it is late. `purse` is what refunds are
    taken out of, None where that is not known, and `own` what came in for the order itself and did not go back with it;
    `rest` is what can still come back of it.
    """

    standing: Standing
    currency: str
    late: bool
    heard: bool
    overridden: bool
    purse: Purse | None
    own: Decimal
    rest: Remainder


def actions_of(order: Situation, actor: Actor) -> Iterator[tuple[OrderAction, Sequence[DomainError]]]:
    """What can be done with an order, each with what keeps `actor` from it: nothing if it is empty."""
    for action in ACTIONS:
        if action is not OrderAction.END_TIER_OVERRIDE or order.overridden:
            yield action, tuple(action_problems(action, order, actor))


def may_do(action: OrderAction, actor: Actor, *, owner_id: int | None, team_id: int | None) -> bool:
    """Whether `actor` may do this to an order of this owner and team, if it stands where it can be done."""
    rule = ACTIONS[action]
    if rule.of_seen:
        return any(may(actor, by) for by in rule.by)
    return any(may_with(actor, by, owner_id=owner_id, team_id=team_id) for by in rule.by)


def place_problems(action: OrderAction, status: OrderStatus) -> Iterator[NotEditable]:
    """Whether an order that stands at `status` has come too far for this, or not far enough."""
    among = ACTIONS[action].among
    if among is not None and status not in among:
        yield NotEditable(path=(*INPUT, "id"), status=status)


def action_problems(action: OrderAction, order: Situation, actor: Actor) -> Iterator[DomainError]:
    """What keeps `actor` from doing this to the order now, whatever they say for it: the refusals of its mutation, as
    far as they are known without trying."""
    standing = order.standing
    if not may_do(action, actor, owner_id=standing.owner_id, team_id=standing.team_id):
        yield NotPermitted(path=(*INPUT, "id"))
    else:
        yield from place_problems(action, standing.status)
        yield from _own_problems(action, order, actor)


def _own_problems(action: OrderAction, order: Situation, actor: Actor) -> Iterator[DomainError]:
    standing = order.standing
    match action:
        case OrderAction.CREATE_SHIPMENT:
            yield from step_problems(Transition.SHIP, standing, actor, reason=None)
        case OrderAction.SET_DELAY_REASON:
            yield from lateness_problems(late=order.late)
        case OrderAction.TRANSFER_PAYMENT if not binds_refunds(standing.type):
            yield InvalidInput(path=(*INPUT, "fromOrderId"), problem=Problem.IS_RETURN)
        case OrderAction.RECORD_REFUND:
            yield from going_problems(UNITS[order.currency], order.purse)
        case OrderAction.TRANSFER_PAYMENT:
            yield from going_problems(UNITS[order.currency], order.purse and order.purse.at_most(order.own))
        case OrderAction.CREATE_RETURN | OrderAction.CREATE_EXCHANGE:
            yield from sent_problems(standing.status)
            yield from exhausted_problems(order.rest, exchange=action is OrderAction.CREATE_EXCHANGE)
        case OrderAction.RECORD_FEEDBACK:
            yield from hearing_problems(standing.status, heard=order.heard)
