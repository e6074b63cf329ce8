"""Whom pools considered for leads, and how fairly they shared them out."""

from decimal import Decimal

from schema.describe import object_type, text
from schema.enums import MemberStanding
from schema.types.base import Money
from schema.types.leads import LeadAssignment
from schema.types.organisation import User


@object_type
class LeadCandidate:
    """Somebody whom a pool considered for a lead, as things were then."""

    user: User | None = text("Who.")
    standing: MemberStanding = text("What the pool made of them.")
    held: int = text("How many open leads of the pool they had.")
    share: Decimal = text("The part of the lead that was due to them; together 1.")


@object_type
class LeadDecision:
    """A pool gave a lead to somebody."""

    assignment: LeadAssignment | None = text("The row of the lead's history.")
    candidates: list[LeadCandidate] = text("Who was considered, in the order in which they were made.")


@object_type
class LeadPoolFairness:
    """What a member got of the leads that a pool gave, and what was due to them."""

    user: User | None = text("Who.")
    received: int = text("How many they got.")
    due: Decimal = text("How many were due to them: the sum of their parts of all leads that they could have had.")
    received_value: Money = text("What those that they got may come to, in the company's currency.")
    due_value: Money = text("What was due to them of that.")
