"""Levels of customers by rule."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from schema.describe import object_type, text
from schema.enums import CustomerLevel, LevelConfirmation, LevelProposalState
from schema.scalars import JSON
from schema.types.base import Money, Node
from schema.types.organisation import User

if TYPE_CHECKING:
    from schema.types.customers import Customer

OfCustomer: TypeAlias = Annotated["Customer", strawberry.lazy("schema.types.customers")]


@object_type
class LevelRule(Node):
    """Customers for whom the filter holds, and that of no active rule before it, should have the level."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    code: str = text("A short code, unique among these rules.")
    rank: int = text("Its place: of the rules that a customer meets, the smallest decides.")
    filter: JSON = text("The filter: a `CustomerFilter` as JSON has it.")
    level: CustomerLevel = text("The level that it proposes.")
    confirm: LevelConfirmation = text("What that waits for.")
    active: bool = text("Whether it is in force.")
    created_at: datetime = text("When it was made.")


@object_type
class LevelProposal(Node):
    """A rule proposed another level for a customer. The figures are those that the customer had then."""

    from_level: CustomerLevel = text("The level that the customer had.")
    to_level: CustomerLevel = text("The level that the rule proposed.")
    state: LevelProposalState = text("What became of it.")
    last_order_at: datetime | None = text("When the newest completed order was placed.")
    frequency: int = text("How many orders of the window were completed.")
    monetary: Money = text("What these came to.")
    recency_score: int | None = text("The customer's score by recency.")
    frequency_score: int | None = text("The customer's score by frequency.")
    monetary_score: int | None = text("The customer's score by monetary value.")
    created_at: datetime = text("When it was proposed.")
    decided_at: datetime | None = text("When it was confirmed, declined or withdrawn; null while it is open.")
    reason: str | None = text("Why, in the words of whoever decided.")
    customer: OfCustomer | None = text("The customer.")
    rule: LevelRule | None = text("The rule, as it is now.")
    actor: User | None = text("Who decided; null while it is open, and where nobody had to.")


@object_type
class CustomerLevelChange(Node):
    """A customer came to another level, by whichever way."""

    from_level: CustomerLevel = text("The level that it had.")
    to_level: CustomerLevel = text("The level that it has since.")
    at: datetime = text("When.")
    reason: str | None = text("Why, in words; `imported` where a file said so.")
    proposal: LevelProposal | None = text("The proposal that was confirmed, if that is why.")
    actor: User | None = text("Who did it; null where a rule did so by itself.")
    customer: OfCustomer | None = text("The customer.")
