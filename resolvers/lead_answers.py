"""Queries about leads that are no lists of rows: whom pools considered, and how fair they are."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

import strawberry

from domain.permissions import Action, may
from reads.hook import RowRef
from reads.lead_assignments import Share, explain_lead, pool_fairness
from resolvers.answers import Info
from rows.entities import LEAD, LEAD_ASSIGNMENT, LEAD_POOL, USER
from schema.commands import row_id
from schema.describe import object_type, resolved
from schema.scalars import CurrencyCode
from schema.types.base import Money
from schema.types.lead_answers import LeadCandidate, LeadDecision, LeadPoolFairness

OfLead: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The global id of the lead.")]
OfPool: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The global id of the pool.")]
From: TypeAlias = Annotated[datetime, strawberry.argument(description="Only what was given at this moment or later.")]
Before: TypeAlias = Annotated[datetime, strawberry.argument(description="Only what was given before this moment.")]


@object_type
class LeadAnswerQueries:
    """What is asked of how leads find owners."""

    @resolved(
        "Whom pools considered when they gave a lead, oldest first; for its owner, MANAGER of its team and ADMIN; null"
        " for others, and where you see no such lead."
    )
    async def explain_lead_assignment(self, info: Info, lead_id: OfLead) -> list[LeadDecision] | None:
        asked, pools = info.context.asked_now(), info.context.execution.engine.pools
        found = await explain_lead(pools, asked.context, asked.shape, row_id(LEAD, lead_id))
        if found is None:
            return None
        return [
            LeadDecision(
                assignment=_row(LEAD_ASSIGNMENT, decided.assignment_id),
                candidates=[
                    LeadCandidate(
                        user=_row(USER, each.user_id),
                        standing=each.standing,
                        held=each.held,
                        share=Decimal(each.share),
                    )
                    for each in decided.candidates
                ],
            )
            for decided in found
        ]

    @resolved(
        "How fairly a pool shared its leads out, by member: for MANAGER, of pools that they see, and ADMIN; null for"
        " others."
    )
    async def lead_pool_fairness(
        self, info: Info, pool_id: OfPool, given_from: From, given_before: Before
    ) -> list[LeadPoolFairness] | None:
        if not may(info.context.viewer, Action.ASSIGN):
            return None
        asked, pools = info.context.asked_now(), info.context.execution.engine.pools
        number = row_id(LEAD_POOL, pool_id)
        found = await pool_fairness(pools, asked.context, asked.shape, number, begin=given_from, end=given_before)
        currency = CurrencyCode(info.context.company.currency)
        return None if found is None else [_share(each, currency) for each in found]


def _row(entity: Any, number: int) -> Any:
    """The row, which the executor reads with the client's selection."""
    return RowRef(entity, number)


def _share(share: Share, currency: CurrencyCode) -> LeadPoolFairness:
    return LeadPoolFairness(
        user=_row(USER, share.user_id),
        received=share.received,
        due=Decimal(share.due),
        received_value=Money(amount=share.received_value, currency=currency),  # type: ignore[arg-type]  # as text
        due_value=Money(amount=share.due_value, currency=currency),  # type: ignore[arg-type]  # as text
    )
