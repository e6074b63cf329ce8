"""What tier rules would change, and why an order has its tier."""

from schema.describe import object_type, text
from schema.scalars import JSON
from schema.types.base import Money
from schema.types.lists import Tier
from schema.types.orders import Order, OrderTierOverride
from schema.types.tiers import TierRule, TierRuleSet


@object_type
class TierMove:
    """Orders that would come from one tier to another, or stay in one."""

    from_tier: Tier | None = text("The tier that they have; null for none.")
    to_tier: Tier | None = text("The tier that the rules would give; null for none.")
    count: int = text("How many.")
    amount: Money = text("What they come to, in the company's currency.")
    examples: list[Order] = text("Some of them, those that were placed last.")


@object_type
class TierPreview:
    """What tier rules would change if they were in force; nothing is changed by asking."""

    tier_rule_set: TierRuleSet | None = text("The rules.")
    count: int = text("How many orders were looked at.")
    moves: list[TierMove] = text("Where they would come, those of the most important tier first; without empty ones.")


@object_type
class TierCondition:
    """A comparison in the filter of a tier rule, and whether it is as the rule wants it for an order."""

    path: list[str] = text('Where it stands in the filter, such as ["or", "0", "baseTotal", "gte"].')
    expected: JSON | None = text("What stands there: the value that is compared with.")
    met: bool | None = text(
        "Whether it is as the rule wants it, which is false below `not`; null where it looks at a customer whom you do"
        " not see."
    )


@object_type
class TierVerdict:
    """How an order stands to a tier rule."""

    rule: TierRule | None = text("The rule.")
    met: bool | None = text(
        "Whether the order meets it, as things are today; null where it looks at a customer whom you do not see."
    )
    conditions: list[TierCondition] = text("Its comparisons: those that are not met are what the order lacks.")


@object_type
class TierExplanation:
    """Why an order has its tier."""

    order: Order | None = text("The order.")
    tier_rule_set: TierRuleSet | None = text("The rules that it was classified by; null for none so far.")
    rule: TierRule | None = text("The one that decided; null where none was met, or where there is an `override`.")
    override: OrderTierOverride | None = text("Who gave the tier instead of rules, and why; null where rules did.")
    outdated: bool | None = text(
        "Whether another rule would decide today: an order that is over keeps its tier, one that is open is classified"
        " again within seconds. Null where a rule looks at a customer whom you do not see."
    )
    verdicts: list[TierVerdict] = text("The rules up to the one that decided, or all, in their order.")
