"""Inputs of the steps of an order's life, one for each and one for many orders at once, from the table of steps."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import GenericAlias
from typing import Any

import strawberry

from domain.orders.transitions import STEPS, Transition
from schema.describe import input_type, text
from schema.enums import PaymentMethod
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, optional

MOST_AT_ONCE = 100
"""Orders that one mutation takes a step with."""
WHAT: Mapping[Transition, str] = {
    Transition.SUBMIT: "Hand an order in: it is checked, and approved at once if nothing is found",
    Transition.APPROVE: "Approve an order that waits for review",
    Transition.REQUEST_INFO: "Ask back: the order needs more information",
    Transition.REJECT: "Turn an order down in review",
    Transition.START_PICKING: "Begin to collect the goods",
    Transition.BACKORDER: "Let an order wait for goods that are short",
    Transition.RESUME_PICKING: "Go on collecting: the goods are there",
    Transition.PACK: "The goods are packed",
    Transition.SHIP: "The carrier has the goods, all that are left, in one shipment",
    Transition.COMPLETE: "The order was delivered and is done",
    Transition.CANCEL: "Call an order off before it is shipped",
    Transition.AUTHORISE: "Agree to a return or exchange",
    Transition.DECLINE: "Turn a return or exchange down",
    Transition.RECEIVE: "The goods came back",
    Transition.REFUND: "The money of a return was paid back",
    Transition.EXCHANGE: "The goods of an exchange were sent",
}


def named(transition: Transition) -> str:
    """The transition in the names of types: RequestInfo."""
    return "".join(word.capitalize() for word in transition.split("_"))


def _fields(transition: Transition) -> dict[str, tuple[Any, Any]]:
    """The annotation and the field of each name."""
    why = "Why, in words that the history keeps."
    reason = (str, text(why)) if STEPS[transition].reason else (str | None, optional(why))
    more: dict[str, tuple[Any, Any]] = {}
    if transition is Transition.BACKORDER:
        more["expected_on"] = (date | None, optional("The day for which the goods are expected, from today on."))
    if transition is Transition.SHIP:
        more["carrier"] = (str | None, optional("Who carries it."))
        more["tracking_number"] = (str | None, optional("The number by which the carrier finds it."))
    if transition is Transition.REFUND:
        more["amount"] = (Decimal | None, optional("What is paid back now; all that is owed for the return if absent."))
        more["method"] = (PaymentMethod | None, optional("How it goes; needed unless nothing is paid back now."))
        more["reference"] = (str | None, optional("Its number with the bank or provider."))
    return {
        "id": (strawberry.ID, text("The order.")),
        "expected_version": (int, text(EXPECTED_VERSION)),
        "reason": reason,
        **more,
    }


def _input(name: str, description: str, fields: Mapping[str, tuple[Any, Any]]) -> type:
    annotations = {field: annotation for field, (annotation, _) in fields.items()}
    values = {field: value for field, (_, value) in fields.items()}
    facts = {"__annotations__": annotations, "__module__": __name__, "__doc__": description}
    return input_type(type(name, (), {**facts, **values}))


def _one(transition: Transition) -> type:
    key = {"idempotency_key": (str | None, optional(IDEMPOTENCY_KEY))}
    return _input(f"Order{named(transition)}Input", f"{WHAT[transition]}.", _fields(transition) | key)


def _item(transition: Transition) -> type:
    return _input(f"Order{named(transition)}Item", f"{WHAT[transition]}: one of many.", _fields(transition))


def _many(transition: Transition) -> type:
    fields = {
        "items": (
            GenericAlias(list, (ITEMS[transition],)),
            text(f"At most {MOST_AT_ONCE} orders; each succeeds or fails by itself."),
        ),
        "idempotency_key": (str | None, optional(IDEMPOTENCY_KEY)),
    }
    return _input(f"Order{named(transition)}ManyInput", f"{WHAT[transition]}: many at once.", fields)


INPUTS: Mapping[Transition, type] = {transition: _one(transition) for transition in Transition}
ITEMS: Mapping[Transition, type] = {transition: _item(transition) for transition in Transition}
MANY: Mapping[Transition, type] = {transition: _many(transition) for transition in Transition}
