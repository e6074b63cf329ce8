"""Queries about assignment that are no lists of rows: explanations, and fairness."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

import strawberry

from domain.permissions import Action, may
from reads.assignments import Considered, Decided, Given, Share, assignment_fairness, explain_assignment
from reads.hook import RowRef
from resolvers.answers import Info
from rows.declare import Entity
from rows.entities import ASSIGNMENT_RULE, ORDER, USER
from schema.commands import row_id
from schema.describe import object_type, resolved
from schema.scalars import CurrencyCode
from schema.types.assignment_answers import (
    AssignmentCandidate,
    AssignmentDecision,
    AssignmentExplanation,
    AssignmentFairness,
)
from schema.types.base import Money

OfOrder: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The global id of the order.")]
OfRule: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="The global id of a rule; all of them if absent.")
]
From: TypeAlias = Annotated[datetime, strawberry.argument(description="Only what was decided at this moment or later.")]
Before: TypeAlias = Annotated[datetime, strawberry.argument(description="Only what was decided before this moment.")]


@object_type
class AssignmentQueries:
    """What is asked of assignment."""

    @resolved(
        "Why an order is whose it is, for its owner, MANAGER of its team and ADMIN; null for others, and where you see"
        " no such order."
    )
    async def explain_assignment(self, info: Info, order_id: OfOrder) -> AssignmentExplanation | None:
        asked, pools = info.context.asked_now(), info.context.execution.engine.pools
        number = row_id(ORDER, order_id)
        given = await explain_assignment(pools, asked.context, asked.shape, number)
        return None if given is None else _explanation(number, given)

    @resolved(
        "How fairly rules of assignment shared orders out: for MANAGER, of rules for their teams, and ADMIN; null for"
        " others. By rule and person."
    )
    async def assignment_fairness(
        self, info: Info, decided_from: From, decided_before: Before, rule_id: OfRule = None
    ) -> list[AssignmentFairness] | None:
        if not may(info.context.viewer, Action.ASSIGN):
            return None
        found = await assignment_fairness(
            info.context.execution.engine.pools,
            info.context.asked_now().context,
            rule_id=None if rule_id is None else row_id(ASSIGNMENT_RULE, rule_id),
            begin=decided_from,
            end=decided_before,
        )
        return _shares(found, CurrencyCode(info.context.company.currency))


def _row(entity: Entity, number: int | None) -> Any:
    """The row, which the executor reads with the client's selection."""
    return None if number is None else RowRef(entity, number)


def _explanation(order_id: int, given: Given) -> AssignmentExplanation:
    return AssignmentExplanation(
        order=_row(ORDER, order_id),
        ground=given.ground,
        at=given.at,
        rule=_row(ASSIGNMENT_RULE, given.rule_id),
        actor=_row(USER, given.actor_id),
        reason=given.reason,
        decisions=[_decision(decided) for decided in given.decisions],
    )


def _decision(decided: Decided) -> AssignmentDecision:
    return AssignmentDecision(
        rule=_row(ASSIGNMENT_RULE, decided.rule_id),
        strategy=decided.strategy,
        chosen=_row(USER, decided.chosen_id),
        at=decided.at,
        candidates=[_candidate(person) for person in decided.candidates],
    )


def _candidate(person: Considered) -> AssignmentCandidate:
    return AssignmentCandidate(
        user=_row(USER, person.user_id), open=person.open, matches=person.matches, standing=person.standing
    )


def _shares(found: Sequence[Share], currency: CurrencyCode) -> list[AssignmentFairness]:
    def money(amount: Any) -> Money:
        return Money(amount=amount, currency=currency)

    return [
        AssignmentFairness(
            rule=_row(ASSIGNMENT_RULE, share.rule_id),
            user=_row(USER, share.user_id),
            received=share.received,
            due=Decimal(share.due),
            received_amount=money(share.received_amount),
            due_amount=money(share.due_amount),
        )
        for share in found
    ]
