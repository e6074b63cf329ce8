"""Tier rules."""

from datetime import datetime

from schema.describe import object_type, text
from schema.enums import RuleSetState
from schema.scalars import JSON
from schema.types.base import Node
from schema.types.jobs import Job
from schema.types.lists import Tier
from schema.types.organisation import User


@object_type
class TierRule(Node):
    """Orders for which the filter holds, and that of no rule before it, get this tier, priority and deadline."""

    rank: int = text("Its place in its set, from 1; the first rule that an order meets decides.")
    name: str = text("Name.")
    priority: int = text("The priority that it gives: 1 comes first, 9 last.")
    response_minutes: int = text("In how many minutes of working time after its placement it has to be seen to.")
    filter: JSON = text("The filter: an `OrderFilter` as JSON has it.")
    tier: Tier | None = text("The tier that it gives.")
    rule_set: "TierRuleSet | None" = text("The set that it belongs to.")


@object_type
class TierRuleSet(Node):
    """Tier rules that are put into force together. One that was published is never changed any more."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    state: RuleSetState = text("Whether it is being edited, in force, or was.")
    number: int | None = text("Which publication it is, from 1; null for the draft.")
    restored_from: int | None = text("The number of the earlier set that was put into force again as this one.")
    published_at: datetime | None = text("When it came into force.")
    created_at: datetime = text("When it was begun.")
    updated_at: datetime = text("When it was edited last.")
    rules: list[TierRule] = text("Its rules, the first that an order meets first.")
    edited_by: User | None = text("Who edited it last.")
    published_by: User | None = text("Who put it into force.")
    job: Job | None = text("The job that classifies open orders by it; seen by who put it into force and by ADMIN.")
