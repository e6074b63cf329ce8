"""Queries about tier rules that are no lists of rows: previews and explanations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, TypeAlias

import strawberry

from domain.permissions import Action, may
from reads.hook import RowRef
from reads.tiers import (
    EXAMPLES,
    MOST_PREVIEWED,
    Explained,
    Move,
    Verdict,
    explain_tier,
    preview_rules,
    rules_asked_for,
)
from resolvers.answers import Info
from rows.declare import Entity
from rows.entities import ORDER, ORDER_TIER_OVERRIDE, TIER, TIER_RULE, TIER_RULE_SET
from schema.commands import row_id
from schema.describe import object_type, resolved
from schema.scalars import CurrencyCode
from schema.types.base import Money
from schema.types.tier_answers import TierCondition, TierExplanation, TierMove, TierPreview, TierVerdict

OfOrder: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The global id of the order.")]
OfRules: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="The global id of the rules; the draft if absent.")
]
From: TypeAlias = Annotated[
    datetime | None, strawberry.argument(description="Only orders placed at this moment or later, be they over or not.")
]
Before: TypeAlias = Annotated[
    datetime | None, strawberry.argument(description="Only orders placed before this moment, be they over or not.")
]


@object_type
class TierQueries:
    """What is asked of tier rules."""

    @resolved(
        "What tier rules would change, for administrators; null for others, and where there are no such rules. Of open"
        f" orders, or of those placed in a period; at most {MOST_PREVIEWED:,}, with {EXAMPLES} examples of each move."
    )
    async def preview_tier_rules(
        self, info: Info, rules: OfRules = None, placed_from: From = None, placed_before: Before = None
    ) -> TierPreview | None:
        if not may(info.context.viewer, Action.ADMINISTER):
            return None
        pools = info.context.execution.engine.pools
        number = await rules_asked_for(pools, None if rules is None else row_id(TIER_RULE_SET, rules))
        if number is None:
            return None
        digits = info.context.asked_now().context.currency_digits
        moves = await preview_rules(pools, number, placed_from, placed_before, digits=digits)
        currency = CurrencyCode(info.context.company.currency)
        return TierPreview(
            tier_rule_set=_row(TIER_RULE_SET, number),
            count=sum(move.orders for move in moves),
            moves=[_move(move, currency) for move in moves],
        )

    @resolved("Why an order has its tier, and what it lacks for a higher one; null where you see no such order.")
    async def explain_tier(self, info: Info, order_id: OfOrder) -> TierExplanation | None:
        asked, pools = info.context.asked_now(), info.context.execution.engine.pools
        number = row_id(ORDER, order_id)
        explained = await explain_tier(pools, asked.context, asked.shape, number)
        return None if explained is None else _explanation(number, explained)


def _row(entity: Entity, number: int | None) -> Any:
    """The row, which the executor reads with the client's selection."""
    return None if number is None else RowRef(entity, number)


def _move(move: Move, currency: CurrencyCode) -> TierMove:
    amount: Any = move.amount
    return TierMove(
        from_tier=_row(TIER, move.from_tier),
        to_tier=_row(TIER, move.to_tier),
        count=move.orders,
        amount=Money(amount=amount, currency=currency),
        examples=[_row(ORDER, number) for number in move.examples],
    )


def _explanation(order_id: int, explained: Explained) -> TierExplanation:
    return TierExplanation(
        order=_row(ORDER, order_id),
        tier_rule_set=_row(TIER_RULE_SET, explained.rule_set_id),
        rule=_row(TIER_RULE, explained.decided),
        override=_row(ORDER_TIER_OVERRIDE, explained.override),
        outdated=explained.outdated,
        verdicts=_verdicts(explained.verdicts),
    )


def _verdicts(verdicts: Sequence[Verdict]) -> list[TierVerdict]:
    return [
        TierVerdict(
            rule=_row(TIER_RULE, verdict.rule_id),
            met=verdict.met,
            conditions=[
                TierCondition(path=list(part.path), expected=part.expected, met=met) for part, met in verdict.parts
            ],
        )
        for verdict in verdicts
    ]
