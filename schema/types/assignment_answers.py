"""Why somebody has an order, and how fairly rules share orders out."""

from datetime import datetime
from decimal import Decimal

from schema.describe import object_type, text
from schema.enums import AssignmentGround, AssignmentStrategy, CandidateStanding
from schema.types.base import Money
from schema.types.orders import Order
from schema.types.organisation import User
from schema.types.selling import AssignmentRule


@object_type
class AssignmentCandidate:
    """Somebody whom a rule considered, as things were then."""

    user: User | None = text("Who.")
    open: int = text("How many of their orders were not over.")
    matches: int = text("How many of their skills the order asked for.")
    standing: CandidateStanding = text("What the rule made of them.")


@object_type
class AssignmentDecision:
    """A rule that was asked who gets an order."""

    rule: AssignmentRule | None = text("The rule, as it is now.")
    strategy: AssignmentStrategy = text("Its strategy, as it was then.")
    chosen: User | None = text("Who got the order; null for nobody, and then the next rule was asked.")
    at: datetime = text("When.")
    candidates: list[AssignmentCandidate] = text("Who was considered, in the order in which they were made.")


@object_type
class AssignmentExplanation:
    """Why an order is whose it is."""

    order: Order | None = text("The order.")
    ground: AssignmentGround = text("Why.")
    at: datetime | None = text("Since when; null for nobody.")
    rule: AssignmentRule | None = text("The rule that gave it, if one did.")
    actor: User | None = text("Who gave it to its owner or team, or entered it, if the ground is a person.")
    reason: str | None = text("Why they did, if they said so.")
    decisions: list[AssignmentDecision] = text(
        "The rules that were asked when it was entered, in their order, whoever has it now."
    )


@object_type
class AssignmentFairness:
    """What somebody got of a rule's orders, and what would have been even."""

    rule: AssignmentRule | None = text("The rule.")
    user: User | None = text("Who could have got its orders.")
    received: int = text("How many they got.")
    due: Decimal = text("How many it would have been: of each order an even part for everybody who could have it.")
    received_amount: Money = text("What those that they got come to, in the company's currency.")
    due_amount: Money = text("What it would have been: an even part of what each order comes to.")
