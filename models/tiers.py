"""Tier rules, in sets of which one is in force, and customers whose orders wait to be classified again."""

from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.tiers import RuleSetState
from models.columns import ShapedIndex, TimestampField, one_of, sorted_by
from models.lists import Tier
from models.machinery import Job
from models.orders import Order
from models.people import User


class TierRuleSet(Model):
    """A set of tier rules, never changed once it was published.

    `number` counts those that were published; `stamp` tells this publication from any other, of whatever database.
    `sole` is null for retired sets alone, so that there is one draft and one published set. `restored_from` is the
    number of the set that was published again as this one.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    state = fields.CharEnumField(RuleSetState, max_length=20)
    sole = fields.BooleanField(null=True, default=True)
    number = fields.IntField(null=True)
    stamp = fields.UUIDField(null=True)
    restored_from = fields.IntField(null=True)
    edited_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="tier_rule_edits", null=True, on_delete=OnDelete.RESTRICT
    )
    published_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="tier_rule_publications", null=True, on_delete=OnDelete.RESTRICT
    )
    published_at = TimestampField(null=True)
    job: fields.ForeignKeyNullableRelation[Job] = fields.ForeignKeyField(
        "models.Job", related_name="tier_rule_sets", null=True, on_delete=OnDelete.SET_NULL
    )
    created_at = TimestampField(auto_now_add=True)
    updated_at = TimestampField(auto_now=True)

    class Meta:
        table = "tier_rule_set"
        indexes = [*sorted_by("tier_rule_set", "created_at")]
        constraints = [
            UniqueConstraint(fields=("state", "sole"), name="tier_rule_set_one_of_each"),
            UniqueConstraint(fields=("number",), name="tier_rule_set_number_once"),
            one_of("state", RuleSetState, table="tier_rule_set"),
            CheckConstraint(
                name="tier_rule_set_sole", check="sole IS NOT FALSE AND (state = 'RETIRED') = (sole IS NULL)"
            ),
            CheckConstraint(
                name="tier_rule_set_published", check="(state = 'DRAFT') = (number IS NULL AND stamp IS NULL)"
            ),
        ]


class TierRule(Model):
    """Orders for which `condition` holds, and none of a smaller `rank`, get the tier, the priority, the minutes."""

    id = fields.BigIntField(primary_key=True)
    rule_set: fields.ForeignKeyRelation[TierRuleSet] = fields.ForeignKeyField(
        "models.TierRuleSet", related_name="rules", on_delete=OnDelete.CASCADE
    )
    rule_set_id: int
    rank = fields.IntField()
    name = fields.TextField()
    tier: fields.ForeignKeyRelation[Tier] = fields.ForeignKeyField(
        "models.Tier", related_name="rules", on_delete=OnDelete.RESTRICT
    )
    tier_id: int
    priority = fields.IntField()
    response_minutes = fields.IntField()
    condition: fields.Field[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "tier_rule"
        indexes: list[ShapedIndex] = []
        constraints = [
            UniqueConstraint(fields=("rule_set", "rank"), name="tier_rule_rank_once"),
            CheckConstraint(name="tier_rule_priority_sane", check="priority BETWEEN 1 AND 9"),
            CheckConstraint(name="tier_rule_response_sane", check="response_minutes > 0"),
        ]


class StaleTiers(Model):
    """Orders of customer `customer_id` wait to be classified again: open ones, and those placed from `placed_from` on.

    Without a foreign key: rows are appended by every writer, and removed soon. `written_at` is when the transaction of
    the writer began.
    """

    id = fields.BigIntField(primary_key=True)
    customer_id = fields.BigIntField()
    placed_from = TimestampField(null=True)
    written_at = TimestampField(db_default=SqlDefault("now()"))

    class Meta:
        table = "stale_tiers"


class OrderTierOverride(Model):
    """Somebody gave an order another tier than rules do: from `at` until `expires_at`, or until it ended earlier.

    The order names the one that holds. Of an order that is over it holds on when it has ended.
    """

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="tier_overrides", on_delete=OnDelete.CASCADE
    )
    order_id: int
    tier: fields.ForeignKeyRelation[Tier] = fields.ForeignKeyField(
        "models.Tier", related_name="overrides", on_delete=OnDelete.RESTRICT
    )
    priority = fields.IntField(null=True)
    reason = fields.TextField()
    at = TimestampField()
    expires_at = TimestampField()
    ended_at = TimestampField(null=True)
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="tier_overrides", null=True, on_delete=OnDelete.RESTRICT
    )
    ended_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="ended_tier_overrides", null=True, on_delete=OnDelete.RESTRICT
    )

    class Meta:
        table = "order_tier_override"
        indexes = [
            ShapedIndex(name="order_tier_override_of", fields=("order_id ASC", "at ASC", "id ASC")),
            ShapedIndex(name="order_tier_override_due", fields=("expires_at ASC",), where="ended_at IS NULL"),
        ]
        constraints = [
            CheckConstraint(name="order_tier_override_priority_sane", check="priority BETWEEN 1 AND 9"),
            CheckConstraint(name="order_tier_override_in_order", check="at <= expires_at AND at <= ended_at"),
        ]
