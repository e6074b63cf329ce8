"""What a reader may do with orders, for the answers of reads: the same rules that decide on the mutations."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from domain.errors import DomainError, InvalidInput, NotPermitted, StockShort
from domain.messages import blocker_message
from domain.orders.actions import ACTIONS, Situation, actions_of
from domain.orders.labels import ACTION_LABELS, TRANSITION_LABELS
from domain.orders.life_cycle import Fulfilment, OrderStatus, OrderType
from domain.orders.returns import Remainder
from domain.orders.transitions import STEPS, Standing, next_steps
from domain.paths import INPUT
from domain.payments import Purse
from domain.scopes import TokenScope
from domain.stock.reserving import Need, Supply, reserve
from rows.declare import Shape
from rows.viewer import Reader, Viewer

_BLOCKER = Shape("Blocker", ("code", "problem", "message", "lineId", "sku", "requested", "available"))
TRANSITION = Shape("OrderTransition", ("transition", "label", "allowed", "reasonNeeded"), {"blockedBy": _BLOCKER})
ACTION = Shape("AvailableAction", ("action", "mutation", "label", "allowed"), {"blockedBy": _BLOCKER})

_STANDING = ("status", "type", "owner_number", "team_number", "fulfilment", "to_override")
STEP_FACTS = (*_STANDING, "picking")
ACTION_FACTS = (
    *_STANDING,
    *("currency", "late", "heard", "overridden", "purse_paid", "purse_left", "own_left", "pieces_left", "worth_left"),
)
_NOT_BY_TOKEN = NotPermitted(path=(*INPUT, "id"))


def available_transitions(rows: Sequence[tuple[Any, ...]], reader: Reader) -> list[list[dict[str, Any]]]:
    """For each order, which comes as its STEP_FACTS, the steps that lead on."""
    return [list(_steps(dict(zip(STEP_FACTS, row, strict=True)), reader)) for row in rows]


def available_actions(rows: Sequence[tuple[Any, ...]], reader: Reader) -> list[list[dict[str, Any]]]:
    """For each order, which comes as its ACTION_FACTS, what else can be done with it."""
    return [list(_actions(dict(zip(ACTION_FACTS, row, strict=True)), reader)) for row in rows]


def _steps(facts: Mapping[str, Any], reader: Reader) -> Iterator[dict[str, Any]]:
    standing = _standing(facts, _shortages(facts["picking"]))
    for transition, found in next_steps(standing, reader.viewer):
        blockers = _with_token(found, reader.viewer, TokenScope.ORDERS_WRITE)
        yield {
            "transition": transition,
            "label": TRANSITION_LABELS[transition][reader.language == "zh"],
            "allowed": not blockers,
            "blockedBy": [_told(each, reader.language) for each in blockers],
            "reasonNeeded": STEPS[transition].reason,
        }


def _actions(facts: Mapping[str, Any], reader: Reader) -> Iterator[dict[str, Any]]:
    for action, found in actions_of(_situation(facts), reader.viewer):
        rule = ACTIONS[action]
        blockers = _with_token(found, reader.viewer, rule.scope)
        yield {
            "action": action,
            "mutation": rule.mutation,
            "label": ACTION_LABELS[action][reader.language == "zh"],
            "allowed": not blockers,
            "blockedBy": [_told(each, reader.language) for each in blockers],
        }


def _standing(facts: Mapping[str, Any], short: Sequence[StockShort] = ()) -> Standing:
    return Standing(
        status=OrderStatus(facts["status"]),
        type=OrderType(facts["type"]),
        owner_id=facts["owner_number"],
        team_id=facts["team_number"],
        sent=facts["fulfilment"] != Fulfilment.NONE,
        found=facts["to_override"],
        short=short,
    )


def _situation(facts: Mapping[str, Any]) -> Situation:
    paid, left, currency = facts["purse_paid"], facts["purse_left"], facts["currency"]
    return Situation(
        standing=_standing(facts),
        currency=currency,
        late=facts["late"],
        heard=facts["heard"],
        overridden=facts["overridden"],
        purse=None if left is None else Purse(paid=Decimal(paid), left=Decimal(left), currency=currency),
        own=Decimal(facts["own_left"]),
        rest=Remainder(pieces=facts["pieces_left"], worth=facts["worth_left"]),
    )


def _shortages(picking: Mapping[str, Any] | None) -> list[StockShort]:
    """What is short for the lines, as stock is now."""
    needs = (picking or {}).get("needs") or []
    supplies = (picking or {}).get("supplies") or []
    decided = reserve(
        [
            Need(line_id=line, product_id=product, sku=sku, quantity=Decimal(asked))
            for line, product, sku, asked in needs
        ],
        [
            Supply(level_id=level, warehouse_id=house, rank=rank, product_id=product, available=Decimal(there))
            for level, house, rank, product, there in supplies
        ],
    )
    return [each for each in decided if isinstance(each, StockShort)]


def _with_token(found: Sequence[DomainError], viewer: Viewer, scope: TokenScope | None) -> Sequence[DomainError]:
    """What keeps an API token from it comes first: its scopes."""
    if viewer.scopes is None or (scope and scope in viewer.scopes):
        return found
    return [_NOT_BY_TOKEN]


def _told(error: DomainError, language: str) -> dict[str, Any]:
    short = error if isinstance(error, StockShort) else None
    return {
        "code": error.code,
        "problem": _problem(error),
        "message": blocker_message(error, language),
        "lineId": f"oln_{short.line_id}" if short else None,
        "sku": short.sku if short else None,
        "requested": str(short.requested) if short else None,
        "available": str(short.available) if short else None,
    }


def _problem(error: DomainError) -> str | None:
    match error:
        case InvalidInput(problem=problem):
            return problem
        case NotPermitted(because=because):
            return because or None
    return None
